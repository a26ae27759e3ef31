from __future__ import annotations

import pytest

from ingest.model import Block
from ingest.structure.headings import (
    compress_levels,
    heading_rank,
    is_list_item,
    level_by_number,
    looks_like_heading,
    with_sections,
)


def test_ranks_follow_chinese_outlines() -> None:
    lines = [
        "第一编 总则",
        "第一章 总则",
        "第一节 一般",
        "一、范围",
        "（一）要求",
        "1.方法",
        "1.1 样本",
    ]
    ranks = [heading_rank(line) for line in lines]
    assert None not in ranks
    assert ranks == sorted(set(ranks))  # type: ignore[type-var]


@pytest.mark.parametrize(
    "text", ["3.2 Study endpoints", "一、适用范围", "第三章 药物临床试验机构", "1引言"]
)
def test_headings(text: str) -> None:
    assert looks_like_heading(text)


@pytest.mark.parametrize(
    "text", ["1.应当提交资料。", "第三条 国家支持药物创新。", "普通句子", "（一）甲；"]
)
def test_sentences_are_no_headings(text: str) -> None:
    assert not looks_like_heading(text)


@pytest.mark.parametrize("text", ["（一）甲", "1. one", "a) first", "①样本", "• point"])
def test_list_items(text: str) -> None:
    assert is_list_item(text)


@pytest.mark.parametrize("text", ["1.5 mg was given", "（见表1）", "-5 ℃", "参见1.2"])
def test_numbers_and_remarks_are_no_items(text: str) -> None:
    assert not is_list_item(text)


def heading(text: str, level: int) -> Block:
    return Block("heading", text, level=level)


def test_equal_levels_are_told_apart_by_number() -> None:
    blocks = [heading(text, 1) for text in ("题目", "1引言", "1.1 目的", "2 方法")]
    assert [block.level for block in level_by_number(blocks)] == [1, 1, 2, 1]


def test_levels_that_differ_stay() -> None:
    blocks = [heading("1 A", 1), heading("2 B", 2)]
    assert level_by_number(blocks) == blocks


def test_compress_closes_gaps() -> None:
    blocks = [heading("a", 2), Block("paragraph", "x"), heading("b", 7)]
    assert [block.level for block in compress_levels(blocks)] == [1, None, 2]


def test_sections() -> None:
    blocks = [Block("paragraph", "x"), heading("一、", 1), Block("paragraph", "y")]
    blocks.append(Block("footnote", "n"))
    sections = [block.locator.section for block in with_sections(blocks)]
    assert sections == [None, "一、", "一、", None]
