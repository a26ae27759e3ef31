from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from ingest.fetch import FetchError, FetchSettings
from ingest.fetch.errors import Malformed, Refused
from ingest.fetch.http import Client, Validators
from tests.ingest.fetch.server import Answer, Asked, Server

OK = Answer(b"done")


class Clock:
    """Sleeps at once and remembers for how long it should have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def ask(
    server: Server, settings: FetchSettings, clock: Callable[[float], None] = lambda _: None
) -> bytes:
    server.routes.setdefault("/api/v2/page", lambda asked: OK)
    with Client(settings, 0, clock) as client:
        return (
            client.get(f"{settings.clinicaltrials_url}/page", {"a": "1"}, lambda body: body).value
            or b""
        )


def test_it_names_itself_and_a_contact(server: Server, settings: FetchSettings) -> None:
    assert ask(server, settings.model_copy(update={"email": "a@example.org"})) == b"done"
    agent = server.log[0].headers["User-Agent"]
    assert agent.startswith("Xinglin/")
    assert "a@example.org" in agent
    assert server.log[0].params == {"a": "1"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_trouble_that_passes_is_sat_out(
    server: Server, settings: FetchSettings, status: int
) -> None:
    clock = Clock()
    server.trouble.extend([Answer(b"", status), Answer(b"", status)])
    assert ask(server, settings, clock) == b"done"
    assert len(server.log) == 3
    assert 0.0005 <= clock.slept[0] <= 0.001
    assert 0.001 <= clock.slept[1] <= 0.002


def test_retry_after_is_obeyed(server: Server, settings: FetchSettings) -> None:
    clock = Clock()
    server.trouble.append(Answer(b"", 429, {"Retry-After": "7"}))
    assert ask(server, settings, clock) == b"done"
    assert clock.slept == [7.0]


def test_a_pause_that_is_too_long_ends_the_run(server: Server, settings: FetchSettings) -> None:
    server.trouble.append(Answer(b"", 503, {"Retry-After": "86400"}))
    with pytest.raises(FetchError, match="asks to wait 86400 seconds; what was fetched is kept"):
        ask(server, settings)
    assert len(server.log) == 1


def test_trouble_that_stays_ends_the_run(server: Server, settings: FetchSettings) -> None:
    server.trouble.extend([Answer(b"", 500)] * 9)
    with pytest.raises(FetchError, match=r"in 4 attempts \(HTTP 500\)"):
        ask(server, settings)
    assert len(server.log) == 4


def test_a_line_cut_in_the_middle_is_asked_again(server: Server, settings: FetchSettings) -> None:
    server.trouble.append(Answer(b"x" * 1000, cut=500))
    assert ask(server, settings) == b"done"
    assert len(server.log) == 2


def test_a_body_that_does_not_unpack_is_asked_again(
    server: Server, settings: FetchSettings
) -> None:
    server.trouble.append(Answer(b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert ask(server, settings) == b"done"


def test_an_answer_that_makes_no_sense_is_asked_again(
    server: Server, settings: FetchSettings
) -> None:
    def strict(body: bytes) -> bytes:
        if body != b"done":
            raise Malformed("not done")
        return body

    server.trouble.append(Answer(b"<html>Sign in"))
    server.routes["/api/v2/page"] = lambda asked: OK
    with Client(settings, 0, lambda _: None) as client:
        reply = client.get(f"{settings.clinicaltrials_url}/page", {}, strict)
    assert reply.value == b"done"
    server.trouble.extend([Answer(b"<html>Sign in")] * 9)
    with (
        Client(settings, 0, lambda _: None) as client,
        pytest.raises(FetchError, match=r"in 4 attempts \(not done\)"),
    ):
        client.get(f"{settings.clinicaltrials_url}/page", {}, strict)


def test_silence_is_not_waited_for(server: Server, settings: FetchSettings) -> None:
    def slow(asked: Asked) -> Answer:
        time.sleep(0.5)
        return OK

    server.trouble.extend([slow] * 9)
    with pytest.raises(FetchError, match="no answer in time"):
        ask(server, settings.model_copy(update={"timeout_s": 0.1, "retries": 1}))


def test_an_endless_trickle_is_broken_off(server: Server, settings: FetchSettings) -> None:
    server.trouble.extend([Answer(b"x" * 4000, drip=0.05)] * 9)
    quick = settings.model_copy(update={"response_timeout_s": 0.2, "retries": 1})
    with pytest.raises(FetchError, match=r"more than 0\.2 s"):
        ask(server, quick)


def test_a_huge_answer_is_broken_off(server: Server, settings: FetchSettings) -> None:
    packed = gzip.compress(bytes(5_000_000))
    assert len(packed) < 10_000
    server.trouble.append(Answer(packed, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="more than 1 MB"):
        ask(server, settings.model_copy(update={"max_response_mb": 1}))
    assert len(server.log) == 1


def test_a_refusal_is_repeated_in_the_source_s_words(
    server: Server, settings: FetchSettings
) -> None:
    server.trouble.append(Answer("`query.cond` 无效".encode(), 400))
    with pytest.raises(Refused, match=r"HTTP 400\) and says: `query.cond` 无效") as error:
        ask(server, settings)
    assert error.value.status == 400
    assert len(server.log) == 1


def test_a_key_is_never_shown(server: Server, settings: FetchSettings) -> None:
    server.trouble.append(Answer(b'{"error":"API key invalid","api-key":"s3cret"}', 400))
    keyed = settings.model_copy(update={"api_key": SecretStr("s3cret")})
    with pytest.raises(Refused) as error:
        ask(server, keyed)
    assert "API key invalid" in str(error.value)
    assert "s3cret" not in str(error.value)


def test_not_modified(server: Server, settings: FetchSettings) -> None:
    server.trouble.append(Answer(b"", 304))
    with Client(settings, 0) as client:
        reply = client.get(
            f"{settings.clinicaltrials_url}/page",
            {},
            lambda body: body,
            Validators('"e"', "Thu, 01 Jan 2026 12:00:30 GMT"),
        )
    assert reply.value is None
    assert server.log[0].headers["If-None-Match"] == '"e"'
    assert server.log[0].headers["If-Modified-Since"] == "Thu, 01 Jan 2026 12:00:30 GMT"


def test_a_redirect_on_the_same_host_is_followed(server: Server, settings: FetchSettings) -> None:
    server.trouble.append(Answer(b"", 302, {"Location": f"{server.url}/api/v2/page"}))
    assert ask(server, settings) == b"done"


@pytest.mark.parametrize("target", ["http://example.invalid/", "ftp://127.0.0.1/"])
def test_a_redirect_to_another_place_is_not_followed(
    server: Server, settings: FetchSettings, target: str
) -> None:
    server.trouble.append(Answer(b"", 307, {"Location": target}))
    with pytest.raises(FetchError, match="it was not followed"):
        ask(server, settings)


def test_a_circle_of_redirects_ends(server: Server, settings: FetchSettings) -> None:
    server.routes["/api/v2/page"] = lambda asked: Answer(
        b"", 302, {"Location": f"{server.url}/api/v2/page"}
    )
    with pytest.raises(FetchError, match="never answers"):
        ask(server, settings)


def test_nobody_there_is_one_sentence_after_two_tries(settings: FetchSettings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gone = settings.model_copy(update={"clinicaltrials_url": f"http://127.0.0.1:{port}"})
    clock = Clock()
    with (
        Client(gone, 0, clock) as client,
        pytest.raises(FetchError, match=r"127\.0\.0\.1 could not be reached .* need no network"),
    ):
        client.get(f"{gone.clinicaltrials_url}/page", {}, lambda body: body)
    assert client.requests == 2


def test_the_proxy_comes_from_the_environment(
    server: Server, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", server.url)
    away = settings.model_copy(update={"clinicaltrials_url": "http://registry.invalid/api"})
    server.routes["/api/page"] = lambda asked: OK
    server.routes["http://registry.invalid/api/page"] = lambda asked: OK
    with Client(away, 0) as client:
        reply = client.get(f"{away.clinicaltrials_url}/page", {}, lambda body: body)
    assert reply.value == b"done"
    assert server.log[0].headers["Host"] == "registry.invalid"


def test_a_proxy_that_cannot_be_used_is_said_without_its_password(
    settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:s3cret@proxy")
    with pytest.raises(FetchError, match="proxy settings") as error:
        Client(settings, 0)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    "value", ["clinicaltrials.gov", "ftp://clinicaltrials.gov", "https://a:b@host/", "https://"]
)
def test_addresses_are_checked(value: str) -> None:
    with pytest.raises(ValueError, match="clinicaltrials_url"):
        FetchSettings(clinicaltrials_url=value)


@pytest.mark.parametrize("value", ["nobody", "a@b\r\nX-Injected: 1", "a b@c"])
def test_the_contact_is_an_address(value: str) -> None:
    with pytest.raises(ValueError, match="email"):
        FetchSettings(email=value)
