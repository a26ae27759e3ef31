"""Mentions of figures and tables are found in Chinese and English."""

from __future__ import annotations

import pytest

from ingest.model import Block, Locator, Table
from ingest.structure.references import mentioned, references
from ingest.tables import table_block


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see Figure 2 and Fig. 3a", [("figure", "2"), ("figure", "3a")]),
        ("Tables 3, 4 and 6", [("table", "3"), ("table", "4"), ("table", "6")]),
        ("Tables 7-9", [("table", "7"), ("table", "8"), ("table", "9")]),
        ("Table 5.1-1 and Table 7.2: 1", [("table", "5.1-1"), ("table", "7.2:1")]),
        ("Table S2 of the supplement", [("table", "S2")]),
        ("如图2所示，见表1-3和表二", [("figure", "2"), ("table", "1-3"), ("table", "2")]),
        ("表3、4和6列出", [("table", "3"), ("table", "4"), ("table", "6")]),
        ("图3至5", [("figure", "3"), ("figure", "4"), ("figure", "5")]),
        ("the table of contents, a stable figure and 代表三方", []),
    ],
)
def test_names(text: str, names: list[tuple[str, str]]) -> None:
    assert mentioned(text) == names


def _table(caption: str) -> Block:
    return table_block(Table((("a", "b"), ("1", "2")), 1, caption), Locator())


def test_blocks_that_speak_of_a_float() -> None:
    blocks = [
        Block("paragraph", "The doses are in Table 1, the design in Figure 1."),
        _table("Table 1 Doses"),
        Block("footnote", "a See Table 1."),
        _table("Table 1 Doses"),
        Block("figure", "Figure 1 Study design\nScreening"),
        Block("paragraph", "Table 1 is complete.", flags=("toc",)),
    ]
    table, figure = references(blocks)
    assert (table.kind, table.number, table.blocks, table.mentions) == (
        "table",
        "1",
        [1, 3],
        [0, 2],
    )
    assert (figure.kind, figure.number, figure.mentions) == ("figure", "1", [0])


def test_numbers_that_begin_anew_belong_to_the_one_before() -> None:
    blocks = [
        _table("Table 1 Doses"),
        Block("heading", "Appendix 2", level=1),
        _table("Table 1 Criteria"),
        Block("paragraph", "According to Table 1 the response is partial."),
    ]
    assert [item.mentions for item in references(blocks)] == [[], [3]]
