"""Paragraphs of a DrawingML text body (a:txBody) as a reader sees them, with their bullets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.structure.docxmath import math_text
from ingest.structure.docxnumbering import format_number
from ingest.structure.ooxml import Element, M
from ingest.structure.raised import Piece, Shift, written
from ingest.structure.symbolfonts import PRIVATE, is_symbol_font, letters_in
from ingest.text import squeeze

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Smaller type, in hundredths of a point, is there for programs and not for readers.
TINY = 200
_STRUCK = frozenset(["sngStrike", "dblStrike"])
_BULLETS = frozenset(f"{A}{name}" for name in ["buChar", "buAutoNum", "buBlip", "buNone"])
# ST_TextAutonumberScheme: the number's format and what stands around it.
_SCHEME = re.compile(
    r"(arabicDb|arabic|alphaLc|alphaUc|romanLc|romanUc|ea1Chs|ea1Cht|ea1Jpn(?:Chs|Kor)|"
    r"circleNumDb|circleNumWdBlack|circleNumWdWhite)(Db)?(ParenBoth|ParenR|Period|Plain)?$"
)
_FORMATS = {
    "arabic": "decimal", "arabicDb": "decimalFullWidth", "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman",
    "ea1Chs": "chineseCounting", "ea1Cht": "chineseCounting", "ea1JpnChs": "chineseCounting",
    "ea1JpnKor": "chineseCounting", "circleNumDb": "decimalEnclosedCircle",
    "circleNumWdBlack": "decimalEnclosedCircle", "circleNumWdWhite": "decimalEnclosedCircle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``label`` is its number with the blank behind it, ``""`` for a bullet.

    ``label`` is ``None`` outside lists; ``level`` counts from 0; ``size`` is the largest type size
    written on a run, in hundredths of a point; ``tiny`` is text too small to be read. ``struck``
    counts the struck-out passages that were left out, ``unknown`` the letters of symbol fonts that
    stand as □ or \ufffd.
    """

    text: str
    label: str | None = None
    level: int = 0
    size: int = 0
    bold: bool = False
    tiny: str = ""
    struck: int = 0
    unknown: int = 0


def paragraphs(body: Element, styles: Sequence[Element] = ()) -> Iterator[Paragraph]:
    """Paragraphs of a text body, empty ones left out.

    ``styles`` are the list styles that the body inherits from, nearest first; the body's own one
    comes before them.
    """
    own = body.find(f"{A}lstStyle")
    chain = [style for style in (own, *styles) if style is not None]
    counts: dict[int, tuple[str, int]] = {}
    for element in body.iterchildren(f"{A}p"):
        paragraph = _read(element, chain, counts)
        if paragraph.text or paragraph.tiny or paragraph.struck:
            yield paragraph


def body_text(body: Element, left_out: Counter[str] | None = None) -> str:
    """All text of a body on one line, numbers included, as in a table cell.

    What was left out is counted in ``left_out``, by kind: ``struck`` and ``symbols``.
    """
    lines: list[str] = []
    for item in paragraphs(body):
        if item.text:
            lines.append(f"{item.label or ''}{item.text}".replace("\n", " "))
        if left_out is not None:
            left_out["struck"] += item.struck
            left_out["symbols"] += item.unknown
    return " ".join(lines)


def line_of(paragraph: Element) -> str:
    """The text of one paragraph (``a:p``) on one line, as in the title of a chart."""
    return " ".join(written(_Runs(paragraph).pieces).split())


def _read(element: Element, chain: list[Element], counts: dict[int, tuple[str, int]]) -> Paragraph:
    properties = element.find(f"{A}pPr")
    level = _whole(None if properties is None else properties.get("lvl"))
    runs = _Runs(element)
    text = squeeze(written(runs.pieces))
    label = None
    if text:
        label = _label(_bullet(properties, level, chain), level, counts)
    tiny = squeeze("".join(runs.tiny))
    return Paragraph(
        text, label, level, runs.size, runs.bold, tiny, runs.struck, runs.unknown
    )  # fmt: skip


class _Runs:
    """Gathers the text of a paragraph's runs."""

    def __init__(self, paragraph: Element) -> None:
        self.pieces: list[Piece] = []
        self.tiny: list[str] = []
        self.size = self.struck = self.unknown = 0
        self._weights: list[bool] = []
        self._walk(paragraph)

    @property
    def bold(self) -> bool:
        return bool(self._weights) and all(self._weights)

    def _walk(self, element: Element) -> None:
        for item in element.iterchildren():
            if item.tag in {f"{A}r", f"{A}fld"}:
                # The number of a slide is furniture wherever it stands.
                if item.get("type") != "slidenum":
                    self._run(item)
            elif item.tag == f"{A}br":
                self.pieces.append(("\n", Shift.LEVEL))
            elif item.tag in {f"{M}oMath", f"{M}oMathPara"}:
                self.pieces.append((math_text(item), Shift.FORMULA))
            elif item.tag == f"{MC}AlternateContent":
                chosen = choose(item, lambda part: next(part.iter(f"{M}oMath"), None) is not None)
                if chosen is not None:
                    self._walk(chosen)
            elif isinstance(item.tag, str) and item.tag.endswith("}m"):
                self._walk(item)  # a14:m wraps a formula

    def _run(self, run: Element) -> None:
        text = run.findtext(f"{A}t") or ""
        properties = run.find(f"{A}rPr")
        size = _whole(None if properties is None else properties.get("sz"))
        if 0 < size <= TINY:
            self.tiny.append(text)
            return
        if properties is not None and properties.get("strike") in _STRUCK:
            self.struck += bool(text.strip()) and not self._goes_on(Shift.GONE)
            self.pieces.append((text, Shift.GONE))
            return
        text, unknown = letters_in(text, _font(properties, text))
        self.unknown += unknown
        self.pieces.append((text.replace("\v", "\n"), _shift(properties)))
        if text.strip():
            self.size = max(self.size, size)
            self._weights.append(
                properties is not None and properties.get("b") in {"1", "true", "on"}
            )

    def _goes_on(self, shift: Shift) -> bool:
        return bool(self.pieces) and self.pieces[-1][1] is shift


def _shift(properties: Element | None) -> Shift:
    """Where a run stands to its line; strict files write ``30%`` for ``30000``."""
    written_so = "" if properties is None else properties.get("baseline", "")
    baseline = _whole(re.split(r"[.%]", written_so)[0])
    if not baseline:
        return Shift.LEVEL
    return Shift.RAISED if baseline > 0 else Shift.LOWERED


def _font(properties: Element | None, text: str) -> str:
    """The symbol font that a run is drawn in, or ``""``.

    The font for symbols is that of private letters, and of the lone à of an arrow; other text has
    the font for Western letters.
    """
    fonts = []
    for name in ("sym", "latin"):
        found = None if properties is None else properties.find(f"{A}{name}")
        fonts.append("" if found is None else found.get("typeface", ""))
    symbols, western = fonts
    alone = PRIVATE.search(text) or (len(text.strip()) == 1 and not text.isascii())
    if is_symbol_font(symbols) and alone:
        return symbols
    return western if is_symbol_font(western) else ""


def choose(element: Element, good: Callable[[Element], bool]) -> Element | None:
    """Of several versions of the same thing: the first that is ``good``, else the last resort."""
    for part in element.iterchildren(f"{MC}Choice"):
        if good(part):
            return part
    fallback = element.find(f"{MC}Fallback")
    return fallback if fallback is not None else element.find(f"{MC}Choice")


def _bullet(properties: Element | None, level: int, chain: list[Element]) -> Element | None:
    """What stands before a paragraph: its own word, else that of the nearest style."""
    sources = [properties]
    sources += [style.find(f"{A}lvl{min(level, 8) + 1}pPr") for style in chain]
    for source in sources:
        if source is not None:
            for item in source.iterchildren():
                if item.tag in _BULLETS:
                    return item
    return None


def _label(bullet: Element | None, level: int, counts: dict[int, tuple[str, int]]) -> str | None:
    """The label of a paragraph; counts go on until a paragraph of the same level breaks them."""
    for deeper in [other for other in counts if other > level]:
        del counts[deeper]
    if bullet is None or bullet.tag != f"{A}buAutoNum":
        counts.pop(level, None)
        return None if bullet is None or bullet.tag == f"{A}buNone" else ""
    scheme, start = bullet.get("type", "arabicPeriod"), _whole(bullet.get("startAt")) or 1
    key = f"{scheme} {start}"
    before = counts.get(level)
    number = before[1] + 1 if before is not None and before[0] == key else start
    counts[level] = (key, number)
    return _numbered(scheme, number)


def _numbered(scheme: str, number: int) -> str:
    match = _SCHEME.match(scheme)
    if match is None:
        return f"{number}. "
    written = format_number(number, _FORMATS[match[1]])
    around = match[3]
    if around == "ParenBoth":
        return f"({written}) "
    if around == "ParenR":
        return f"{written}) "
    if around == "Period":
        return f"{written}、" if match[1].startswith("ea1") else f"{written}. "
    return f"{written} "


def _whole(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        return 0
