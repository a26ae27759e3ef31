"""Questions, answers and scores made up for tests of the figures."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import Answer, Answerer
from assistant.model import Record, Statement
from eval.answers.run import Asked
from eval.answers.score import Scored, score
from eval.questions_file import EvalQuestion

SAE = "医疗器械临床试验中研究者获知严重不良事件后多久报告？"


def make_question(**fields: Any) -> EvalQuestion:
    """A question to answer; fields replace its own."""
    given: dict[str, Any] = {
        "id": "T1",
        "lang": "zh",
        "category": "safety",
        "question": SAE,
        "expect": "answer",
        "key_points": (("24小时",),),
        "sources": ("device-sae-reporting",),
        "forbidden": ("48小时",),
        "as_of": None,
    }
    return EvalQuestion(**{**given, **fields})


def make_answer(status: str = "answered", text: str = "24小时内。", **fields: Any) -> Answer:
    """An answer of one uncited statement, with a confidence when one is given."""
    confidence = fields.pop("confidence", None)
    record = RecordWithConfidence(confidence, fields.pop("usage", None))
    return Answer(
        answer_id="a",
        question="?",
        language="zh",
        as_of="2026-11-21",
        status=status,  # type: ignore[arg-type]
        statements=(Statement(text, support="unsupported"),) if text else (),
        record=record,  # type: ignore[arg-type]
        **fields,
    )


class RecordWithConfidence(Record):
    """A record that tells the strength of the evidence."""

    __slots__ = ("confidence",)

    def __init__(self, confidence: float | None, usage: dict[str, int] | None) -> None:
        super().__init__("s", "e", None, (), 1.0, "0", {}, None, usage)
        object.__setattr__(self, "confidence", confidence)


@pytest.fixture
def asked(answerer: Answerer) -> Asked:
    """The question on serious adverse events, really asked."""
    return Asked(make_question(), answerer.answer(SAE), 1.0, answerer.index)


@pytest.fixture
def made_up(answerer: Answerer) -> Any:
    """``made_up(question fields, answer)`` scores an answer that nobody gave."""

    def make(answer: Answer, without: str | None = None, **fields: Any) -> Scored:
        return score(Asked(make_question(**fields), answer, 1.0, answerer.index, without))

    return make
