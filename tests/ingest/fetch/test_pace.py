from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.pace import Pace, backoff, retry_after

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 12:00:30", 30.0),
        ("soon", None),
        ("-5", None),
        ("Wed, 21 Oct 2015 07:28 +999999999999999999", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_no_header_breaks_it(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or found >= 0


@given(st.integers(0, 1000), st.floats(0.001, 10))
def test_backoff_grows_up_to_a_minute(attempt: int, first: float) -> None:
    pause = backoff(attempt, first)
    whole = min(60.0, first * 2.0 ** min(attempt, 100))
    assert whole / 2 <= pause <= whole


def test_pace_spaces_requests() -> None:
    slept: list[float] = []
    pace = Pace(10.0, slept.append)
    pace.wait()
    assert slept == []
    pace.wait()
    assert slept == [pytest.approx(10.0, abs=0.5)]


def test_pace_does_not_wait_when_time_has_passed() -> None:
    slept: list[float] = []
    pace = Pace(0.01, slept.append)
    pace.wait()
    time.sleep(0.02)
    pace.wait()
    assert slept == []
