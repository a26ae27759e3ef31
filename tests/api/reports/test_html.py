from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from api.reports.html import Html, bullets, element, page, table

# What XML and HTML cannot hold never leaves the reader.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(texts)
def test_any_text_is_shown_as_it_is_and_never_as_markup(value: str) -> None:
    tree = html.fromstring(element("p", value, title=value))
    assert (tree.text_content(), tree.get("title"), len(tree)) == (value, value, 0)


def test_markup_is_not_escaped_twice() -> None:
    assert element("p", Html("<b>x</b>"), "<i>") == "<p><b>x</b>&lt;i&gt;</p>"


def test_a_table_has_its_head_and_rows() -> None:
    tree = html.fromstring(table(("a", "b"), [(1, "<2>")], "cap"))
    assert tree.xpath("//th/text()") == ["a", "b"]
    assert tree.xpath("//td/text()") == ["1", "<2>"]
    assert tree.xpath("//caption/text()") == ["cap"]


def test_no_items_are_no_list() -> None:
    assert bullets([]) == ""
    assert bullets(["a"]) == "<ul><li>a</li></ul>"


def test_a_page_stands_alone() -> None:
    text = page("标题 <x>", element("p", "hello"))
    assert text.startswith("<!doctype html>")
    assert "标题 &lt;x&gt;" in text
    assert "font-variant-numeric" in text
    assert "http" not in text
    assert "<script" not in text
