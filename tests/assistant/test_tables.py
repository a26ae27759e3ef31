from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.designators import designators
from assistant.tables import cited_table, table_lines, unit_of
from ingest.model import Block, Locator, Table
from ingest.tables import make_table, table_block

VISITS = table_block(
    Table(
        rows=(
            ("访视", "研究日", "窗口期"),
            ("访视1", "第1天", ""),
            ("访视2", "第29天", "±3天"),
        ),
        header_rows=1,
        caption="表3 访视窗",
    ),
    Locator(page=3),
)
cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6)


def test_a_row_is_read_under_caption_and_header() -> None:
    lines = table_lines(VISITS)
    assert lines is not None
    assert lines.above == "表3 访视窗\n访视 | 研究日 | 窗口期"
    assert [VISITS.text[at:].splitlines()[0] for at in lines.body] == [
        "访视1 | 第1天 | ",
        "访视2 | 第29天 | ±3天",
    ]


def test_caption_and_header_are_no_rows() -> None:
    lines = table_lines(VISITS)
    assert lines is not None
    assert lines.is_head(0)
    assert lines.is_head(VISITS.text.index("研究日"))
    assert not any(lines.is_head(at) for at in lines.body)


def test_the_quoted_row_is_shown_with_its_header() -> None:
    start = VISITS.text.index("访视2")
    shown = cited_table(VISITS, start, len(VISITS.text))
    assert shown is not None
    assert shown.caption == "表3 访视窗"
    assert shown.header == (("访视", "研究日", "窗口期"),)
    assert shown.rows == (("访视2", "第29天", "±3天"),)


def test_several_rows_are_shown_together() -> None:
    start = VISITS.text.index("访视1")
    shown = cited_table(VISITS, start, len(VISITS.text))
    assert shown is not None
    assert len(shown.rows) == 2


SCHEDULE = table_block(
    Table(
        rows=(
            ("Visit Name", "Screening", "2", "3"),
            ("Days", "-21 to -1", "43", "85 (±7)"),
            ("Informed consent", "X", "", ""),
        ),
        header_rows=2,
        caption="Table 8 Schedule",
    ),
    Locator(),
)


def test_of_several_header_rows_each_is_a_row() -> None:
    lines = table_lines(SCHEDULE)
    assert lines is not None
    days = SCHEDULE.text.index("Days")
    row = lines.row(days)
    assert row.label == "Days"
    assert row.spelled == "Days | -21 to -1 Days | 43 Days | 85 (±7)"
    assert {("visit", "2"), ("visit", "3")} <= row.columns
    assert ("day", "85") in row.about
    shown = cited_table(SCHEDULE, days, SCHEDULE.text.index("\nInformed"))
    assert shown is not None
    assert shown.header == (("Visit Name", "Screening", "2", "3"),)
    assert shown.rows == (("Days", "-21 to -1", "43", "85 (±7)"),)


def test_what_goes_on_of_a_long_row_is_no_header() -> None:
    long = table_block(
        Table((("项目", "内容"), ("修订一", "第一句。第二句。"), ("修订二", "短")), 1), Locator()
    )
    lines = table_lines(long)
    assert lines is not None
    assert not lines.is_head(long.text.index("第二句"))
    assert lines.is_head(0)


def test_a_row_agrees_with_the_column_it_holds_something_in() -> None:
    lines = table_lines(SCHEDULE)
    assert lines is not None
    consent = lines.row(SCHEDULE.text.index("Informed"))
    days = lines.row(SCHEDULE.text.index("Days"))
    assert days.agreement(designators("visit 3")) == 1.0
    assert consent.agreement(designators("visit 3")) == 0.0


@pytest.mark.parametrize(
    ("header", "unit"),
    [("允许窗口（天）", "天"), ("Dose, mg", " mg"), ("剂量/mg", " mg"), ("Visit window", "")],
)
def test_the_unit_of_a_column_stands_in_its_header(header: str, unit: str) -> None:
    assert unit_of(header) == unit


def test_part_of_a_row_is_no_row() -> None:
    start = VISITS.text.index("±3天")
    assert cited_table(VISITS, start, len(VISITS.text)) is None


def test_notes_below_the_rows_are_no_rows() -> None:
    block = replace(VISITS, text=f"{VISITS.text}\na 以给药日为第1天")
    lines = table_lines(block)
    assert lines is not None
    assert len(lines.body) == 2
    start = block.text.index("a 以给药")
    assert cited_table(block, start, len(block.text)) is None


@pytest.mark.parametrize(
    "block",
    [
        Block("paragraph", "访视2 | 第29天"),
        replace(VISITS, text="另一种写法"),
        replace(VISITS, text=VISITS.text.replace("第29天", "第30天")),
    ],
)
def test_text_written_in_another_way_has_no_rows(block: Block) -> None:
    assert table_lines(block) is None
    assert cited_table(block, 0, 3) is None


@given(tables, st.integers(0, 2), cells)
def test_every_body_row_is_found_where_it_stands(
    rows: list[list[str]], header: int, caption: str
) -> None:
    table = make_table(rows, header, caption)
    if table is None:
        return
    lines = table_lines(table_block(table, Locator()))
    assert lines is not None
    several = table.header_rows > 1
    assert list(lines.body.values()) == [
        number
        for number, row in enumerate(table.rows)
        if number >= table.header_rows or (several and row[0])
    ]
    text = table_block(table, Locator()).text
    for at, number in lines.body.items():
        assert text[at:].split("\n")[0] == " | ".join(table.rows[number])
