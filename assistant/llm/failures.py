"""What can go wrong with a language model, in the words the reader is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

Reason = Literal[
    "unreachable",  # no connection, or one that broke
    "timeout",  # silent for too long, or not done in time
    "rate_limited",  # 429
    "denied",  # 401, 403: the key
    "rejected",  # any other 4xx: the model's name, a setting, too long an input
    "server_error",  # 5xx
    "busy",  # too many questions at once, here
    "malformed",  # not the JSON it was asked for
    "failed",  # anything else
]
_MISSED = {408, 425, 500, 502, 503, 504, 520, 522, 524, 529}


class LlmFailure(Exception):
    """The model gave no usable reply.

    The message holds neither address nor key nor what the endpoint said: an endpoint may repeat the
    key or the question.

    Attributes:
        reason: For the notice.
        transient: Another attempt may succeed.
        retry_after: Seconds that the endpoint asked to wait.
        status: HTTP status, if there was one.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        transient: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(f"{reason} (HTTP {status})" if status else reason)
        self.reason: Reason = reason
        self.transient = transient
        self.retry_after = retry_after
        self.status = status


def classify(error: BaseException) -> LlmFailure:
    """What an exception of any client means; known by its status and class names, not imports."""
    if isinstance(error, LlmFailure):
        return error
    status = status_of(error)
    if status is not None:
        wait = _retry_after(_headers(error))
        if status == 429:
            return LlmFailure("rate_limited", transient=True, retry_after=wait, status=status)
        if status >= 500 or status in _MISSED:
            return LlmFailure("server_error", transient=True, retry_after=wait, status=status)
        return LlmFailure("denied" if status in {401, 403} else "rejected", status=status)
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    if "Timeout" in names:
        return LlmFailure("timeout", transient=True)
    if any(name in names for name in ("Connection", "TransportError", "ProtocolError", "OSError")):
        return LlmFailure("unreachable", transient=True)
    return LlmFailure("failed")


def status_of(error: BaseException) -> int | None:
    """The HTTP status an exception carries."""
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _headers(error: BaseException) -> Mapping[str, Any]:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return headers if isinstance(headers, Mapping) else {}


def _retry_after(headers: Mapping[str, Any]) -> float | None:
    """Seconds, given as such or as a date."""
    value = str(headers.get("retry-after", "")).strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        day = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (day - datetime.now(UTC)).total_seconds()) if day.tzinfo else None
