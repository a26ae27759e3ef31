"""Pieces of HTML that structured formats carry inside their fields."""

from __future__ import annotations

import re
from html import escape, unescape
from html.entities import html5
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from ingest.model import Block, Locator
from ingest.structure.htmltags import TAG, stray_escaped
from ingest.structure.htmltree import Read, blocks_of
from ingest.structure.jsontree import walk
from ingest.structure.shiftmarks import without_marks

_ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
_ALPHA = re.compile(r"<ol\b[^<>]*list-style-type:\s*lower-alpha[^<>]*>", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# What may leave something out: a mark of deletion, or a style that hides.
_TELLING = re.compile(r"<(?:del|s|strike)\b|\sstyle\s*=|\shidden\b", re.I)


def is_html(text: str) -> bool:
    """Tell whether a field holds markup rather than plain text."""
    if "<" in text and TAG.search(text):
        return True
    return "&" in text and any(
        name[0] == "#" or f"{name};" in html5 for name in _ENTITY.findall(text)
    )


def as_html(text: str) -> str:
    """Markup as it is, plain text escaped."""
    return text if is_html(text) else escape(text, quote=False)


def read_fragment(text: str, locator: Locator) -> Read:
    """Read an HTML fragment whose line breaks are layout; everything stands at ``locator``."""
    if "<pre" not in text.lower():
        text = re.sub(r"\s+", " ", text)  # lines of the source are no lines of the text
    return read_markup(_ALPHA.sub('<ol type="a">', text), locator)


def read_markup(text: str, locator: Locator) -> Read:
    """Read an HTML fragment; everything stands at ``locator``.

    What only looks like a tag (``<LLN or creatinine >``) is text. A fragment that cannot be
    parsed or is nested too deeply becomes its text without tags.
    """
    clean = _CONTROL.sub("", without_marks(text))
    if not clean.strip():
        return Read()
    clean = stray_escaped(clean)
    try:
        return blocks_of(parsed(clean), lambda _: locator)
    except (etree.ParserError, etree.XMLSyntaxError, RecursionError):
        bare = unescape(" ".join(TAG.sub(" ", clean).split()))
        return Read([Block("paragraph", bare, locator)] if bare else [])


def parsed(markup: str) -> HtmlElement:
    """A page with the markup as its body.

    Raises:
        lxml.etree.LxmlError: It cannot be parsed.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    return lxml_html.document_fromstring(
        f"<html><body>{markup}</body></html>".encode(), parser=parser
    )


def left_out(tree: Any, path: str) -> Read:
    """What the markup in the fields below ``tree`` crosses out or hides, without any blocks."""
    whole = Read()
    for place, item in walk(tree, path):
        for key, value in item.items():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and _TELLING.search(text) and is_html(text):
                    found = read_fragment(text, Locator(path=f"{place}.{key}"))
                    whole.add(Read(struck=found.struck, withheld=found.withheld))
    return whole


def plain_text(text: str) -> str:
    """The text of a field; paragraphs, items and rows of markup end lines."""
    if not is_html(text):
        return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    return "\n".join(block.text for block in read_fragment(text, Locator()).blocks)
