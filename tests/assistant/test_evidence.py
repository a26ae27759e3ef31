"""Sentences that may answer: their places in the document, and their scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.evidence import (
    headings_of,
    passages_of,
    score_sentences,
    sentences_of,
    units_of_part,
)
from assistant.question import read_question
from assistant.settings import AnswerSettings
from assistant.units import Unit, content_units
from retrieval import Filters, Hit, Index, Searcher, View

ANY = Filters(status=frozenset({"any"}))
SETTINGS = AnswerSettings()


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


def search(searcher: Searcher, view: View, text: str, filters: Filters = ANY) -> list[Hit]:
    return searcher.search(view, text, 20, filters, "2026-11-21")


def all_hits(searcher: Searcher, view: View) -> list[Hit]:
    found: dict[str, Hit] = {}
    for text in (
        "甲类样本库",
        "乙类试剂盒",
        "丙类冷链运输",
        "丁类离心机",
        "采血管",
        "试验的主要终点",
    ):
        found.update({hit.chunk.id: hit for hit in search(searcher, view, text)})
    return list(found.values())


def test_every_sentence_stands_where_it_says(searcher: Searcher, view: View) -> None:
    hits = all_hits(searcher, view)
    assert len(hits) >= 15
    for hit in hits:
        for sentence in sentences_of(hit):
            [(_, block)] = view.blocks(hit.document, sentence.block, 1)
            assert block.text[sentence.start : sentence.end] == sentence.text


def test_the_label_of_an_article_is_no_part_of_its_first_sentence(
    searcher: Searcher, view: View
) -> None:
    hit = search(searcher, view, "甲类样本库 使用记录 保存15年")[0]
    assert hit.chunk.text.startswith("第四条")
    assert [s.text for s in sentences_of(hit)] == ["甲类样本库的使用记录应当保存15年。"]


def test_a_table_is_read_row_by_row(searcher: Searcher, view: View) -> None:
    hit = search(searcher, view, "紫色采血管 乙二胺四乙酸")[0]
    rows = [s.text for s in sentences_of(hit)]
    assert "紫色 | 乙二胺四乙酸 | 6小时" in rows
    assert not any("紫色" in row and "金色" in row for row in rows)


def test_a_colon_at_the_end_leads_a_list(searcher: Searcher, view: View) -> None:
    hit = search(searcher, view, "下列情形 暂停对外提供样本")[0]
    leads = [s.text for s in sentences_of(hit) if s.leads_list]
    assert leads == ["有下列情形之一的，甲类样本库应当暂停对外提供样本："]


def test_headings_hold_title_path_and_section(searcher: Searcher, view: View) -> None:
    hit = search(searcher, view, "ZEBRA-7 主要终点 无复发率")[0]
    assert "ZEBRA-7试验方案" in headings_of(hit.chunk, hit.document.title)
    _, head = passages_of(hit)
    assert "主要终点" in head.folded


def unit(text: str, *, telling: bool = True) -> Unit:
    return Unit(text, (text,), 2.0, unknown=False, code=False, telling=telling)


def test_words_of_other_parts_count_half() -> None:
    own = [unit("逾期"), unit("罚款")]
    weights = {u.text: u.weight for u in units_of_part(own, [*own, unit("样本库")])}
    assert weights == {"逾期": 2.0, "罚款": 2.0, "样本库": 1.0}


def test_a_part_with_little_of_its_own_leans_on_the_rest() -> None:
    own = [unit("逾期"), unit("怎么", telling=False)]
    weights = {u.text: u.weight for u in units_of_part(own, [*own, unit("样本库")])}
    assert weights["样本库"] == 2.0


def rank(searcher: Searcher, view: View, text: str) -> list[str]:
    question = read_question(text)
    units = content_units(text, searcher, view)
    hits = search(searcher, view, text, Filters())
    scored = score_sentences(hits, question.parts[0], units, SETTINGS)
    assert [s.score for s in scored] == sorted((s.score for s in scored), reverse=True)
    assert all(0 <= s.coverage <= 1 and 0 <= s.own <= 1 for s in scored)
    return [s.sentence.text for s in scored if s.wants_met]


def test_the_sentence_that_says_it_comes_first(searcher: Searcher, view: View) -> None:
    assert rank(searcher, view, "甲类样本库收到使用申请后多久答复？")[0].endswith(
        "20个工作日内书面答复申请人。"
    )
    assert "15年" in rank(searcher, view, "甲类样本库的使用记录保存多少年？")[0]
    assert "2年" in rank(searcher, view, "样本库管理员多久培训一次？")[0]


def test_a_sentence_without_the_number_asked_for_does_not_answer(
    searcher: Searcher, view: View
) -> None:
    texts = rank(searcher, view, "甲类样本库收到使用申请后多久答复？")
    assert not any("制定本办法" in text for text in texts)


def test_no_hits_no_sentences() -> None:
    assert score_sentences([], read_question("多久？").parts[0], [unit("样本库")], SETTINGS) == []
