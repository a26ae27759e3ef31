"""Tables in the cells of a sheet: where they begin and end, and what names their columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.structure.grid import Looks, Region, SparseRows, region_blocks
from ingest.structure.gridheader import header_rows
from ingest.structure.gridregions import find_regions

HEAD = ["Adverse event", "Drug n=120", "Placebo n=118"]
BODY = [["Nausea", "12", "9"], ["Headache", "7", "8"]]
WORDS = [["Adverse event", "Grade", "Relation"], ["Nausea", "mild", "related"],
         ["Headache", "mild", "unrelated"]]  # fmt: skip


def cells(rows: Sequence[Sequence[str]]) -> SparseRows:
    return {
        number: {column: text for column, text in enumerate(row, start=1) if text}
        for number, row in enumerate(rows, start=1)
    }


def tables(rows: Sequence[Sequence[str]], looks: Looks | None = None) -> list[list[str]]:
    """The lines of each table, with its header rows counted at the first one."""
    found = []
    for region in find_regions(cells(rows), looks or Looks()):
        for block in region_blocks(region, sheet="s"):
            lines = block.text.splitlines()
            found.append([str(block.table.header_rows), *lines] if block.table else lines)
    return found


@pytest.mark.parametrize(
    "below",
    [
        [["Total", "19", "17"]],
        [["Total", "", "17"]],
        [["Total", "19 (16%)", "17 (14%)"]],
        [["Rash", "2", "3"], ["Fever", "1", "0"]],
        [["Serious", "", ""], ["Death", "1", "0"]],
    ],
)
def test_what_stands_below_a_blank_row_is_more_of_the_table(below: list[list[str]]) -> None:
    (lines,) = tables([HEAD, *BODY, [], *below])
    assert lines[:2] == ["1", "Adverse event | Drug n=120 | Placebo n=118"]
    assert lines[-1].startswith(below[-1][0])


@pytest.mark.parametrize(
    "below",
    [
        [["Laboratory", "Drug", "Placebo"], ["Hb", "120", "118"]],
        [["Table 2 Deaths", "", ""], ["Drug", "1", "0"]],
        [["Note: all grades", "", ""]],
        [["Note: all grades", "", ""], ["Source: registry", "", ""]],
        [["Prepared by", "A. B.", ""]],
    ],
)
def test_another_table_or_a_remark_below_a_blank_row_stands_alone(below: list[list[str]]) -> None:
    lines = tables([HEAD, *BODY, [], *below])[0]
    assert lines[-1] == "Headache | 7 | 8"


def test_a_part_of_words_that_repeats_values_of_its_columns_has_no_header() -> None:
    below = [["Sepsis", "severe", "related"], ["Rash", "mild", "unrelated"]]
    (lines,) = tables([*WORDS, [], *below])
    assert lines[0] == "1"
    assert lines[-2:] == ["Sepsis | severe | related", "Rash | mild | unrelated"]


def test_bold_rows_tell_headers_from_values() -> None:
    below = [["Sepsis", "severe", "possible"], ["Rash", "moderate", "none"]]
    rows = [*WORDS, [], *below]
    assert len(tables(rows)) == 2
    assert len(tables(rows, Looks(bold={1}))) == 1
    assert len(tables(rows, Looks(bold={1, 5}))) == 2


def test_a_blank_row_between_all_rows() -> None:
    rows = [HEAD, [], BODY[0], [], BODY[1], [], ["Total", "19", "17"]]
    (lines,) = tables(rows)
    assert lines == [
        "1",
        " | ".join(HEAD),
        "Nausea | 12 | 9",
        "Headache | 7 | 8",
        "Total | 19 | 17",
    ]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([["Visit", "", "Hb", "WBC"], ["Day 1", "", "120", "5.5"], ["Day 8", "", "118", "4.1"]],
         "Visit | Hb | WBC"),
        ([["", "", "Hb", "WBC"], ["Day 1", "", "120", "5.5"], ["Day 8", "", "118", "4.1"]],
         " | Hb | WBC"),
        ([["Event", "n", "", "Remark"], ["Nausea", "12", "", "mild"], ["Rash", "3", "", ""],
          ["Fever", "4", "", "late"]],
         "Event | n | Remark"),
    ],
)  # fmt: skip
def test_a_blank_column_between_labels_and_values(rows: list[list[str]], line: str) -> None:
    (lines,) = tables(rows)
    assert lines[1] == line


def test_a_narrow_blank_column_between_values() -> None:
    rows = [
        ["Event", "n", "", "N", "%"],
        ["Nausea", "1", "", "9", "8"],
        ["Rash", "3", "", "1", "1"],
    ]
    assert len(tables(rows)) == 2
    (lines,) = tables(rows, Looks(narrow_columns={3}))
    assert lines[1:] == ["Event | n | N | %", "Nausea | 1 | 9 | 8", "Rash | 3 | 1 | 1"]


@pytest.mark.parametrize(
    "right",
    [
        [["Event", "n"], ["Rash", "3"], ["Fever", "4"]],
        [["No.", "Step"], ["1", "wash"], ["2", "dry"]],
        [["Key", "Meaning"], ["A", "absent"], ["P", "present"]],
    ],
)
def test_tables_side_by_side_stay_two(right: list[list[str]]) -> None:
    left = [["Event", "n"], ["Nausea", "12"], ["Headache", "7"]]
    rows = [[*a, "", *b] for a, b in zip(left, right, strict=True)]
    assert len(tables(rows, Looks(narrow_columns={3}))) == 2


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["", "Drug", "Drug", "Placebo", "Placebo"], ["Event", "n", "%", "n", "%"],
          ["Nausea", "12", "10%", "9", "8%"], ["Rash", "3", "2%", "1", "1%"]], 2),
        ([["", "Drug", "", "Placebo", ""], ["Event", "n", "%", "n", "%"],
          ["Nausea", "12", "10%", "9", "8%"]], 2),
        ([["Event", "Week 1", "Week 1", "Week 1", "Week 1"], ["Event", "Drug", "Drug", "P", "P"],
          ["Event", "n", "%", "n", "%"], ["Nausea", "12", "10%", "9", "8%"]], 3),
        ([["a", "b"], ["x", "1"]], 1),
    ],
)  # fmt: skip
def test_header_rows(rows: list[list[str]], count: int) -> None:
    assert header_rows(rows) == count


def test_rows_of_words_are_no_header_of_several_rows() -> None:
    rows = [["Sepsis", "severe", "severe"], ["Rash", "mild", "mild"], ["Fever", "mild", "late"]]
    assert header_rows(rows) < 2


def test_many_parts_are_found_in_time() -> None:
    rows = [["1", "2"] if number % 2 else [] for number in range(20_000)]
    rows[2:2] = [[str(number) if number % 2 else "" for number in range(2000)]]
    assert sum(len(lines) for lines in tables(rows)) > 10_000


def test_regions_of_rows_that_stand_in_memory() -> None:
    region = Region(1, (1, 2), (("a", "b"), ("x", "1")))
    (block,) = region_blocks(region)
    assert (block.text, block.locator.cells, region.right) == ("a | b\nx | 1", "A2:B2", 2)
