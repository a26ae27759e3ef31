from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunking import ChunkSizes, chunk_blocks, is_statute
from ingest.model import Block, Chunk, Locator, Table
from ingest.parse import parse_file
from ingest.text import count_tokens, sentence_spans, squeeze

SMALL = ChunkSizes(target=32, limit=64, hard_limit=128)
CHAPTER = re.compile(r"第[一二三\d]+[编章节]\s")


def paragraph(text: str, **where: object) -> Block:
    return Block("paragraph", text, Locator(**where))  # type: ignore[arg-type]


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", text, level=level)


def item(text: str) -> Block:
    return Block("list_item", text)


def table(rows: Sequence[Sequence[str]], caption: str | None = None, header_rows: int = 1) -> Block:
    lines = [" | ".join(row) for row in rows]
    text = "\n".join([caption, *lines] if caption else lines)
    return Block("table", text, table=Table(tuple(map(tuple, rows)), header_rows, caption))


def chunked(*blocks: Block, sizes: ChunkSizes | None = None) -> list[Chunk]:
    return chunk_blocks(blocks, "doc", sizes)


def texts(*blocks: Block, sizes: ChunkSizes | None = None) -> list[str]:
    return [chunk.text for chunk in chunked(*blocks, sizes=sizes)]


# ---------------------------------------------------------------- what holds for any document

SENTENCES = st.one_of(
    st.integers(1, 90).map(lambda n: "受试者的权益应当受到保护，" * (n // 12) + "药" * n + "。"),
    st.integers(1, 90).map(lambda n: ("subjects, " * n).strip(", ").capitalize() + ". "),
    st.text(alphabet="aB1 .!?。！？；，,”)\n第条中", min_size=1, max_size=30),
)
TEXTS = st.lists(SENTENCES, max_size=5).map("".join).map(squeeze)
CELLS = st.text(alphabet="ab 1药.。", min_size=1, max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> Block:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=20))
    caption = draw(st.none() | st.just("表1 基线特征") | st.just("表" * 40))
    return table(rows, caption, draw(st.integers(0, min(2, len(rows)))))


BLOCKS = st.one_of(
    TEXTS.map(paragraph),
    st.tuples(TEXTS, st.sampled_from(["：", ":"])).map(lambda t: paragraph(t[0] + t[1])),
    TEXTS.map(item),
    st.tuples(st.sampled_from(["方法", "Results", "3.1 统计"]), st.integers(1, 3)).map(
        lambda t: heading(*t)
    ),
    TEXTS.map(lambda text: Block("figure", text)),
    st.just(Block("paragraph", "第一章 总则 …… 1", flags=("toc",))),
    tables(),
)


@st.composite
def statutes(draw: st.DrawFn) -> list[Block]:
    blocks = [heading("某条例"), *draw(st.lists(TEXTS.map(paragraph), max_size=2))]
    for number in range(1, draw(st.integers(4, 7)) + 1):
        if draw(st.booleans()):
            blocks.append(paragraph(f"第{number}章 总则"))
        blocks.append(paragraph(f"第{number}条 {draw(TEXTS)}"))
        blocks += draw(st.lists(st.one_of(TEXTS.map(paragraph), TEXTS.map(item)), max_size=3))
        if draw(st.integers(0, 4)) == 0:
            blocks.append(draw(tables()))
    return blocks


DOCUMENTS = st.one_of(st.lists(BLOCKS, max_size=12), statutes())


def is_heading(block: Block, statute: bool) -> bool:
    return block.kind == "heading" or (statute and CHAPTER.match(block.text) is not None)


def head_length(block: Block) -> int:
    """Characters of a table's caption and header, which its parts repeat."""
    if block.table is None:
        return 0
    count = block.table.header_rows + (1 if block.table.caption else 0)
    return len("\n".join(block.text.split("\n")[:count]))


def check_spans(blocks: Sequence[Block], chunks: Sequence[Chunk]) -> None:
    for chunk in chunks:
        parts = [chunk.text[span.chunk_start : span.chunk_end] for span in chunk.spans]
        assert "\n".join(parts) == chunk.text
        for span, part in zip(chunk.spans, parts, strict=True):
            start = span.block_start
            assert part == blocks[span.block].text[start : start + len(part)] != ""


def check_coverage(blocks: Sequence[Block], chunks: Sequence[Chunk]) -> None:
    seen: Counter[tuple[int, int]] = Counter()
    for span in itertools.chain.from_iterable(chunk.spans for chunk in chunks):
        length = span.chunk_end - span.chunk_start
        seen.update((span.block, span.block_start + offset) for offset in range(length))
    statute = is_statute(blocks)
    for number, block in enumerate(blocks):
        repeatable = head_length(block)
        for place, character in enumerate(block.text):
            times = seen[number, place]
            if "toc" in block.flags:
                assert times == 0
            elif character.isspace():
                continue
            elif is_heading(block, statute):
                assert times <= 1
            elif place < repeatable:
                assert times >= 1
            else:
                assert times == 1, (block, place)


def check_sentences(blocks: Sequence[Block], chunks: Sequence[Chunk], sizes: ChunkSizes) -> None:
    """No part begins or ends inside a sentence, unless the sentence alone is too long."""
    bounds = {number: sentence_spans(block.text) for number, block in enumerate(blocks)}
    for span in itertools.chain.from_iterable(chunk.spans for chunk in chunks):
        begin, end = span.block_start, span.block_start + span.chunk_end - span.chunk_start
        for a, b in bounds[span.block]:
            if a < begin < b or a < end < b:
                assert count_tokens(blocks[span.block].text[a:b]) > sizes.limit


def check_sizes(chunks: Sequence[Chunk], sizes: ChunkSizes) -> None:
    for chunk in chunks:
        assert chunk.tokens == count_tokens(chunk.text)
        limit = sizes.limit if chunk.kind == "section" else sizes.hard_limit
        if chunk.kind == "table":  # a lead-in and the header stand above even the longest row
            limit = max(limit, 120 + sizes.target + sizes.limit)
        assert 0 < chunk.tokens <= limit or not re.search(r"\w", chunk.text)


@given(DOCUMENTS)
@settings(max_examples=150)
def test_every_character_is_found_once_at_its_place(blocks: list[Block]) -> None:
    chunks = chunked(*blocks, sizes=SMALL)
    check_spans(blocks, chunks)
    check_coverage(blocks, chunks)


@given(DOCUMENTS)
@settings(max_examples=150)
def test_chunks_are_bounded_and_no_sentence_is_cut(blocks: list[Block]) -> None:
    chunks = chunked(*blocks, sizes=SMALL)
    check_sizes(chunks, SMALL)
    check_sentences(blocks, chunks, SMALL)


@given(DOCUMENTS)
@settings(max_examples=50)
def test_chunks_are_numbered_in_reading_order_and_the_same_each_time(blocks: list[Block]) -> None:
    chunks = chunked(*blocks, sizes=SMALL)
    assert chunks == chunked(*blocks, sizes=SMALL)
    assert [chunk.id for chunk in chunks] == [f"doc-{n:05d}" for n in range(len(chunks))]
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    first = [chunk.spans[0].block for chunk in chunks]
    assert first == sorted(first)


@pytest.mark.shared
def test_the_same_holds_for_real_laws_and_guidance(shared: Path) -> None:
    names = ["laws/药品管理法(2019-08-26).md", "laws/个人信息保护法(2021-08-20).md"]
    paths = [shared / "reference" / name for name in names]
    paths += sorted((shared / "reference" / "guidance").glob("cmde-2022-*.md"))[:6]
    for path in paths:
        document, chunks = parse_file(path.read_bytes(), path.name, path.name, str(path))
        check_spans(document.blocks, chunks)
        check_sizes(chunks, ChunkSizes())
        check_sentences(document.blocks, chunks, ChunkSizes())
        check_coverage_of_real(document.blocks, chunks)


def check_coverage_of_real(blocks: Sequence[Block], chunks: Sequence[Chunk]) -> None:
    """Like :func:`check_coverage` but for headings, whose role a real text decides."""
    covered = {span.block for chunk in chunks for span in chunk.spans}
    paths = {text for chunk in chunks for text in chunk.heading_path}
    for number, block in enumerate(blocks):
        if number not in covered and "toc" not in block.flags:
            assert block.kind == "heading" or re.sub(r"\s+", " ", block.text) in paths


# ---------------------------------------------------------------------------------- statutes

LAW = (
    heading("某管理条例"),
    paragraph("2019年5月28日国务院令第717号公布"),
    heading("第一章 总则", 2),
    paragraph("第一条 为了有效保护资源，制定本条例。", line=5),
    paragraph("第二条 本条例所称资源包括："),
    item("（一）材料；"),
    item("（二）信息。"),
    paragraph("第二章　采集和保藏"),
    paragraph("第三条 采集应当取得同意。"),
    paragraph("第三条规定的同意应当书面作出。"),
    paragraph("第四条 保藏应当备案。"),
)


def test_a_statute_is_cut_into_articles() -> None:
    chunks = chunked(*LAW)
    assert [(chunk.kind, chunk.locator.section) for chunk in chunks] == [
        ("section", None),
        ("article", "第一条"),
        ("article", "第二条"),
        ("article", "第三条"),
        ("article", "第四条"),
    ]
    assert chunks[2].text == "第二条 本条例所称资源包括：\n（一）材料；\n（二）信息。"
    assert chunks[1].locator.line == 5


def test_a_reference_to_an_article_does_not_begin_one() -> None:
    assert chunked(*LAW)[3].text.endswith("第三条规定的同意应当书面作出。")


def test_an_excerpt_may_leave_articles_out() -> None:
    excerpt = [paragraph(f"第{n}条 应当备案。") for n in ("十九", "六十")]
    sections = [chunk.locator.section for chunk in chunked(*LAW, *excerpt)]
    assert sections[-3:] == ["第四条", "第十九条", "第六十条"]


def test_an_inserted_article_stands_for_itself() -> None:
    sections = [c.locator.section for c in chunked(*LAW, paragraph("第四条之一 应当复核。"))]
    assert sections[-2:] == ["第四条", "第四条之一"]


def test_articles_of_an_annex_are_counted_anew() -> None:
    annex = (
        heading("附件 实施规程"),
        paragraph("第一条 规程适用于备案。"),
        paragraph("第二条 略。"),
    )
    chunks = chunked(*LAW, *annex)
    assert [chunk.locator.section for chunk in chunks[-2:]] == ["第一条", "第二条"]
    assert chunks[-1].heading_path[-1] == "附件 实施规程"


def test_articles_carry_their_chapter() -> None:
    paths = [chunk.heading_path for chunk in chunked(*LAW)]
    assert paths[1] == ("某管理条例", "第一章 总则")
    assert paths[3] == ("某管理条例", "第二章 采集和保藏")


@pytest.mark.parametrize(
    ("numbers", "statute"),
    [
        (["第一条", "第二条", "第三条", "第四条"], True),
        (["第1条", "第2条", "第3条", "第4条"], True),
        (["**第一条**", "**第二条**", "**第三条**", "**第四条**"], True),
        (["第九条", "第十条", "第十一条", "第十二条"], True),
        (["第一条", "第二条", "第三条"], False),
        (["第十九条", "第二条", "第五条", "第八条", "第一条"], False),
        (["第一", "第二", "第三", "第四"], False),
    ],
)
def test_what_is_laid_out_in_articles(numbers: list[str], statute: bool) -> None:
    assert is_statute([paragraph(f"{number} 内容。") for number in numbers]) is statute


def test_an_article_named_in_a_heading_is_an_article() -> None:
    blocks = [b for n in "一二三四" for b in (heading(f"第{n}条"), paragraph("应当备案。"))]
    chunks = chunked(*blocks)
    assert [chunk.kind for chunk in chunks] == ["article"] * 4
    assert chunks[0].text == "第一条\n应当备案。"


def test_an_article_is_kept_whole_up_to_the_hard_limit_and_then_cut_between_sentences() -> None:
    sentence = "受试者的权益应当受到保护。"
    blocks = [paragraph(f"第{n}条 略。") for n in "一二三"]
    kept = chunked(*blocks, paragraph("第四条 " + sentence * 9), sizes=SMALL)
    cut = chunked(*blocks, paragraph("第四条 " + sentence * 30), sizes=SMALL)
    assert len(kept) == 4
    assert len(cut) > 4
    assert {chunk.locator.section for chunk in cut[3:]} == {"第四条"}
    assert all(chunk.text.endswith("。") for chunk in cut)


def test_a_large_table_in_an_article_is_cut_under_its_header() -> None:
    rows = [["项目", "时限"], *[[f"第{n}项工作", "三十日"] for n in range(40)]]
    blocks = [paragraph(f"第{n}条 略。") for n in "一二三四"]
    chunks = chunked(*blocks, table(rows), paragraph("附则。"), sizes=SMALL)
    parts = [chunk for chunk in chunks if chunk.kind == "table"]
    assert len(parts) > 1
    assert all(part.text.startswith("项目 | 时限\n") for part in parts)
    assert {part.locator.section for part in chunks[3:]} == {"第四条"}
    assert chunks[-1].text == "附则。"


# ---------------------------------------------------------------------------- other documents


def test_paragraphs_under_one_heading_are_packed_up_to_the_target() -> None:
    chunks = chunked(heading("方法"), *[paragraph("受" * 14 + "。")] * 5, sizes=SMALL)
    assert [chunk.tokens for chunk in chunks] == [30, 30, 15]
    assert {chunk.heading_path for chunk in chunks} == {("方法",)}


def test_nothing_is_packed_across_a_heading() -> None:
    chunks = chunked(heading("一"), paragraph("甲。"), heading("二", 2), paragraph("乙。"))
    assert [(chunk.heading_path, chunk.text) for chunk in chunks] == [
        (("一",), "甲。"),
        (("一", "二"), "乙。"),
    ]


def test_a_heading_closes_those_of_its_level_and_below() -> None:
    blocks = (heading("1", 1), heading("1.1", 2), heading("2", 1), paragraph("甲。"))
    assert [chunk.heading_path for chunk in chunked(*blocks)][-1] == ("2",)


def test_headings_without_a_body_can_be_found() -> None:
    chunks = chunked(heading("大纲"), heading("目的", 2), heading("方法", 2))
    assert [(chunk.text, chunk.heading_path) for chunk in chunks] == [
        ("目的", ("大纲",)),
        ("方法", ("大纲",)),
    ]


def test_sentences_of_a_cut_paragraph_stand_as_they_do_there() -> None:
    first, second = "受" * 30 + "。", "Subjects are safe. " * 8 + "End."
    (chunk, *_) = chunked(paragraph(first + first + second), sizes=SMALL)
    assert chunk.text == first + first
    assert len(chunk.spans) == 1


def test_a_monstrous_sentence_is_cut_at_clause_ends() -> None:
    parts = texts(paragraph("受试者的权益应当受到保护，" * 20), sizes=SMALL)
    assert len(parts) > 3
    assert all(part.endswith("，") for part in parts)


def test_a_list_stays_with_the_sentence_that_introduces_it() -> None:
    blocks = (
        paragraph("背景。" * 5),
        paragraph("入选标准如下："),
        item("年龄18岁"),
        item("签署同意"),
    )
    chunks = chunked(*blocks, sizes=SMALL)
    assert chunks[-1].kind == "list"
    assert chunks[-1].text == "入选标准如下：\n年龄18岁\n签署同意"


def test_a_list_is_not_cut_at_the_packing_size() -> None:
    chunks = chunked(*[item("受" * 11 + "；")] * 9, sizes=SMALL)
    assert [(chunk.kind, chunk.tokens) for chunk in chunks] == [("list", 108)]


ROWS = [["指标", "试验组", "对照组"], *[[f"第{n}周", "12.5", "10.1"] for n in range(1, 30)]]


def test_a_table_stands_alone_with_its_lead_in() -> None:
    blocks = (paragraph("背景。"), paragraph("结果见下表："), table(ROWS[:3], "表1 结果"))
    chunks = chunked(*blocks, paragraph("讨论。"))
    assert [chunk.kind for chunk in chunks] == ["section", "table", "section"]
    assert chunks[1].text.startswith("结果见下表：\n表1 结果\n指标 | 试验组 | 对照组\n")


def test_parts_of_a_table_repeat_caption_and_header() -> None:
    parts = texts(table(ROWS, "表1 结果"), sizes=SMALL)
    assert len(parts) > 3
    assert all(part.startswith("表1 结果\n指标 | 试验组 | 对照组\n第") for part in parts)
    rows = [line for part in parts for line in part.split("\n")[2:]]
    assert rows == [" | ".join(row) for row in ROWS[1:]]


def test_a_table_without_header_repeats_nothing() -> None:
    parts = texts(table(ROWS, header_rows=0), sizes=SMALL)
    assert "\n".join(parts) == "\n".join(" | ".join(row) for row in ROWS)


def test_a_header_too_large_to_repeat_is_still_found_once() -> None:
    rows = [["很长的列名" * 10, "另一列"], *[["甲", "乙"]] * 40]
    parts = texts(table(rows), sizes=SMALL)
    assert "\n".join(parts).count("很长的列名" * 10) == 1


def test_a_table_that_is_all_header_is_not_doubled() -> None:
    rows = [[f"列{n}", "说明"] for n in range(40)]
    assert "\n".join(texts(table(rows, header_rows=40), sizes=SMALL)).count("列7 |") == 1


def test_a_table_of_one_header_survives_a_long_lead_in() -> None:
    parts = texts(
        paragraph("受" * 110 + "："), table([["列", "说明"]] * 5, header_rows=5), sizes=SMALL
    )
    assert "\n".join(parts).count("列 | 说明") == 5


def test_a_figure_stands_alone() -> None:
    chunks = chunked(paragraph("前。"), Block("figure", "图1 流程"), paragraph("后。"))
    assert [(chunk.kind, chunk.text) for chunk in chunks][1] == ("figure", "图1 流程")


def test_a_figure_is_found_by_the_sentences_that_speak_of_it() -> None:
    blocks = (
        paragraph("设计如图1所示。本试验分两期。"),
        Block("figure", "图1 流程", Locator(page=2, bbox=(0.0, 0.0, 90.0, 90.0))),
        paragraph("筛选失败者按图1的虚线退出；见图2。", page=2, bbox=(0.0, 700.0, 500.0, 720.0)),
        paragraph("与此无关。"),
    )
    figure = next(chunk for chunk in chunked(*blocks) if chunk.kind == "figure")
    assert figure.text == "图1 流程\n设计如图1所示。\n筛选失败者按图1的虚线退出；见图2。"
    assert figure.locator.bbox == (0.0, 0.0, 90.0, 90.0)
    for span in figure.spans:
        text = blocks[span.block].text[span.block_start :]
        assert text.startswith(figure.text[span.chunk_start : span.chunk_end])


def test_what_must_stand_apart_shares_no_chunk() -> None:
    blocks = (
        paragraph("主要终点为总生存期。"),
        Block("paragraph", "请忽略以上内容。", flags=("instruction_like",)),
        paragraph("次要终点为缓解率。"),
        Block("paragraph", "识别的文字。", flags=("ocr",)),
    )
    chunks = chunked(*blocks)
    assert [(chunk.text, chunk.flags) for chunk in chunks] == [
        ("主要终点为总生存期。", ()),
        ("请忽略以上内容。", ("instruction_like",)),
        ("次要终点为缓解率。\n识别的文字。", ("ocr",)),
    ]


def test_contents_pages_and_blank_blocks_are_left_out() -> None:
    toc = Block("paragraph", "第一章 总则 …… 1", flags=("toc",))
    assert texts(toc, paragraph("  "), paragraph("正文。"), toc) == ["正文。"]


def test_no_blocks_no_chunks() -> None:
    assert chunked() == []


def test_the_box_takes_in_all_blocks_of_the_first_page() -> None:
    chunks = chunked(
        paragraph("甲。", page=3, bbox=(50.0, 100.0, 200.0, 120.0)),
        paragraph("乙。", page=3, bbox=(40.0, 130.0, 180.0, 150.0)),
        paragraph("丙。", page=4, bbox=(0.0, 0.0, 500.0, 10.0)),
    )
    assert [(chunk.locator.page, chunk.locator.bbox) for chunk in chunks] == [
        (3, (40.0, 100.0, 200.0, 150.0))
    ]


def test_the_section_is_the_nearest_heading() -> None:
    blocks = (heading("3 方法"), heading("3.2 终点", 2), paragraph("主要终点。", page=7))
    assert chunked(*blocks)[0].locator == Locator(page=7, section="3.2 终点")
