"""Blocks out of an HTML element tree; used for HTML files and for HTML inside other formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from ingest.loaders.base import Withheld
from ingest.model import Block, BlockKind, Locator
from ingest.structure.headings import ends_sentence
from ingest.structure.htmllist import ItemMarks
from ingest.structure.htmlsight import Sight
from ingest.structure.htmltable import read_table
from ingest.structure.mathml import mathml_text
from ingest.structure.shiftmarks import END, LOWER, RAISE, settled, without_marks
from ingest.tables import split_rows, table_block
from ingest.text import squeeze

_BLOCK = frozenset(
    ["html", "body", "main", "article", "section", "div", "p", "ul", "ol", "li", "dl", "dt", "dd",
     "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption",
     "header", "form", "fieldset", "address", "center", "details", "summary", "hr", "caption",
     "td", "th", "tr", "tbody", "thead", "tfoot", "legend", "hgroup", "search", "menu"]
)  # fmt: skip
# An unclosed <s> or <del> reaches into the next of these; in a browser it ends before.
_ENDS_STRIKE = {"del": frozenset(["td", "th", "tr", "li", "tbody", "dd", "dt"])}
_SHIFTS = {"sup": RAISE, "sub": LOWER}
# Marks of references as numbers or a list of them; brackets of their own stay as they are.
_NUMBERS = re.compile(r"\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*")
_MAX_HEADING = 200
Locate = Callable[[HtmlElement], Locator]


@dataclass(slots=True)
class Read:
    """What :func:`blocks_of` found.

    Attributes:
        blocks: In reading order.
        silent_images: Number of images without text.
        struck: Passages that are crossed out, which are no part of the blocks.
        withheld: Text that no reader sees.
    """

    blocks: list[Block] = field(default_factory=list)
    silent_images: int = 0
    struck: list[str] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)

    def add(self, other: Read) -> None:
        """Count what was left out elsewhere; its blocks are the caller's to place."""
        self.silent_images += other.silent_images
        self.struck += other.struck
        self.withheld += other.withheld

    def warnings(self) -> list[str]:
        """What was left out, counted."""
        found = []
        if self.struck:
            shown = "; ".join(f"“{text[:40]}”" for text in self.struck[:3])
            more = " …" if len(self.struck) > 3 else ""
            found.append(f"{len(self.struck)} struck-out passages were left out: {shown}{more}")
        if self.withheld:
            found.append(f"{len(self.withheld)} passages that no reader sees were kept out")
        if self.silent_images:
            number = self.silent_images
            found.append(f"{number} images have neither a caption nor a text alternative")
        return found


def blocks_of(root: HtmlElement, locate: Locate) -> Read:
    """Read everything below ``root``; ``locate`` says where an element stands in the source."""
    walker = _Walker(root, locate)
    walker.visit(root)
    walker.flush(root)
    return walker.read


def visible_text(element: HtmlElement) -> str:
    """All text below an element that a reader sees; breaks and blocks end lines."""
    return settled(_Walker(element, lambda _: Locator()).text(element))


class _Walker:
    """Collects inline text and turns it into a block wherever a block element begins or ends."""

    def __init__(self, root: HtmlElement, locate: Locate) -> None:
        self.read = Read()
        self._locate = locate
        self._sight = Sight(root.getroottree().getroot())
        self._marks = ItemMarks(self._sight)
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._marker = ""
        self._readers: dict[str, Callable[[HtmlElement], None]] = {
            "table": self._table,
            "pre": self._code,
            "figure": self._figure,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("li", "dt", "dd"), self._item),
        }

    def visit(self, element: HtmlElement) -> None:
        if self._leave_out(element):
            return
        if self._sight.is_struck(element):
            apart = _holds_block(element)
            if apart:
                self.flush(element)
            self._strike(element, self.visit)
            if apart:
                self.flush(element)
            return
        tag = str(element.tag)
        if tag == "br":
            self._inline.append("\n")
        elif tag == "img":
            self._image(element)
        elif _is_math(element):
            self._inline.append(_math(element))
        elif tag in _BLOCK:
            self.flush(element)
            if (read := self._readers.get(tag)) is not None:
                read(element)
            else:
                self._children(element)
            self.flush(element)
        elif shift := self._sight.shift(element):
            self._shifted(element, shift)
        else:
            self._children(element)

    def flush(self, element: HtmlElement) -> None:
        """End the block under way."""
        text = inline_text("".join(self._inline))
        self._inline = []
        if text:
            self._append(self._kind, self._marker + text, element)
            self._marker = ""

    def text(self, element: HtmlElement) -> str:
        """All text below an element that a reader sees, with its shifts still marked."""
        return "".join(self._pieces(element))

    def _append(self, kind: BlockKind, text: str, element: HtmlElement) -> None:
        self.read.blocks.append(Block(kind, text, self._locate(element)))

    def _children(self, element: HtmlElement) -> None:
        self._inline.append(without_marks(element.text or ""))
        for child in element:
            self.visit(child)
            self._inline.append(without_marks(child.tail or ""))

    def _shifted(self, element: HtmlElement, shift: str) -> None:
        if mark := _reference_mark(element):
            self._inline.append(mark)
            return
        self._inline.append(_SHIFTS[shift])
        self._children(element)
        self._inline.append(END)

    def _leave_out(self, element: HtmlElement) -> bool:
        """Pass over what is no content, and put by what nobody sees."""
        if self._sight.is_furniture(element):
            return True
        reason = self._sight.why_unseen(element)
        if reason:
            text = squeeze(" ".join(_all_text(element)))
            if text:
                self.read.withheld.append(Withheld(reason, text, self._locate(element)))
        return bool(reason)

    def _strike(self, element: HtmlElement, go_on: Callable[[HtmlElement], None]) -> None:
        """Put by what is crossed out; ``go_on`` reads what an unclosed mark has swallowed."""
        parts = [element.text or ""]
        ends = _ENDS_STRIKE.get(str(element.tag), _BLOCK)
        closed = element.tag not in {"s", "strike", "del"}
        for child in element:
            if not closed and any(item.tag in ends for item in child.iter()):
                go_on(child)
            else:
                parts += _all_text(child)
            parts.append(child.tail or "")
        text = squeeze(" ".join(parts))
        if text:
            self.read.struck.append(text)

    def _heading(self, element: HtmlElement) -> None:
        text = inline_text(self.text(element)).replace("\n", " ")
        if not text:
            return
        # Pages use heading tags to make whole paragraphs large.
        if len(text) > _MAX_HEADING or (len(text) > 60 and ends_sentence(text)):
            self._append("paragraph", text, element)
        else:
            self.read.blocks.append(
                Block("heading", text, self._locate(element), int(element.tag[1]))
            )

    def _item(self, element: HtmlElement) -> None:
        outer = self._kind, self._marker
        self._kind = "list_item"
        self._marker = self._marks.of(element) if element.tag == "li" else ""
        self._children(element)
        self.flush(element)
        self._kind, self._marker = outer[0], ""

    def _code(self, element: HtmlElement) -> None:
        text = settled(self.text(element)).strip("\n")
        if text.strip():
            self._append("code", text, element)

    def _image(self, element: HtmlElement) -> None:
        alt = squeeze(element.get("alt", ""))
        if not alt:
            self.read.silent_images += 1
            return
        pending, self._inline = self._inline, []
        self._append("figure", alt, element)
        self._inline = pending

    def _figure(self, element: HtmlElement) -> None:
        if element.find(".//table") is not None:
            self._children(element)
            return
        captions = [self.text(item) for item in element.iter("figcaption")]
        caption = inline_text(" ".join(captions))
        alts = [squeeze(image.get("alt", "")) for image in element.iter("img")]
        parts = dict.fromkeys(part for part in [caption, *alts] if part)
        if parts:
            self._append("figure", "\n".join(parts), element)
        elif element.find(".//img") is not None:
            self.read.silent_images += 1
        for child in element:
            if child.tag not in {"figcaption", "img", "a", "picture"}:
                self.visit(child)

    def _table(self, element: HtmlElement) -> None:
        table, is_layout = read_table(element, self._cell, self._is_shown)
        if is_layout:
            self._children(element)
            return
        for row in element.iter("thead", "tbody", "tfoot", "tr"):
            owner = next(row.iterancestors("table"), None)
            if owner is element and not self._is_shown(row) and self._is_shown(row.getparent()):
                self._pieces(row)  # notes what it leaves out
        if table is not None:
            self.read.blocks.extend(
                table_block(part, self._locate(element)) for _, part in split_rows(table)
            )

    def _cell(self, cell: HtmlElement) -> str:
        return settled(self.text(cell))

    def _is_shown(self, element: HtmlElement) -> bool:
        sight = self._sight
        return not (
            sight.is_furniture(element) or sight.why_unseen(element) or sight.is_struck(element)
        )

    def _pieces(self, element: HtmlElement) -> list[str]:
        if self._leave_out(element):
            return []
        if self._sight.is_struck(element):
            swallowed: list[str] = []
            self._strike(element, lambda child: swallowed.extend(self._pieces(child)))
            return ["\n", *swallowed, "\n"] if _holds_block(element) else swallowed
        if element.tag == "br":
            return ["\n"]
        if element.tag == "img":
            return [without_marks(element.get("alt", ""))]
        if _is_math(element):
            return [_math(element)]
        shift = "" if element.tag in _BLOCK else self._sight.shift(element)
        if shift and (mark := _reference_mark(element)):
            return [mark]
        found = [without_marks(element.text or "")]
        for child in element:
            found += self._pieces(child)
            found.append(without_marks(child.tail or ""))
        if shift:
            return [_SHIFTS[shift], *found, END]
        return ["\n", *found, "\n"] if element.tag in _BLOCK else found


def inline_text(text: str) -> str:
    """Collapse white space as a browser does; only breaks that were written out remain."""
    return re.sub(r"\n{2,}", "\n", squeeze(settled(text)))


def _holds_block(element: HtmlElement) -> bool:
    return any(item.tag in _BLOCK for item in element.iter())


def _is_math(element: HtmlElement) -> bool:
    return str(element.tag).rpartition(":")[2] == "math"


def _math(element: HtmlElement) -> str:
    return without_marks(mathml_text(element) or squeeze(element.get("alttext", "")))


def _reference_mark(element: HtmlElement) -> str:
    """A raised number that leads to a note or reference of the page, in square brackets."""
    text = "".join(element.itertext())
    if element.tag != "sup" or not _NUMBERS.fullmatch(text):
        return ""
    above = element.getparent()
    links = list(element.iter("a"))
    if above is not None and above.tag == "a" and "".join(above.itertext()).strip() == text.strip():
        links.append(above)
    leads = any("#" in link.get("href", "") for link in links)
    return f"[{' '.join(text.split())}]" if leads else ""


def _all_text(element: HtmlElement) -> list[str]:
    """Every text below an element that is none of a program."""
    found = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return [without_marks(str(text)) for text in found]
