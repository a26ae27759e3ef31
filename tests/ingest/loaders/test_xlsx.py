from __future__ import annotations

import datetime
import io
import re
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.xlsx import load
from ingest.structure import sheetcells

SHEET = "xl/worksheets/sheet1.xml"
RAISED, STRUCK = InlineFont(vertAlign="superscript"), InlineFont(strike=True)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(book: Workbook) -> Loaded:
    return load(Source("a.xlsx", saved(book)))


def edited(data: bytes, pattern: str, replacement: str, part: str = SHEET) -> bytes:
    """A package with the text of one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                text, count = re.subn(pattern, replacement, content.decode(), flags=re.S)
                assert count, f"{name} does not hold {pattern}"
                content = text.encode()
            new.writestr(name, content)
    return buffer.getvalue()


def with_texts(*texts: str) -> bytes:
    """A workbook of one column whose texts (``si``) stand in a part of their own."""
    rows = "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(len(texts))
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    data = edited(saved(book_with([])), "<sheetData ?/>|<sheetData>.*</sheetData>",
                  f"<sheetData>{rows}</sheetData>")  # fmt: skip
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    data = edited(data, "</Relationships>",
                  f'<Relationship Id="s" Type="{kind}" Target="texts.xml"/></Relationships>',
                  "xl/_rels/workbook.xml.rels")  # fmt: skip
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/texts.xml", f"<sst {space}>{''.join(texts)}</sst>")
    return buffer.getvalue()


def of_rows(xml: str) -> Loaded:
    """A workbook whose sheet holds these rows, as they would stand in the file."""
    data = edited(saved(book_with([])), "<sheetData ?/>|<sheetData>.*</sheetData>", xml)
    return load(Source("a.xlsx", data))


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


def test_row_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetcells, "MAX_ROWS", 3)
    loaded = read(book_with([["a", "b"], *[["x", i] for i in range(5)]]))
    assert any("3 rows beyond the first" in warning for warning in loaded.warnings)


def test_empty_workbook() -> None:
    with pytest.raises(BadInput, match="empty"):
        read(Workbook())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04xx", b"no workbook"])
def test_damaged_file(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.xlsx", data))


def test_raised_and_struck_parts_of_a_cell() -> None:
    rows: list[list[object]] = [["Test", "Limit", "HR"]]
    rows.append(["ANC", CellRichText("at least 1.5x10", TextBlock(RAISED, "9"), "/L"), None])
    rows.append(["OS", None, CellRichText("0.60", TextBlock(RAISED, "1"))])
    rows.append(["Age", CellRichText(">= ", TextBlock(STRUCK, "18"), " 20 years"), "0.74"])
    rows.append(["ECOG", CellRichText("0", TextBlock(STRUCK, "-1"), "2"), "1"])
    loaded = read(book_with(rows))
    assert loaded.blocks[0].text == (
        "Test | Limit | HR\nANC | at least 1.5x10⁹/L | \nOS |  | 0.60¹\nAge | >= 20 years | 0.74\n"
        "ECOG | 0 2 | 1"
    )
    (warning,) = loaded.warnings
    assert "struck out in 2 cells (B4, B5)" in warning


def test_shared_strings_are_rich_too() -> None:
    raised = '<rPr><vertAlign val="superscript"/></rPr>'
    data = with_texts(
        f"<si><r><t>1.5×10</t></r><r>{raised}<t>9</t></r></si>",
        "<si><t>a_x000D_\nb</t><rPh sb='0' eb='1'><t>yomi</t></rPh></si>",
        "<si><r><rPr><strike/></rPr><t>gone</t></r></si>",
    )
    assert [b.text for b in load(Source("a.xlsx", data)).blocks] == ["1.5×10⁹", "a b"]


def test_cells_struck_out_as_a_whole() -> None:
    book = book_with([["a", "b"], ["x", 18], ["y", 20]])
    book["Sheet1"]["B2"].font = Font(strike=True)
    loaded = read(book)
    assert loaded.blocks[0].text == "a | b\nx | \ny | 20"
    assert any("(B2)" in warning for warning in loaded.warnings)


def test_numbers_as_their_format_shows_them() -> None:
    book = book_with([["a", "b", "c", "d"], ["x", 0.5, 45421, 999]])
    sheet = book["Sheet1"]
    for cell, code in (("B2", '"<"0.0'), ("C2", 'yyyy"年"m"月"'), ("D2", ";;;")):
        sheet[cell].number_format = code
    loaded = read(book)
    assert loaded.blocks[0].text == "a | b | c | d\nx | <0.5 | 2024-05 | "
    assert [(w.reason, w.text, w.locator.cells) for w in loaded.withheld] == [
        ("hidden by its number format", "999", "D2")
    ]


@pytest.mark.parametrize(
    ("number", "shown"), [(31, "2024-05-09"), (57, "2024-05-09"), (1, "45421")]
)
def test_formats_of_the_chinese_edition_that_no_file_writes_out(number: int, shown: str) -> None:
    book = book_with([["a", "b"], ["x", 45421]])
    book["Sheet1"]["B2"].number_format = "0.0000"
    data = edited(saved(book), "<numFmts.*</numFmts>", "", "xl/styles.xml")
    data = edited(data, 'numFmtId="164"', f'numFmtId="{number}"', "xl/styles.xml")
    assert load(Source("a.xlsx", data)).blocks[0].text.startswith(f"a | b\nx | {shown}")


def test_white_and_tiny_letters_are_withheld() -> None:
    book = book_with([["a", "b", "c", "d"], ["x", "white", "tiny", "on blue"], ["y", 1, 2, 3]])
    sheet = book["Sheet1"]
    sheet["B2"].font = Font(color="FFFFFFFF")
    sheet["C2"].font = Font(sz=1)
    sheet["D2"].font = Font(color="FFFFFFFF")
    sheet["D2"].fill = PatternFill("solid", fgColor="FF0000FF")
    loaded = read(book)
    assert loaded.blocks[0].text == "a | b | c | d\nx |  |  | on blue\ny | 1 | 2 | 3"
    assert sorted((w.reason, w.text, w.locator.cells) for w in loaded.withheld) == [
        ("text too small to read", "tiny", "C2"),
        ("white text", "white", "B2"),
    ]
    assert "2 passages that no reader sees were kept out" in loaded.warnings


def test_white_letters_where_a_table_or_a_rule_may_paint_the_ground() -> None:
    book = book_with([["a", "b"], ["x", "in a table"], ["y", "under a rule"]])
    sheet = book["Sheet1"]
    for cell in ("B2", "B3"):
        sheet[cell].font = Font(color="FFFFFFFF")
    sheet.add_table(Table(displayName="T", ref="A1:B2"))
    fill = PatternFill("solid", bgColor="FF000000")
    sheet.conditional_formatting.add("B3:B9", CellIsRule("greaterThan", ["1"], fill=fill))
    loaded = read(book)
    assert loaded.blocks[0].text == "a | b\nx | in a table\ny | under a rule"
    assert loaded.withheld == []


def test_hidden_rows_and_columns_stand_apart() -> None:
    book = book_with([["Dose", "Arm", "Draft"], ["10 mg", "A", "old 100 mg"],
                      ["20 mg", "B", "old 200 mg"], ["40 mg", "C", "old 400 mg"]])  # fmt: skip
    book["Sheet1"].row_dimensions[3].hidden = True
    book["Sheet1"].column_dimensions["C"].hidden = True
    loaded = read(book)
    assert [(b.text, b.flags, b.locator.cells) for b in loaded.blocks] == [
        ("Dose | Arm\n10 mg | A\n40 mg | C", (), "A2:C4"),
        ("Dose | Arm\n20 mg | B", ("hidden_rows",), "A3:C3"),
        (
            "Dose | Draft\n10 mg | old 100 mg\n20 mg | old 200 mg\n40 mg | old 400 mg",
            ("hidden_columns", "hidden_rows"),
            "C2:C4",
        ),
    ]
    assert sum("read all the same" in warning for warning in loaded.warnings) == 2


def test_merged_cells_say_nothing_new_in_hidden_columns() -> None:
    book = book_with([["题目", None, None], ["a", "b", "c"], ["x", 1, 2]])
    book["Sheet1"].merge_cells("A1:C1")
    book["Sheet1"].column_dimensions["C"].hidden = True
    loaded = read(book)
    assert [(b.text, b.flags) for b in loaded.blocks] == [
        ("题目\na | b\nx | 1", ()),
        ("题目\na | c\nx | 2", ("hidden_columns",)),
    ]


def test_a_whole_sheet_hidden_row_by_row() -> None:
    book = book_with([["a", "b"], ["x", 1]])
    for row in (1, 2):
        book["Sheet1"].row_dimensions[row].hidden = True
    assert [(b.text, b.flags) for b in read(book).blocks] == [("a | b\nx | 1", ("hidden_rows",))]


def test_an_empty_result_is_a_result() -> None:
    rows = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A9</f><v></v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f>IF(1,"",2)</f><v></v></c></row></sheetData>'
    )
    loaded = of_rows(rows)
    assert loaded.blocks[0].text == "a | b\n2 | \n3 | "
    assert loaded.warnings == []


def test_a_shared_formula_without_result_reads_as_in_its_own_cell() -> None:
    loaded = of_rows(
        '<sheetData><row r="1"><c r="A1"><v>5</v></c>'
        '<c r="B1"><f t="shared" ref="B1:B2" si="0">A1*2</f></c></row>'
        '<row r="2"><c r="A2"><v>6</v></c><c r="B2"><f t="shared" si="0"/></c></row></sheetData>'
    )
    assert loaded.blocks[0].text == "5 | =A1*2\n6 | =A2*2"


_FAR = [
    '<c r="XFD1048576" t="inlineStr"><is><t>stray</t></is></c>',
    '<c r="AO1048576" s="0"/>',
]


@pytest.mark.parametrize("far", _FAR)
def test_a_stray_cell_at_the_end_of_the_sheet(far: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    loaded = of_rows(f'<sheetData>{rows}<row r="1048576">{far}</row></sheetData>')
    assert loaded.blocks[0].text == "1 | 2"
    assert [b.locator.cells for b in loaded.blocks[1:]] == ["XFD1048576"] * ("stray" in far)


def test_merged_cells_and_links_to_the_end_of_the_sheet() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, 101)
    )
    note = '<row r="101"><c r="E101" t="inlineStr"><is><t>note</t></is></c></row>'
    loaded = of_rows(
        f"<sheetData>{rows}{note}</sheetData><mergeCells><mergeCell ref='E101:XFD1048576'/>"
        "</mergeCells><hyperlinks><hyperlink ref='A1:Z1048576' location='x'/></hyperlinks>"
    )
    assert sum(len(b.text) for b in loaded.blocks) < 5000
    assert any("note" in b.text for b in loaded.blocks)


def test_few_cells_far_apart_in_one_table_cost_little() -> None:
    wide = "".join(f'<c r="{sheetcells.cell_name(1, n)}"><v>{n}</v></c>' for n in range(1, 16_385))
    long = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 5001))
    loaded = of_rows(f'<sheetData><row r="1">{wide}</row>{long}</sheetData>')
    assert sum(len(b.text) for b in loaded.blocks) < 3_000_000
    assert loaded.blocks[0].text.startswith("1 | 2 | 3")
    assert loaded.blocks[-1].text.endswith("5000")


def test_what_merged_cells_cover_is_withheld() -> None:
    loaded = of_rows(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c>'
        '</row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    assert loaded.blocks[0].text == "1 | 1 | 3"
    assert [(w.reason, w.text) for w in loaded.withheld] == [("covered by merged cells", "2")]


def test_a_sheet_damaged_half_way_gives_what_stands_before() -> None:
    data = edited(saved(book_with([["a", "b"], ["x", 1], ["y", 2]])), '<row r="3".*', "<row <")
    loaded = load(Source("a.xlsx", data))
    assert loaded.blocks[0].text == "a | b\nx | 1"
    assert any("is damaged" in warning and "2 rows" in warning for warning in loaded.warnings)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/texts.xml", "xl/styles.xml"])
def test_without_its_texts_or_formats_a_workbook_is_refused(part: str) -> None:
    data = edited(with_texts("<si><t>a</t></si>"), "^.*$", "<broken", part)
    with pytest.raises(BadInput, match=f"{part} is damaged"):
        load(Source("a.xlsx", data))


def test_texts_that_are_not_in_the_file_are_counted() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>2</v></c></row>'
    loaded = of_rows(f"<sheetData>{rows}</sheetData>")
    assert any("1 cells have a text that is not in the file" in w for w in loaded.warnings)


def test_files_saved_as_strict() -> None:
    data = saved(book_with([["a", "b"], ["x", 1]]))
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        data = edited(data, "http://schemas.openxmlformats.org/spreadsheetml/2006/",
                      "http://purl.oclc.org/ooxml/spreadsheetml/", part)  # fmt: skip
    assert load(Source("a.xlsx", data)).blocks[0].text == "a | b\nx | 1"
