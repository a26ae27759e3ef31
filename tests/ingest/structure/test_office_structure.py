"""The parts that the loaders of office files share."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.structure.charts import chart_table, chart_title
from ingest.structure.ooxml import Parts, parse_xml
from ingest.structure.pictures import useful_description
from ingest.structure.rtfcodec import Decoder, Font
from ingest.structure.rtftokens import tokens
from ingest.structure.shapeorder import reading_order
from ingest.structure.smartart import diagram_lines
from ingest.structure.symbolfonts import letters_in, symbol_text

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"

boxes = st.lists(
    st.tuples(*[st.integers(0, 50)] * 4).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])),
    max_size=25,
)


@given(boxes)
def test_reading_order_names_every_box_once(drawn: list[tuple[float, float, float, float]]) -> None:
    assert sorted(reading_order(drawn)) == list(range(len(drawn)))


@given(boxes, st.randoms(use_true_random=False))
def test_reading_order_does_not_depend_on_the_order_in_the_file(
    drawn: list[tuple[float, float, float, float]], chance: object
) -> None:
    distinct = list(dict.fromkeys(drawn))
    shuffled = list(distinct)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    first = [distinct[i][:2] for i in reading_order(distinct)]
    second = [shuffled[i][:2] for i in reading_order(shuffled)]
    assert first == second


def test_rows_come_before_columns() -> None:
    grid = [(x, y, x + 8, y + 8) for y in (0, 10) for x in (20, 0, 10)]
    order = [grid[i][:2] for i in reading_order(grid)]
    assert order == [(0, 0), (10, 0), (20, 0), (0, 10), (10, 10), (20, 10)]


def test_many_boxes_do_not_exhaust_the_stack() -> None:
    spiral = [(float(i), float(i), 5000.0 - i, 5000.0 - i) for i in range(2000)]
    assert len(reading_order(spiral)) == 2000


def series(name: str, categories: str, values: str) -> str:
    return (
        f"<c:ser><c:tx><c:v>{name}</c:v></c:tx><c:cat>{categories}</c:cat>"
        f"<c:val><c:numRef><c:numCache>{values}</c:numCache></c:numRef></c:val></c:ser>"
    )


def points(*values: object) -> str:
    return "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )


def chart(*parts: str, title: str = "") -> etree._Element:
    return etree.fromstring(
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart>{title}<c:plotArea><c:barChart>'
        f"{''.join(parts)}</c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def test_categories_of_several_levels_are_joined() -> None:
    levels = (
        f"<c:multiLvlStrRef><c:multiLvlStrCache><c:lvl>{points('男', '女', '男', '女')}</c:lvl>"
        f"<c:lvl>{points('试验组', None, '对照组')}</c:lvl></c:multiLvlStrCache></c:multiLvlStrRef>"
    )
    table = chart_table(chart(series("例数", levels, points(1, 2, 3, 4))), "表题")
    assert table is not None
    assert table.caption == "表题"
    assert [row[0] for row in table.rows[1:]] == [
        "试验组 / 男", "试验组 / 女", "对照组 / 男", "对照组 / 女",
    ]  # fmt: skip


def test_gaps_in_a_series_stay_gaps() -> None:
    names = f"<c:strRef><c:strCache>{points('甲', '乙')}</c:strCache></c:strRef>"
    table = chart_table(
        chart(series("a", names, points(1.5, None)), series("b", names, points(None, 2)))
    )
    assert table is not None
    assert table.rows == (("", "a", "b"), ("甲", "1.5", ""), ("乙", "", "2"))


def test_labels_that_look_like_numbers_stay_as_written() -> None:
    names = f"<c:strRef><c:strCache>{points('007', '1.50')}</c:strCache></c:strRef>"
    table = chart_table(chart(series("a", names, points(1, 2))))
    assert table is not None
    assert [row[0] for row in table.rows[1:]] == ["007", "1.50"]


def test_chart_without_values_and_title_of_a_cell() -> None:
    title = (
        "<c:title><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>随访 时间</c:v></c:pt>"
        "</c:strCache></c:strRef></c:tx></c:title>"
    )
    assert chart_table(chart(title=title)) is None
    assert chart_title(chart(title=title)) == "随访 时间"


def test_diagram_links_in_a_circle_end() -> None:
    root = etree.fromstring(
        f'<dgm:dataModel xmlns:dgm="{DGM}" xmlns:a="{A}"><dgm:ptLst>'
        + "".join(
            f'<dgm:pt modelId="{key}"><dgm:t><a:p><a:r><a:t>{key}</a:t></a:r></a:p></dgm:t>'
            "</dgm:pt>"
            for key in "甲乙丙"
        )
        + '</dgm:ptLst><dgm:cxnLst><dgm:cxn srcId="甲" destId="乙"/>'
        '<dgm:cxn srcId="乙" destId="甲"/>'
        "</dgm:cxnLst></dgm:dataModel>"
    )
    assert sorted(text for _, text in diagram_lines(root)) == sorted("甲乙丙")


@pytest.mark.parametrize(
    "made_up",
    ["图片 4", "Picture 12", "image3.png", "20250807-172441", "C:\\Users\\a\\b.png",
     "https://example.org/a", "微信图片_20240101", "图示 描述已自动生成", "1",
     "A chart\n\nDescription automatically generated"],
)  # fmt: skip
def test_names_that_programs_make_up_say_nothing(made_up: str) -> None:
    assert useful_description(made_up) == ""


def test_words_of_an_author_are_kept() -> None:
    assert useful_description("图2 受试者\n流程图") == "图2 受试者 流程图"


def test_symbol_letters() -> None:
    assert symbol_text(b"m\xb1\xa3\xb3", "Symbol") == ("μ±≤≥", 0)
    assert symbol_text(b"\xfe\x01", "Wingdings") == ("☑□", 1)


def test_relations_are_resolved_inside_the_package() -> None:
    buffer = io.BytesIO()
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "ppt/slides/_rels/s.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{relation}/image" Target="../media/i%20j.png"/>'
            f'<Relationship Id="b" Type="{relation}/image" Target="/ppt/media/k.png"/>'
            f'<Relationship Id="c" Type="{relation}/image" Target="http://x/y" '
            'TargetMode="External"/>'
            "</Relationships>",
        )
    parts = Parts(zipfile.ZipFile(buffer))
    assert {key: value.part for key, value in parts.relations("ppt/slides/s.xml").items()} == {
        "a": "ppt/media/i j.png", "b": "ppt/media/k.png", "c": "",
    }  # fmt: skip
    assert parts.xml("none.xml") is None
    assert parts.warnings == []


def test_strict_names_are_those_of_the_usual_files() -> None:
    root = parse_xml(b'<p:sld xmlns:p="http://purl.oclc.org/ooxml/presentationml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/presentationml/2006/main}sld"


def test_external_entities_are_not_read() -> None:
    root = parse_xml(b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>a&e;b</d>')
    assert "root" not in "".join(root.itertext())


def test_binary_data_of_rtf_is_passed_over() -> None:
    found = [t for t in tokens(rb"{\rtf1 a\bin5 }{\\}b}") if t.kind == "text"]
    assert [t.data for t in found] == [b"a", b"b"]


@pytest.mark.parametrize(
    ("charset", "text"),
    [(134, "剂量"), (136, "劑量"), (128, "用量です"), (129, "용량"), (204, "Доза"), (161, "Δόση"),
     (238, "dávkování")],
)  # fmt: skip
def test_bytes_are_read_in_the_encoding_of_their_font(charset: int, text: str) -> None:
    encodings = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 204: "cp1251",
                 161: "cp1253", 238: "cp1250"}  # fmt: skip
    assert Decoder().decode(text.encode(encodings[charset]), Font("f", charset)) == text


RUNS = (
    '<a:p><a:r><a:t>ANC (10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>9</a:t></a:r><a:r>'
    '<a:t>/L)</a:t></a:r></a:p><a:p><a:r><a:rPr strike="sngStrike"/><a:t>旧</a:t></a:r><a:r>'
    "<a:t>第1</a:t></a:r><a:br/><a:r><a:t>2周</a:t></a:r></a:p>"
)


def test_titles_of_charts_keep_powers_and_lines_apart() -> None:
    title = f"<c:title><c:tx><c:rich>{RUNS}</c:rich></c:tx></c:title>"
    assert chart_title(chart(title=title)) == "ANC (10⁹/L) 第1 2周"


def test_diagrams_keep_powers_and_lines_apart() -> None:
    root = etree.fromstring(
        f'<dgm:dataModel xmlns:dgm="{DGM}" xmlns:a="{A}"><dgm:ptLst><dgm:pt modelId="1"><dgm:t>'
        f"{RUNS}</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    assert diagram_lines(root) == [(0, "ANC (10⁹/L) 第1 2周")]


@pytest.mark.parametrize(
    ("text", "font", "shown"),
    [
        ("5 m", "Symbol", "5 μ"), ("³18", "symbol", "≥18"), ("m", "Arial", "m"),
        ("\uf0b318", "", "≥18"), ("o", "Wingdings", "□"), ("o one", "Wingdings", "o one"),
    ],
)  # fmt: skip
def test_letters_of_a_symbol_font_are_signs(text: str, font: str, shown: str) -> None:
    assert letters_in(text, font) == (shown, 0)
