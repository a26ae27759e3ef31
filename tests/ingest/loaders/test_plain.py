from __future__ import annotations

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.plain import load


def read(text: str, encoding: str = "utf-8") -> Loaded:
    return load(Source("a.txt", text.encode(encoding)))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(text).blocks]


STATUTE = """药品管理办法

第一章 总则

第一条 为了加强管理，制定本办法。
第二条 国家支持：
（一）甲；
（二）乙。

第二章 研制
第一节 一般规定
第三条 略。
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_statute(encoding: str) -> None:
    loaded = read(STATUTE, encoding)
    assert loaded.title == "药品管理办法"
    assert [(b.kind, b.level, b.locator.line) for b in loaded.blocks] == [
        ("paragraph", None, 1), ("heading", 1, 3), ("paragraph", None, 5), ("paragraph", None, 6),
        ("list_item", None, 7), ("list_item", None, 8), ("heading", 1, 10), ("heading", 2, 11),
        ("paragraph", None, 12),
    ]  # fmt: skip
    assert loaded.blocks[-1].locator.section == "第一节 一般规定"


def test_hard_wrapped_english_is_mended() -> None:
    text = (
        "This study was a multicentre, double-blind, placebo-controlled trial\n"
        "in which patients with mild to moderate disease were randomly as-\n"
        "signed to one of three groups. Dr. Li saw them.\n"
        "\n"
        "The second paragraph begins here and it also runs over more than one\n"
        "single line of text.\n"
    )
    texts = [block.text for block in read(text).blocks]
    assert len(texts) == 2
    assert "randomly assigned to one" in texts[0]
    assert "controlled trial in which" in texts[0]


def test_hard_wrapped_chinese_is_mended_without_blanks() -> None:
    line = "本研究为多中心随机双盲安慰剂对照试验目的是评价药物的有效性和安全性"
    text = f"{line}\n{line}\n{line}\n结束。\n\n{line}\n另一段结束。\n"
    texts = [block.text for block in read(text).blocks]
    assert texts == [line * 3 + "结束。", line + "另一段结束。"]


def test_lines_without_blank_lines_are_paragraphs() -> None:
    assert kinds("第一行是一句话。\n第二行是更长的一句话，没有换行。\n三。") == [
        ("paragraph", "第一行是一句话。"),
        ("paragraph", "第二行是更长的一句话，没有换行。"),
        ("paragraph", "三。"),
    ]


def test_headings_by_form() -> None:
    text = (
        "STUDY PROTOCOL\n\n3.2 Study endpoints\n\nThe endpoint is death.\n\nMethods\n=======\n\n"
        "We did it.\n\nDetails\n-------\nMore.\n"
    )
    blocks = read(text).blocks
    headings = [block.text for block in blocks if block.kind == "heading"]
    assert headings == ["STUDY PROTOCOL", "3.2 Study endpoints", "Methods", "Details"]
    assert blocks[-1].locator.section == "Details"


def test_numbered_lines_in_a_row_are_a_list() -> None:
    text = "入选标准\n\n1. 年龄18岁以上\n\n2. 签署知情同意书\n\n3. 无禁忌症\n"
    assert [kind for kind, _ in kinds(text)][1:] == ["list_item"] * 3


def test_bullets_lose_their_mark_numbers_stay() -> None:
    assert kinds("- 甲项\n- 乙项\n") == [("list_item", "甲项"), ("list_item", "乙项")]
    assert kinds("说明如下：\n（一）甲；\n（二）乙。") == [
        ("paragraph", "说明如下："),
        ("list_item", "（一）甲；"),
        ("list_item", "（二）乙。"),
    ]


def test_line_ends_of_other_systems() -> None:
    assert [b.locator.line for b in read("甲。\r\n\r\n乙。\r丙。").blocks] == [1, 3, 4]


def test_unknown_encoding_is_reported() -> None:
    loaded = load(Source("a.txt", "café señor".encode("latin-1")))
    assert loaded.blocks[0].text == "café señor"
    assert "encoding" in loaded.warnings[0]


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"-----\n"])
def test_empty_file(data: bytes) -> None:
    with pytest.raises(BadInput, match="the file is empty"):
        load(Source("a.txt", data))


ARTICLE = """TITLE:
Yoga for back pain: a randomised trial

ABSTRACT.RESULTS:
Pain fell (P = 0.01).
BODY.PATIENTS AND METHODS:
We measured pain.
"""


def test_labels_of_an_exported_article_are_headings() -> None:
    loaded = read(ARTICLE)
    assert loaded.title == "Yoga for back pain: a randomised trial"
    assert loaded.metadata == {"kind": "paper"}
    assert kinds(ARTICLE) == [
        ("heading", "TITLE:"),
        ("paragraph", "Yoga for back pain: a randomised trial"),
        ("heading", "ABSTRACT.RESULTS:"),
        ("paragraph", "Pain fell (P = 0.01)."),
        ("heading", "BODY.PATIENTS AND METHODS:"),
        ("paragraph", "We measured pain."),
    ]
    assert loaded.blocks[-1].locator.section == "BODY.PATIENTS AND METHODS:"


@pytest.mark.parametrize("line", ["NOTE: the dose was halved.", "Results:", "SAE:", "ID: 12"])
def test_other_lines_with_a_colon_are_no_labels(line: str) -> None:
    text = f"A first line.\n{line}\nA last line."
    assert "heading" not in {kind for kind, _ in kinds(text)}
