"""Endpoints that fail, hang or understand less."""

from __future__ import annotations

import json
import logging
import time

import pytest

from tests.assistant.llm.asking import ASKED, QUOTE, TRUE, notice, same_but_for_the_record
from tests.assistant.llm.conftest import MakeLlm
from tests.assistant.llm.server import (
    ChatServer,
    Line,
    Request,
    babbling,
    hanging,
    refusing,
    stating,
)
from tests.assistant.test_answerer import said


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_fault_is_tried_again(llm: MakeLlm, server: ChatServer, status: int) -> None:
    server.then(refusing(status), refusing(status), stating((TRUE, QUOTE)))
    answer = llm().answer(ASKED)
    assert said(answer) == TRUE
    assert answer.record is not None and answer.record.usage is not None
    assert answer.record.usage["calls"] == 3


def test_the_wait_an_endpoint_asks_for_is_kept(llm: MakeLlm, server: ChatServer) -> None:
    server.then(refusing(429, retry_after="0.6"), stating((TRUE, QUOTE)))
    assert said(llm().answer(ASKED)) == TRUE
    assert server.at[1] - server.at[0] >= 0.55


def test_a_wait_longer_than_the_answer_may_take_is_not_begun(
    llm: MakeLlm, server: ChatServer
) -> None:
    server.then(refusing(429, retry_after="3600"))
    started = time.monotonic()
    answer = llm().answer(ASKED)
    assert time.monotonic() - started < 5
    assert answer.notices == (notice("llm_rate_limited"),)


@pytest.mark.parametrize(
    ("play", "key", "calls"),
    [
        (refusing(500, "boom"), "llm_server_error", 3),
        (refusing(429), "llm_rate_limited", 3),
        (refusing(401, "Incorrect API key provided: sk-secret-123"), "llm_denied", 1),
        (refusing(404, "model `qwen-test` does not exist"), "llm_rejected", 1),
        (refusing(400, "maximum context length is 2048 tokens"), "llm_rejected", 1),
    ],
    ids=["500", "429", "401", "404", "400"],
)
def test_a_lasting_fault_gives_the_answer_without_the_model_and_says_why(
    llm: MakeLlm,
    server: ChatServer,
    caplog: pytest.LogCaptureFixture,
    play,  # type: ignore[no-untyped-def]
    key: str,
    calls: int,
) -> None:
    server.then(play)
    answerer = llm()
    with caplog.at_level(logging.DEBUG, logger="xinglin"):
        answer = answerer.answer(ASKED)
    assert same_but_for_the_record(answer, answerer.plain.answer(ASKED))
    assert answer.notices == (notice(key),)
    assert len(server.requests) == calls
    told = json.dumps(answer.to_json(), ensure_ascii=False) + caplog.text
    assert "sk-secret" not in told
    assert server.url not in told
    assert "qwen-test" not in json.dumps(answer.to_json())


EVENT = 'data: {"id":"x","object":"chat.completion.chunk","choices":[%s]}\n\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>Log in to the proxy</html>", "text/html"),
        ("", "text/event-stream"),
        ("data: {not json}\n\n", "text/event-stream"),
        ("data: [DONE]\n\n", "text/event-stream"),
        ('data: {"error": {"message": "out of memory sk-secret-123"}}\n\n', "text/event-stream"),
        (EVENT % '{"index":0,"delta":{"content":7}}', "text/event-stream"),
        (EVENT % '{"index":0,"delta":null}', "text/event-stream"),
        (EVENT % "", "text/event-stream"),
        ('{"choices": []}', "application/json"),
    ],
)
def test_an_endpoint_that_talks_nonsense_costs_the_wording_only(
    llm: MakeLlm, server: ChatServer, body: str, kind: str
) -> None:
    server.then(babbling(body, kind))
    answerer = llm()
    answer = answerer.answer(ASKED)
    assert same_but_for_the_record(answer, answerer.plain.answer(ASKED))
    assert len(answer.notices) == 1 and "语言模型" in answer.notices[0]
    assert "sk-secret" not in answer.notices[0]


def test_nobody_listening_is_told(llm: MakeLlm) -> None:
    with ChatServer() as gone:
        url = gone.url
    answer = llm(base_url=url).answer(ASKED)
    assert said(answer) and answer.notices == (notice("llm_unreachable"),)


def test_an_endpoint_that_says_nothing_is_left_in_time(llm: MakeLlm, server: ChatServer) -> None:
    server.then(hanging(3))
    started = time.monotonic()
    answer = llm(read_timeout_s=0.3, retries=1).answer(ASKED)
    assert time.monotonic() - started < 2.5
    assert answer.notices == (notice("llm_timeout"),)
    assert len(server.requests) == 2


def test_an_endpoint_that_trickles_is_left_in_time(llm: MakeLlm, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE), piece=1, pause=0.2))
    started = time.monotonic()
    answer = llm(timeout_s=0.8).answer(ASKED)
    assert time.monotonic() - started < 3
    assert answer.notices == (notice("llm_timeout"),)


def test_a_stream_that_breaks_off_is_begun_anew(llm: MakeLlm, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE), break_off=40), stating((TRUE, QUOTE)))
    answer = llm().answer(ASKED)
    assert said(answer) == TRUE
    assert len(server.requests) == 2


def test_a_stream_that_always_breaks_off_gives_the_answer_without_the_model(
    llm: MakeLlm, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE), break_off=40))
    answerer = llm(retries=1)
    answer = answerer.answer(ASKED)
    assert same_but_for_the_record(answer, answerer.plain.answer(ASKED))
    assert answer.notices == (notice("llm_unreachable"),)


def test_a_dead_endpoint_is_left_alone_for_a_while(llm: MakeLlm, server: ChatServer) -> None:
    server.then(refusing(503))
    answerer = llm(retries=0, cooldown_s=60)
    for _ in range(5):
        assert answerer.answer(ASKED).notices == (notice("llm_server_error"),)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("This response_format type is unavailable now", "json_object"),
        ("unknown field: json_schema", "json_object"),
        ("extra inputs are not permitted: stream_options", "json_schema"),
        ("bad request", "json_object"),
    ],
)
def test_an_endpoint_that_understands_less_is_asked_more_simply_from_then_on(
    llm: MakeLlm, server: ChatServer, text: str, kept: str
) -> None:
    server.then(refusing(400, text), stating((TRUE, QUOTE)))
    answerer = llm()
    assert said(answerer.answer(ASKED)) == TRUE
    assert said(answerer.answer(ASKED)) == TRUE
    first, *later = server.requests
    assert first["response_format"]["type"] == "json_schema"
    assert [r["response_format"]["type"] for r in later] == [kept, kept]
    assert len(server.requests) == 3


def test_an_endpoint_that_only_chats_is_enough(llm: MakeLlm, server: ChatServer) -> None:
    def picky(line: Line, request: Request) -> None:
        if set(request) - {"model", "messages", "stream", "temperature", "max_tokens"}:
            line.refuse(422, "unexpected parameter")
        else:
            stating((TRUE, QUOTE))(line, request)

    server.then(picky)
    assert said(llm(tools="auto").answer(ASKED)) == TRUE
