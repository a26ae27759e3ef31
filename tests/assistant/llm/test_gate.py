"""How much is asked of an endpoint at once, in a minute, and after it failed."""

from __future__ import annotations

import threading
import time

import pytest

from assistant.llm.failures import LlmFailure
from assistant.llm.gate import Deadline, Gate
from assistant.progress import Progress, Stopped


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Gone(Progress):
    stopped = True


def enter(gate: Gate, seconds: float = 5, progress: Progress | None = None) -> None:
    with gate.question(Deadline(seconds), progress or Progress()):
        pass


def fail(gate: Gate, reason: str = "server_error") -> None:
    with pytest.raises(LlmFailure, match=reason), gate.question(Deadline(5), Progress()):
        raise LlmFailure(reason)  # type: ignore[arg-type]


def test_one_too_many_waits_and_is_told_when_it_was_in_vain() -> None:
    gate = Gate(concurrency=1)
    with gate.question(Deadline(5), Progress()):
        with pytest.raises(LlmFailure, match="busy"):
            enter(gate, 0.1)
        with pytest.raises(Stopped):
            enter(gate, 5, Gone())
    enter(gate)


def test_the_next_goes_on_when_one_is_done() -> None:
    gate = Gate(concurrency=1)
    entered = threading.Event()

    def hold() -> None:
        with gate.question(Deadline(5), Progress()):
            entered.set()
            time.sleep(0.15)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(5)
    enter(gate)
    thread.join()


def test_a_minute_has_room_for_so_many() -> None:
    clock = Clock()
    gate = Gate(requests_per_minute=2, clock=clock)
    for _ in range(2):
        gate.request(Deadline(0.1), Progress())
    with pytest.raises(LlmFailure, match="busy"):
        gate.request(Deadline(0.1), Progress())
    clock.now += 61
    gate.request(Deadline(0.1), Progress())


def test_less_than_one_a_minute_is_one_in_longer() -> None:
    clock = Clock()
    gate = Gate(requests_per_minute=0.5, clock=clock)
    gate.request(Deadline(0.1), Progress())
    clock.now += 90
    with pytest.raises(LlmFailure):
        gate.request(Deadline(0.1), Progress())
    clock.now += 31
    gate.request(Deadline(0.1), Progress())


def test_an_endpoint_that_failed_twice_is_left_alone_for_a_while() -> None:
    clock = Clock()
    gate = Gate(cooldown_s=30, clock=clock)
    fail(gate)
    enter(gate)  # a success in between
    fail(gate)
    fail(gate, "timeout")
    with pytest.raises(LlmFailure, match="timeout"):
        enter(gate)
    clock.now += 31
    enter(gate)


@pytest.mark.parametrize("reason", ["malformed", "busy", "rejected", "denied"])
def test_what_is_no_outage_closes_nothing(reason: str) -> None:
    gate = Gate(cooldown_s=30)
    for _ in range(3):
        fail(gate, reason)
    enter(gate)


def test_waiting_ends_with_the_deadline_and_with_who_waits() -> None:
    started = time.monotonic()
    Deadline(0.1).sleep(60, Progress())
    with pytest.raises(Stopped):
        Deadline(60).sleep(60, Gone())
    assert time.monotonic() - started < 2
