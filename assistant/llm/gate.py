"""How much is asked of an endpoint: at once, in a minute, and after it has failed."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.llm.failures import LlmFailure, Reason
from assistant.progress import Progress

_TICK = 0.05  # seconds between looks at who still waits
_MINUTE = 60.0
_IN_A_ROW = 2
_OUTAGES: frozenset[Reason] = frozenset({"unreachable", "timeout", "server_error", "rate_limited"})


class Deadline:
    """When one answer must be there."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self._end - self._clock())

    def sleep(self, seconds: float, progress: Progress) -> None:
        """Wait, as long as somebody waits for the answer.

        Raises:
            Stopped: Nobody does.
        """
        end = self._clock() + min(seconds, self.left)
        while (left := end - self._clock()) > 0:
            progress.check()
            time.sleep(min(left, _TICK))


class Gate:
    """Shared by all questions of a process.

    Args:
        concurrency: Questions at the same time.
        requests_per_minute: Requests in any minute; no limit when ``None``.
        cooldown_s: How long an endpoint is left alone that failed two questions in a row.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        concurrency: int = 4,
        requests_per_minute: float | None = None,
        cooldown_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots = threading.Semaphore(concurrency)
        self._per_minute = requests_per_minute
        self._cooldown = cooldown_s
        self._clock = clock
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        self._outage: Reason = "unreachable"

    @contextmanager
    def question(self, deadline: Deadline, progress: Progress) -> Iterator[None]:
        """A place among the questions that are asked at the same time.

        Raises:
            LlmFailure: ``busy`` when none gets free in time; the last outage while the endpoint is
                left alone.
        """
        if self._clock() < self._closed_until:
            raise LlmFailure(self._outage)
        while not self._slots.acquire(timeout=_TICK):
            progress.check()
            if not deadline.left:
                raise LlmFailure("busy")
        try:
            yield
        except LlmFailure as failure:
            self._failed(failure.reason)
            raise
        else:
            self._failures = 0
        finally:
            self._slots.release()

    def request(self, deadline: Deadline, progress: Progress) -> None:
        """Wait until the minute has room for one more request.

        Raises:
            LlmFailure: ``busy`` when it has none in time.
        """
        while (wait := self._wait()) > 0:
            if wait > deadline.left:
                raise LlmFailure("busy")
            deadline.sleep(wait, progress)

    def _wait(self) -> float:
        """Seconds until there is room; 0 takes it."""
        if self._per_minute is None:
            return 0.0
        # Less than one a minute is one in a longer time.
        window = _MINUTE * max(1.0, 1.0 / self._per_minute)
        with self._lock:
            now = self._clock()
            while self._sent and self._sent[0] <= now - window:
                self._sent.popleft()
            if len(self._sent) < max(1, int(self._per_minute)):
                self._sent.append(now)
                return 0.0
            return self._sent[0] + window - now

    def _failed(self, reason: Reason) -> None:
        if reason not in _OUTAGES:
            return
        self._failures += 1
        if self._failures >= _IN_A_ROW:
            self._outage = reason
            self._closed_until = self._clock() + self._cooldown
