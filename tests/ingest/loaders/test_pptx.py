"""Presentations are made here with python-pptx, and by hand where it has no words for a thing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.pptx import load

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TITLE_SLIDE, TITLE_AND_BODY, SECTION, TITLE_ONLY, BLANK = 0, 1, 2, 5, 6
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f0005000201a5f645400000000049454e44ae426082"
)


def bytes_of(deck: Any, **parts: bytes) -> bytes:
    """Bytes of a presentation; ``parts`` replace or add parts, ``__`` standing for a slash."""
    buffer = io.BytesIO()
    deck.save(buffer)
    if not parts:
        return buffer.getvalue()
    names = {name.replace("__", "/") + ".xml": data for name, data in parts.items()}
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return changed.getvalue()


def read(deck: Any, **parts: bytes) -> Loaded:
    return load(Source("a.pptx", bytes_of(deck, **parts)))


def slide(deck: Any, layout: int = BLANK, title: str | None = None) -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title is not None:
        made.shapes.title.text = title
    return made


def box(
    made: Any, text: str, left: float, top: float, width: float = 3, height: float = 0.5
) -> Any:
    shape = made.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    shape.text_frame.text = text
    return shape


def texts(loaded: Loaded) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in loaded.blocks]


def test_titles_sections_pages_and_levels() -> None:
    deck = Presentation()
    first = slide(deck, TITLE_SLIDE, "某药三期临床试验启动会")
    first.placeholders[1].text = "研究者会议"
    slide(deck, SECTION, "一、方案")
    second = slide(deck, TITLE_AND_BODY, "入选标准")
    second.placeholders[1].text = "年龄18至75岁"
    loaded = read(deck)
    assert [(b.kind, b.level, b.text, b.locator.page) for b in loaded.blocks] == [
        ("heading", 1, "某药三期临床试验启动会", 1), ("paragraph", None, "研究者会议", 1),
        ("heading", 1, "一、方案", 2), ("heading", 2, "入选标准", 3),
        ("list_item", None, "年龄18至75岁", 3),
    ]  # fmt: skip
    assert loaded.blocks[4].locator.section == "入选标准"
    assert loaded.blocks[4].locator.path == "/p:sld/p:cSld/p:spTree/*[4]"
    assert loaded.pages == 3
    assert loaded.title == "某药三期临床试验启动会"


def test_text_boxes_are_read_in_rows_then_columns() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "题")
    # In the file's order they are mixed up.
    box(made, "右下", 5, 4)
    box(made, "左上一", 1, 2)
    box(made, "右上", 5, 2, height=1.2)
    box(made, "左下", 1, 4)
    box(made, "左上二", 1, 2.6)
    assert [t for _, t in texts(read(deck))] == ["题", "左上一", "左上二", "右上", "左下", "右下"]


def test_groups_are_read_as_one_and_inside_in_order() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "题")
    box(made, "后", 1, 5)
    lower, upper = box(made, "组二", 1, 3), box(made, "组一", 1, 2)
    made.shapes.add_group_shape([lower, upper])
    assert [t for _, t in texts(read(deck))] == ["题", "组一", "组二", "后"]


def test_numbers_and_bullets_as_shown() -> None:
    deck = Presentation()
    frame = box(slide(deck, TITLE_ONLY, "题"), "", 1, 2).text_frame
    made = [
        ("arabicPeriod", 0, "甲"), ("arabicParenBoth", 1, "子"), ("arabicParenBoth", 1, "丑"),
        ("arabicPeriod", 0, "乙"), (None, 0, "正文"), ("ea1ChsPeriod", 0, "丙"), ("•", 0, "丁"),
    ]  # fmt: skip
    for number, (scheme, level, text) in enumerate(made):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
        properties = paragraph._p.get_or_add_pPr()
        if scheme == "•":
            etree.SubElement(properties, f"{{{A}}}buChar", char="•")
        elif scheme:
            etree.SubElement(properties, f"{{{A}}}buAutoNum", type=scheme)
    assert texts(read(deck))[1:] == [
        ("list_item", "1. 甲"), ("list_item", "(1) 子"), ("list_item", "(2) 丑"),
        ("list_item", "2. 乙"), ("paragraph", "正文"), ("list_item", "一、丙"), ("list_item", "丁"),
    ]  # fmt: skip


def test_table_with_merged_cells() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "表")
    table = made.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    rows = (("项目", "剂量", ""), ("甲", "5 mg", "10 mg"), ("", "6 mg", "12 mg"))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text:
                table.cell(row, column).text = text
    (block,) = [b for b in read(deck).blocks if b.kind == "table"]
    assert block.table is not None
    assert block.table.header_rows == 1
    assert block.table.rows == (
        ("项目", "剂量", "剂量"), ("甲", "5 mg", "10 mg"), ("甲", "6 mg", "12 mg"),
    )  # fmt: skip


def test_charts_are_tables_of_their_stored_values() -> None:
    deck = Presentation()
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["第4周", "第8周"]
    data.add_series("试验组", (0.125, 0.5))
    data.add_series("对照组", (0.1, None))
    place = (Inches(1), Inches(2), Inches(5), Inches(3))
    frame = slide(deck, TITLE_ONLY, "疗效").shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data
    )
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "缓解率"
    scatter = XyChartData()
    for name, x, y in (("A", 1.5, 0.1 + 0.2), ("B", 2, 7)):
        scatter.add_series(name).add_data_point(x, y)
    slide(deck, TITLE_ONLY, "散点").shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place, scatter)
    first, second = [b for b in read(deck).blocks if b.kind == "table"]
    assert first.table is not None
    assert second.table is not None
    assert first.table.caption == "缓解率"
    assert first.table.rows == (
        ("", "试验组", "对照组"), ("第4周", "12.5%", "10.0%"), ("第8周", "50.0%", ""),
    )  # fmt: skip
    assert first.flags == ("chart",)
    assert second.table.rows == (("", "x", "y"), ("A", "1.5", "0.3"), ("B", "2", "7"))


def test_pictures_with_words_are_figures_that_name_their_part() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "图")
    for top, told in ((1.5, "受试者流程图：筛选120例"), (3, "图片 4"), (4.5, "")):
        picture = made.shapes.add_picture(io.BytesIO(PIXEL), Inches(1), Inches(top), Inches(1))
        picture._element.nvPicPr.cNvPr.set("descr", told)
    box(made, "图 2 生存曲线", 1, 5.6)
    loaded = read(deck)
    figures = [b for b in loaded.blocks if b.kind == "figure"]
    assert [b.text for b in figures] == ["受试者流程图：筛选120例", "图 2 生存曲线"]
    assert figures[0].flags == ("graphic:ppt/media/image1.png",)
    assert any(warning.startswith("1 pictures") for warning in loaded.warnings)


def test_notes_hidden_slides_and_furniture() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_AND_BODY, "安全性")
    made.placeholders[1].text = "见第七章"
    made.notes_slide.notes_text_frame.text = "提醒研究者24小时内报告"
    number = box(made, "", 8, 7).text_frame.paragraphs[0]._p
    etree.SubElement(
        etree.SubElement(number, f"{{{A}}}fld", type="slidenum"), f"{{{A}}}t"
    ).text = "1"
    hidden = slide(deck, TITLE_ONLY, "备用")
    hidden._element.set("show", "0")
    loaded = read(deck)
    assert texts(loaded) == [
        ("heading", "安全性"), ("list_item", "见第七章"), ("footnote", "提醒研究者24小时内报告"),
        ("heading", "备用"),
    ]  # fmt: skip
    assert loaded.blocks[2].locator.section == "notes"
    assert loaded.blocks[2].locator.page == 1
    assert loaded.blocks[3].flags == ("hidden_slide",)
    assert any("hidden slides" in w and w.endswith("2") for w in loaded.warnings)


def test_what_no_reader_sees_is_withheld() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "题")
    box(made, "页外文字", 30, 1)
    box(made, "隐藏的形状", 1, 2)._element.nvSpPr.cNvPr.set("hidden", "1")
    box(made, "看不清的字", 1, 3).text_frame.paragraphs[0].runs[0].font.size = Pt(1)
    box(made, "看得见", 1, 4)
    loaded = read(deck)
    assert texts(loaded) == [("heading", "题"), ("paragraph", "看得见")]
    assert {(w.reason, w.text) for w in loaded.withheld} == {
        ("outside the slide", "页外文字"), ("hidden shape", "隐藏的形状"),
        ("text too small to read", "看不清的字"),
    }  # fmt: skip
    assert any("3 passages" in warning for warning in loaded.warnings)


def test_slides_without_a_title() -> None:
    deck = Presentation()
    slide(deck, TITLE_ONLY, "前页")
    guessed = slide(deck)
    box(guessed, "大字标题", 1, 0.5).text_frame.paragraphs[0].runs[0].font.size = Pt(32)
    box(guessed, "正文。", 1, 3)
    box(slide(deck), "没有标题的正文。", 1, 1)
    blocks = read(deck).blocks
    assert [(b.kind, b.text) for b in blocks[1:]] == [
        ("heading", "大字标题"), ("paragraph", "正文。"), ("heading", "幻灯片 3"),
        ("paragraph", "没有标题的正文。"),
    ]  # fmt: skip
    assert blocks[3].flags == ("untitled_slide",)


def test_formulas_and_alternatives() -> None:
    deck = Presentation()
    shape = box(slide(deck, TITLE_ONLY, "题"), "样本量", 1, 2)
    spaces = (
        f'xmlns:a="{A}" xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )
    formula = etree.fromstring(
        f"<a14:m {spaces}><m:oMath><m:r><m:t>𝑛=</m:t></m:r><m:f><m:num><m:r><m:t>a</m:t></m:r>"
        "</m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></a14:m>"
    )
    shape.text_frame.paragraphs[0]._p.append(formula)
    # Programs wrap such boxes into alternatives, of which one is for old readers.
    tree, mc = (
        shape._element.getparent(),
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
    )
    wrapped = etree.SubElement(tree, f"{{{mc}}}AlternateContent")
    etree.SubElement(wrapped, f"{{{mc}}}Choice", Requires="a14").append(shape._element)
    etree.SubElement(wrapped, f"{{{mc}}}Fallback").append(
        etree.fromstring(etree.tostring(shape._element))
    )
    assert texts(read(deck))[1:] == [("paragraph", "样本量n=a/b")]


def diagram(deck: Any) -> bytes:
    """A presentation whose second shape is a diagram, written into the package by hand."""
    dgm = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    made = slide(deck, TITLE_ONLY, "流程")
    frame = etree.fromstring(
        '<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'xmlns:a="{A}" xmlns:r="{REL}" xmlns:dgm="{dgm}"><p:nvGraphicFramePr><p:cNvPr id="9" '
        'name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" '
        f'y="2000000"/><a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData uri="{dgm}">'
        '<dgm:relIds r:dm="rId77"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    made.shapes._spTree.append(frame)
    points = "".join(
        f'<dgm:pt modelId="{key}" type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p>'
        "</dgm:t></dgm:pt>"
        for key, kind, text in (("0", "doc", ""), ("1", "node", "随机"), ("2", "node", "筛选"),
                                ("3", "node", "签署知情同意"), ("4", "pres", "不显示"))
    )  # fmt: skip
    links = "".join(
        f'<dgm:cxn modelId="c{to}" srcId="{source}" destId="{to}" srcOrd="{order}"/>'
        for source, to, order in (("0", "2", 0), ("0", "1", 1), ("2", "3", 0))
    )
    model = (
        f'<dgm:dataModel xmlns:dgm="{dgm}" xmlns:a="{A}"><dgm:ptLst>{points}</dgm:ptLst>'
        f"<dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    )
    return related(deck, "diagramData", "diagrams__data1", model)


def related(deck: Any, kind: str, part: str, xml: str) -> bytes:
    """Bytes of a presentation with a part more, related to its first slide as ``rId77``."""
    relation = (
        f'<Relationship Id="rId77" Type="{REL}/{kind}" '
        f'Target="../{part.replace("__", "/")}.xml"/></Relationships>'
    )
    data = bytes_of(deck, **{f"ppt__{part}": xml.encode()})
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            written = old.read(name)
            if name == "ppt/slides/_rels/slide1.xml.rels":
                written = written.replace(b"</Relationships>", relation.encode())
            new.writestr(name, written)
    return changed.getvalue()


def test_comments_are_counted() -> None:
    deck = Presentation()
    slide(deck, TITLE_ONLY, "题")
    spaces = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    xml = f"<p:cmLst {spaces}><p:cm><p:text>剂量对吗？</p:text></p:cm><p:cm/></p:cmLst>"
    loaded = load(Source("a.pptx", related(deck, "comments", "comments__comment1", xml)))
    assert texts(loaded) == [("heading", "题")]
    assert any("2 comments" in warning for warning in loaded.warnings)


def test_diagrams_are_lists_in_the_order_of_their_outline() -> None:
    loaded = load(Source("a.pptx", diagram(Presentation())))
    assert texts(loaded)[1:] == [
        ("list_item", "筛选"), ("list_item", "签署知情同意"), ("list_item", "随机"),
    ]  # fmt: skip


def test_a_damaged_slide_costs_only_itself() -> None:
    deck = Presentation()
    for title in ("甲", "乙", "丙"):
        slide(deck, TITLE_ONLY, title)
    loaded = read(deck, ppt__slides__slide2=b"<broken")
    assert [(b.text, b.locator.page) for b in loaded.blocks] == [("甲", 1), ("丙", 3)]
    assert any("slide2.xml is damaged" in warning for warning in loaded.warnings)


def test_slides_of_pictures_are_named() -> None:
    deck = Presentation()
    slide(deck, TITLE_ONLY, "题")
    slide(deck).shapes.add_picture(io.BytesIO(PIXEL), 0, 0, Inches(5))
    assert any("only pictures: 2" in warning for warning in read(deck).warnings)


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(BadInput, match="no text"):
        read(Presentation())
    with pytest.raises(BadInput, match="damaged"):
        load(Source("a.pptx", b"PK\x03\x04 no archive"))
    with pytest.raises(BadInput, match="main part"):
        read(Presentation(), ppt__presentation=b"<broken")
    deck = Presentation()
    slide(deck, TITLE_ONLY, "甲")
    slide(deck, TITLE_ONLY, "乙")
    with pytest.raises(BadInput, match="2 slides"):
        load(Source("a.pptx", bytes_of(deck), max_pages=1))


@pytest.mark.shared
def test_a_real_presentation(shared: Path) -> None:
    files = sorted((shared / "documents" / "scans").glob("*.pptx"))
    assert files
    for path in files:
        loaded = load(Source(path.name, path.read_bytes()))
        assert loaded.pages == 6
        assert {b.locator.page for b in loaded.blocks} == set(range(1, 7))
        assert sum(1 for b in loaded.blocks if "chart" in b.flags) == 1


def styled(shape: Any, *runs: tuple[str, str, str]) -> None:
    """Fill a text box with runs: text, attributes of its properties, and what stands in them."""
    xml = "".join(
        f'<a:r xmlns:a="{A}"><a:rPr {given}>{inner}</a:rPr><a:t>{text}</a:t></a:r>'
        for text, given, inner in runs
    )
    paragraph = shape.text_frame.paragraphs[0]._p
    for run in etree.fromstring(f'<x xmlns:a="{A}">{xml}</x>'):
        paragraph.append(run)


SYMBOL, WESTERN = '<a:sym typeface="Symbol"/>', '<a:latin typeface="Symbol"/>'
ARROWS = '<a:sym typeface="Wingdings"/>'


def test_runs_keep_their_meaning() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "安全性")
    styled(
        box(made, "", 1, 2),
        ("年龄", "", ""), ("\uf0b3", "", SYMBOL), ("18；5 ", "", ""), ("m", "", WESTERN),
        ("g；14.2", "", SYMBOL), ("1,2", 'baseline="30000"', ""), ("；10", "", ""),
        ("9", 'baseline="30%"', ""), ("/L；", "", ""), ("à", "", ARROWS),
        ("18", 'strike="sngStrike"', ""), ("20；", 'strike="noStrike"', ""), ("\uf001", "", ""),
        ("\uf0ff", "", SYMBOL),
    )  # fmt: skip
    loaded = read(deck)
    assert texts(loaded)[1] == ("paragraph", "年龄≥18；5 μg；14.2[1,2]；10⁹/L；→20；\uf001\ufffd")
    assert "1 struck-out passages were left out" in loaded.warnings
    assert any("1 characters of symbol fonts" in warning for warning in loaded.warnings)


def test_runs_in_titles_tables_and_notes_are_counted_too() -> None:
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "题")
    gone = ("旧", 'strike="dblStrike"', "")
    styled(made.shapes.title, gone)
    table = made.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for cell, text in zip(table.iter_cells(), ["项", "值", "甲", "5"], strict=True):
        cell.text = text
        styled(cell, gone)
    made.notes_slide.notes_text_frame.text = "注"
    styled(made.notes_slide.notes_placeholder, gone)
    loaded = read(deck)
    assert [text for _, text in texts(loaded)] == ["题", "项 | 值\n甲 | 5", "注"]
    assert "6 struck-out passages were left out" in loaded.warnings
