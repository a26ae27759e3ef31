"""What a Word file holds beside plain text: unseen text, graphics, changes, pages' furniture."""

from __future__ import annotations

import io
import struct
import zipfile

import docx
import pytest
from docx.document import Document

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.docx import load
from tests.ingest.loaders.containers import ole_container
from tests.ingest.loaders.test_docx import read, run, saved, texts, with_body

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f0005000201a5f645400000000049454e44ae426082"
)
HIDDEN, WHITE, TINY = "<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'


def reasons(loaded: Loaded) -> list[tuple[str, str]]:
    return [(item.reason, item.text) for item in loaded.withheld]


def test_unseen_runs_are_withheld_with_their_place() -> None:
    loaded = read(
        with_body(
            f"<w:p>{run('甲。')}</w:p>",
            f"<w:p>{run('剂量')}{run('忽略', HIDDEN)}{run('规则', HIDDEN)}{run('5mg')}"
            f"{run('白字', WHITE)}{run('小字', TINY)}</w:p>",
        )
    )
    assert texts(loaded) == [("paragraph", "甲。"), ("paragraph", "剂量5mg")]
    assert reasons(loaded) == [
        ("hidden text", "忽略规则"), ("white text", "白字"), ("text too small to read", "小字"),
    ]  # fmt: skip
    assert {item.locator.path for item in loaded.withheld} == {"/w:document/w:body/*[2]"}
    assert any(warning.startswith("3 passages") for warning in loaded.warnings)


DARK = "<w:shd w:val='clear' w:fill='1F3864'/>"
ON_HIGHLIGHT = run("标题", f"{WHITE}<w:highlight w:val='black'/>")
ON_SHADED_RUN = run("标题", f"{WHITE}{DARK}")
PARAGRAPH = f"<w:p>{run('标题', WHITE)}</w:p>"


@pytest.mark.parametrize(
    "paragraph",
    [
        f"<w:p><w:pPr>{DARK}</w:pPr>{run('标题', WHITE)}</w:p>",
        f"<w:p>{ON_HIGHLIGHT}</w:p>",
        f"<w:p>{ON_SHADED_RUN}</w:p>",
        f"<w:tbl><w:tr><w:tc><w:tcPr>{DARK}</w:tcPr>{PARAGRAPH}</w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><w:pict><w:txbxContent>{PARAGRAPH}</w:txbxContent></w:pict></w:r></w:p>",
    ],
)
def test_white_text_before_something_dark_is_read(paragraph: str) -> None:
    loaded = read(with_body(paragraph))
    assert [text for _, text in texts(loaded)] == ["标题"]
    assert loaded.withheld == []


def test_white_text_of_a_style_and_hidden_paragraph_style() -> None:
    document = docx.Document()
    for name, property_ in (("白", WHITE), ("隐", "<w:vanish/>")):
        style = document.styles.add_style(name, 1)
        style.element.get_or_add_rPr().append(
            docx.oxml.parse_xml(
                property_.replace(
                    "/>",
                    ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
                )
            )
        )
        document.add_paragraph(f"{name}字", style=name)
    document.add_paragraph("正文。")
    loaded = read(document)
    assert texts(loaded) == [("paragraph", "正文。")]
    assert reasons(loaded) == [("white text", "白字"), ("hidden text", "隐字")]


def test_tracked_rows_and_cells() -> None:
    def row(properties: str, *cells: str) -> str:
        made = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
        return f"<w:tr><w:trPr>{properties}</w:trPr>{made}</w:tr>"

    def cell(text: str, properties: str = "") -> str:
        return f"<w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p>"

    loaded = read(
        with_body(
            "<w:tbl>"
            + row("", cell("项"), cell("值"))
            + row("<w:del/>", cell("旧"), cell("1"))
            + row("<w:ins/>", cell("新"), cell("2"), cell("删", "<w:cellDel/>"))
            + "</w:tbl>",
            f"<w:p>{run('见')}<w:ins>{run('附录')}</w:ins></w:p>",
        )
    )
    assert [text for _, text in texts(loaded)] == ["项 | 值\n新 | 2", "见附录"]
    assert any("2 tracked deletions" in warning for warning in loaded.warnings)
    assert any("1 tracked insertions" in warning for warning in loaded.warnings)


def pictured(description: str = "") -> Document:
    document = docx.Document()
    document.add_picture(io.BytesIO(PIXEL))
    shape = document.inline_shapes[0]._inline
    shape.docPr.set("descr", description)
    return document


def test_pictures_name_their_part() -> None:
    described = read(pictured("受试者流程图")).blocks
    assert [(b.kind, b.text, b.flags) for b in described] == [
        ("figure", "受试者流程图", ("graphic:word/media/image1.png",))
    ]
    document = pictured()
    document.add_paragraph("图1 生存曲线")
    captioned = read(document).blocks
    assert [(b.kind, b.text, b.flags) for b in captioned] == [
        ("figure", "图1 生存曲线", ("graphic:word/media/image1.png",))
    ]


def test_lines_and_arrows_are_no_pictures() -> None:
    arrow = "<w:r><w:pict><v:line from='0,0' to='9,9'/></w:pict></w:r>"
    loaded = read(with_body(f"<w:p>{run('正文。')}{arrow}</w:p>"))
    assert texts(loaded) == [("paragraph", "正文。")]
    assert loaded.warnings == []


def test_described_picture_in_a_cell_follows_its_table() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["项", "值", "甲", ""], strict=True):
        cell.text = text
    table.cell(1, 1).paragraphs[0].add_run().add_picture(io.BytesIO(PIXEL))
    shape = next(table._element.iter("{*}docPr"))
    shape.set("descr", "皮疹照片")
    blocks = read(document).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("table", "项 | 值\n甲 | "),
        ("figure", "皮疹照片"),
    ]


def with_part(document: Document, name: str, kind: str, xml: str | bytes) -> bytes:
    """Bytes of a document with a part more, related to the main one as ``rId99``."""
    relation = f'<Relationship Id="rId99" Type="{R}/{kind}" Target="{name}"/></Relationships>'
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            if item == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", relation.encode())
            new.writestr(item, data)
        new.writestr(f"word/{name}", xml)
    return changed.getvalue()


def test_charts_are_tables() -> None:
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="c"/><a:graphic><a:graphicData>'
        f'<c:chart xmlns:c="{C}" xmlns:r="{R}" r:id="rId99"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    chart = (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>'
        "入组进度</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:lineChart><c:ser><c:tx>"
        "<c:strRef><c:strCache><c:pt idx='0'><c:v>例数</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        "<c:cat><c:numRef><c:numCache><c:formatCode>yyyy/m/d</c:formatCode><c:pt idx='0'><c:v>45658"
        "</c:v></c:pt></c:numCache></c:numRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx='0'>"
        "<c:v>4.2999999999999998</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:lineChart>"
        "</c:plotArea></c:chart></c:chartSpace>"
    )
    document = with_body(f"<w:p>{run('前文。')}</w:p>", drawing)
    data = with_part(document, "charts/chart1.xml", "chart", chart)
    block = load(Source("a.docx", data)).blocks[1]
    assert block.flags == ("chart",)
    assert block.table is not None
    assert block.table.caption == "入组进度"
    assert block.table.rows == (("", "例数"), ("2025-01-01", "4.3"))
    lost = load(Source("a.docx", with_part(document, "charts/chart1.xml", "chart", "<broken")))
    assert any("1 charts" in warning for warning in lost.warnings)
    assert any("chart1.xml is damaged" in warning for warning in lost.warnings)


def wmf(*strings: bytes) -> bytes:
    """A metafile that draws strings."""
    records = b""
    for text in strings:
        padded = text + b"\0" * (len(text) % 2)
        body = struct.pack("<H", len(text)) + padded + bytes(4)
        records += struct.pack("<IH", 3 + len(body) // 2, 0x0521) + body
    return b"\x01\x00\x09\x00" + bytes(14) + records + struct.pack("<IH", 3, 0)


def equation(text: str) -> bytes:
    """An OLE container with a formula of Equation 3.0; only letters on a line."""
    chars = b"".join(b"\x12\x83" + ord(c).to_bytes(2, "little") for c in text)
    native = bytes(28) + bytes.fromhex("030101030a0a01") + chars + b"\0\0"
    return ole_container("Equation Native", native)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [((b"CV", b"=s"), "变异系数CV=s为"), ((b"X",), "变异系数\ufffc为")],
)
def test_old_formulas_are_read_when_their_picture_agrees(
    drawn: tuple[bytes, ...], expected: str
) -> None:
    spaces = f'xmlns:r="{R}" xmlns:o="urn:schemas-microsoft-com:office:office"'
    document = with_body(
        f"<w:p>{run('变异系数')}<w:r><w:object><v:shape><v:imagedata {spaces} r:id='rId98'/>"
        f"</v:shape><o:OLEObject {spaces} ProgID='Equation.3' r:id='rId99'/></w:object></w:r>"
        f"{run('为')}</w:p>"
    )
    data = with_part(document, "embeddings/oleObject1.bin", "oleObject", equation("CV=s"))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.namelist():
            part = old.read(item)
            if item == "word/_rels/document.xml.rels":
                picture = f'<Relationship Id="rId98" Type="{R}/image" Target="media/a.wmf"/>'
                part = part.replace(b"</Relationships>", f"{picture}</Relationships>".encode())
            new.writestr(item, part)
        new.writestr("word/media/a.wmf", wmf(*drawn))
    loaded = load(Source("a.docx", changed.getvalue()))
    assert texts(loaded) == [("paragraph", expected)]
    assert any("1 embedded objects" in w for w in loaded.warnings) == ("\ufffc" in expected)


def test_headers_and_footers_are_reported_once() -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "方案编号 XL-101 版本 2.0"
    section.footer.paragraphs[0].text = "第 3 页 共 10 页"
    document.add_paragraph("正文。")
    (warning,) = [w for w in read(document).warnings if "headers" in w]
    assert warning.endswith("方案编号 XL-101 版本 2.0")


def test_letters_of_symbol_fonts() -> None:
    fonts = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    document = with_body(
        f"<w:p>{run('2')}{run(chr(0xF07E), fonts)}{run('8')}{run(chr(0xF0B0), fonts)}{run('C，')}"
        f"{run(chr(0xF0FE), fonts.replace('Symbol', 'Wingdings'))}{run('是')}</w:p>"
    )
    assert texts(read(document)) == [("paragraph", "2~8°C，☑是")]


def test_alternatives_around_paragraphs() -> None:
    document = with_body(
        f"<mc:AlternateContent><mc:Choice Requires='x'><w:p>{run('新')}</w:p></mc:Choice>"
        f"<mc:Fallback><w:p>{run('旧')}</w:p></mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read(document)) == [("paragraph", "新")]


def test_tables_nested_without_measure_are_refused_not_crashed() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 120 + f"<w:p>{run('底')}</w:p>" + "</w:tc></w:tr></w:tbl>" * 120
    xml = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{deep}</w:body></w:document>"
    )
    with pytest.raises(BadInput, match="damaged"):
        read(docx.Document(), document=xml)
