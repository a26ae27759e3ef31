"""Which passages may be cited at all, by the thresholds that hold without a model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import Answerer
from assistant.evidence import Sentence, sentences_of
from assistant.finding import table_reader
from assistant.findings import Findings
from assistant.llm.relevance import Relevance
from assistant.llm.settings import LlmSettings
from retrieval import Filters, Hit, View

REPLY = "甲类样本库收到使用申请后多久答复申请人？"
KEEPING = "甲类样本库的使用记录应当保存多少年？"
TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def view(rules: Answerer) -> Iterator[View]:
    with rules.index.read() as view:
        yield view


def judged(rules: Answerer, view: View, asked: str) -> tuple[Findings, Relevance, list[Hit]]:
    findings = rules.find(view, asked, TODAY)
    relevance = Relevance(findings, rules.settings.keep_within, LlmSettings().min_coverage)
    return findings, relevance, relevance.judge(findings.citable)


def sentence_with(rules: Answerer, view: View, text: str) -> Sentence:
    hits = rules.searcher.search(view, text, 10, Filters(), TODAY)
    found = (s for hit in hits for s in sentences_of(hit, table_reader(view)) if text in s.text)
    return next(found)


def test_what_was_chosen_without_a_model_may_be_cited(rules: Answerer, view: View) -> None:
    findings, relevance, hits = judged(rules, view, REPLY)
    chosen = findings.chosen[0]
    assert chosen and relevance.may_answer(chosen)
    assert relevance.told(chosen) == {0}
    assert {s.hit.chunk.id for s in chosen} & {hit.chunk.id for hit in hits}


def test_another_subject_may_not(rules: Answerer, view: View) -> None:
    _, relevance, hits = judged(rules, view, REPLY)
    other = sentence_with(rules, view, "每6个月校准一次")
    assert not relevance.may_answer([other])
    assert relevance.judge([other.hit]) == []
    assert all("离心机" not in hit.chunk.text for hit in hits)


def test_each_part_is_told_by_its_own_sentence(rules: Answerer, view: View) -> None:
    _, relevance, _ = judged(rules, view, REPLY + KEEPING)
    reply = sentence_with(rules, view, "20个工作日内书面答复")
    keeping = sentence_with(rules, view, "使用记录应当保存15年")
    assert relevance.told([reply]) == {0}
    assert relevance.told([keeping]) == {1}
    assert relevance.told([reply, keeping]) == {0, 1}


def test_a_sentence_without_what_was_asked_for_does_not_answer(rules: Answerer, view: View) -> None:
    _, relevance, _ = judged(rules, view, KEEPING)
    without = sentence_with(rules, view, "为了规范甲类样本库的设立和使用")
    assert not relevance.may_answer([without])
