"""The endpoint embedder against a server that fails in every way we know of."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import openai
import pytest

from retrieval.embedders import ModelUnusable, make_embedder
from retrieval.embedders import endpoint as module
from tests.retrieval.embedders.endpoint_server import (
    DIMENSIONS,
    JSON,
    EndpointServer,
    Reply,
    answer,
    refusal,
    reply,
    rows,
    vector,
)

KEY = "sk-hospital-0123456789"
TEXTS = ["知情同意", "", "informed consent", "第十九条"]
Request = dict[str, Any]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of the client between two tries, shortened; how often it tries is its own."""
    monkeypatch.setattr(openai._base_client, "INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setattr(openai._base_client, "MAX_RETRY_DELAY", 0.02)


def expected(texts: list[str]) -> np.ndarray:
    found = np.array([vector(text) for text in texts], dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_it_asks_as_the_api_is_documented(server: EndpointServer) -> None:
    embedder = make_embedder("bge-m3", base_url=server.url, api_key=KEY)
    embedder.encode(TEXTS)
    assert server.paths[-1] == "/v1/embeddings"
    assert server.requests[-1] == {
        "model": "bge-m3",
        "input": ["知情同意", "informed consent", "第十九条"],
        "encoding_format": "float",
    }
    assert server.headers[-1]["authorization"] == f"Bearer {KEY}"


def test_a_key_of_the_environment_is_not_sent(
    server: EndpointServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    make_embedder("bge-m3", base_url=server.url)
    assert KEY not in str(server.headers)


def test_texts_go_in_batches(server: EndpointServer) -> None:
    embedder = make_embedder("m", base_url=server.url)
    texts = [f"知情{number}" for number in range(150)]
    server.requests.clear()
    np.testing.assert_allclose(embedder.encode(texts), expected(texts), atol=1e-6)
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]


def test_vectors_in_another_order_reach_their_texts(server: EndpointServer) -> None:
    embedder = make_embedder("m", base_url=server.url)
    server.then(lambda request: answer(request, rows(request)[::-1]))
    texts = ["知情", "同意", "consent"]
    np.testing.assert_allclose(embedder.encode(texts), expected(texts), atol=1e-6)


def test_vectors_without_numbers_are_taken_as_they_come(server: EndpointServer) -> None:
    embedder = make_embedder("m", base_url=server.url)
    server.then(
        lambda request: answer(request, [{"embedding": r["embedding"]} for r in rows(request)])
    )
    np.testing.assert_allclose(embedder.encode(TEXTS[2:]), expected(TEXTS[2:]), atol=1e-6)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(server: EndpointServer, status: int) -> None:
    embedder = make_embedder("m", base_url=server.url)
    server.then(lambda _: refusal(status, "busy"), lambda _: refusal(status, "busy"), answer)
    assert embedder.encode(["知情"]).any()
    assert len(server.requests) == 3


def with_rows(change: Callable[[list[Any]], list[Any]]) -> Callable[[Request], Reply]:
    return lambda request: answer(request, change(rows(request)))


def renumbered(data: list[Any]) -> list[Any]:
    return [row | {"index": 0} for row in data]


def shorter(data: list[Any]) -> list[Any]:
    return [row | {"embedding": row["embedding"][:-1]} for row in data]


def filled_with(value: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda data: [row | {"embedding": [value] * DIMENSIONS} for row in data]


FAULTS: dict[str, tuple[Callable[[Request], Reply], str, int]] = {
    # name: what the server replies, what is said, how often it is asked
    "500": (lambda _: refusal(500, "boom"), "cannot be used: Error code: 500 - boom", 4),
    "401": (lambda _: refusal(401, f"bad key {KEY}"), r"401 - bad key \*\*\*", 1),
    "404": (lambda _: refusal(404, "model m not found"), "model m not found", 1),
    "too long": (lambda _: refusal(400, "at most 512 tokens"), "at most 512 tokens", 1),
    "a proxy": (lambda _: (502, "text/html", b"<html>\n502\n</html>"), "used: .*502", 4),
    "malformed": (lambda _: (200, JSON, b'{"data": [oo'), "does not answer as OpenAI's", 1),
    "a page": (lambda _: (200, "text/html", b"<p>Sign in"), "does not answer as OpenAI's", 1),
    "nothing": (lambda _: reply({}), "does not answer as OpenAI's", 1),
    "a list": (lambda _: reply([1, 2]), "does not answer as OpenAI's", 1),
    "an error with 200": (lambda _: reply({"error": "no"}), "does not answer as OpenAI's", 1),
    "no rows": (with_rows(lambda _: []), "does not answer as OpenAI's", 1),
    "fewer rows": (with_rows(lambda data: data[:-1]), "1 vectors for 2 texts", 1),
    "more rows": (with_rows(lambda data: data * 2), "4 vectors for 2 texts", 1),
    "one number twice": (with_rows(renumbered), r"vectors numbered \[0, 0\]", 1),
    "other dimensions": (with_rows(shorter), "of 5 dimensions, before it had 6", 1),
    "no vector": (with_rows(filled_with(None)), "gave no table of numbers|NaN", 1),
    "words": (with_rows(filled_with("x")), "gave no table of numbers", 1),
    "NaN": (with_rows(filled_with(float("nan"))), "NaN or infinity for the text", 1),
    "strings": (lambda request: answer(request, ["a", "b"]), "does not answer as", 1),  # type: ignore[list-item]
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("is_query", [False, True], ids=["passages", "question"])
def test_a_fault_is_told_in_one_line(server: EndpointServer, fault: str, is_query: bool) -> None:
    behave, said, times = FAULTS[fault]
    embedder = make_embedder("m", base_url=server.url, api_key=KEY)
    server.then(behave)
    with pytest.raises(ModelUnusable, match=said) as error:
        embedder.encode(["知情", "同意"], is_query=is_query)
    assert server.url in str(error.value) and "\n" not in str(error.value)
    assert len(server.requests) == (min(times, 2) if is_query else times)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"fewer rows", "one number twice"}))
def test_the_key_is_in_no_error_and_no_traceback(server: EndpointServer, fault: str) -> None:
    behave, _, _ = FAULTS[fault]
    embedder = make_embedder("m", base_url=server.url, api_key=KEY)
    assert KEY not in repr(embedder) + str(embedder) + embedder.name
    server.then(behave)
    with pytest.raises(ModelUnusable) as error:
        embedder.encode(["知情"])
    assert KEY not in "".join(traceback.format_exception(error.value))


def test_the_first_question_to_the_endpoint_may_fail_too(server: EndpointServer) -> None:
    server.then(lambda _: refusal(401, "no"))
    with pytest.raises(ModelUnusable, match="401"):
        make_embedder("m", base_url=server.url)


def test_a_slow_endpoint_is_given_up(
    server: EndpointServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUERY_TIMEOUT_S", 0.2)
    embedder = make_embedder("m", base_url=server.url)
    server.delay = 4.0
    began = time.perf_counter()
    with pytest.raises(ModelUnusable, match="timed out"):
        embedder.encode(["知情"], is_query=True)
    with pytest.raises(ModelUnusable, match="timed out"):
        make_embedder("m", base_url=server.url)
    assert time.perf_counter() - began < 4.0
    server.delay = 0.3
    assert embedder.encode(["知情"]).any(), "passages may take longer"


def test_nobody_listening_is_said(server: EndpointServer) -> None:
    url = server.url
    server.__exit__()
    try:
        with pytest.raises(ModelUnusable, match="cannot be used: Connection error"):
            make_embedder("m", base_url=url)
    finally:
        server.__enter__()  # for the fixture to close


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://[::1", "ftp://127.0.0.1/v1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ModelUnusable, match="embedder_base_url"):
        make_embedder("m", base_url=url)


def test_a_password_in_the_address_is_not_shown(server: EndpointServer) -> None:
    url = server.url.replace("//", "//doctor:hush@") + "?key=hush"
    server.then(lambda _: refusal(404, "no"))
    with pytest.raises(ModelUnusable) as error:
        make_embedder("m", base_url=url)
    assert "hush" not in str(error.value) and "127.0.0.1" in str(error.value)


def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    server: EndpointServer,
) -> None:
    key = "".join(map(chr, (0x5BC6, 0x94A5)))  # a traceback quotes the lines of this file
    with pytest.raises(ModelUnusable, match="key") as error:
        make_embedder("m", base_url=server.url, api_key=key)
    assert key not in "".join(traceback.format_exception(error.value))


def test_a_line_end_after_the_key_does_no_harm(server: EndpointServer) -> None:
    make_embedder("m", base_url=server.url, api_key=f"{KEY}\n")
    assert server.headers[-1]["authorization"] == f"Bearer {KEY}"


def test_a_key_is_left_out_of_a_long_error_too(server: EndpointServer) -> None:
    server.then(lambda _: refusal(401, "x" * (300 - 20 - len(KEY) // 2) + KEY))
    with pytest.raises(ModelUnusable) as error:
        make_embedder("m", base_url=server.url, api_key=KEY)
    assert KEY[:5] not in str(error.value)


def test_prompts_stand_before_questions_and_passages(server: EndpointServer) -> None:
    plain = make_embedder("m", base_url=server.url)
    prompted = make_embedder(
        "m", base_url=server.url, query_prompt="query: ", passage_prompt="passage: "
    )
    prompted.encode(["知情"], is_query=True)
    assert server.requests[-1]["input"] == ["query: 知情"]
    prompted.encode(["知情"])
    assert server.requests[-1]["input"] == ["passage: 知情"]
    asking = make_embedder("m", base_url=server.url, query_prompt="query: ")
    assert asking.name == plain.name != prompted.name, "the index holds passages only"
