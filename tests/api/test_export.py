"""A conversation as Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from markdown_it import MarkdownIt

from api.conversations import Conversation, StoredTurn
from api.export import as_markdown
from assistant import Answer, Statement
from tests.api.test_answers import make_answer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def exported(*answers: Answer, title: str = "报告时限") -> str:
    turns = [StoredTurn(n, a.to_json()) for n, a in enumerate(answers, start=1)]
    return as_markdown(Conversation("c", title, NOW, NOW, False, len(turns)), turns)


def test_every_statement_stands_with_its_sources() -> None:
    follow = replace(make_answer("a2", "那器械呢？"), understood="器械SAE多久报告？")
    text = exported(make_answer(), follow)
    assert text.startswith("# 报告时限\n")
    assert "## 2. 那器械呢？" in text
    assert "理解为：器械SAE多久报告？" in text
    assert text.count("- 24小时内报告。 \\[1\\]") == 2
    assert "1. 规定 — 第十一条 · p. 3 · effective · 2020-01-01" in text
    assert "> 24小时内" in text and "`a.md`" in text and "`a1`" in text


def test_what_no_source_supports_is_marked() -> None:
    doubtful = replace(make_answer(), statements=(Statement("不知道。", (), "unsupported"),))
    assert "- 不知道。 **(未获依据支持)**" in exported(doubtful)


def test_abstentions_and_refusals_say_so() -> None:
    nothing = replace(
        make_answer(),
        status="insufficient_evidence",
        statements=(),
        citations=(),
        missing="语料不足。",
    )
    text = exported(nothing)
    assert "**依据不足**" in text and "语料不足。" in text


def test_markup_in_questions_stays_text() -> None:
    text = exported(make_answer(question="# x\n<script>alert(1)</script> ![a](http://b) **c**"))
    html = MarkdownIt().render(text)
    assert "<script>" not in html and "<img" not in html
    assert html.count("<h1>") == 1
