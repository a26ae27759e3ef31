"""How runs and ends of paragraphs change what a Word text says: raised, struck, joined, fields."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from ingest.loaders import format_of
from ingest.loaders.base import Source
from ingest.loaders.docx import load
from tests.ingest.loaders.test_docx import NUMBERING, numbered, read, run, saved, texts, with_body

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RAISED, STRUCK = '<w:vertAlign w:val="superscript"/>', "<w:strike/>"
IN_SYMBOL = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="character" w:styleId="Sup"><w:name w:val="Sup"/>'
    f"<w:rPr>{RAISED}</w:rPr></w:style><w:style w:type='character' w:styleId='Sup2'><w:name "
    "w:val='Sup2'/><w:basedOn w:val='Sup'/></w:style><w:style w:type='character' "
    "w:styleId='Old'><w:name w:val='Old'/><w:rPr><w:dstrike/></w:rPr></w:style></w:styles>"
)
DELETED_END = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
MOVED_END = "<w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr>"


def lines(*paragraphs: str, **parts: str) -> list[str]:
    return [text for _, text in texts(read(with_body(*paragraphs), **parts))]


def p(*runs: str, end: str = "") -> str:
    return f"<w:p>{end}{''.join(runs)}</w:p>"


def field(instruction: str, result: str | None = None) -> str:
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' {instruction} </w:instrText></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_raised_marks_are_told_from_numbers() -> None:
    text = p(run("OS 14.2"), run("1", RAISED), run(",2", RAISED), run(" m; 10"),
             run("-3.5", RAISED), run("; 0.74"), run("a", RAISED))  # fmt: skip
    assert lines(text) == ["OS 14.2[1,2] m; 10^(-3.5); 0.74ᵃ"]


@pytest.mark.parametrize(
    "properties",
    ['<w:rStyle w:val="Sup"/>', '<w:rStyle w:val="Sup2"/>', '<w:position w:val="8"/>'],
)
def test_a_power_may_be_raised_by_a_style_or_a_distance(properties: str) -> None:
    assert lines(p(run("10"), run("9", properties), run("/L")), styles=STYLES) == ["10⁹/L"]


@pytest.mark.parametrize(
    "properties",
    ['<w:rStyle w:val="Sup"/><w:vertAlign w:val="baseline"/>', '<w:position w:val="1"/>'],
)
def test_what_stands_on_the_line_is_not_raised(properties: str) -> None:
    assert lines(p(run("10"), run("9", properties), run(" kg")), styles=STYLES) == ["109 kg"]


def test_two_notes_at_one_place_are_no_number() -> None:
    notes = "".join(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>' for number in (2, 3))
    assert lines(p(run("正文"), notes))[0] == "正文¹[2]"


@pytest.mark.parametrize("properties", [STRUCK, "<w:dstrike/>", '<w:rStyle w:val="Old"/>'])
def test_struck_out_text_is_left_out_and_counted(properties: str) -> None:
    loaded = read(
        with_body(p(run("年龄≥"), run("1", properties), run("8", properties), run("20岁")),
                  p(run("作废。", properties))),
        styles=STYLES,
    )  # fmt: skip
    assert texts(loaded) == [("paragraph", "年龄≥20岁")]
    assert "2 struck-out passages were left out" in loaded.warnings


def test_a_style_that_strikes_out_can_be_overruled() -> None:
    properties = '<w:rStyle w:val="Old"/><w:dstrike w:val="0"/>'
    assert lines(p(run("5 mg", properties)), styles=STYLES) == ["5 mg"]


def test_letters_in_the_font_symbol_are_signs() -> None:
    text = p(run("年龄"), run("³", IN_SYMBOL), run("18；5 "), run("m", IN_SYMBOL), run("g；"),
             run("±", IN_SYMBOL.replace("w:ascii", 'w:hint="eastAsia" w:ascii')))  # fmt: skip
    assert lines(text) == ["年龄≥18；5 μg；±"]


def test_tracked_changes_inside_a_formula() -> None:
    changed = (
        "<m:oMath><w:del><m:r><m:t>18</m:t></m:r></w:del><w:ins><m:r><m:t>20</m:t></m:r></w:ins>"
    )
    loaded = read(with_body(p(run("剂量"), f"{changed}</m:oMath>", run("mg"))))
    assert texts(loaded) == [("paragraph", "剂量20mg")]
    assert any("1 tracked deletions" in warning for warning in loaded.warnings)


TABLE = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>组</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>量</w:t>"
    "</w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p>"
    "<w:r><w:t>5</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize("end", [DELETED_END, MOVED_END])
def test_a_paragraph_without_its_end_is_not_lost(end: str) -> None:
    body = (p(run("表前。"), end=end), TABLE, p(run("剂量5 "), end=end), p(run("10 mg。")),
            p(run("末段。"), end=end))  # fmt: skip
    assert lines(*body) == ["表前。", "组 | 量\n甲 | 5", "剂量5 10 mg。", "末段。"]


def test_a_paragraph_without_its_end_keeps_out_of_the_text_box_beside_it() -> None:
    inside = p(run("框内"), end=DELETED_END)
    box = f"<w:r><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>"
    assert lines(p(run("段"), box, end=DELETED_END), p(run("续"))) == ["框内", "段续"]


def test_a_paragraph_without_its_end_in_a_cell_and_in_a_list() -> None:
    cell = f"<w:tc>{p(run('10'), end=DELETED_END)}{p(run('0 mg'))}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}<w:tc>{p(run('甲'))}</w:tc></w:tr></w:tbl>"
    assert lines(table) == ["100 mg | 甲"]
    listed = numbered(0, "甲；").replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    assert lines(listed, numbered(0, "乙。"), numbered(0, "丙。"), numbering=NUMBERING) == [
        "一、甲；乙。", "二、丙。",
    ]  # fmt: skip


def test_fields_without_a_stored_result_are_written() -> None:
    text = p(run("剂量 = "), field(r"EQ \f(AUC,CL)"), run(" mg；1.5×10"), field(r"EQ \s\up5(9)"),
             run("/L；年龄"), field(r'SYMBOL 179 \f "Symbol"', ""), run("18岁"))  # fmt: skip
    assert lines(text) == ["剂量 = AUC/CL mg；1.5×10⁹/L；年龄≥18岁"]


def test_a_stored_result_counts_and_other_fields_show_nothing() -> None:
    text = p(run("甲"), field(r"EQ \f(1,2)", run("½")), field("PAGEREF x"), run("乙"))
    assert lines(text) == ["甲½乙"]


def test_instructions_keep_their_powers_and_fields_in_them() -> None:
    inner = field("= 1+2", run("3"))
    head, tail = field("EQ X").split(" EQ X ")
    raised = f"</w:instrText></w:r><w:r><w:rPr>{RAISED}</w:rPr><w:instrText>9</w:instrText></w:r>"
    middle = r" EQ \f(10" + raised + f"<w:r><w:instrText>,</w:instrText></w:r>{inner}"
    text = p(run("x="), f"{head}{middle}<w:r><w:instrText>)", tail, run("。"))
    assert lines(text) == ["x=10⁹/3。"]


def test_simple_fields_are_written_too() -> None:
    simple = '<w:fldSimple w:instr="SYMBOL 163 \\f Symbol"/>'
    stored = f'<w:fldSimple w:instr="EQ \\f(1,2)">{run("½")}</w:fldSimple>'
    assert lines(p(run("P"), simple, run("0.05；"), stored)) == ["P≤0.05；½"]


def test_a_field_that_cannot_be_read_leaves_its_mark() -> None:
    loaded = read(with_body(p(run("剂量 = "), field(r"EQ \q(1)"), run(" mg"))))
    assert texts(loaded) == [("paragraph", "剂量 = \ufffc mg")]
    assert any(w.startswith("1 formulas or signs of fields") for w in loaded.warnings)


def test_a_field_in_struck_out_or_hidden_text_shows_nothing() -> None:
    for properties in (STRUCK, "<w:vanish/>"):
        unseen = field(r"EQ \f(1,2)").replace("<w:r>", f"<w:r><w:rPr>{properties}</w:rPr>")
        assert lines(p(run("甲"), unseen, run("乙"))) == ["甲乙"]


def test_two_header_rows_below_an_empty_corner() -> None:
    document = docx.Document()
    table = document.add_table(4, 5)
    rows = (["", "试验组", "", "对照组", ""], ["", "n", "%", "n", "%"],
            ["恶心", "12", "10", "9", "8"], ["皮疹", "3", "2", "1", "1"])  # fmt: skip
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for first, last in ((1, 2), (3, 4)):
        table.cell(0, last).text = ""
        table.cell(0, first).merge(table.cell(0, last))
    (block,) = read(document).blocks
    assert block.table is not None
    assert block.table.header_rows == 2


def test_the_main_part_and_its_helpers_may_have_other_names() -> None:
    data = saved(with_body(numbered(0, "甲。")), numbering=NUMBERING)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for part in (b"document", b"numbering"):
                name = name.replace(f"/{part.decode()}.xml", f"/{part.decode()}2.xml")
                content = content.replace(part + b".xml", part + b"2.xml")
            new.writestr(name.replace("rels/document.xml", "rels/document2.xml"), content)
    kind, warning = format_of("a.docx", changed.getvalue())
    assert (kind.name, warning) == ("docx", None)
    assert texts(load(Source("a.docx", changed.getvalue()))) == [("list_item", "一、甲。")]
