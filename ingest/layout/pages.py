"""Read one page of a PDF into lines in reading order."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.layout.columns import reading_order
from ingest.layout.glyphs import Display, read_glyphs, turned
from ingest.layout.grids import find_grids
from ingest.layout.lines import build_lines
from ingest.layout.shapes import Page, Rule

_THIN = 2.5  # points; a filled rectangle thinner than this is a rule
_LONG = 12.0
_PICTURE = 0.3  # share of the page an image must cover to count as a scan
_FORMS_DEEP = 3
_MAX_OBJECTS = 20000  # drawings with more objects are maps or plots, not tables


def read_page(document: pdfium.PdfDocument, index: int, has_form: bool = False) -> Page:
    """Read page ``index`` (counted from 0), with what is filled in its form fields.

    PDFium's errors pass through.
    """
    pdf_page = document[index]
    try:
        if has_form and raw.FPDFPage_GetAnnotCount(pdf_page) > 0:
            # What is filled in a form is drawn by its fields; this writes it into the page (in
            # memory only), so that it is read like all other text.
            raw.FPDFPage_Flatten(pdf_page, raw.FLAT_NORMALDISPLAY)
            pdf_page.close()
            pdf_page = document[index]
        display = Display(pdf_page)
        glyphs = read_glyphs(pdf_page)
        page = Page(index + 1, display.width, display.height)
        page.unmapped, page.outside = glyphs.unmapped, glyphs.outside
        drawings = _Drawings(display, page)
        drawings.read(pdf_page)
        for angle, segments in sorted(glyphs.groups.items(), key=lambda g: (-len(g[1]), g[0])):
            grids = find_grids(_turn_rules(drawings.rules, angle))
            for zone in reading_order(segments, grids):
                lines = build_lines(zone, grids)
                for line in lines:
                    line.turned = angle != 0
                page.columns.append(lines)
        return page
    finally:
        pdf_page.close()


def _turn_rules(rules: list[Rule], angle: int) -> list[Rule]:
    """The rules in the frame of text that runs at ``angle``."""
    if angle == 0 or angle % 90:
        return rules if angle == 0 else []
    found = []
    for rule in rules:
        (xa, ya), (xb, yb) = turned(rule.x0, rule.y0, angle), turned(rule.x1, rule.y1, angle)
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        # Rounding must not make a rule slanted.
        found.append(Rule(x0, y0, x1, y0) if x1 - x0 > y1 - y0 else Rule(x0, y0, x0, y1))
    return found


def is_blank(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether a page shows nothing, judged on a small rendering."""
    pdf_page = document[index]
    try:
        scale = 150 / max(*pdf_page.get_size(), 1.0)
        bitmap = pdf_page.render(scale=scale, grayscale=True)
        try:
            pixels = bytes(bitmap.buffer)
        finally:
            bitmap.close()
    finally:
        pdf_page.close()
    paper = max(pixels, default=255)
    return sum(1 for value in pixels if value < paper - 40) <= 2


class _Drawings:
    """Looks through the page's objects for straight rules and for pictures."""

    def __init__(self, display: Display, page: Page) -> None:
        self.display = display
        self.page = page
        self.rules: list[Rule] = []
        self.objects = 0

    def read(self, pdf_page: pdfium.PdfPage) -> None:
        count = raw.FPDFPage_CountObjects(pdf_page)
        self.page.is_empty = count <= 0
        for index in range(min(count, _MAX_OBJECTS)):
            self._object(raw.FPDFPage_GetObject(pdf_page, index), 0)

    def _object(self, item: object, depth: int) -> None:
        kind = raw.FPDFPageObj_GetType(item)
        self.objects += 1
        if self.objects > _MAX_OBJECTS:
            return
        if kind == raw.FPDF_PAGEOBJ_PATH and depth == 0:
            self._path(item)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            if depth > 0 or self._covers(item):
                self.page.has_picture = True
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _FORMS_DEEP:
            for index in range(max(raw.FPDFFormObj_CountObjects(item), 0)):
                self._object(raw.FPDFFormObj_GetObject(item, index), depth + 1)

    def _bounds(self, item: object) -> tuple[float, float, float, float] | None:
        values = [ctypes.c_float() for _ in range(4)]
        if not raw.FPDFPageObj_GetBounds(item, *values):
            return None
        left, bottom, right, top = (value.value for value in values)
        return self.display.box(left, bottom, right, top)

    def _covers(self, item: object) -> bool:
        box = self._bounds(item)
        if box is None:
            return False
        area = (box[2] - box[0]) * (box[3] - box[1])
        return area >= _PICTURE * self.page.width * self.page.height

    def _path(self, item: object) -> None:
        box = self._bounds(item)
        if box is None:
            return
        x0, y0, x1, y1 = box
        wide, high = x1 - x0, y1 - y0
        rules = self.rules
        if high <= _THIN and wide >= _LONG:
            middle = (y0 + y1) / 2
            rules.append(Rule(x0, middle, x1, middle))
        elif wide <= _THIN and high >= 6:
            middle = (x0 + x1) / 2
            rules.append(Rule(middle, y0, middle, y1))
        elif wide >= _LONG and high >= 6 and self._is_stroked_box(item):
            rules += [
                Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1),
                Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1),
            ]  # fmt: skip

    @staticmethod
    def _is_stroked_box(item: object) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        return bool(stroke.value) and raw.FPDFPath_CountSegments(item) <= 6
