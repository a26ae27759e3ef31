"""Load a PDF that has a text layer.

The pages are read in batches: a batch is first measured (body size, line distances, repeated
headers), then turned into blocks, so the memory needed does not grow with the lines of the file.
A page that cannot be read becomes a warning; the numbers of the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.errors import BadInput
from ingest.layout.blocks import BlockBuilder
from ingest.layout.furniture import Furniture
from ingest.layout.pages import is_blank, read_page
from ingest.layout.shapes import Page
from ingest.layout.title import title_from_page, usable_title
from ingest.loaders.base import Loaded, Source
from ingest.model import Block

_BATCH = 256  # pages
_THIN = 12  # fewer characters than this beside a picture are a stamp on a scan


def load(source: Source) -> Loaded:
    """Read the text of a PDF as blocks with page and rectangle.

    Raises :class:`BadInput` for a damaged, encrypted or empty file, for one with more than
    ``source.max_pages`` pages, and for one without any text.
    """
    document = _open(source)
    try:
        return _load(document, source)
    finally:
        document.close()


def _load(document: pdfium.PdfDocument, source: Source) -> Loaded:
    count = len(document)
    if count == 0:
        raise BadInput("the PDF has no pages; export it again")
    if count > source.max_pages:
        raise BadInput(
            f"the PDF has {count} pages, more than the {source.max_pages} allowed; "
            "split it or raise the limit"
        )
    report = _Report()
    furniture, builder = Furniture(), BlockBuilder()
    blocks: list[Block] = []
    title = usable_title(document.get_metadata_dict().get("Title", ""))
    for batch in _batches(document, count, report):
        furniture.learn(batch)
        for page in batch:
            furniture.strip(page)
        builder.learn(batch)
        for page in batch:
            if page.characters == 0 and page.is_empty:
                report.blank.append(page.number)
            elif page.characters < _THIN and (page.has_picture or page.characters == 0):
                report.picture_only(document, page)
            if page.number == 1 and title is None:
                title = title_from_page(page, builder.headings.body_size)
            blocks.extend(builder.build(page))
    if not blocks:
        raise BadInput(report.no_text(count))
    return Loaded(blocks, title=title, pages=count, warnings=report.warnings())


def _open(source: Source) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "assword" in str(error):
            raise BadInput(
                "the PDF is encrypted and needs a password; give a decrypted copy"
            ) from error
        # PDFium opens no document without pages, and names no error of its own for it.
        raise BadInput(
            "the PDF cannot be opened: it has no pages or is damaged; save or export it again"
        ) from error


def _batches(document: pdfium.PdfDocument, count: int, report: _Report) -> Iterator[list[Page]]:
    batch: list[Page] = []
    has_form = document.get_formtype() != raw.FORMTYPE_NONE
    for index in range(count):
        try:
            page = read_page(document, index, has_form)
        except MemoryError:
            raise  # the whole file is too large, not this page
        except Exception as error:  # one bad page must not lose the document
            report.failed[index + 1] = str(error) or type(error).__name__
            continue
        report.note(page)
        batch.append(page)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Report:
    """Collects what the curator should know about single pages."""

    def __init__(self) -> None:
        self.failed: dict[int, str] = {}
        self.no_layer: list[int] = []
        self.blank: list[int] = []
        self.unmapped: list[int] = []
        self.outside: dict[int, int] = {}
        self.guessed: list[int] = []

    def note(self, page: Page) -> None:
        if page.unmapped > max(5, 0.02 * page.characters):
            self.unmapped.append(page.number)
        if any(line.guessed for column in page.columns for line in column):
            self.guessed.append(page.number)
        if page.outside:
            self.outside[page.number] = page.outside

    def picture_only(self, document: pdfium.PdfDocument, page: Page) -> None:
        """Sort a page without text into scans and blank paper."""
        blank = page.characters == 0 and is_blank(document, page.number - 1)
        (self.blank if blank else self.no_layer).append(page.number)

    def no_text(self, count: int) -> str:
        if len(self.failed) == count:
            return f"no page of the PDF can be read ({next(iter(self.failed.values()))})"
        if self.no_layer:
            return (
                "the PDF is a scan without a text layer; run text recognition (OCR) on it first, "
                "which this version does not do"
            )
        if self.unmapped:
            return "the PDF does not say which characters its glyphs stand for; export it again"
        if self.blank:
            return "all pages of the PDF are blank; nothing to read"
        return "the PDF holds nothing but page headers and footers"

    def warnings(self) -> list[str]:
        found = []
        if self.no_layer:
            found.append(
                f"{_pages(self.no_layer)} no text layer (a scan?); OCR is not available in this "
                "version"
            )
        if self.failed:
            reason = next(iter(self.failed.values()))
            found.append(f"{_pages(sorted(self.failed), 'could not be read')}: {reason}")
        if self.unmapped:
            found.append(
                f"{_pages(self.unmapped)} characters whose meaning the file does not tell; "
                "they are left out"
            )
        if self.guessed:
            found.append(
                f"{_pages(self.guessed)} text in a font without a character map; it is read by "
                "glyph number and should be compared with the page"
            )
        if self.outside:
            total = sum(self.outside.values())
            found.append(
                f"{_pages(sorted(self.outside))} text outside the visible page; {total} "
                "characters are left out"
            )
        return found


def _pages(numbers: list[int], verb: str | None = None) -> str:
    """``page 3 has``, ``pages 3-7, 9 have``, or with another verb."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    written = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
    one = len(numbers) == 1
    return f"page{'' if one else 's'} {written} {verb or ('has' if one else 'have')}"
