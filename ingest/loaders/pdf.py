"""Load a PDF: its text layer, or what text recognition reads where there is none worth reading.

The pages are read in batches: a batch is first measured (body size, line distances, repeated
headers), then turned into blocks, so the memory needed does not grow with the lines of the file.
Pages without text and pages whose text is nonsense are drawn and recognised, one at a time, if
``source.ocr`` names an engine. A page that cannot be read becomes a warning; the numbers of the
others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.errors import BadInput
from ingest.layout.blocks import BlockBuilder
from ingest.layout.furniture import Furniture
from ingest.layout.garbled import garbled
from ingest.layout.pages import read_page
from ingest.layout.report import PageReport
from ingest.layout.shapes import Page
from ingest.layout.title import title_from_page, usable_title
from ingest.loaders.base import Loaded, Source
from ingest.model import Block
from ingest.ocr.pages import PagePictures

_BATCH = 256  # pages


def load(source: Source) -> Loaded:
    """Read a PDF as blocks with page and rectangle.

    Blocks of recognised pages carry the flag ``ocr``, and where it applies ``low_confidence``,
    ``doubtful_digits`` and ``repaired``. Text that no reader sees is in ``withheld``.

    Raises :class:`BadInput` for a damaged or empty file, for one that none of
    ``source.passwords`` opens, for one with more than ``source.max_pages`` pages, and for one
    without any text.
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
    report = PageReport(source.ocr)
    pictures = PagePictures(document, source.ocr, report)
    furniture, builder = Furniture(), BlockBuilder()
    blocks: list[Block] = []
    title = usable_title(document.get_metadata_dict().get("Title", ""))
    for batch in _batches(document, count, report, pictures):
        furniture.learn(batch)
        for page in batch:
            furniture.strip(page)
        builder.learn(batch)
        for page in batch:
            if page.number == 1 and title is None:
                title = title_from_page(page, builder.headings.body_size)
            found = builder.build(page)
            recognised = pictures.recognised.pop(page.number, None)
            blocks.extend(
                recognised.place(found) if recognised else pictures.flagged(found, page.number)
            )
    if not any(block.text for block in blocks):
        raise BadInput(report.no_text(count))
    return Loaded(
        blocks,
        title=title,
        pages=count,
        warnings=report.warnings(),
        withheld=report.withheld,
        quality=[report.quality[number] for number in sorted(report.quality)],
    )


def _open(source: Source) -> pdfium.PdfDocument:
    # Without a password first: one that only restricts printing opens without.
    for password in (None, *source.passwords):
        try:
            return pdfium.PdfDocument(source.data, password=password)
        except pdfium.PdfiumError as error:
            if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "assword" in str(error):
                continue
            # PDFium opens no document without pages, and names no error of its own for it.
            raise BadInput(
                "the PDF cannot be opened: it has no pages or is damaged; save or export it again"
            ) from error
    raise BadInput(
        "the PDF is encrypted and none of the passwords set for it (ingest.passwords) opens "
        "it; add its password or give a decrypted copy"
        if source.passwords
        else "the PDF is encrypted and needs a password; set it (ingest.passwords) or give a "
        "decrypted copy"
    )


def _batches(
    document: pdfium.PdfDocument, count: int, report: PageReport, pictures: PagePictures
) -> Iterator[list[Page]]:
    batch: list[Page] = []
    has_form = document.get_formtype() != raw.FORMTYPE_NONE
    for index in range(count):
        try:
            page = read_page(document, index, has_form)
        except MemoryError:
            raise  # the whole file is too large, not this page
        except Exception as error:  # one bad page must not lose the document
            reason = str(error) or type(error).__name__
            report.failed[index + 1] = reason
            report.set(index + 1, "failed", reason)
            continue
        report.note(page)
        text = "\n".join(line.text for column in page.columns for line in column)
        batch.append(pictures.choose(page, garbled(text, page.unmapped)))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
