from __future__ import annotations

import datetime
import io

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from ingest.errors import BadInput
from ingest.loaders import xlsx
from ingest.loaders.base import Loaded, Source
from ingest.loaders.xlsx import load


def read(book: Workbook) -> Loaded:
    buffer = io.BytesIO()
    book.save(buffer)
    return load(Source("a.xlsx", buffer.getvalue()))


def book_with(rows: list[list[object]], title: str = "Sheet1") -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def test_values_as_shown() -> None:
    book = book_with([["指标", "值"], ["和", 0.1 + 0.2], ["整数", 3.0], ["率", 0.256]])
    sheet = book["Sheet1"]
    sheet["B4"].number_format = "0.0%"
    sheet.append(["日期", datetime.datetime(2024, 5, 9)])
    (block,) = read(book).blocks
    assert block.text == "指标 | 值\n和 | 0.3\n整数 | 3\n率 | 25.6%\n日期 | 2024-05-09"
    assert (block.locator.sheet, block.locator.cells) == ("Sheet1", "A2:B5")


def test_tables_on_one_sheet_are_told_apart() -> None:
    book = book_with([["a", "b"], ["x", 1], [], [], ["c", "d", "e"], ["y", 2, 3]])
    book["Sheet1"]["G1"] = "侧"
    book["Sheet1"]["H1"] = "表"
    book["Sheet1"]["G2"] = "z"
    book["Sheet1"]["H2"] = 9
    cells = [block.locator.cells for block in read(book).blocks]
    assert cells == ["A2:B2", "G2:H2", "A6:C6"]


def test_blank_row_inside_a_table_does_not_end_it() -> None:
    book = book_with([["a", "b"], ["x", 1], [], ["y", 2], ["z", 3]])
    (block,) = read(book).blocks
    assert block.text == "a | b\nx | 1\ny | 2\nz | 3"
    assert block.locator.cells == "A2:B5"


def test_long_table_repeats_the_header() -> None:
    book = book_with([["编号", "值"], *[[f"p{i}", i] for i in range(50)]])
    blocks = read(book).blocks
    assert [block.locator.cells for block in blocks] == ["A2:B41", "A42:B51"]
    assert blocks[1].text.startswith("编号 | 值\np40 | 40")


def test_merged_cells_and_title() -> None:
    book = book_with([["访视计划", None, None], ["项目", "访视", None], [None, "V1", "V2"]])
    sheet = book["Sheet1"]
    sheet.append(["血压", "x", "x"])
    for cells in ("A1:C1", "A2:A3", "B2:C2"):
        sheet.merge_cells(cells)
    (block,) = read(book).blocks
    assert block.table is not None
    assert block.table.caption == "访视计划"
    assert block.table.header_rows == 2
    assert block.table.rows[:2] == (("项目", "访视", "访视"), ("项目", "V1", "V2"))
    assert block.locator.cells == "A4:C4"


def test_sheets_are_headings_and_hidden_ones_flagged() -> None:
    book = book_with([["a", "b"], ["x", 1]], "入组")
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden.append(["k", "v"])
    hidden.append(["y", 2])
    loaded = read(book)
    assert [(b.kind, b.text) for b in loaded.blocks if b.kind == "heading"] == [
        ("heading", "入组"),
        ("heading", "隐藏"),
    ]
    assert [b.flags for b in loaded.blocks] == [(), (), ("hidden_sheet",), ("hidden_sheet",)]
    assert loaded.blocks[-1].locator.section == "隐藏"
    assert any("hidden" in warning for warning in loaded.warnings)


def test_formula_without_result_is_kept_and_reported() -> None:
    loaded = read(book_with([["a", "b"], ["x", "=SUM(1,2)"]]))
    assert loaded.blocks[0].text.endswith("x | =SUM(1,2)")
    assert any("1 formulas" in warning for warning in loaded.warnings)


def test_notes_and_single_columns() -> None:
    book = book_with([["说明一"], ["说明二"]])
    book["Sheet1"]["A1"].comment = Comment("核对", "x")
    blocks = read(book).blocks
    assert [(b.kind, b.text, b.locator.cells) for b in blocks] == [
        ("paragraph", "说明一", "A1"),
        ("paragraph", "说明二", "A2"),
        ("footnote", "核对", "A1"),
    ]


def test_streaming_reads_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_with([["a", "b"], ["x", 1], ["y", "=1+1"]])
    usual = read(book).blocks
    monkeypatch.setattr(xlsx, "_STREAM_FROM", 0)
    streamed = read(book)
    assert streamed.blocks == usual
    assert any("as a stream" in warning for warning in streamed.warnings)


def test_row_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    loaded = read(book_with([["a", "b"], *[["x", i] for i in range(5)]]))
    assert any("3 rows beyond the first 3" in warning for warning in loaded.warnings)


def test_empty_workbook() -> None:
    with pytest.raises(BadInput, match="empty"):
        read(Workbook())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04xx", b"no workbook"])
def test_damaged_file(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.xlsx", data))
