"""Read one page of a PDF into lines in reading order."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.layout.columns import reading_order
from ingest.layout.figures import take_figures
from ingest.layout.figures_marks import Marks
from ingest.layout.glyphs import Display, bounds_of, read_glyphs
from ingest.layout.hidden import Cover, Scene, judge
from ingest.layout.lines import build_lines
from ingest.layout.shapes import Hidden, Page, Rule, Segment, union
from ingest.layout.tables_page import page_grids
from ingest.model import BBox

_THIN = 2.5  # points; a filled rectangle thinner than this is a rule
_LONG = 12.0
_PICTURE = 0.3  # share of the page an image must cover to count as a scan
_FORMS_DEEP = 3
_HIDES = 4.0  # points; a smaller area hides no letter
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
        page = Page(index + 1, display.width, display.height)
        drawings = _Drawings(display, page)
        drawings.read(pdf_page)
        glyphs = read_glyphs(pdf_page, drawings.scene)
        page.unmapped = glyphs.unmapped
        page.outside = len(glyphs.outside.replace(" ", ""))
        if glyphs.outside:
            page.hidden.append(
                Hidden("text outside the visible page", glyphs.outside.strip(), None)
            )
        if glyphs.suspects:
            kept, hidden, page.layered = judge(
                pdf_page, glyphs.suspects, drawings.scene, glyphs.characters
            )
            page.hidden += hidden
            for suspect in kept:
                glyphs.groups.setdefault(suspect.angle, []).append(suspect.segment)
        lay_out(page, glyphs.groups, take_figures(page, drawings.marks, glyphs.groups))
        return page
    finally:
        pdf_page.close()


def lay_out(page: Page, groups: dict[int, list[Segment]], rules: list[Rule]) -> None:
    """Put the segments of a page (by reading direction) into lines in reading order."""
    grids = page_grids(page, rules, groups)
    for angle, segments in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        for zone in reading_order(segments, grids.get(angle, [])):
            lines = build_lines(zone, grids.get(angle, []))
            for line in lines:
                line.turned = angle != 0
            page.columns.append(lines)


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
    """Looks through the page's objects for straight rules, pictures and what may hide text."""

    def __init__(self, display: Display, page: Page) -> None:
        self.display = display
        self.page = page
        self.marks = Marks()
        self.scene = Scene()
        self.objects = 0

    def read(self, pdf_page: pdfium.PdfPage) -> None:
        count = raw.FPDFPage_CountObjects(pdf_page)
        self.page.is_empty = count <= 0
        for index in range(min(count, _MAX_OBJECTS)):
            self._object(raw.FPDFPage_GetObject(pdf_page, index), ())
        if self.marks.pictures:
            x0, y0, x1, y1 = union(self.marks.pictures)
            wide = min(x1, self.page.width) - max(x0, 0.0)
            high = min(y1, self.page.height) - max(y0, 0.0)
            share = max(wide, 0) * max(high, 0) / max(self.page.width * self.page.height, 1)
            self.page.picture_share = self.scene.picture_share = share

    def _object(self, item: Any, forms: tuple[Any, ...]) -> None:
        """Look at an object; ``forms`` are the matrices of the forms it stands in."""
        kind = raw.FPDFPageObj_GetType(item)
        self.objects += 1
        if self.objects > _MAX_OBJECTS:
            return
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self.scene.order[ctypes.addressof(item.contents)] = self.objects
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(item, forms)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            self._image(item, forms)
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(forms) < _FORMS_DEEP:
            matrix = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, matrix)
            for index in range(max(raw.FPDFFormObj_CountObjects(item), 0)):
                self._object(raw.FPDFFormObj_GetObject(item, index), (*forms, matrix))

    def _image(self, item: Any, forms: tuple[Any, ...]) -> None:
        page = self.page
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        if raw.FPDFImageObj_GetImagePixelSize(item, wide, high):
            page.largest_picture = max(
                page.largest_picture, (wide.value, high.value), key=lambda size: size[0] * size[1]
            )
        box = bounds_of(item, self.display, forms)
        if box is None:
            return
        self.marks.pictures.append(box)
        area = (box[2] - box[0]) * (box[3] - box[1])
        if area >= _PICTURE * page.width * page.height:
            page.has_picture = True
        self.scene.covers.append(Cover(box, self.objects, None))

    def _path(self, item: object, forms: tuple[Any, ...]) -> None:
        box = bounds_of(item, self.display, forms)
        if box is None:
            return
        upright = self.marks.add_path(item, box)
        if forms:
            return
        x0, y0, x1, y1 = box
        wide, high = x1 - x0, y1 - y0
        rules = self.marks.rules
        if high >= _HIDES and wide >= _HIDES:
            self._cover(item, box)
        if high <= _THIN and wide >= _LONG:
            middle = (y0 + y1) / 2
            rules.append(Rule(x0, middle, x1, middle))
        elif wide <= _THIN and high >= 6:
            middle = (x0 + x1) / 2
            rules.append(Rule(middle, y0, middle, y1))
        elif upright and wide >= _LONG and high >= 6 and self._is_stroked_box(item):
            rules += [
                Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1),
                Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1),
            ]  # fmt: skip

    def _cover(self, item: Any, box: BBox) -> None:
        """Note a filled area that may hide text, or show none in its own colour."""
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        paint = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        if not fill.value:
            return
        known = raw.FPDFPageObj_GetFillColor(item, *paint)
        red, green, blue, alpha = (value.value for value in paint)
        if not known or alpha > 0:
            colour = (red, green, blue) if known else None
            self.scene.covers.append(Cover(box, self.objects, colour))

    @staticmethod
    def _is_stroked_box(item: Any) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        return bool(stroke.value)
