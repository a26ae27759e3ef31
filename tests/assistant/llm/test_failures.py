"""What an exception of a client means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import openai
import pytest

from assistant.llm.failures import LlmFailure, classify

REQUEST = httpx.Request("POST", "http://user:secret@127.0.0.1/v1")


def answered(status: int, **headers: str) -> openai.APIStatusError:
    response = httpx.Response(status, request=REQUEST, headers=headers)
    return openai.APIStatusError("sk-secret", response=response, body=None)


@pytest.mark.parametrize(
    ("error", "reason", "transient"),
    [
        (answered(429), "rate_limited", True),
        (answered(500), "server_error", True),
        (answered(503), "server_error", True),
        (answered(529), "server_error", True),
        (answered(408), "server_error", True),
        (answered(401), "denied", False),
        (answered(403), "denied", False),
        (answered(404), "rejected", False),
        (answered(400), "rejected", False),
        (openai.APITimeoutError(request=REQUEST), "timeout", True),
        (openai.APIConnectionError(request=REQUEST), "unreachable", True),
        (httpx.RemoteProtocolError("x"), "unreachable", True),
        (httpx.ReadTimeout("x"), "timeout", True),
        (ConnectionResetError(), "unreachable", True),
        (TimeoutError(), "timeout", True),
        (KeyError("x"), "failed", False),
        (LlmFailure("busy"), "busy", False),
    ],
)
def test_a_failure_is_named_and_says_whether_to_try_again(
    error: Exception, reason: str, transient: bool
) -> None:
    failure = classify(error)
    assert (failure.reason, failure.transient) == (reason, transient)
    assert "secret" not in f"{failure} {failure!r}"


@pytest.mark.parametrize(("value", "wait"), [("7", 7), ("0.5", 0.5), ("-3", 0)])
def test_the_wait_asked_for_is_read(value: str, wait: float) -> None:
    assert classify(answered(429, **{"Retry-After": value})).retry_after == wait


def test_the_wait_may_be_given_as_a_date() -> None:
    day = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    wait = classify(answered(429, **{"Retry-After": day})).retry_after
    assert wait is not None and 50 <= wait <= 61


def test_a_wait_that_is_none_is_not_waited_for() -> None:
    assert classify(answered(429, **{"Retry-After": "soon"})).retry_after is None
