"""Decide which pages of a PDF are read as pictures, and read them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pypdfium2 as pdfium

from ingest.errors import BadInput
from ingest.flags import DOUBTFUL_DIGITS, OCR
from ingest.layout.figures_blocks import Place, place_of
from ingest.layout.garbled import agree
from ingest.layout.pages import is_blank
from ingest.layout.report import PageReport
from ingest.layout.shapes import Page
from ingest.model import BBox, Block
from ingest.ocr.base import OcrUnavailable
from ingest.ocr.engines import make_engine
from ingest.ocr.raster import Raster, check_picture, render_page
from ingest.ocr.reader import PageReader, Recognised

_THIN = 12  # fewer characters than this beside a picture are a stamp on a scan
_STAMP = 1000  # … than this on a page that is all picture may be
_ALL_PICTURE = 0.7  # share of such a page that its pictures cover
_REPEATED = 2  # pages that show a picture in the same place before it counts as a logo
_SHARE = 0.2  # of the text layer's characters, from which the picture's reading is kept
_NEAR = 3.0  # points around a line of the text layer
_AFAR = 0.5  # pixels a point at which pictures are compared
_LEGIBLE = 0.8  # mean confidence of a line inside a picture worth keeping
_BESIDE = 40  # characters that are recognised where the text layer has none: there is more


class PagePictures:
    """Reads the pages of one document whose text layer is missing or nonsense.

    Args:
        document: Open until the last page is read.
        ocr: Name of the engine, or ``none``.
        report: Told what was done with each page.
    """

    def __init__(self, document: pdfium.PdfDocument, ocr: str, report: PageReport) -> None:
        self._document = document
        self._ocr = ocr
        self._report = report
        self._reader: PageReader | None = None
        self._started = False
        self.recognised: dict[int, Recognised] = {}
        self._labelled: dict[tuple[int, BBox], frozenset[str]] = {}
        self._places: Counter[Place] = Counter()

    def choose(self, page: Page, garbled: str | None) -> Page:
        """``page`` as it is to be read: by its text layer, or by recognition of its picture."""
        report, number = self._report, page.number
        if garbled:
            report.garbled[number] = garbled
        said = page.characters + sum(len(figure.labels) for figure in page.figures)
        if said == 0 and page.is_empty and not page.hidden:
            report.blank.append(number)
            report.set(number, "blank")
            return page
        bare = said < _THIN and (page.has_picture or said == 0)
        stamped = (
            page.picture_share >= _ALL_PICTURE and page.characters < _STAMP and not page.layered
        )
        if not (bare or stamped or garbled):
            report.read_as_text(page)
            self._label(page)
            return page
        try:
            check_picture(*page.largest_picture)
            if said == 0 and is_blank(self._document, number - 1):
                report.blank.append(number)
                report.set(number, "blank")
                return page
            found = self._recognise(number)
        except MemoryError:
            raise  # the whole file is too large, not this page
        except BadInput as error:
            report.failed[number] = str(error)
            report.set(number, "failed", str(error))
            return page
        except Exception as error:  # one bad page must not lose the document
            report.fail_recognition(number, error)
            return page
        return self._better(page, found, bare, garbled)

    def _better(
        self, page: Page, found: Recognised | None, bare: bool, garbled: str | None
    ) -> Page:
        """The reading that is to be believed."""
        report, number = self._report, page.number
        if garbled and found is not None and agree(_text(page), _text(found.page)):
            del report.garbled[number]  # it only looked like nonsense
            report.read_as_text(page)
            return page
        beside = 0 if found is None else _beside(page, found.page)
        if found is not None and (
            ((garbled or bare) and found.page.characters)
            or beside >= max(_BESIDE, _SHARE * page.characters)
        ):
            report.quality[number] = found.quality
            self.recognised[number] = found
            found.page.figures = page.figures
            if garbled:
                report.reread.append(number)
            return found.page
        if bare:
            report.no_layer.append(number)
            if found is not None:
                report.set(number, "ocr", "no text found")
            else:
                report.set(number, "failed", "no text layer, and text recognition is off")
        else:
            report.read_as_text(page)
            if found is None and not garbled:
                report.set(number, "text", "mostly a picture, which text recognition would read")
            elif beside >= _BESIDE:
                # The text layer is the better part; what its pictures say is labels.
                self._label(page)
                report.partly.append(number)
                report.set(number, "text", "there is more text in its picture; compare the page")
        return page

    def _label(self, page: Page) -> None:
        """Read what stands in the pictures of a text page: flow charts, axes, copied tables."""
        self._look(page)
        for figure in page.figures:
            place = place_of(figure)
            self._places[place] += 1
            # What every page shows is a logo.
            known = figure.labels or self._places[place] > _REPEATED
            if not figure.raster or known or self._start() is None:
                continue
            try:
                check_picture(*page.largest_picture)
                figure.labels, flags = self._labels(page, figure.bbox)
            except MemoryError:
                raise
            except Exception as error:  # a picture that fails must not lose its page
                self._report.set(page.number, "text", f"a picture could not be read: {error}")
                continue
            if figure.labels:
                self._labelled[page.number, _rounded(figure.bbox)] = flags

    def _look(self, page: Page) -> None:
        """Note what the pictures of a page look like, as seen from afar."""
        rasters = [figure for figure in page.figures if figure.raster]
        if not rasters:
            return
        pdf_page = self._document[page.number - 1]
        try:
            seen = pdf_page.render(scale=_AFAR).to_pil().convert("L")
        except pdfium.PdfiumError:
            return  # then only the place tells
        finally:
            pdf_page.close()
        for figure in rasters:
            x0, y0, x1, y1 = (round(value * _AFAR) for value in figure.bbox)
            small = seen.crop((x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))).resize((12, 12))
            grey = list(small.tobytes())
            mean = sum(grey) / len(grey)
            figure.look = f"{int(''.join('01'[value > mean] for value in grey), 2):x}"

    def _labels(self, page: Page, box: BBox) -> tuple[str, frozenset[str]]:
        """The text inside ``box``, and what is to be said of it."""
        raster = self._draw(page.number)
        x0, y0, x1, y1 = (round(value / raster.points) for value in box)
        assert self._reader is not None
        lines = self._reader.lines(raster.image[max(y0, 0) : y1, max(x0, 0) : x1])
        legible = [item for item in lines if item.line.confidence >= _LEGIBLE]
        flags = {OCR, *({DOUBTFUL_DIGITS} if any(item.doubtful for item in legible) else ())}
        return "\n".join(item.line.text for item in legible), frozenset(flags)

    def flagged(self, blocks: list[Block], number: int) -> list[Block]:
        """The blocks of a text page, those marked whose labels were recognised."""
        found = []
        for block in blocks:
            box = block.locator.bbox
            flags = self._labelled.get((number, _rounded(box))) if box and block.text else None
            if flags:
                block = replace(block, flags=(*block.flags, *sorted(flags - set(block.flags))))
            found.append(block)
        return found

    def _recognise(self, number: int) -> Recognised | None:
        reader = self._start()
        if reader is None:
            return None
        return reader.read(self._draw(number), number)

    def _draw(self, number: int) -> Raster:
        pdf_page = self._document[number - 1]
        try:
            return render_page(pdf_page)
        finally:
            pdf_page.close()

    def _start(self) -> PageReader | None:
        """The engine, loaded when the first page needs it."""
        if not self._started:
            self._started = True
            try:
                engine = make_engine(self._ocr)
            except OcrUnavailable as error:
                self._report.ocr_missing = str(error)
                engine = None
            self._reader = PageReader(engine) if engine else None
        return self._reader


def _beside(page: Page, found: Page) -> int:
    """Characters recognised on a page where its text layer has none: not under the stamp."""
    known = [line.shown for column in page.columns for line in column]
    count = 0
    for column in found.columns:
        for line in column:
            x, y = (line.shown[0] + line.shown[2]) / 2, (line.shown[1] + line.shown[3]) / 2
            covered = any(
                box[0] - _NEAR <= x <= box[2] + _NEAR and box[1] - _NEAR <= y <= box[3] + _NEAR
                for box in known
            )
            count += 0 if covered else len(line.text)
    return count


def _rounded(box: BBox) -> BBox:
    x0, y0, x1, y1 = (round(value, 1) for value in box)
    return x0, y0, x1, y1


def _text(page: Page) -> str:
    lines = [line.text for column in page.columns for line in column]
    return re.sub(r"[.…·]{3,}", "", "\n".join(lines))
