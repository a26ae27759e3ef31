"""Text of a Word paragraph as a reader sees it: changes accepted, fields resolved, hidden gone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ingest.structure.docxmath import RAISED, math_text
from ingest.structure.docxpackage import Element, M, W, child, is_on
from ingest.structure.docxstyles import Styles
from ingest.text import squeeze

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
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
_PLAIN = {
    f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip
_SYMBOLS = {
    "symbol": {
        0x61: "α", 0x62: "β", 0x63: "χ", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x6B: "κ", 0x6C: "λ",
        0x6D: "μ", 0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x77: "ω", 0x44: "Δ",
        0x57: "Ω", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB9: "≠",
        0xBB: "≈", 0xAE: "→", 0xAD: "↑", 0xAF: "↓", 0xB7: "•", 0xA5: "∞", 0xE5: "∑", 0xD6: "√",
    },
    "wingdings": {
        0xA8: "□", 0x6F: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0x78: "☒", 0x6C: "●",
        0x6E: "■", 0xE0: "→", 0xD8: "➢",
    },
    "wingdings 2": {0x52: "☑", 0x53: "☒", 0xA3: "□", 0x50: "✓", 0x4F: "✗", 0x2A: "□", 0x54: "☒"},
}  # fmt: skip


# Names that programs give to pictures, paths and addresses.
_MADE_UP = re.compile(
    r"(?:图片|图像|图形|Picture|Image|IMG)?[\s_\d-]*(?:\.\w{3,4})?|[0-9a-f]{16,}|"
    r"\w+\.(?:png|jpe?g|gif|emf|wmf|bmp)|(?:[A-Za-z]:\\|https?:).*",
    re.I,
)


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its text and what stands beside it."""

    text: str = ""
    bold: bool = False
    boxes: list[Element] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


class TextReader:
    """Reads paragraphs and counts what it leaves out, by kind, in :attr:`left_out`."""

    def __init__(self, styles: Styles) -> None:
        self.left_out: Counter[str] = Counter()
        self.notes: list[tuple[str, str]] = []
        self._styles = styles
        self._pieces: list[tuple[str, bool]] = []
        self._inline = Inline()

    def read(self, paragraph: Element) -> Inline:
        """Return the text and the text boxes and pictures anchored in a paragraph."""
        self._pieces, self._inline = [], Inline()
        if self._styles.of(paragraph).hidden:
            self.left_out["hidden"] += 1
            return self._inline
        self._walk(paragraph)
        inline = self._inline
        inline.text = squeeze("".join(text for text, _ in self._pieces))
        spoken = [bold for text, bold in self._pieces if text.strip()]
        inline.bold = bool(spoken) and all(spoken)
        if not inline.bold and inline.text:
            inline.bold = self._styles.of(paragraph).bold and not any(
                is_on(run, "rPr/b") is False for run in paragraph.iter(f"{W}r")
            )
        return inline

    def _walk(self, element: Element) -> None:
        for item in element.iterchildren():
            tag = item.tag
            if tag == f"{W}r":
                self._run(item)
            elif tag in _OPEN:
                self._walk(item)
            elif tag in _GONE:
                if next(item.iter(f"{W}delText", f"{W}t"), None) is not None:
                    self.left_out["deleted"] += 1
            elif tag in {f"{M}oMath", f"{M}oMathPara"}:
                self._pieces.append((math_text(item), False))
            elif tag == f"{_MC}AlternateContent":
                self._alternate(item)

    def _run(self, run: Element) -> None:
        hidden = is_on(run, "rPr/vanish")
        if hidden is None:
            hidden = self._styles.get(_run_style(run)).hidden
        if hidden and next(run.iter(f"{W}t"), None) is not None:
            self.left_out["hidden"] += 1
            return
        bold = bool(is_on(run, "rPr/b"))
        raised = _val(run, "rPr/vertAlign") == "superscript"
        for item in run.iterchildren():
            tag = item.tag
            if tag == f"{W}t":
                text = item.text or ""
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
        """Text boxes are kept for later; a picture counts by its description."""
        boxes = [
            box
            for box in element.iter(f"{W}txbxContent")
            if not any(above.tag == f"{_MC}Fallback" for above in box.iterancestors())
        ]
        if boxes:
            self._inline.boxes.extend(boxes)
            return
        if element.tag == f"{W}object":
            self.left_out["objects"] += 1
            return
        properties = next(element.iter(f"{_WP}docPr"), None)
        description = "" if properties is None else properties.get("descr") or ""
        shape = next(element.iter(f"{_V}shape"), None)
        if not description and shape is not None:
            description = shape.get("alt") or ""
        self._inline.figures.append(_useful(description))

    def _symbol(self, item: Element) -> str:
        font = (item.get(f"{W}font") or "").lower()
        try:
            code = int(item.get(f"{W}char") or "", 16) & 0xFF
        except ValueError:
            return ""
        found = _SYMBOLS.get(font, {}).get(code)
        if found is None:
            self.left_out["symbols"] += 1
            return "□" if font.startswith("wingdings") else "\ufffd"
        return found

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


def _useful(description: str) -> str:
    """A picture's description unless a program wrote it."""
    text = squeeze(description).replace("\n", " ")
    return "" if _MADE_UP.fullmatch(text) else text


def _run_style(run: Element) -> str | None:
    return _val(run, "rPr/rStyle")


def _val(element: Element, path: str) -> str | None:
    found = child(element, path)
    return None if found is None else found.get(f"{W}val")
