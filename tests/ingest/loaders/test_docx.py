from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.docx import load


def saved(base: Document, /, **parts: str) -> bytes:
    """Bytes of a document; ``parts`` are added or replaced as ``word/<name>.xml``."""
    buffer = io.BytesIO()
    base.save(buffer)
    if not parts:
        return buffer.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name[5:-4] not in parts:
                new.writestr(name, old.read(name))
        for name, xml in parts.items():
            new.writestr(f"word/{name}.xml", xml)
    return changed.getvalue()


def read(base: Document, /, **parts: str) -> Loaded:
    return load(Source("a.docx", saved(base, **parts)))


def with_body(*elements: str) -> Document:
    """A document whose body holds the given XML."""
    document = docx.Document()
    body = document.element.body
    spaces = nsdecls("w", "wp", "a", "m") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    for xml in elements:
        body.insert(len(body) - 1, parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {spaces}", xml)))
    return document


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(loaded: Loaded) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in loaded.blocks]


def test_order_headings_and_sections() -> None:
    document = docx.Document()
    document.add_heading("甲", 1)
    document.add_paragraph("正文。")
    document.add_heading("乙", 2)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["项", "值", "a", "1"], strict=True):
        cell.text = text
    document.add_heading("丙", 1)
    document.add_paragraph("后文。")
    blocks = read(document).blocks
    assert [(b.kind, b.level, b.locator.section) for b in blocks] == [
        ("heading", 1, "甲"), ("paragraph", None, "甲"), ("heading", 2, "乙"),
        ("table", None, "乙"), ("heading", 1, "丙"), ("paragraph", None, "丙"),
    ]  # fmt: skip
    assert blocks[3].text == "项 | 值\na | 1"
    assert blocks[0].locator.path == "/w:document/w:body/*[1]"


def test_headings_by_wording_when_no_style_is_used() -> None:
    document = docx.Document()
    for text in ("一、适用范围", "本原则适用于甲。", "（一）综述", "正文。", "1.检测限", "正文。",
                 "入选：", "1.年龄", "2.性别", "3.体重"):  # fmt: skip
        document.add_paragraph(text)
    document.add_paragraph().add_run("注意事项").bold = True
    document.add_paragraph("末段。")
    blocks = read(document).blocks
    headings = [(b.text, b.level) for b in blocks if b.kind == "heading"]
    assert headings == [("一、适用范围", 1), ("（一）综述", 2), ("1.检测限", 3), ("注意事项", 4)]
    assert [b.kind for b in blocks if re.match(r"\d\.[年性体]", b.text)] == ["list_item"] * 3


def test_chapters_are_found_among_styled_headings() -> None:
    document = docx.Document()
    document.add_paragraph("一、总则")
    for text in ("（一）甲", "（二）乙", "（三）丙"):
        document.add_heading(text, 2)
        document.add_paragraph("正文。")
    levels = [b.level for b in read(document).blocks if b.kind == "heading"]
    assert levels == [1, 2, 2, 2]


def test_outline_level_on_a_long_paragraph_is_no_heading() -> None:
    long = "应当提交完整的研究资料，" * 6 + "并说明理由。"
    paragraph = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run(long)}</w:p>'
    assert texts(read(with_body(paragraph))) == [("paragraph", long)]


NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
<w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/>
<w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def numbered(level: int, text: str) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def test_automatic_numbers_are_in_the_text() -> None:
    document = with_body(
        numbered(0, "受试者应当签署知情同意书。"), numbered(1, "甲；"), numbered(1, "乙；"),
        numbered(2, "点；"), numbered(0, "研究者应当报告。"), numbered(1, "丙；"),
    )  # fmt: skip
    assert texts(read(document, numbering=NUMBERING)) == [
        ("list_item", "一、受试者应当签署知情同意书。"), ("list_item", "1.1 甲；"),
        ("list_item", "1.2 乙；"), ("list_item", "点；"), ("list_item", "二、研究者应当报告。"),
        ("list_item", "2.1 丙；"),
    ]  # fmt: skip


def test_tracked_changes_hidden_text_and_fields() -> None:
    loaded = read(
        with_body(
            f"<w:p>{run('剂量')}<w:del>{run('5').replace('w:t', 'w:delText')}</w:del>"
            f"<w:ins>{run('10')}</w:ins>{run('mg')}{run('密', '<w:vanish/>')}。"
            f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>"
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            "<w:r><w:instrText>PAGE</w:instrText></w:r>"
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("7")}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
    )
    assert texts(loaded) == [("paragraph", "剂量10mg新7")]
    assert any("1 passages of hidden" in warning for warning in loaded.warnings)
    assert any("2 tracked deletions" in warning for warning in loaded.warnings)


def test_deleted_paragraph_mark_joins_paragraphs() -> None:
    document = with_body(
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p>",
        f"<w:p>{run('后半。')}</w:p>",
    )
    assert texts(read(document)) == [("paragraph", "前半后半。")]


def test_containers_links_and_text_boxes() -> None:
    box = f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent>"
    document = with_body(
        f"<w:sdt><w:sdtContent><w:p>{run('控件')}</w:p></w:sdtContent></w:sdt>",
        f"<w:p><w:hyperlink>{run('链接')}</w:hyperlink><w:smartTag>{run('标记')}</w:smartTag></w:p>",
        f"<w:p>{run('段')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
    )
    assert [text for _, text in texts(read(document))] == ["控件", "链接标记", "段", "框内"]


def test_raised_digits_symbols_and_formulas_keep_their_meaning() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = with_body(
        f"<w:p>{run('10')}{run('9', raised)}{run('/L，年龄')}"
        '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
        f"{run('18，')}<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>{run('是')}</w:p>",
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
        "</m:den></m:f><m:d><m:e><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t>"
        "</m:r></m:sup></m:sSup></m:e></m:d></m:oMath></w:p>",
    )
    assert [text for _, text in texts(read(document))] == ["10⁹/L，年龄≥18，☑是", "(a+b)/2(x²)"]


def test_merged_cells_nested_table_and_caption() -> None:
    document = docx.Document()
    document.add_paragraph("表1 访视计划")
    table = document.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "访视"
    for (row, column), text in {(1, 1): "V1", (1, 2): "V2", (2, 0): "血压", (2, 1): "x",
                                (3, 0): "心率", (3, 2): "y"}.items():  # fmt: skip
        table.cell(row, column).text = text
    nested = table.cell(2, 2).add_table(1, 2)
    nested.cell(0, 0).text, nested.cell(0, 1).text = "嵌", "套"
    (block,) = read(document).blocks
    assert block.table is not None
    assert block.table.caption == "表1 访视计划"
    assert block.table.header_rows == 2
    assert block.table.rows == (
        ("项目", "访视", "访视"), ("项目", "V1", "V2"), ("血压", "x", "嵌 套"), ("心率", "", "y"),
    )  # fmt: skip


def test_table_of_one_cell_is_a_frame() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "框中第一段。"
    cell.add_paragraph("框中第二段。")
    assert [kind for kind, _ in texts(read(document))] == ["paragraph", "paragraph"]


FOOTNOTES = """<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:id="2"><w:p><w:r><w:t>脚注内容</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>无人引用</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_footnotes_stand_at_the_end() -> None:
    document = with_body(
        f'<w:p>{run("正文")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("。")}</w:p>',
        f"<w:p>{run('下一段。')}</w:p>",
    )
    assert texts(read(document, footnotes=FOOTNOTES)) == [
        ("paragraph", "正文¹。"), ("paragraph", "下一段。"), ("footnote", "[1] 脚注内容"),
    ]  # fmt: skip


def test_headers_are_left_out_and_contents_counted() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.styles.add_style("TOC 1", 1)
    document.add_paragraph("一、范围……1", style="TOC 1")
    document.add_paragraph("正文。")
    loaded = read(document)
    assert texts(loaded) == [("paragraph", "正文。")]
    assert any("contents (1 lines)" in warning for warning in loaded.warnings)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("临床试验方案", "临床试验方案"),
        ("附件1", "某药临床试验方案"),
        ("别的文件的标题", "某药临床试验方案"),
    ],
)
def test_title_is_stored_only_if_the_text_bears_it_out(stored: str, expected: str) -> None:
    document = docx.Document()
    document.core_properties.title = stored
    document.add_paragraph("附件2")
    document.add_paragraph().add_run("某药临床试验方案").bold = True
    document.add_paragraph("正文。")
    assert read(document).title == expected


def test_damaged_numbering_costs_only_the_numbers() -> None:
    loaded = read(with_body(numbered(0, "甲。")), numbering="<broken")
    assert texts(loaded) == [("paragraph", "甲。")]
    assert any("numbering.xml is damaged" in warning for warning in loaded.warnings)


@pytest.mark.parametrize("xml", ["<broken", ""])
def test_damaged_main_part(xml: str) -> None:
    with pytest.raises(BadInput, match="damaged"):
        read(docx.Document(), document=xml)


def test_document_without_text() -> None:
    with pytest.raises(BadInput, match="no text"):
        read(docx.Document())


def test_entities_are_not_expanded() -> None:
    xml = (
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>前&e;后</w:t></w:r></w:p></w:body></w:document>"
    )
    loaded = read(docx.Document(), document=xml)
    assert "root" not in loaded.blocks[0].text
