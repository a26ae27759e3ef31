"""When to ask again: an even pace, pauses after errors, and what ``Retry-After`` says."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_BACKOFF_S = 60.0
_RANDOM = random.SystemRandom()


class Pace:
    """Keeps ``interval`` seconds between the starts of two requests."""

    def __init__(self, interval: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._interval = interval
        self._sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next request may start."""
        pause = self._next - time.monotonic()
        if pause > 0:
            self._sleep(pause)
        self._next = time.monotonic() + self._interval


def backoff(attempt: int, first: float) -> float:
    """Seconds before repetition ``attempt`` (from 0): doubled each time, up to a minute.

    A random part of it, between a half and all, so that many clients do not return at once.
    """
    return _RANDOM.uniform(0.5, 1.0) * min(_LONGEST_BACKOFF_S, first * 2.0**attempt)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110, 10.2.3); None without one."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, OverflowError):  # no date, or one in a zone that is none
        return None
