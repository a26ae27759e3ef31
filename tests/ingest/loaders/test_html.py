from __future__ import annotations

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
