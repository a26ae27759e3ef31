from __future__ import annotations

import time

import pytest

from ingest.structure.htmltags import is_tag, stray_escaped, stray_words_escaped


@pytest.mark.parametrize(
    "tag",
    [
        "<p>", "</p>", "<br/>", "<br />", "<P >", "<td nowrap>", "<td colspan=2 style='a:b'>",
        "<img alt='>5'>", "<img alt='AST <3'>", '<p class="x"id="y">', '<div class="x" foo>',
        "<a href=x?a=b>", "<span data-reactid>", "<usdm:tag name='x'/>", "<o:p>", "<mfrac>",
        '<img src="data:' + "A" * 9_000 + '">',
    ],
)  # fmt: skip
def test_tags(tag: str) -> None:
    assert is_tag(tag)
    assert stray_escaped(f"a {tag} b") == f"a {tag} b"


@pytest.mark.parametrize(
    "text",
    ["<LLN or creatinine >", "<a and ALT >", "<s and t >", "<anti-HBs>", "</LLN>", "<100 and >",
     "<HIGH1</td>", "<"],
)  # fmt: skip
def test_words(text: str) -> None:
    assert not is_tag(text)
    assert stray_escaped(f"x {text}") == "x &lt;" + text[1:]


def test_comments_and_declarations() -> None:
    kept = "<!DOCTYPE html><!-- <LLN --><p>a</p>"
    assert stray_escaped(kept) == kept
    assert stray_escaped("a <!-- b <LLN") == "a &lt;!-- b &lt;LLN"


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("<p>x <LLN or creatinine >ULN</p>", 1),
        ("<td>a <HIGH1j</td>", 1),
        ("<p>q<r</p>", 1),
        ("<foo>a</foo><x-y><o:p><nextid n=5>", 0),
        ("<script>if(a<b){}</script><!-- <LLN --><style>a<b</style>", 0),
    ],
)
def test_words_of_a_page(page: str, count: int) -> None:
    assert stray_words_escaped(page)[1] == count


@pytest.mark.parametrize(
    "unit", ["<p ", "<p a='", '<p a=" " b=" ', "<!--", "<![CDATA[", "<lln ", "<script", "<a b= "]
)
def test_openings_without_end_take_no_time(unit: str) -> None:
    start = time.perf_counter()
    stray_escaped(unit * 20_000)
    stray_words_escaped(unit * 20_000)
    assert time.perf_counter() - start < 10
