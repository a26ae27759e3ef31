"""Load a picture (PNG, JPEG, TIFF with one or several pages) by text recognition.

Each picture is a page and goes the same way as a scanned page of a PDF. Rectangles are in points
on a page whose size :func:`ingest.ocr.raster.page_size` tells.
"""

from __future__ import annotations

from ingest.errors import BadInput
from ingest.layout.blocks import BlockBuilder
from ingest.layout.furniture import Furniture
from ingest.layout.report import PageReport
from ingest.layout.title import title_from_page
from ingest.loaders.base import Loaded, Source
from ingest.ocr.base import OcrUnavailable
from ingest.ocr.engines import make_engine
from ingest.ocr.raster import image_pages
from ingest.ocr.reader import PageReader, Recognised


def load(source: Source) -> Loaded:
    """Read the text of an image file as blocks with page and rectangle.

    Raises :class:`BadInput` if text recognition is off or missing, for a damaged file or one too
    large to unpack, for more than ``source.max_pages`` pages, and where no text is found.
    """
    try:
        engine = make_engine(source.ocr)
    except OcrUnavailable as error:
        raise BadInput(f"a picture is read by text recognition, and {error}") from error
    if engine is None:
        raise BadInput(
            "a picture is read by text recognition, which is off; set ingest.ocr = rapidocr and "
            "read it again"
        )
    report = PageReport(source.ocr)
    reader = PageReader(engine)
    found: list[Recognised] = []
    count = 0
    for count, raster in enumerate(image_pages(source.data, source.max_pages), 1):
        try:
            page = reader.read(raster, count)
        except MemoryError:
            raise  # the whole file is too large, not this page
        except Exception as error:  # one bad page must not lose the document
            report.fail_recognition(count, error)
            continue
        report.quality[count] = page.quality
        if page.page.characters:
            found.append(page)
        else:
            report.no_layer.append(count)
    return _loaded(found, report, count)


def _loaded(found: list[Recognised], report: PageReport, count: int) -> Loaded:
    furniture, builder = Furniture(), BlockBuilder()
    read = [item.page for item in found]
    furniture.learn(read)
    for page in read:
        furniture.strip(page)
    builder.learn(read)
    title = title_from_page(read[0], builder.headings.body_size) if read else None
    blocks = [block for item in found for block in item.place(builder.build(item.page))]
    if not blocks:
        raise BadInput(
            report.no_text(count)
            if report.ocr_failed
            else "text recognition finds no text in the picture; if there is some, scan it again "
            "at 200 to 300 dpi"
        )
    quality = [report.quality[number] for number in sorted(report.quality)]
    return Loaded(blocks, title=title, pages=count, warnings=report.warnings(), quality=quality)
