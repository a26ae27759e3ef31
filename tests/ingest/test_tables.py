from __future__ import annotations

import pytest

from ingest.tables import (
    cell_range,
    column_letters,
    guessed_header_rows,
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


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["事件", "n", "%", "n", "%"], ["恶心", "12", "10", "9", "8"]], 1),
        ([["", "A", "A", "B", "B"], ["", "n", "%", "n", "%"], ["恶心", "12", "10", "9", "8"]], 2),
        ([["", "A", "A", "B", "B"], ["事件", "n", "%", "n", "%"], ["恶心", "1", "", "9", "8"]], 2),
        ([["事件", "A", "", "B", ""], ["", "n", "%", "n", "%"], ["恶心", "1", "2", "3", "4"]], 2),
        ([["", "A", "B"], ["", "n (%)", "n (%)"], ["恶心", "12 (10)", "9 (8)"]], 2),
        ([["", "筛选", "治疗", "治疗"], ["项目", "V1", "V2", "V3"], ["血压", "x", "", "×"]], 2),
        ([["", "A", "B"], ["性别", "男", "女"], ["年龄", "34", "50"]], 1),
        ([["项", "A", "A"], ["甲", "甲", "甲"], ["恶心", "1", "2"]], 1),
        ([["项", "果", "果"], ["血压", "正常", "异常"], ["心率", "正常", "正常"]], 0),
        ([["是", "是", "否"], ["是", "否", "否"]], 0),
        ([["安全性", "安全性", "安全性"], ["恶心", "12", "3"], ["皮疹", "1", "2"]], 0),
        ([["a", "a"], ["3", "4"]], 0),
        ([["", "A", "A"], ["1", "2", "3"], ["4", "5", "6"]], 0),
        ([], 0),
        ([["a", "b", "c"]], 0),
        ([["a", "b", "b"], ["1"], ["2", "3"]], 1),
    ],
)
def test_heads_that_repeat_or_stand_below_others(rows: list[list[str]], expected: int) -> None:
    assert guessed_header_rows(rows) == expected


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
