"""Word documents (.docx): text in document order as Word shows it, with its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source, Withheld
from ingest.model import Block, Locator
from ingest.ocr.embedded import Embedded
from ingest.structure.captions import (
    attach_table_captions,
    caption_figures,
    drop_silent_figures,
)
from ingest.structure.docxfurniture import page_furniture
from ingest.structure.docxgraphics import Graphics
from ingest.structure.docxheadings import infer_headings, lacks_chapters, title_of
from ingest.structure.docxnumbering import Numbering
from ingest.structure.docxpackage import Element, Package, W, child, open_package
from ingest.structure.docxruns import mark_is_deleted
from ingest.structure.docxstyles import Style, Styles
from ingest.structure.docxtable import cell_text, deleted_parts, only_cell, read_table
from ingest.structure.docxtext import Inline, TextReader
from ingest.structure.drawingtext import MC, choose
from ingest.structure.headings import fits_heading, is_list_item, strip_bullet, with_sections
from ingest.tables import split_rows, table_block
from ingest.text import squeeze

_CONTAINERS = frozenset(
    f"{W}{name}" for name in ["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"]
)
_DELETED = frozenset(f"{W}{name}" for name in ["del", "moveFrom"])
_ENOUGH_HEADINGS = 3
_LEFT_OUT = {
    "hidden": "{} passages of hidden text were left out",
    "inserted": "{} tracked insertions that nobody has accepted yet count as text",
    "deleted": "{} tracked deletions were left out; tracked insertions count as text",
    "struck": "{} struck-out passages were left out",
    "fields": "{} formulas or signs of fields were not read; \ufffc stands where one is missing",
    "objects": "{} embedded objects were not read; \ufffc stands where one is missing in a line",
    "charts": "{} charts hold no stored values and were not read",
    "diagrams": "{} diagrams have no data of their own and were not read",
    "symbols": "{} characters of symbol fonts are unknown and stand as □ or \ufffd",
    "contents": "the table of contents ({} lines) was left out",
    "chunks": "{} embedded documents were not read",
    "comments": "{} comments were not read",
}


def load(source: Source) -> Loaded:
    """Read a Word document.

    Headings come from heading styles; where hardly any are used, from outline levels, numbering
    and bold type. Tracked changes are read as accepted, struck-out text is left out. Pictures with
    a caption, a text alternative or text in them are figures that name their part
    (``graphic:…``), followed by the tables recognised in them; charts are tables with the flag
    ``chart``, diagrams are lists. Footnotes and endnotes stand at the end; headers and footers of
    pages are left out and reported, and so is text that no reader sees (:attr:`Loaded.withheld`).
    Locators hold the place in the body as an XPath. Raises :class:`BadInput` for a file that is
    damaged, protected, an archive bomb or without text.
    """
    package = open_package(source.data)
    reader = _Reader(package)
    body = child(package.document, "body")
    if body is not None:
        reader.body(body)
    pictures = Embedded(package.parts.data, source.ocr)
    captioned = caption_figures(item.block for item in reader.items)
    kept, silent = drop_silent_figures(pictures.expand(captioned))
    styled = reader.styled_headings >= _ENOUGH_HEADINGS
    if not styled or lacks_chapters(kept):
        looks = {id(item.block): (item.bold, item.centred) for item in reader.items}
        hints = [(block, looks.get(id(block), (False, False))) for block in kept]
        kept = infer_headings(hints, only_chapters=styled)
    blocks = with_sections(attach_table_captions(kept)) + reader.footnotes()
    if not blocks:
        raise BadInput(
            "the document holds no text (perhaps only pictures); "
            "save it as PDF to have its pages recognised"
        )
    return Loaded(
        blocks,
        title=title_of(package.core, reader.first_lines),
        warnings=reader.warnings(silent) + pictures.warnings,
        withheld=reader.withheld,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """A block with what the document says of its looks."""

    block: Block
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class _Carried:
    """A paragraph whose mark was deleted, until it is known what follows."""

    inline: Inline
    style: Style
    path: str


def _joined(first: Inline, second: Inline) -> Inline:
    """The second of two paragraphs with the text of the first before its own."""
    raw = first.raw + second.raw
    bold = all(inline.bold for inline in (first, second) if inline.text)
    return replace(second, raw=raw, text=squeeze(raw), bold=bold)


class _Reader:
    """Walks the body and collects blocks."""

    def __init__(self, package: Package) -> None:
        self.items: list[_Item] = []
        self.styled_headings = 0
        self.first_lines: list[tuple[str, bool]] = []
        self.withheld: list[Withheld] = []
        self._package = package
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering)
        self._text = TextReader(self._styles, package.formula)
        self._graphics = Graphics(package, self._text.left_out)
        self._carried: _Carried | None = None

    def body(self, element: Element, place: str = "/w:document/w:body") -> None:
        """Read the body, a frame or a text box: what is joined in it stays in it."""
        outside, self._carried = self._carried, None
        self._read(element, place)
        self._end_carried()
        self._carried = outside

    def _read(self, element: Element, place: str) -> None:
        """Read the paragraphs and tables below an element."""
        for number, item in enumerate(element.iterchildren(), start=1):
            path = f"{place}/*[{number}]"
            if item.tag == f"{W}p":
                self._paragraph(item, path)
            elif item.tag == f"{W}tbl":
                self._table(item, path)
            elif item.tag in _CONTAINERS:
                self._read(item, path)
            elif item.tag == f"{MC}AlternateContent":
                chosen = choose(item, lambda part: next(part.iter(f"{W}p"), None) is not None)
                if chosen is not None:
                    self._read(chosen, f"{path}/*")
            elif item.tag == f"{W}altChunk":
                self._text.left_out["chunks"] += 1
            elif item.tag in _DELETED:
                self._text.left_out["deleted"] += 1

    def _paragraph(self, element: Element, path: str) -> None:
        style = self._styles.of(element)
        inline = self._text.read(element)
        self._withhold(path)
        if self._carried is not None:
            inline, self._carried = _joined(self._carried.inline, inline), None
        # A deleted paragraph mark joins the paragraph with the next one.
        if mark_is_deleted(element):
            self._carried = _Carried(inline, style, path)
        else:
            self._put(inline, style, path)
        self._beside(inline, path)

    def _end_carried(self) -> None:
        """Nothing follows that a paragraph could be joined with: it stands alone."""
        carried, self._carried = self._carried, None
        if carried is not None:
            self._put(carried.inline, carried.style, carried.path)

    def _put(self, inline: Inline, style: Style, path: str) -> None:
        if inline.text and style.is_contents:
            self._text.left_out["contents"] += 1
        elif inline.text:
            self._add(self._block(inline, style, path), inline.bold, style)

    def _block(self, inline: Inline, style: Style, path: str) -> Block:
        label = self._label(style)
        text = (label or "") + inline.text
        locator = Locator(path=path)
        if style.level is not None and fits_heading(text):
            self.styled_headings += style.is_heading
            return Block("heading", text.replace("\n", " "), locator, level=style.level)
        if label is not None or is_list_item(text):
            return Block("list_item", strip_bullet(text), locator)
        return Block("paragraph", text, locator)

    def _label(self, style: Style) -> str | None:
        if style.number is None:
            return None
        return self._numbering.label(style.number, style.number_level or 0)

    def _add(self, block: Block, bold: bool, style: Style) -> None:
        self.items.append(_Item(block, bold, style.centred))
        if len(self.first_lines) < 12 and block.kind != "table":
            self.first_lines.append((block.text, style.is_title or style.centred or bold))

    def _beside(self, inline: Inline, path: str) -> None:
        """Graphics and text boxes anchored in a paragraph follow it."""
        for graphic in inline.graphics:
            for block in self._graphics.blocks(graphic, Locator(path=path)):
                self.items.append(_Item(block))
        for box in inline.boxes:
            self.body(box, f"{path}//w:txbxContent")

    def _withhold(self, path: str) -> None:
        """Take what the text reader found that no reader sees, now that its place is known."""
        found = self._text.unseen
        self.withheld += [Withheld(reason, text, Locator(path=path)) for reason, text in found]
        self._text.unseen = []

    def _table(self, element: Element, path: str) -> None:
        self._end_carried()
        frame = only_cell(element)
        if frame is not None:
            self.body(frame, f"{path}/w:tr/w:tc")
            return
        self._text.left_out["deleted"] += deleted_parts(element)
        boxes: list[Inline] = []
        table = read_table(element, self._cell_paragraph(boxes))
        self._withhold(path)
        if table is not None:
            for _, part in split_rows(table):
                self.items.append(_Item(table_block(part, Locator(path=path))))
        for inline in boxes:
            self._beside(inline, path)

    def _cell_paragraph(self, beside: list[Inline]) -> Callable[[Element], str]:
        def text_of(paragraph: Element) -> str:
            inline = self._text.read(paragraph)
            label = self._label(self._styles.of(paragraph)) if inline.text else ""
            if inline.boxes or inline.graphics:
                beside.append(inline)
            return (label or "") + inline.raw

        return text_of

    def footnotes(self) -> list[Block]:
        """Notes in the order of their references, with the number that Word shows."""
        parts = {"footnote": self._package.footnotes, "endnote": self._package.endnotes}
        blocks: list[Block] = []
        for number, (kind, identifier) in enumerate(list(self._text.notes), start=1):
            part = parts[kind]
            if part is None:
                continue
            for note in part.iterchildren(f"{W}{kind}"):
                if note.get(f"{W}id") != identifier:
                    continue
                text = cell_text(note, lambda item: self._text.read(item).raw)
                locator = Locator(path=f"/w:{kind}s/w:{kind}[@w:id='{identifier}']")
                self._withhold(locator.path or "")
                if text:
                    blocks.append(Block("footnote", f"[{number}] {text}", locator))
        return blocks

    def warnings(self, silent_images: int) -> list[str]:
        """What was left out, counted."""
        counts = self._text.left_out
        if self._package.comments is not None:
            counts["comments"] = len(list(self._package.comments.iterchildren(f"{W}comment")))
        counts["hidden"] = len(self.withheld)
        found = list(self._package.parts.warnings)
        found += [text.format(counts[kind]) for kind, text in _LEFT_OUT.items() if counts[kind]]
        furniture = page_furniture(self._package)
        if furniture:
            found.append(f"page headers and footers were left out: {furniture}")
        if silent_images:
            found.append(f"{silent_images} images have neither a caption nor a text alternative")
        return found
