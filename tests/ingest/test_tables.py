from __future__ import annotations

import pytest

from ingest.tables import (
    cell_range,
    column_letters,
    header_row_count,
    is_caption,
    make_table,
    split_rows,
    table_text,
)


def test_text_is_caption_and_rows() -> None:
    table = make_table([["项目", "V1"], ["血压", "x"]], caption="表1 访视计划")
    assert table is not None
    assert table_text(table) == "表1 访视计划\n项目 | V1\n血压 | x"


def test_rows_are_padded_and_empty_ones_left_out() -> None:
    table = make_table([["", ""], ["a", "b", ""], ["c"], ["d\ne", " f "]], header_rows=2)
    assert table is not None
    assert table.rows == (("a", "b"), ("c", ""), ("d e", "f"))
    assert table.header_rows == 1  # the empty row was one of the two header rows


def test_a_table_without_text_is_none() -> None:
    assert make_table([["", " "], []]) is None


def test_long_tables_repeat_their_header() -> None:
    table = make_table([["n"], *[[str(i)] for i in range(95)]])
    assert table is not None
    parts = split_rows(table)
    assert [offset for offset, _ in parts] == [0, 40, 80]
    assert [len(part.rows) for _, part in parts] == [41, 41, 16]
    assert all(part.rows[0] == ("n",) for _, part in parts)
    assert parts[1][1].rows[1] == ("40",)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["姓名", "年龄"], ["张三", "12"]], 1),
        ([["1", "2"], ["3", "4"]], 0),
        ([["a", "a"], ["3", "4"]], 0),
        ([["只有一行", "x"]], 0),
    ],
)
def test_header_is_words_that_do_not_repeat(rows: list[list[str]], expected: int) -> None:
    assert header_row_count(rows) == expected


@pytest.mark.parametrize("number, letters", [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_column_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


def test_cell_range() -> None:
    assert cell_range(5, 1, 24, 6) == "A5:F24"


@pytest.mark.parametrize("text", ["表1 主要指标", "表 2-1 访视", "附表3 名单", "Table 1. Baseline"])
def test_captions(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize(
    "text", ["表明该结果有意义", "表示同意", "tables are useful", "表1\n第二行"]
)
def test_sentences_are_no_captions(text: str) -> None:
    assert not is_caption(text)
