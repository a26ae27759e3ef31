"""Formulas of Microsoft Equation 3.0 on one line, from their binary form (MTEF version 3).

Follows the published description of MTEF 3 (*MathType Equation Format*, Design Science). What is
read becomes elements of Word's own formulas, so that both kinds are written alike. MathType itself
writes version 5, which is another format and is not read.
"""

from __future__ import annotations

import io

import olefile
from lxml import etree

from ingest.structure.docxmath import math_text
from ingest.structure.ooxml import Element, M

_HEADER = 28  # bytes of EQNOLEFILEHDR before the formula
_VERSION = 3
_MAX_DEPTH = 60
_END, _LINE, _CHAR, _TEMPLATE, _PILE, _MATRIX, _EMBELLISHMENT, _RULER, _FONT, _SIZE = range(10)
_NUDGED, _NULL, _RULED, _SPACED, _EMBELLISHED = 8, 1, 2, 4, 2
_MARKS = {2: "\u0307", 3: "\u0308", 5: "′", 6: "″", 8: "\u0303", 9: "\u0302", 10: "\u0338",
          17: "\u0304", 18: "‴"}  # fmt: skip
_FENCES = {0: "⟨⟩", 1: "()", 2: "{}", 3: "[]", 4: "||", 5: "‖‖", 6: "⌊⌋", 7: "⌈⌉"}
_ROOT, _FRACTION, _SCRIPT, _SLASHED = 13, 14, 15, 41
_OPERATORS = {21: "∫", 22: "∬", 23: "∭", 24: "∫", 25: "∬", 26: "∭", 29: "∑", 30: "∑", 31: "∏",
              32: "∏", 33: "∐", 34: "∐", 35: "⋃", 36: "⋃", 37: "⋂", 38: "⋂"}  # fmt: skip


def formula_of(data: bytes) -> str | None:
    """Text of an embedded formula (an OLE container), or ``None`` when it is none of ours."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            native = container.openstream("Equation Native").read()
    except (OSError, ValueError, IndexError):
        return None
    return mtef_text(native[_HEADER:])


def mtef_text(data: bytes) -> str | None:
    """Text of a formula, or ``None`` for another version or a damaged one.

    >>> mtef_text(bytes.fromhex("030101030a 0a 01 128378 00 02863d00 128831 00 00 00"))
    'x=1'
    """
    if len(data) < 6 or data[0] != _VERSION:
        return None
    root = etree.Element(f"{M}oMath")
    try:
        _Parser(data).objects(root, 0)
    except (IndexError, ValueError):
        return None
    return " ".join(math_text(root).split())


class _Parser:
    """Goes through the records; a list of objects ends with an END record."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 5

    def objects(self, parent: Element, depth: int) -> None:
        """Add the objects of a list to ``parent``; the outermost list may lack its end."""
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        while self._place < len(self._data):
            kind, options = self._tag()
            if kind == _END:
                return
            self._object(parent, kind, options, depth)

    def _object(self, parent: Element, kind: int, options: int, depth: int) -> None:
        if kind == _LINE:
            self._line(parent, options, depth)
        elif kind == _CHAR:
            self._character(parent, options)
        elif kind == _TEMPLATE:
            self._template(parent, options, depth)
        elif kind in {_PILE, _MATRIX}:
            self._rows(parent, kind, options, depth)
        elif kind == _RULER:
            self._skip(3 * self._byte())
        elif kind == _FONT:
            self._skip(2)
            self._place = self._data.index(0, self._place) + 1
        elif kind == _SIZE:
            self._skip({100: 3, 101: 2}.get(self._byte(), 1))
        elif kind == _EMBELLISHMENT or kind > 14:
            raise ValueError(f"record {kind} out of place")

    def _line(self, parent: Element, options: int, depth: int) -> None:
        self._nudge(options)
        if options & _SPACED:
            self._skip(2)
        if options & _RULED:
            self._tag()
            self._skip(3 * self._byte())
        if not options & _NULL:
            self.objects(parent, depth + 1)

    def _character(self, parent: Element, options: int) -> None:
        self._nudge(options)
        self._byte()  # typeface
        code = self._byte() | self._byte() << 8
        # Private letters are spaces of different widths.
        text = " " if 0xE000 <= code <= 0xF8FF else chr(code)
        if options & _EMBELLISHED:
            text += self._embellishments()
        _letters(parent, text if code >= 0x20 else "")

    def _embellishments(self) -> str:
        marks = ""
        while True:
            kind, options = self._tag()
            if kind != _EMBELLISHMENT:
                return marks
            self._nudge(options)
            marks += _MARKS.get(self._byte(), "")
            self._byte()  # each one has an end of its own, before that of the list

    def _template(self, parent: Element, options: int, depth: int) -> None:
        self._nudge(options)
        selector, variation = self._byte(), self._byte()
        self._byte()
        slots = self._slots(depth)
        main = slots[0] if slots else etree.Element(f"{M}e")
        if selector == _FRACTION and len(slots) > 1:
            _put(parent, "f", num=slots[0], den=slots[1])
        elif selector == _SLASHED and len(slots) > 1:
            # On one line nobody sees where the second part ends: s/x×100% stays as it is drawn.
            parent.append(slots[0])
            _letters(parent, "/")
            parent.append(slots[1])
        elif selector == _SCRIPT and len(slots) > 1:
            _put(parent, "sSubSup", e=etree.Element(f"{M}e"), sub=slots[0], sup=slots[1])
        elif selector == _ROOT:
            degree = {"deg": slots[1]} if variation and len(slots) > 1 else {}
            _put(parent, "rad", e=main, **degree)
        elif selector in _FENCES:
            fence = _put(parent, "d", e=main)
            marks = etree.SubElement(fence, f"{M}dPr")
            for name, sign in zip(("begChr", "endChr"), _FENCES[selector], strict=True):
                etree.SubElement(marks, f"{M}{name}").set(f"{M}val", sign)
        elif selector in _OPERATORS and len(slots) > 2:
            operator = _put(parent, "nary", e=slots[0], sub=slots[1], sup=slots[2])
            marks = etree.SubElement(operator, f"{M}naryPr")
            etree.SubElement(marks, f"{M}chr").set(f"{M}val", _OPERATORS[selector])
        else:
            for slot in slots:
                parent.append(slot)

    def _slots(self, depth: int) -> list[Element]:
        """The lines of a template, empty ones too; its other characters are drawn, not read."""
        slots: list[Element] = []
        while True:
            kind, options = self._tag()
            if kind == _END:
                return slots
            slot = etree.Element(f"{M}e")
            self._object(slot, kind, options, depth + 1)
            if kind in {_LINE, _PILE, _MATRIX}:
                slots.append(slot)

    def _rows(self, parent: Element, kind: int, options: int, depth: int) -> None:
        """Lines below each other: told apart by semicolons."""
        self._nudge(options)
        if kind == _PILE:
            self._skip(2)
            if options & _RULED:
                self._tag()
                self._skip(3 * self._byte())
        else:
            self._skip(3)
            rows, columns = self._byte(), self._byte()
            self._skip((rows * 2 + 9) // 8 + (columns * 2 + 9) // 8)
        for number, slot in enumerate(self._slots(depth)):
            if number:
                _letters(parent, "; ")
            parent.append(slot)

    def _tag(self) -> tuple[int, int]:
        tag = self._byte()
        return tag & 15, tag >> 4

    def _byte(self) -> int:
        value = self._data[self._place]
        self._place += 1
        return value

    def _skip(self, count: int) -> None:
        self._place += count

    def _nudge(self, options: int) -> None:
        if options & _NUDGED and (self._byte(), self._byte()) == (128, 128):
            self._skip(4)


def _letters(parent: Element, text: str) -> None:
    run = etree.SubElement(parent, f"{M}r")
    etree.SubElement(run, f"{M}t").text = text


def _put(parent: Element, name: str, **parts: Element) -> Element:
    """Add a structure of Word's formulas with its parts."""
    made = etree.SubElement(parent, f"{M}{name}")
    for tag, part in parts.items():
        part.tag = f"{M}{tag}"
        made.append(part)
    return made
