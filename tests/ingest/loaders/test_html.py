from __future__ import annotations

import time

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.html import load

PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}">
<meta name="PubDate" content="2023-5-9 10:00"><title>试验公告_国家药监局</title></head>
<body>{body}</body></html>"""


def read(body: str, charset: str = "utf-8", encoding: str | None = None) -> Loaded:
    page = PAGE.format(charset=charset, body=body)
    return load(Source("a.html", page.encode(encoding or charset)))


def kinds(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(body).blocks]


def test_furniture_and_hidden_parts_are_dropped() -> None:
    body = (
        "<nav>首页</nav><header role=banner>站名</header><script>x</script><style>p{}</style>"
        "<p>正文<span hidden>藏</span><span style='display: none'>藏</span>"
        "<span aria-hidden=true>藏</span></p><aside>广告</aside><footer>版权</footer>"
    )
    assert kinds(body) == [("paragraph", "正文")]


def test_main_is_the_content_when_it_holds_most_text() -> None:
    text = "正文很长。" * 20
    assert kinds(f"<div>侧栏</div><main><p>{text}</p></main>") == [("paragraph", text)]
    assert kinds(f"<div>{text}</div><main>短</main>") == [("paragraph", text), ("paragraph", "短")]


def test_structure() -> None:
    body = (
        "<h1>公告</h1><p>第一条　为了<b>加强</b>管理<br>换行</p>裸文本"
        "<ol start=3><li>甲<ul><li>子项</li></ul></li><li><p>乙</p></li></ol>"
        "<h2>定义</h2><dl><dt>术语</dt><dd>解释</dd></dl><pre>a\n  b</pre>"
    )
    blocks = read(body).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("heading", "公告"), ("paragraph", "第一条 为了加强管理\n换行"), ("paragraph", "裸文本"),
        ("list_item", "3. 甲"), ("list_item", "子项"), ("list_item", "4. 乙"), ("heading", "定义"),
        ("list_item", "术语"), ("list_item", "解释"), ("code", "a\n  b"),
    ]  # fmt: skip
    assert [b.level for b in blocks if b.kind == "heading"] == [1, 2]
    assert blocks[5].locator.section == "公告"
    assert blocks[0].locator.path == "/html/body/h1"


def test_table_spans_header_and_caption() -> None:
    table = (
        read(
            "<table><caption>表1 访视</caption><thead><tr><th rowspan=2>项目<th colspan=2>访视</tr>"
            "<tr><th>V1<th>V2</tr></thead><tr><td>血<table><tr><td>嵌<td>套</table><td>x<td>y</table>"
        )
        .blocks[0]
        .table
    )
    assert table is not None
    assert table.caption == "表1 访视"
    assert table.header_rows == 2
    assert table.rows == (("项目", "访视", "访视"), ("项目", "V1", "V2"), ("血 嵌 套", "x", "y"))


def test_caption_paragraph_and_layout_table() -> None:
    blocks = read(
        "<p>表2 结果</p><table><tr><td>a<td>b<tr><td>1<td>2</table>"
        "<table><tr><td><p>版式</p></table>"
    ).blocks
    assert [b.kind for b in blocks] == ["table", "paragraph"]
    assert blocks[0].table is not None and blocks[0].table.caption == "表2 结果"


@pytest.mark.parametrize("span", ["x", "-3", "99999", ""])
def test_nonsense_spans_do_no_harm(span: str) -> None:
    table = read(f"<table><tr><td colspan='{span}'>a<td>b<tr><td>1<td>2</table>").blocks[0].table
    assert table is not None and table.rows[0][0] == "a"


def test_figures() -> None:
    loaded = read(
        "<figure><img src=x><figcaption>图1 流程</figcaption></figure><img alt=示意><img>"
    )
    assert [(b.kind, b.text) for b in loaded.blocks] == [("figure", "图1 流程"), ("figure", "示意")]
    assert any(warning.startswith("1 images") for warning in loaded.warnings)


def test_title_language_and_date() -> None:
    loaded = read("<p>正文</p>")
    assert loaded.title == "试验公告"
    assert loaded.metadata == {"language": "zh", "issued": "2023-05-09"}


@pytest.mark.parametrize(
    ("charset", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("gbk", "gb18030")]
)
def test_charset_of_the_page(charset: str, encoding: str) -> None:
    loaded = read("<p>镕基药物临床试验</p>", charset, encoding)
    assert loaded.blocks[0].text == "镕基药物临床试验"
    assert not loaded.warnings


def test_wrong_charset_is_found_out() -> None:
    loaded = read(
        "<p>为了加强药品管理，保证药品质量，保障公众用药安全，制定本法。</p>", "utf-8", "gb18030"
    )
    assert loaded.blocks[0].text.startswith("为了加强药品管理")
    assert "utf-8" in loaded.warnings[0]


@pytest.mark.parametrize("depth", [300, 3000])
def test_deep_nesting_is_read_or_refused_but_never_lost(depth: int) -> None:
    body = "<div>" * depth + "深" + "</div>" * depth
    if depth < 400:
        assert kinds(body) == [("paragraph", "深")]
    else:
        with pytest.raises(BadInput, match="nested too deeply"):
            read(body)


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<html><body><script>x()</script>"])
def test_page_without_text(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.html", data))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("1.5 &times; 10<sup>9</sup>/L", "1.5 × 10⁹/L"),
        ("<b>10</b><i><sup>-3</sup></i> mol", "10⁻³ mol"),
        ("14.2<sup>1</sup> months", "14.2¹ months"),
        ("14.2<sup>1,2</sup> months", "14.2[1,2] months"),
        ("14.2<sup>1</sup><sup>,</sup><sup>2</sup>", "14.2[1,2]"),
        ("10<sup>-3.5</sup>", "10^(-3.5)"),
        ("x<sup>y<sup>2</sup></sup>", "x^(y²)"),
        ("2<sup>nd</sup> visit, CD45<sup>lo</sup>", "2nd visit, CD45ˡᵒ"),
        ("0.60<sup><a href='#n1'>1</a></sup>", "0.60[1]"),
        ("0.60<a href='p.html#n1'><sup>1</sup></a>", "0.60[1]"),
        ("0.60<sup><a href='/x'>1</a></sup>", "0.60¹"),
        ("10<span style='vertical-align: super'>9</span>/L", "10⁹/L"),
        ("CO<sub>2</sub>, 12.5<sub>2</sub>, log<sub>10</sub>1000", "CO2, 12.5₂, log₁₀1000"),
        ("Age <del>18</del><ins>20</ins> years", "Age 20 years"),
        ("<s>50 mg</s> <strike>40 mg</strike> 25 mg", "25 mg"),
        ("<span style='text-decoration: line-through'>9</span> 8", "8"),
        ("<math><mn>1</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1 1/2"),
        ("<math><msup><mn>10</mn><mn>9</mn></msup></math>/L", "10⁹/L"),
        ("<mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>9</mml:mn></mml:msup></mml:math>", "10⁹"),
        ("Hb <LLN or creatinine >ULN", "Hb <LLN or creatinine >ULN"),
        ("<x-note>a</x-note><o:p>b</o:p><mark2>c</mark2>", "abc"),
    ],
)
def test_what_is_raised_or_struck_never_makes_another_number(html: str, text: str) -> None:
    assert kinds(f"<p>{html}</p>") == [("paragraph", text)]


def test_raised_numbers_in_tables_and_headings() -> None:
    blocks = kinds(
        "<h2>ANC 10<sup>9</sup>/L</h2>"
        "<table><tr><td>A<td>HR</tr><tr><td>1<td>0.60<sup>1</sup></tr></table>"
    )
    assert blocks == [("heading", "ANC 10⁹/L"), ("table", "A | HR\n1 | 0.60¹")]


def test_a_raised_number_in_the_first_row_is_no_header() -> None:
    table = read("<table><tr><td><sup>1</sup><td>Fasting<tr><td>2<td>Sober</table>").blocks[0].table
    assert table is not None and table.header_rows == 0


def test_struck_out_text_is_counted_and_parts_what_it_stands_between() -> None:
    loaded = read(
        "<p>5 mg</p>6 mg<p style='text-decoration:line-through'>7 mg</p>8 mg<del><p>9 mg</p></del>"
    )
    assert [block.text for block in loaded.blocks] == ["5 mg", "6 mg", "8 mg"]
    assert loaded.warnings == ["2 struck-out passages were left out: “7 mg”; “9 mg”"]


def test_a_strike_that_nobody_closed_costs_no_other_cell() -> None:
    body = "<table><tr><th>a<th>b</tr><tr><td>1<td><s>2<td>3</tr></table><s>4<p>5</p>"
    assert kinds(body) == [("table", "a | b\n1 | 3"), ("paragraph", "5")]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p style='display:none'>X", "hidden text"),
        ("<p hidden>X", "hidden text"),
        ("<p style='font-size:0'>X", "text too small to read"),
        ("<p style='font-size: 1px'>X", "text too small to read"),
        ("<p style='color:#fff'>X", "white text"),
        ("<p><font color=white>X</font>", "white text"),
        ("<p style='opacity:0'>X", "transparent text"),
        ("<p style='color: transparent'>X", "transparent text"),
        ("<p style='position:absolute;left:-9999px'>X", "outside the page"),
        ("<p style='position:absolute;clip:rect(0,0,0,0)'>X", "outside the page"),
        ("<style>.c1{display:none}</style><p class=c1>X", "hidden text"),
    ],
)
def test_text_that_no_reader_sees_is_withheld(html: str, reason: str) -> None:
    loaded = read(f"<p>Seen.</p>{html}")
    assert [block.text for block in loaded.blocks] == ["Seen."]
    assert [(item.reason, item.text) for item in loaded.withheld] == [(reason, "X")]
    assert loaded.withheld[0].locator.path
    assert loaded.warnings == ["1 passages that no reader sees were kept out"]


@pytest.mark.parametrize(
    "html",
    [
        "<p style='opacity:0.5; font-size:0.9em'>X",
        "<div style='background:#036'><p style='color:white'>X</div>",
        "<table bgcolor=navy><tr><td style='color:#fff'>X</table>",
        "<link rel=stylesheet href=a.css><p style='color:white'>X",
        "<style>td{background:navy}</style><p style='color:white'>X",
        "<div style='font-size:0'><p style='font-size:12px'>X</div>",
        "<style>.t{display:none}.t.on{display:block}</style><p class='t on'>X",
        "<style>@media print{.t{display:none}}</style><p class=t>X",
        "<p style='margin-left:-100%'>X",
        "<p style='left:-9999px'>X",
        "<span style='display:none'><math><mi>X</mi></math></span><img aria-hidden=true alt=x>",
    ],
)
def test_in_doubt_text_is_read(html: str) -> None:
    loaded = read(html)
    assert [block.text for block in loaded.blocks] == ["X"]
    assert not loaded.withheld


def test_hidden_and_struck_rows_are_no_part_of_a_table() -> None:
    loaded = read(
        "<table><tr><th>Dose<th>Arm</tr><tr style='display:none'><td>999 mg<td>old</tr>"
        "<tbody hidden><tr><td>998 mg<td>older</tr></tbody>"
        "<tr style='text-decoration:line-through'><td>50 mg<td>A</tr>"
        "<tr><td>10 mg<td>A</tr></table>"
    )
    assert [block.text for block in loaded.blocks] == ["Dose | Arm\n10 mg | A"]
    assert [item.text for item in loaded.withheld] == ["999 mg old", "998 mg older"]
    assert "1 struck-out passages were left out: “50 mg A”" in loaded.warnings


def test_cells_may_span_more_rows_than_two_hundred() -> None:
    rows = "".join(f"<tr><td>P{number}<td>{number}</tr>" for number in range(2, 231))
    head = "<tr><th>Arm<th>Patient<th>Age</tr>"
    blocks = read(f"<table>{head}<tr><td rowspan=230>A<td>P1<td>1</tr>{rows}</table>").blocks
    assert blocks[-1].table is not None
    assert blocks[-1].table.rows[-1] == ("A", "P230", "230")


def test_a_span_ends_with_its_group_of_rows() -> None:
    table = (
        read(
            "<table><thead><tr><th rowspan=5>Arm<th>n</tr></thead>"
            "<tbody><tr><td>A<td>1</tr><tr><td>B<td>2</tr></tbody></table>"
        )
        .blocks[0]
        .table
    )
    assert table is not None and table.rows == (("Arm", "n"), ("A", "1"), ("B", "2"))


def test_spans_over_millions_of_places_are_refused() -> None:
    row = f"<tr>{'<td rowspan=9999 colspan=200>x' * 20}</tr>"
    with pytest.raises(BadInput, match="millions of places"):
        read(f"<table>{row * 500}</table>")


def test_items_are_numbered_as_a_browser_does() -> None:
    body = (
        "<ol start=2><li>a<li style='display:none'>b<li>c<li value=7>d<li>e</ol>"
        "<ol reversed><li>x<li>y</ol>"
    )
    assert [text for _, text in kinds(body)] == ["2. a", "3. c", "7. d", "8. e", "2. x", "1. y"]


def test_long_lists_take_no_time() -> None:
    start = time.perf_counter()
    assert len(read("<ol>" + "<li>x" * 8_000 + "</ol>").blocks) == 8_000
    assert time.perf_counter() - start < 10


def test_words_in_angle_brackets_are_text() -> None:
    loaded = read(
        "<table><tr><td>a <HIGH1</td><td>up</td></tr><tr><td>b</td><td>q<r</td></tr></table>"
    )
    assert [block.text for block in loaded.blocks] == ["a <HIGH1 | up\nb | q<r"]
    assert loaded.warnings == ["2 signs < that open no tag were read as text"]


def test_a_broken_byte_does_not_discredit_the_page() -> None:
    page = PAGE.format(charset="gb2312", body="<p>" + "受试者年龄不小于十八岁。" * 9 + "</p>")
    data = page.encode("gb18030")
    at = data.index("岁".encode("gb18030")) + 1
    loaded = load(Source("a.html", data[:at] + b"\xff" + data[at:]))
    assert loaded.blocks[0].text.endswith("受试者年龄不小于十八岁。")
    assert loaded.warnings == ["1 byte sequences are not valid gb18030 and were replaced by \ufffd"]
