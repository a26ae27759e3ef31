"""Sentences that may answer, and their places in the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.evidence import headings_of, passages_of, sentences_of
from assistant.finding import table_reader
from ingest.flags import NEVER_QUOTED, RETRACTED
from retrieval import Filters, Hit, Index, Searcher, View
from tests.assistant.made_up import make_hit, sentence_of

ANY = Filters(status=frozenset({"any"}))


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


def test_a_row_is_read_with_the_header_of_its_table(searcher: Searcher, view: View) -> None:
    hit = search(searcher, view, "紫色采血管 乙二胺四乙酸")[0]
    rows = {s.text: s.row for s in sentences_of(hit, table_reader(view))}
    assert list(rows) == ["紫色 | 乙二胺四乙酸 | 6小时", "金色 | 分离胶 | 2小时"]  # no header
    purple = rows["紫色 | 乙二胺四乙酸 | 6小时"]
    assert purple is not None
    assert purple.label == "紫色"
    assert "最长放置" in purple.above


def test_what_was_read_with_doubt_is_no_sentence() -> None:
    hit, _ = make_hit("a", "应当在24小时内报告。")
    assert [s.text for s in sentences_of(hit)] == ["应当在24小时内报告。"]
    assert NEVER_QUOTED
    for flag in NEVER_QUOTED:
        flagged = replace(hit, chunk=replace(hit.chunk, flags=(flag,)))
        assert list(sentences_of(flagged)) == []


@pytest.mark.parametrize(
    ("about", "outdated"),
    [
        ({"status": "current"}, False),
        ({"status": "effective"}, False),
        ({"status": "superseded"}, True),
        ({"status": "draft"}, True),
        ({"status": "not_yet_effective"}, True),
        ({"status": "effective", "notice": "第三条已改"}, True),
    ],
)
def test_what_is_not_simply_in_force_is_outdated(about: dict[str, Any], outdated: bool) -> None:
    assert sentence_of("a", "应当在24小时内报告。", **about).outdated is outdated


def test_what_was_withdrawn_is_outdated() -> None:
    sentence = sentence_of("a", "应当在24小时内报告。")
    chunk = replace(sentence.hit.chunk, flags=(RETRACTED,))
    assert replace(sentence, hit=replace(sentence.hit, chunk=chunk)).outdated
