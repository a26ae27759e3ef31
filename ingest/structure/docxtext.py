"""Text of a Word paragraph as a reader sees it: changes accepted, fields resolved, hidden gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.structure.docxgraphics import Graphic, graphic_of
from ingest.structure.docxhidden import HIDDEN, unseen
from ingest.structure.docxmath import RAISED, math_text
from ingest.structure.docxpackage import Element, M, W, child, is_on
from ingest.structure.docxstyles import Style, Styles
from ingest.structure.ooxml import R
from ingest.structure.symbolfonts import PRIVATE, symbol_text
from ingest.text import squeeze

_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OPEN = frozenset(
    f"{W}{name}"
    for name in [
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "sdt",
        "sdtContent",
        "fldSimple",
        "customXml",
        "dir",
        "bdo",
        "ruby",
        "rubyBase",
    ]
)
_GONE = frozenset(f"{W}{name}" for name in ["del", "moveFrom"])
_OBJECT = "\ufffc"  # Unicode's placeholder for an object in a text
_PLAIN = {
    f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its text and what stands beside it."""

    text: str = ""
    bold: bool = False
    boxes: list[Element] = field(default_factory=list)
    graphics: list[Graphic] = field(default_factory=list)


class TextReader:
    """Reads paragraphs and counts what it leaves out, by kind, in :attr:`left_out`.

    ``unseen`` gathers what no reader sees, as pairs of reason and text; whoever knows the place
    takes them from there. ``formula`` gives the text of an embedded formula by its
    relationship and that of its picture.
    """

    def __init__(self, styles: Styles, formula: Callable[[str, str], str | None]) -> None:
        self.left_out: Counter[str] = Counter()
        self.notes: list[tuple[str, str]] = []
        self.unseen: list[tuple[str, str]] = []
        self._styles = styles
        self._formula = formula
        self._pieces: list[tuple[str, bool]] = []
        self._inline = Inline()
        self._style = Style()
        self._last_unseen = ""

    def read(self, paragraph: Element) -> Inline:
        """Return the text and the text boxes and pictures anchored in a paragraph."""
        self._pieces, self._inline, self._last_unseen = [], Inline(), ""
        self._style = self._styles.of(paragraph)
        if self._style.hidden:
            self._withhold(HIDDEN, paragraph)
            return self._inline
        self._walk(paragraph)
        inline = self._inline
        inline.text = squeeze("".join(text for text, _ in self._pieces))
        if not inline.text.strip(f"{_OBJECT} \n"):
            inline.text = ""
        spoken = [bold for text, bold in self._pieces if text.strip()]
        inline.bold = bool(spoken) and all(spoken)
        if not inline.bold and inline.text:
            inline.bold = self._style.bold and not any(
                is_on(run, "rPr/b") is False for run in paragraph.iter(f"{W}r")
            )
        return inline

    def _walk(self, element: Element) -> None:
        for item in element.iterchildren():
            tag = item.tag
            if tag == f"{W}r":
                self._run(item)
            elif tag in _OPEN:
                if tag == f"{W}ins":
                    self.left_out["inserted"] += 1
                self._walk(item)
            elif tag in _GONE:
                if next(item.iter(f"{W}delText", f"{W}t"), None) is not None:
                    self.left_out["deleted"] += 1
            elif tag in {f"{M}oMath", f"{M}oMathPara"}:
                self._pieces.append((math_text(item), False))
            elif tag == f"{_MC}AlternateContent":
                self._alternate(item)

    def _run(self, run: Element) -> None:
        reason = unseen(run, self._style, self._styles)
        if reason and next(run.iter(f"{W}t"), None) is not None:
            self._withhold(reason, run)
            return
        if next(run.iter(f"{W}t"), None) is not None:
            self._last_unseen = ""
        bold = bool(is_on(run, "rPr/b"))
        raised = _val(run, "rPr/vertAlign") == "superscript"
        for item in run.iterchildren():
            tag = item.tag
            if tag == f"{W}t":
                text = item.text or ""
                if PRIVATE.search(text):
                    font = _symbol_font(run)
                    text = PRIVATE.sub(lambda m: self._in_symbols(m[0], font), text)  # noqa: B023
                # 10⁹ must not become 109.
                if raised and re.fullmatch(r"[0-9+\-−–n()]+", text.strip()):
                    text = text.translate(RAISED)
                self._pieces.append((text, bold))
            elif tag in _PLAIN:
                self._pieces.append((_PLAIN[tag], bold))
            elif tag == f"{W}br":
                kind = item.get(f"{W}type")
                self._pieces.append((" " if kind in {"page", "column"} else "\n", bold))
            elif tag == f"{W}sym":
                self._pieces.append((self._symbol(item), bold))
            elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
                self._note(item)
            elif tag == f"{W}fldChar":
                self._checkbox(item)
            elif tag in _OPEN:
                self._walk(item)
            elif tag == f"{_MC}AlternateContent":
                self._alternate(item)
            elif tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
                self._drawing(item)

    def _alternate(self, element: Element) -> None:
        """One of several versions of the same thing: the first, else the one for old readers."""
        choice = element.find(f"{_MC}Choice")
        chosen = choice if choice is not None else element.find(f"{_MC}Fallback")
        if chosen is None:
            return
        for item in chosen.iterchildren():
            if item.tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
                self._drawing(item)
            elif item.tag == f"{W}r":
                self._run(item)
            else:
                self._walk(chosen)
                return

    def _drawing(self, element: Element) -> None:
        """Text boxes and graphics are kept for later."""
        boxes = [
            box
            for box in element.iter(f"{W}txbxContent")
            if not any(above.tag == f"{_MC}Fallback" for above in box.iterancestors())
        ]
        self._inline.boxes.extend(boxes)
        if element.tag == f"{W}object":
            self._object(element)
            return
        graphic = graphic_of(element)
        # Lines and arrows show nothing that could be read.
        if graphic.identifiers or (graphic.description and not boxes):
            self._inline.graphics.append(graphic)

    def _object(self, element: Element) -> None:
        """Formulas of the old editor stand in the text; other objects only count."""
        embedded = next(element.iter(f"{_O}OLEObject"), None)
        text = None
        if embedded is not None and embedded.get("ProgID", "").startswith("Equation"):
            picture = next(element.iter(f"{_V}imagedata"), None)
            shown = "" if picture is None else picture.get(f"{R}id", "")
            text = self._formula(embedded.get(f"{R}id", ""), shown)
            # Where a formula is missing, the rest of the line must not read as if it were whole.
            self._pieces.append((text or _OBJECT, False))
        if not text:
            self.left_out["objects"] += 1

    def _withhold(self, reason: str, element: Element) -> None:
        """Keep text out; neighbouring runs of a paragraph are one passage."""
        text = "".join(item.text or "" for item in element.iter(f"{W}t"))
        if reason == self._last_unseen and self.unseen:
            self.unseen[-1] = (reason, self.unseen[-1][1] + text)
        elif text.strip():
            self.unseen.append((reason, text))
            self._last_unseen = reason

    def _symbol(self, item: Element) -> str:
        try:
            code = int(item.get(f"{W}char") or "", 16)
        except ValueError:
            return ""
        return self._in_symbols(chr(code), item.get(f"{W}font") or "")

    def _in_symbols(self, text: str, font: str) -> str:
        """Text that is written in the private letters of a symbol font."""
        written, unknown = symbol_text(bytes(ord(c) & 0xFF for c in text), font)
        self.left_out["symbols"] += unknown
        return written

    def _note(self, item: Element) -> None:
        kind = "footnote" if item.tag == f"{W}footnoteReference" else "endnote"
        self.notes.append((kind, item.get(f"{W}id") or ""))
        self._pieces.append((str(len(self.notes)).translate(RAISED), False))

    def _checkbox(self, item: Element) -> None:
        box = child(item, "ffData/checkBox")
        if box is not None:
            checked = is_on(box, "checked")
            checked = is_on(box, "default") if checked is None else checked
            self._pieces.append(("☑" if checked else "□", False))


def _symbol_font(run: Element) -> str:
    fonts = child(run, "rPr/rFonts")
    return "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""


def _val(element: Element, path: str) -> str | None:
    found = child(element, path)
    return None if found is None else found.get(f"{W}val")
