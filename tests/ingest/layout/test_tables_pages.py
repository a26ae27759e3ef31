"""Tables that go on on the next page keep their header, their caption and their pages."""

from __future__ import annotations

import pytest
from reportlab.platypus import PageBreak

from tests.ingest.layout.pdfs import (
    CHINESE,
    GRID,
    PROSE,
    THREE_LINES,
    blocks_of,
    gap,
    table,
    tables_of,
    text,
)

HEAD = ["Visit", "Week", "Procedure"]
BODY = [[f"V{n}", str(n), f"Procedure number {n}"] for n in range(1, 61)]
WIDTHS = [60, 60, 180]


@pytest.mark.parametrize("repeated", [True, False])
def test_parts_have_the_header_and_their_own_page(repeated: bool) -> None:
    made = table([HEAD, *BODY], WIDTHS, GRID, heads=1)
    made.repeatRows = 1 if repeated else 0
    blocks = blocks_of(text("Table 1: Visits"), gap(4), made)
    tables = [block for block in blocks if block.table is not None]
    assert [block.locator.page for block in tables] == [1, 2]
    assert [block.flags for block in tables] == [(), ("continued",)]
    parts = tables_of(blocks)
    assert {part.caption for part in parts} == {"Table 1: Visits"}
    assert {part.rows[0] for part in parts} == {tuple(HEAD)}
    assert {part.header_rows for part in parts} == {1}
    body = [row for part in parts for row in part.rows[1:]]
    assert body == [tuple(row) for row in BODY]


@pytest.mark.parametrize(
    ("first", "again", "look"),
    [
        ("Table 3 Doses", "Table 3 (continued)", None),
        ("表3 剂量", "续表3", CHINESE),
        ("表3 剂量", "表3（续）", CHINESE),
    ],
)
def test_a_repeated_caption_does_not_part_a_table(first: str, again: str, look: object) -> None:
    style = {} if look is None else {"look": look}
    kind = {} if look is None else {"style": look}
    head = HEAD if look is None else ["访视", "周", "操作"]
    blocks = blocks_of(
        text(first, **kind), gap(4), table([head, *BODY[:5]], WIDTHS, GRID, **style), PageBreak(),
        text(again, **kind), gap(4), table([head, *BODY[5:9]], WIDTHS, GRID, **style),
    )  # fmt: skip
    parts = tables_of(blocks)
    assert len(parts) == 2
    assert blocks[-1].flags == ("continued",)
    assert parts[1].caption == first
    assert parts[1].rows == (tuple(head), *map(tuple, BODY[5:9]))


def test_another_caption_or_header_begins_another_table() -> None:
    other = table([["Dose", "Arm", "Number"], *BODY[5:9]], WIDTHS, GRID)
    blocks = blocks_of(table([HEAD, *BODY[:5]], WIDTHS, GRID), PageBreak(), other)
    assert [block.flags for block in blocks] == [(), ()]
    blocks = blocks_of(
        text("Table 1 Visits"), gap(4), table([HEAD, *BODY[:5]], WIDTHS, GRID), PageBreak(),
        text("Table 2 Visits"), gap(4), table([HEAD, *BODY[5:9]], WIDTHS, GRID),
    )  # fmt: skip
    assert [part.caption for part in tables_of(blocks)] == ["Table 1 Visits", "Table 2 Visits"]


def test_text_between_parts_ends_a_table_without_header() -> None:
    blocks = blocks_of(
        table([HEAD, *BODY[:5]], WIDTHS, GRID), PageBreak(), text(PROSE), gap(),
        table(BODY[5:9], WIDTHS, GRID, heads=0),
    )  # fmt: skip
    assert [block.flags for block in blocks if block.table is not None] == [(), ()]


def test_a_part_with_an_empty_column_still_fits() -> None:
    rows = [["Visit", "Week", "Note"], ["1", "0", "fasting"], ["2", "4", ""]]
    rest = [["3", "8", ""], ["4", "12", ""]]
    blocks = blocks_of(
        table(rows, WIDTHS, GRID), PageBreak(), table(rest, WIDTHS, GRID, heads=0, bold=False)
    )
    assert tables_of(blocks)[1].rows == (tuple(rows[0]), *map(tuple, rest))


def test_the_end_of_a_three_line_table_may_have_a_rule_at_its_foot_only() -> None:
    rows = [["Grade", "Meaning"], ["1 mild", "needs no treatment"], ["2 moderate", "needs some"]]
    rest = [["3 severe", "needs a stay in hospital"], ["4 life-threatening", "needs care at once"]]
    top, foot = THREE_LINES[:2], THREE_LINES[2:]
    blocks = blocks_of(
        text("Table 1 Grades"), gap(4), table(rows, [120, 200], *top), PageBreak(),
        table(rest, [120, 200], *foot, heads=0, bold=False), gap(), text(PROSE),
    )  # fmt: skip
    parts = tables_of(blocks)
    assert [part.caption for part in parts] == ["Table 1 Grades"] * 2
    assert parts[1].rows == (tuple(rows[0]), *map(tuple, rest))


def test_a_cell_that_goes_on_at_the_top_of_the_page_stays_in_the_table() -> None:
    rows = [["Grade", "Meaning"], ["1 mild", "needs no treatment"], ["2 moderate", "begins here"]]
    rest = [
        ["", "and ends there"],
        ["3 severe", "needs a stay in hospital"],
        ["4 fatal", "needs no care"],
    ]
    top, foot = THREE_LINES[:2], THREE_LINES[2:]
    blocks = blocks_of(
        table(rows, [120, 200], *top), PageBreak(),
        table(rest, [120, 200], *foot, heads=0, bold=False), gap(), text(PROSE),
    )  # fmt: skip
    assert tables_of(blocks)[1].rows == (tuple(rows[0]), *map(tuple, rest))
