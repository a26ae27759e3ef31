"""Replies of a model that are hard to read."""

from __future__ import annotations

import pytest

from tests.assistant.llm.asking import ASKED, QUOTE, TRUE, notice, same_but_for_the_record
from tests.assistant.llm.conftest import MakeLlm
from tests.assistant.llm.server import (
    ChatServer,
    Line,
    Request,
    key_of,
    reply,
    saying,
    statement,
    stating,
)
from tests.assistant.test_answerer import said


@pytest.mark.parametrize(
    "wrap",
    [
        "```json\n%s\n```",
        "好的，以下是答案：\n%s\n希望有帮助！",
        '<think>{"statements": [{"text": "不是这个"}]} 想一想……</think>\n%s',
        '{"statements": [] 想到一半</think>%s',
        "%s\n%s",
    ],
)
def test_json_is_found_wherever_a_model_puts_it(
    llm: MakeLlm, server: ChatServer, wrap: str
) -> None:
    def play(line: Line, request: Request) -> None:
        line.say(wrap.replace("%s", reply(statement(TRUE, (key_of(request, QUOTE), QUOTE)))))

    server.then(play)
    assert said(llm().answer(ASKED)) == TRUE
    assert len(server.requests) == 1


MALFORMED = [
    "20个工作日。",
    "",
    '{"statements": [{"text": "20',
    "[1, 2]",
    '{"answer": 1}',
    "{" * 900,
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_cannot_be_read_is_asked_for_once_more(
    llm: MakeLlm, server: ChatServer, text: str
) -> None:
    server.then(saying(text), stating((TRUE, QUOTE)))
    assert said(llm().answer(ASKED)) == TRUE
    assert len(server.requests) == 2


@pytest.mark.parametrize("text", MALFORMED)
def test_what_can_still_not_be_read_costs_the_wording_not_the_answer(
    llm: MakeLlm, server: ChatServer, text: str
) -> None:
    server.then(saying(text))
    answerer = llm()
    answer = answerer.answer(ASKED)
    assert same_but_for_the_record(answer, answerer.plain.answer(ASKED))
    assert answer.notices == (notice("llm_malformed"),)
    assert len(server.requests) == 2
