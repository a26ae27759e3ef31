"""Enumerators, captions and entries of contents lists."""

from __future__ import annotations

import pytest

from ingest.layout.numbering import is_bare_mark, is_caption, is_toc_entry, mark_of


@pytest.mark.parametrize(
    ("text", "kind", "depth"),
    [
        ("5.2.1 Primary endpoint", "decimal", 3),
        ("5.2.1产品名称", "decimal", 3),
        ("1. Glossary", "number", 1),
        ("4 STUDY DRUG", "plain", 1),
        ("第三章 临床试验", "chapter", 1),
        ("第二节 总则", "chapter", 2),
        ("一、前言", "cn1", 1),
        ("（二）产品的研究资料", "cn2", 2),
        ("（1）详述产品的生产过程", "item", 0),
        ("a) first", "item", 0),
        ("• bullet", "bullet", 0),
        ("Appendix 3 Response Evaluation", "named", 1),
    ],
)
def test_marks_are_read(text: str, kind: str, depth: int) -> None:
    mark = mark_of(text)
    assert mark is not None
    assert (mark.kind, mark.depth) == (kind, depth)


@pytest.mark.parametrize(
    "text",
    ["2850 patients", "10.5% of patients", "The 5.2 rule", "第一次给药"],
)
def test_other_numbers_are_no_marks(text: str) -> None:
    assert mark_of(text) is None


def test_bare_marks() -> None:
    assert is_bare_mark("5.2.1")
    assert is_bare_mark("（一）")
    assert is_bare_mark("•")
    assert not is_bare_mark("AE")


def test_captions() -> None:
    assert is_caption("Table 5.1-1: Flow chart")
    assert is_caption("表2 生物相容性评价")
    assert not is_caption("表明该产品安全有效")
    assert not is_caption("tables are shown below")


def test_toc_entries_need_leaders() -> None:
    assert is_toc_entry("3.1 Overall design ........ 27")
    assert is_toc_entry("一、前言…………………4")
    assert not is_toc_entry("and so on... 27")
    assert not is_toc_entry("........ 27")
