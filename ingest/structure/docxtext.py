"""Text of a Word paragraph as a reader sees it: changes accepted, fields resolved, hidden gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.structure.docxfields import Field, Fields
from ingest.structure.docxgraphics import Graphic, graphic_of
from ingest.structure.docxhidden import HIDDEN, unseen
from ingest.structure.docxmath import dropped_parts, math_text
from ingest.structure.docxpackage import Element, M, W, child, is_on, value
from ingest.structure.docxruns import is_struck_out, letters_of, shift_of
from ingest.structure.docxstyles import Style, Styles
from ingest.structure.ooxml import R
from ingest.structure.raised import Shift, written
from ingest.structure.symbolfonts import symbol_text
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
    """What a paragraph holds: its text and what stands beside it.

    ``raw`` is the text with the blanks at its ends, for paragraphs that are joined.
    """

    text: str = ""
    raw: str = ""
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
        self._pieces: list[tuple[str, bool, Shift]] = []
        self._fields = Fields()
        self._inline = Inline()
        self._style = Style()
        self._last_unseen = ""

    def read(self, paragraph: Element) -> Inline:
        """Return the text and the text boxes and pictures anchored in a paragraph."""
        self._pieces, self._inline, self._last_unseen = [], Inline(), ""
        self._fields = Fields()
        self._style = self._styles.of(paragraph)
        if self._style.hidden:
            self._withhold(HIDDEN, paragraph)
            return self._inline
        self._walk(paragraph)
        inline = self._inline
        inline.raw = written((text, shift) for text, _, shift in self._pieces)
        inline.text = squeeze(inline.raw)
        if not inline.text.strip(f"{_OBJECT} \n"):
            inline.text = inline.raw = ""
        spoken = [b for text, b, shift in self._pieces if text.strip() and shift is not Shift.GONE]
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
                start = len(self._pieces)
                self._walk(item)
                if tag == f"{W}fldSimple":
                    instruction = item.get(f"{W}instr") or ""
                    self._unstored(Field(start, start, [(instruction, Shift.LEVEL)]), bold=False)
            elif tag in _GONE:
                if next(item.iter(f"{W}delText", f"{W}t", f"{M}t"), None) is not None:
                    self.left_out["deleted"] += 1
            elif tag in {f"{M}oMath", f"{M}oMathPara"}:
                deleted, struck = dropped_parts(item)
                self.left_out["deleted"] += deleted
                self.left_out["struck"] += struck
                self._pieces.append((math_text(item), False, Shift.FORMULA))
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
        own = self._styles.get(value(run, "rPr/rStyle"))
        if is_struck_out(run, own, self._style):
            self._struck(run, own)
            return
        shift = shift_of(run, own)
        for item in run.iterchildren():
            tag = item.tag
            if tag == f"{W}t":
                text = self._letters(item.text or "", run, own)
                self._pieces.append((text, bold, shift))
                self._fields.add(text, shift)
            elif tag == f"{W}instrText":
                self._fields.add(item.text or "", shift)
            elif tag in _PLAIN:
                self._pieces.append((_PLAIN[tag], bold, Shift.LEVEL))
            elif tag == f"{W}br":
                kind = item.get(f"{W}type")
                mark = " " if kind in {"page", "column"} else "\n"
                self._pieces.append((mark, bold, Shift.LEVEL))
            elif tag == f"{W}sym":
                self._pieces.append((self._symbol(item), bold, shift))
            elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
                self._note(item)
            elif tag == f"{W}fldChar":
                self._field(item, bold, seen=not reason)
            elif tag in _OPEN:
                self._walk(item)
            elif tag == f"{_MC}AlternateContent":
                self._alternate(item)
            elif tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
                self._drawing(item)

    def _struck(self, run: Element, own: Style) -> None:
        """Leave out what is struck through; pictures and the marks of fields stay."""
        for item in run.iterchildren():
            tag = item.tag
            if tag in {f"{W}t", f"{W}sym"}:
                is_text = tag == f"{W}t"
                text = self._letters(item.text or "", run, own) if is_text else self._symbol(item)
                if text.strip() and (not self._pieces or self._pieces[-1][2] is not Shift.GONE):
                    self.left_out["struck"] += 1
                self._pieces.append((text, False, Shift.GONE))
            elif tag in _PLAIN or tag == f"{W}br":
                self._pieces.append((_PLAIN.get(tag, "\n"), False, Shift.GONE))
            elif tag == f"{W}fldChar":
                self._field(item, bold=False, seen=False)
            elif tag == f"{_MC}AlternateContent":
                self._alternate(item)
            elif tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
                self._drawing(item)

    def _field(self, item: Element, bold: bool, seen: bool) -> None:
        """Follow the marks of a field; ``seen`` is False where they are hidden or struck out."""
        kind = item.get(f"{W}fldCharType")
        if kind == "begin":
            self._checkbox(item)
            self._fields.begin(len(self._pieces))
        elif kind == "separate":
            self._fields.separate(len(self._pieces))
        elif kind == "end" and (ended := self._fields.end()) is not None and seen:
            self._unstored(ended, bold)

    def _unstored(self, ended: Field, bold: bool) -> None:
        """Write what a field shows whose result the file does not hold."""
        result = self._pieces[ended.result :] if ended.result is not None else []
        if any(text.strip() for text, _, _ in result):
            return
        text = ended.shown()
        if text == "":
            return
        if text is None:
            self.left_out["fields"] += 1
        del self._pieces[ended.start :]
        self._pieces.append((text or _OBJECT, bold, Shift.FORMULA))
        self._fields.add(text or _OBJECT, Shift.LEVEL)

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
            self._pieces.append((text or _OBJECT, False, Shift.FORMULA))
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

    def _letters(self, text: str, run: Element, own: Style) -> str:
        letters, unknown = letters_of(text, run, own)
        self.left_out["symbols"] += unknown
        return letters

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
        self._pieces.append((str(len(self.notes)), False, Shift.NOTE))

    def _checkbox(self, item: Element) -> None:
        box = child(item, "ffData/checkBox")
        if box is not None:
            checked = is_on(box, "checked")
            checked = is_on(box, "default") if checked is None else checked
            self._pieces.append(("☑" if checked else "□", False, Shift.LEVEL))
