"""Read the characters of one PDF page with PDFium and gather them into segments.

The raw PDFium calls are used because a page has thousands of characters and the wrapper's own
objects cost several times more. Nothing here is kept between pages.
"""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.layout.characters import meaning
from ingest.layout.hidden import PLAIN, Look, Scene, Suspect
from ingest.layout.shapes import Segment, is_wide
from ingest.layout.shifted import glyph_character, is_suspect, shifted_fonts
from ingest.model import BBox

# A wider gap than this many font sizes always ends a segment: it may be a column gutter.
GAP = 0.7
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|simhei|黑体|hei(?:ti)?(?:[-,]|$)", re.IGNORECASE)
_SPACES = frozenset({0x20, 0xA0, 0x3000, 0x09, 0x0A, 0x0D})
_SCALE = 1000  # PDFium answers in whole device units; a thousandth of a point is fine enough
_FORCE_BOLD = 1 << 18


@dataclass(slots=True)
class Style:
    """What all characters of one text object share."""

    size: float
    bold: bool
    angle: int
    wingdings: bool
    guessed: bool  # the font gives glyph numbers, read by :mod:`ingest.layout.shifted`
    plain: bool  # upright both on the page and as displayed: the fast way to a box is right
    look: Look  # how it is painted


@dataclass(slots=True)
class Glyphs:
    """Segments of a page by reading direction (degrees clockwise), and what was left out."""

    groups: dict[int, list[Segment]] = field(default_factory=dict)
    unmapped: int = 0
    outside: str = ""
    suspects: list[Suspect] = field(default_factory=list)

    @property
    def characters(self) -> int:
        """Number of characters in all groups."""
        return sum(len(s.text) for segments in self.groups.values() for s in segments)


class Display:
    """The affine map from PDF user space to the displayed page (crop box and rotation)."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.width, self.height = page.get_size()
        origin, along, up = (self._point(page, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
        self.e, self.f = origin
        self.a, self.b = ((p - o) / 1000 for p, o in zip(along, origin, strict=True))
        self.c, self.d = ((p - o) / 1000 for p, o in zip(up, origin, strict=True))

    def _point(self, page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = int(self.width * _SCALE), int(self.height * _SCALE)
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        return across.value / _SCALE, down.value / _SCALE

    def turn(self, x: float, y: float) -> tuple[float, float]:
        """Map a direction."""
        return self.a * x + self.c * y, self.b * x + self.d * y

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Map a point."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, left: float, bottom: float, right: float, top: float) -> BBox:
        """Map a rectangle."""
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def read_glyphs(page: pdfium.PdfPage, scene: Scene | None = None) -> Glyphs:
    """Read all characters of ``page``; raises :class:`pypdfium2.PdfiumError` if it cannot.

    Text that gives cause to doubt that anybody sees it, with regard to what else the page draws
    (``scene``), comes apart, as ``suspects``.
    """
    textpage = page.get_textpage()
    try:
        return _Reader(textpage, Display(page), scene or Scene()).read()
    finally:
        textpage.close()


class _Reader:
    """Walks the characters in content order; a segment grows until style or place changes."""

    def __init__(self, textpage: pdfium.PdfTextPage, display: Display, scene: Scene) -> None:
        self.textpage = textpage
        self.display = display
        self.scene = scene
        self.kind = PLAIN
        self.glyphs = Glyphs()
        self.fonts: dict[int, tuple[bool, bool]] = {}
        self.shifted: set[int] = set()
        self.current: Segment | None = None
        self.angle = 0

    def read(self) -> Glyphs:
        textpage = self.textpage.raw
        style = Style(1.0, False, 0, False, False, True, Look())
        known: int | None = None
        space = generated = False
        codes = self._codes()
        for index, code in enumerate(codes):
            owner = raw.FPDFText_GetTextObject(textpage, index)
            if not owner:  # PDFium's own spaces and line ends
                space = generated = True
                continue
            if code in _SPACES and not self.shifted:
                space, generated = True, False
                continue
            address = ctypes.addressof(owner.contents)
            if address != known:
                known = address
                style = self._style(owner, index)
            character = self._character(code, index, style)
            if character == " ":
                space, generated = True, False
                continue
            if not character:
                self.glyphs.unmapped += character is None
                continue
            frame, shown = self._boxes(index, style)
            if self._is_outside(shown):
                self.glyphs.outside += f" {character}" if space else character
                space = generated = False
                continue
            self._add(character, frame, shown, style, space, generated)
            space = generated = False
        return self.glyphs

    def _character(self, code: int, index: int, style: Style) -> str | None:
        if not style.guessed:
            return " " if code in _SPACES else meaning(code, style.wingdings)
        if code in _SPACES and raw.FPDFText_IsGenerated(self.textpage.raw, index) == 1:
            return " "
        character = glyph_character(code)
        return " " if character == "\xa0" else character

    def _codes(self) -> list[int]:
        """All character codes of the page; finds out which fonts give glyph numbers instead."""
        textpage = self.textpage.raw
        count = max(raw.FPDFText_CountChars(textpage), 0)
        codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)]
        if is_suspect(codes):
            by_font: dict[int, list[int]] = {}
            by_owner: dict[int, list[int]] = {}
            for index, code in enumerate(codes):
                owner = raw.FPDFText_GetTextObject(textpage, index)
                if not owner:
                    continue
                address = ctypes.addressof(owner.contents)
                if address not in by_owner:
                    font = raw.FPDFTextObj_GetFont(owner)
                    key = ctypes.addressof(font.contents) if font else 0
                    by_owner[address] = by_font.setdefault(key, [])
                by_owner[address].append(code)
            self.shifted = shifted_fonts(by_font)
        return codes

    def _add(
        self, character: str, frame: BBox, shown: BBox, style: Style, space: bool, generated: bool
    ) -> None:
        segment = self.current
        kind = style.look.at(shown)
        x0, y0, x1, y1 = frame
        if (
            segment is not None
            and self.angle == style.angle
            and self.kind == kind
            and segment.bold == style.bold
            and segment.guessed == style.guessed
        ):
            size = style.size
            gap = x0 - segment.x1
            if (
                abs(segment.size - size) < 0.05 * size
                and abs(y1 - segment.y1) < 0.12 * size
                and -0.6 * size < gap < GAP * size
            ):
                if _needs_space(segment.text[-1], character, gap, size, space, generated):
                    segment.text += " "
                segment.text += character
                segment.x0, segment.x1 = min(segment.x0, x0), max(segment.x1, x1)
                segment.y0, segment.y1 = min(segment.y0, y0), max(segment.y1, y1)
                old = segment.shown
                segment.shown = (
                    min(old[0], shown[0]),
                    min(old[1], shown[1]),
                    max(old[2], shown[2]),
                    max(old[3], shown[3]),
                )
                return
        spaced = space and not generated
        segment = Segment(
            character, x0, y0, x1, y1, style.size, style.bold, spaced, style.guessed, shown
        )
        if kind == PLAIN:
            self.glyphs.groups.setdefault(style.angle, []).append(segment)
        else:
            suspect = Suspect(segment, style.angle, kind, style.look.owner)
            self.glyphs.suspects.append(suspect)
        self.current, self.angle, self.kind = segment, style.angle, kind

    def _style(self, owner: object, index: int) -> Style:
        matrix = raw.FS_MATRIX()
        textpage = self.textpage.raw
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        size = raw.FPDFText_GetFontSize(textpage, index)
        size *= math.hypot(matrix.c, matrix.d) or 1.0
        across, down = self.display.turn(matrix.a, matrix.b)
        angle = _direction(math.degrees(math.atan2(down, across)))
        plain = angle == 0 and matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 0.01 * matrix.a
        bold, wingdings, guessed = self._font(raw.FPDFTextObj_GetFont(owner))
        bold = bold or raw.FPDFTextObj_GetTextRenderMode(owner) == 2
        plain = plain and self.display.a > 0
        shown = bounds_of(owner, self.display) if self.scene.covers else None
        look = self.scene.look(owner, size, shown)
        return Style(max(size, 0.5), bold, angle, wingdings, guessed, plain, look)

    def _font(self, font: Any) -> tuple[bool, bool, bool]:
        """Whether a font is bold, one of Wingdings, and without a character map."""
        if not font:
            return False, False, False
        address = ctypes.addressof(font.contents)
        if address not in self.fonts:
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            # Chinese producers write font names in GBK bytes.
            name = buffer.value.decode("gb18030", "replace").rpartition("+")[-1]
            bold = (
                _BOLD_NAME.search(name) is not None
                or raw.FPDFFont_GetWeight(font) >= 600
                or max(raw.FPDFFont_GetFlags(font), 0) & _FORCE_BOLD != 0
            )
            self.fonts[address] = bold, "wingdings" in name.lower()
        return *self.fonts[address], address in self.shifted

    def _boxes(self, index: int, style: Style) -> tuple[BBox, BBox]:
        """The character's rectangle in its frame and on the displayed page."""
        display = self.display
        if style.plain:
            rect = raw.FS_RECTF()
            raw.FPDFText_GetLooseCharBox(self.textpage.raw, index, rect)
            if rect.right > rect.left and rect.top > rect.bottom:
                box = display.box(rect.left, rect.bottom, rect.right, rect.top)
                return box, box
        values = [ctypes.c_double() for _ in range(4)]
        left, right, bottom, top = values
        raw.FPDFText_GetCharBox(self.textpage.raw, index, left, right, bottom, top)
        shown = display.box(left.value, bottom.value, right.value, top.value)
        raw.FPDFText_GetCharOrigin(self.textpage.raw, index, left, bottom)
        _, base = turned(*display.point(left.value, bottom.value), style.angle)
        corners = [turned(x, y, style.angle) for x in shown[::2] for y in shown[1::2]]
        x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
        # Slanted text: the box of a box is too long; the middle is right.
        if style.angle % 90:
            middle, half = (x0 + x1) / 2, style.size / 2
            x0, x1 = max(x0, middle - half), min(x1, middle + half)
        return (x0, base - 0.8 * style.size, x1, base + 0.2 * style.size), shown

    def _is_outside(self, shown: BBox) -> bool:
        x0, y0, x1, y1 = shown
        return x1 < 0 or y1 < 0 or x0 > self.display.width or y0 > self.display.height


def bounds_of(item: object, display: Display, forms: tuple[Any, ...] = ()) -> BBox | None:
    """Rectangle of a page object on the displayed page, or None where PDFium knows none.

    PDFium measures an object inside a form in the form's coordinates; ``forms`` are the matrices
    of the forms around it, the outermost first.
    """
    values = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *values):
        return None
    left, bottom, right, top = (value.value for value in values)
    for m in reversed(forms):
        corners = [
            (m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f)
            for x in (left, right)
            for y in (bottom, top)
        ]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    return display.box(left, bottom, right, top)


def turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """Map a point of the displayed page into the frame of text that runs at ``angle``."""
    if angle == 0:
        return x, y
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return x * cosine + y * sine, y * cosine - x * sine


def _direction(angle: float) -> int:
    """Round to whole degrees in 0..359; a scan a few degrees askew counts as straight."""
    quarter = round(angle / 90) * 90
    return int(quarter if abs(angle - quarter) < 5 else round(angle)) % 360


def _needs_space(
    before: str, after: str, gap: float, size: float, space: bool, generated: bool
) -> bool:
    """Whether a space belongs between two neighbouring characters of a line."""
    if is_wide(before) and is_wide(after):
        return space and not generated
    if is_wide(before) or is_wide(after):
        # PDFium guesses spaces from gaps, and justified CJK text is full of gaps.
        return space and (not generated or gap > 0.3 * size)
    return space or gap > 0.3 * size
