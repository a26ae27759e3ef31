"""Blocks out of an HTML element tree; used for HTML files and for HTML inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from ingest.model import Block, BlockKind, Locator
from ingest.structure.headings import ends_sentence
from ingest.structure.htmltable import read_table
from ingest.tables import split_rows, table_block
from ingest.text import squeeze

DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "head",
        "button",
        "select",
        "input",
        "textarea",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "dialog",
    ]
)
_BLOCK = frozenset(
    [
        "html",
        "body",
        "main",
        "article",
        "section",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "figcaption",
        "header",
        "form",
        "fieldset",
        "address",
        "center",
        "details",
        "summary",
        "hr",
        "caption",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "legend",
        "hgroup",
        "search",
        "menu",
    ]
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_HIDDEN_ROLES = frozenset({"navigation", "banner", "contentinfo", "search"})
_MAX_HEADING = 200
Locate = Callable[[HtmlElement], Locator]


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether a reader of the page does not see the element as part of its content."""
    if element.tag in DROPPED or not isinstance(element.tag, str):
        return True
    if element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    if element.get("role", "").lower() in _HIDDEN_ROLES:
        return True
    return _HIDDEN_STYLE.search(element.get("style", "")) is not None


def blocks_of(root: HtmlElement, locate: Locate) -> tuple[list[Block], int]:
    """Return the blocks below ``root`` in reading order and the number of images without text.

    ``locate`` says where an element stands in the source.
    """
    walker = _Walker(locate)
    walker.visit(root)
    walker.flush(root)
    return walker.blocks, walker.silent_images


class _Walker:
    """Collects inline text and turns it into a block wherever a block element begins or ends."""

    def __init__(self, locate: Locate) -> None:
        self.blocks: list[Block] = []
        self.silent_images = 0
        self._locate = locate
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._marker = ""

    def visit(self, element: HtmlElement) -> None:
        if is_hidden(element):
            return
        tag = str(element.tag)
        if tag == "br":
            self._inline.append("\n")
            return
        if tag == "img":
            self._image(element)
            return
        if tag not in _BLOCK:
            self._children(element)
            return
        self.flush(element)
        if tag == "table":
            self._table(element)
        elif tag == "pre":
            self._code(element)
        elif tag == "figure":
            self._figure(element)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._heading(element, int(tag[1]))
        elif tag in {"li", "dt", "dd"}:
            self._item(element)
        else:
            self._children(element)
        self.flush(element)

    def flush(self, element: HtmlElement) -> None:
        """End the block under way."""
        text = inline_text("".join(self._inline))
        self._inline = []
        if text:
            self._append(self._kind, self._marker + text, element)
            self._marker = ""

    def _append(self, kind: BlockKind, text: str, element: HtmlElement) -> None:
        self.blocks.append(Block(kind, text, self._locate(element)))

    def _children(self, element: HtmlElement) -> None:
        self._inline.append(element.text or "")
        for child in element:
            self.visit(child)
            self._inline.append(child.tail or "")

    def _heading(self, element: HtmlElement, level: int) -> None:
        text = inline_text(visible_text(element)).replace("\n", " ")
        if not text:
            return
        # Pages use heading tags to make whole paragraphs large.
        if len(text) > _MAX_HEADING or (len(text) > 60 and ends_sentence(text)):
            self._append("paragraph", text, element)
        else:
            self.blocks.append(Block("heading", text, self._locate(element), level=level))

    def _item(self, element: HtmlElement) -> None:
        outer = self._kind, self._marker
        self._kind = "list_item"
        self._marker = _marker(element) if element.tag == "li" else ""
        self._children(element)
        self.flush(element)
        self._kind, self._marker = outer[0], ""

    def _code(self, element: HtmlElement) -> None:
        text = visible_text(element).strip("\n")
        if text.strip():
            self._append("code", text, element)

    def _image(self, element: HtmlElement) -> None:
        alt = squeeze(element.get("alt", ""))
        if not alt:
            self.silent_images += 1
            return
        pending, self._inline = self._inline, []
        self._append("figure", alt, element)
        self._inline = pending

    def _figure(self, element: HtmlElement) -> None:
        if element.find(".//table") is not None:
            self._children(element)
            return
        captions = [visible_text(item) for item in element.iter("figcaption")]
        caption = inline_text(" ".join(captions))
        alts = [squeeze(image.get("alt", "")) for image in element.iter("img")]
        parts = dict.fromkeys(part for part in [caption, *alts] if part)
        if parts:
            self._append("figure", "\n".join(parts), element)
        elif element.find(".//img") is not None:
            self.silent_images += 1
        for child in element:
            if child.tag not in {"figcaption", "img", "a", "picture"}:
                self.visit(child)

    def _table(self, element: HtmlElement) -> None:
        table, is_layout = read_table(element, visible_text)
        if is_layout:
            self._children(element)
        elif table is not None:
            self.blocks.extend(
                table_block(part, self._locate(element)) for _, part in split_rows(table)
            )


def _marker(element: HtmlElement) -> str:
    """The number of an item of an ordered list, as a browser shows it."""
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    items = [child for child in parent if child.tag == "li"]
    number = items.index(element) + _integer(parent.get("start"), 1)
    number = _integer(element.get("value"), number)
    style = parent.get("type", "1")
    if style in {"a", "A"} and 1 <= number <= 26:
        return f"{chr(ord(style) + number - 1)}. "
    return f"{number}. "


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value is not None else default
    except ValueError:
        return default


def visible_text(element: HtmlElement) -> str:
    """All text below an element that a reader sees; breaks and blocks end lines."""
    return "".join(_pieces(element))


def _pieces(element: HtmlElement) -> Iterator[str]:
    if is_hidden(element):
        return
    if element.tag == "br":
        yield "\n"
        return
    if element.tag == "img":
        yield element.get("alt", "")
        return
    apart = element.tag in _BLOCK
    if apart:
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if apart:
        yield "\n"


def inline_text(text: str) -> str:
    """Collapse white space as a browser does; only breaks that were written out remain."""
    return re.sub(r"\n{2,}", "\n", squeeze(text))
