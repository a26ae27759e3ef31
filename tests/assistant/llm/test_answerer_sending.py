"""Who waits for a model, and what is sent to it."""

from __future__ import annotations

import json
import time

import pytest

from assistant.progress import Stopped
from tests.assistant.llm.asking import ASKED, QUOTE, TRUE, WRONG_NUMBER, Watched, notice
from tests.assistant.llm.conftest import MakeLlm
from tests.assistant.llm.server import (
    ChatServer,
    evidence,
    hanging,
    stating,
)
from tests.assistant.test_answerer import said


def test_statements_are_shown_as_they_pass_and_no_other_text_is(
    llm: MakeLlm, server: ChatServer
) -> None:
    second = "外借甲类样本须先提交使用申请。"
    server.then(
        stating(
            (TRUE, QUOTE),
            (WRONG_NUMBER, QUOTE),
            (second, "外借甲类样本须先提交使用申请"),
            piece=12,
            pause=0.02,
        )
    )
    watched = Watched()
    answer = llm().answer(ASKED, progress=watched)
    assert watched.stages == ["searching", "reading", "checking"]
    assert [text for text, _ in watched.statements] == [TRUE, second]
    assert watched.statements[1][1] - watched.statements[0][1] > 0.05, "one after the other"
    assert {c.quote for c in watched.citations} == {c.quote for c in answer.citations}


def test_leaving_stops_the_work_and_hangs_up(llm: MakeLlm, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE), *[(f"{TRUE}{n}", QUOTE) for n in range(40)], pause=0.01))
    with pytest.raises(Stopped):
        llm().answer(ASKED, progress=Watched(leave_after=1))
    end = time.monotonic() + 5
    while not server.broken_lines and time.monotonic() < end:
        time.sleep(0.02)
    assert server.broken_lines == 1


def test_leaving_while_the_endpoint_is_silent_stops_at_once(
    llm: MakeLlm, server: ChatServer
) -> None:
    server.then(hanging(3))
    started = time.monotonic()
    with pytest.raises(Stopped):
        llm().answer(ASKED, progress=Watched(patience=0.3))
    assert time.monotonic() - started < 2


def test_the_key_goes_into_the_header_and_nowhere_else(llm: MakeLlm, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE)))
    llm().answer(ASKED)
    assert server.headers[0]["authorization"] == "Bearer sk-secret-123"
    assert "sk-secret" not in json.dumps(server.requests)


def test_a_key_from_the_environment_is_not_sent(
    llm: MakeLlm, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    server.then(stating((TRUE, QUOTE)))
    llm(api_key=None).answer(ASKED)
    assert server.headers[0]["authorization"] == "Bearer none"


def test_passages_are_cut_by_rank_and_never_inside_a_sentence(
    llm: MakeLlm, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE)))
    llm(max_input_chars=500, max_passages=2).answer(ASKED)
    sent = evidence(server.requests[0])
    assert 1 <= len(sent) <= 2
    assert sum(len(e["text"]) for e in sent) <= 500
    assert all(e["text"].endswith(("。", "：", "；", "的")) for e in sent)
    assert QUOTE in sent[0]["text"]


def test_only_so_many_requests_are_made_in_a_minute(llm: MakeLlm, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE)))
    answerer = llm(requests_per_minute=2, timeout_s=1)
    answers = [answerer.answer(ASKED) for _ in range(3)]
    assert [said(a) == TRUE for a in answers] == [True, True, False]
    assert answers[2].notices == (notice("llm_busy"),)
    assert len(server.requests) == 2
