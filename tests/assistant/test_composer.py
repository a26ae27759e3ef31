"""Chosen sentences become statements with citations that stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.composer import Composer
from assistant.evidence import Sentence, sentences_of
from assistant.messages import message
from retrieval import Filters, Index, Searcher, View

TODAY = "2026-11-21"
ANY = Filters(status=frozenset({"any"}))


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


@pytest.fixture
def composer(view: View) -> Composer:
    return Composer(view, "zh", TODAY)


def sentence(searcher: Searcher, view: View, text: str) -> Sentence:
    hits = searcher.search(view, text, 20, ANY, TODAY)
    return next(s for hit in hits for s in sentences_of(hit) if text in s.text)


def test_the_answer_and_its_details(composer: Composer, searcher: Searcher, view: View) -> None:
    composer.add(sentence(searcher, view, "20个工作日内书面答复"))
    composer.add(sentence(searcher, view, "使用记录应当保存15年"), detail=True)
    assert [(s.citations, s.detail) for s in composer.statements] == [((1,), False), ((2,), True)]
    assert [c.quote for c in composer.citations] == [s.text for s in composer.statements]


def test_what_was_quoted_is_not_quoted_again(
    composer: Composer, searcher: Searcher, view: View
) -> None:
    found = sentence(searcher, view, "20个工作日内书面答复")
    inside = replace(found, start=found.start + 2, text=found.text[2:])
    for one in (found, found, inside):
        composer.add(one)
    assert len(composer.statements) == len(composer.citations) == 1


def test_a_place_keeps_its_number(composer: Composer, searcher: Searcher, view: View) -> None:
    found = sentence(searcher, view, "20个工作日内书面答复")
    first = composer.cite(found)
    assert first is not None
    assert composer.cite(sentence(searcher, view, "使用记录应当保存15年")) is not None
    assert composer.cite(found) is first


@pytest.mark.parametrize(
    "change", [{"text": "甲类样本库应当在收到使用申请之日起90日内书面答复申请人。"}, {"end": 20}]
)
def test_what_does_not_stand_at_its_place_is_dropped(
    change: dict[str, object], composer: Composer, searcher: Searcher, view: View
) -> None:
    found = replace(sentence(searcher, view, "20个工作日内书面答复"), **change)
    composer.add(found)
    assert (composer.statements, composer.citations) == ([], [])


def test_an_old_rule_is_not_cited_silently(
    composer: Composer, searcher: Searcher, view: View
) -> None:
    composer.add(sentence(searcher, view, "30日内书面答复"))
    [citation] = composer.citations
    assert citation.status == "superseded"
    assert citation.notice in composer.notices


def test_sources_that_differ_are_named_with_their_dates(
    composer: Composer, searcher: Searcher, view: View
) -> None:
    new = sentence(searcher, view, "20个工作日内书面答复")
    note = sentence(searcher, view, "外借甲类样本须先提交使用申请")
    composer.compare(new, note)
    [notice] = composer.notices
    assert "甲类样本库管理办法（2023年修订）》（2023-05-01" in notice
    assert f"样本库使用要点》（{message('zh', 'undated')}" in notice
    english = Composer(view, "en", TODAY)
    english.compare(new, note)
    assert "2023-05-01" in english.notices[0] and "undated" in english.notices[0]
