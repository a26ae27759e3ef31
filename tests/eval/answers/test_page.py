"""The page shows everything, and hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from eval.answers.compare import compare
from eval.answers.gate import check, read_thresholds
from eval.answers.judge import agreement
from eval.answers.page import page
from eval.answers.report import make_report
from eval.answers.run import Asked
from eval.answers.score import score
from tests.eval.answers.conftest import make_answer, make_question

HOSTILE = "</script><img src=x onerror=alert(1)>$script\"'&"


class Reader(HTMLParser):
    """Collects elements and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.fixture
def full_page(asked: Asked, made_up: Any) -> str:
    """A page with every part, whose every text is hostile."""
    hostile = replace(
        asked.answer,
        statements=tuple(replace(s, text=HOSTILE) for s in asked.answer.statements),
        citations=tuple(
            replace(c, title=HOSTILE, quote=HOSTILE, path=HOSTILE, notice=HOSTILE)
            for c in asked.answer.citations
        ),
        notices=(HOSTILE,),
        missing=HOSTILE,
        calculations=({"method": HOSTILE},),
    )
    question = make_question(
        id=HOSTILE, category=HOSTILE, question=HOSTILE, key_points=((HOSTILE,),), pair="p"
    )
    english = make_answer("insufficient_evidence", confidence=0.2)
    results = [
        score(replace(asked, answer=hostile, question=question)),
        made_up(english, id="en", lang="en", pair="p"),
        made_up(make_answer(confidence=0.7), id="sure"),
    ]
    report = make_report(results, notes=[HOSTILE], run={"files": [{"name": HOSTILE}]})
    other = {**report, "per_question": [{**r, "score": 0.3} for r in report["per_question"]]}
    report["comparison"] = compare(report, other)
    report["gate"] = check(report["metrics"], read_thresholds())
    report["judge"] = {
        "model": HOSTILE,
        "questions": 1,
        "failed": {"x": HOSTILE},
        "points": agreement([(True, False)]),
        "statements": agreement([]),
        "disagreements": [
            {"what": "point", "id": HOSTILE, "forms": [HOSTILE], "ours": True, "judge": False}
        ],
    }
    return page(report)


def test_hostile_text_stays_text(full_page: str) -> None:
    read = Reader(full_page)
    assert "img" not in read.tags
    assert read.tags.count("script") == 1
    assert not [name for name, _ in read.attributes if name.startswith("on") or name == "style"]
    assert full_page.count("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;$script") > 10


def test_nothing_is_fetched(full_page: str) -> None:
    read = Reader(full_page)
    assert not {"link", "iframe", "object"} & set(read.tags)
    assert not [value for name, value in read.attributes if name == "src"]
    assert all((value or "").startswith("#") for name, value in read.attributes if name == "href")


def test_the_policy_lets_only_our_own_script_and_style_run(full_page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', full_page)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none';")
    for name in ("script", "style"):
        content = re.search(rf"<{name}>(.*?)</{name}>", full_page, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content.group(1).encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy.group(1)


def test_every_part_is_there(full_page: str) -> None:
    for heading in (
        "Gate failed",
        "Figures",
        "Chinese and English",
        "Risk and coverage",
        "Language model as judge",
        "Comparison",
        "Questions",
    ):
        assert heading in full_page
    assert full_page.count('class="question"') == 3
    assert full_page.count("<svg") > 5


def test_what_is_not_there_is_left_out(made_up: Any) -> None:
    plain = page(make_report([made_up(make_answer())]))
    for heading in ("Gate", "Chinese and English", "Risk and coverage", "judge", "Comparison"):
        assert heading not in re.sub(r"<(script|style)>.*?</\1>", "", plain, flags=re.DOTALL)
