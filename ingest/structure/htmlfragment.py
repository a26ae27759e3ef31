"""Pieces of HTML that structured formats carry inside their fields."""

from __future__ import annotations

import re
from html import escape

from lxml import etree
from lxml import html as lxml_html

from ingest.model import Block, Locator
from ingest.structure.htmltree import blocks_of

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_ALPHA = re.compile(r"<ol\b[^<>]*list-style-type:\s*lower-alpha[^<>]*>", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def is_html(text: str) -> bool:
    """Tell whether a field holds markup rather than plain text."""
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def as_html(text: str) -> str:
    """Markup as it is, plain text escaped."""
    return text if is_html(text) else escape(text, quote=False)


def fragment_blocks(text: str, locator: Locator) -> tuple[list[Block], int]:
    """Blocks of an HTML fragment, all at ``locator``, and the number of images without text.

    A fragment that cannot be parsed or is nested too deeply becomes its text without tags.
    """
    clean = _ALPHA.sub('<ol type="a">', _CONTROL.sub("", text))
    if not clean.strip():
        return [], 0
    if "<pre" not in clean.lower():
        clean = re.sub(r"\s+", " ", clean)  # lines of the source are no lines of the text
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(
            f"<html><body>{clean}</body></html>".encode(), parser=parser
        )
        return blocks_of(root, lambda _: locator)
    except (etree.ParserError, etree.XMLSyntaxError, RecursionError):
        bare = " ".join(_TAG.sub(" ", clean).split())
        return ([Block("paragraph", bare, locator)] if bare else []), 0


def plain_text(text: str) -> str:
    """The text of a field; paragraphs, items and rows of markup end lines."""
    if not is_html(text):
        return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    blocks, _ = fragment_blocks(text, Locator())
    return "\n".join(block.text for block in blocks)
