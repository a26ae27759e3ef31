"""Synthetic scans for the tests: PDF pages made here, drawn, turned and put back as pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SIZE = (420.0, 300.0)
Draw = Callable[[Canvas], None]
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def make(*pages: Draw, size: tuple[float, float] = SIZE) -> bytes:
    """A PDF with one page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for draw in pages:
        canvas.setFont("Helvetica", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, top: float = 40, font: str = "Helvetica", size: float = 12) -> Draw:
    """Draws lines one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for n, text in enumerate(texts):
            canvas.drawString(40, canvas._pagesize[1] - top - 1.5 * size * n, text)

    return draw


def pictures(data: bytes, turn: float = 0.0, dpi: int = 200) -> list[Image.Image]:
    """The pages of a PDF as a scanner sees them, turned clockwise by ``turn`` degrees."""
    document = pdfium.PdfDocument(data)
    found = []
    for page in document:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        if turn % 90 == 0:
            image = image.rotate(-turn, expand=True)
        else:
            image = image.rotate(-turn, Image.Resampling.BICUBIC, fillcolor=255)
        found.append(image)
    document.close()
    return found


def as_pdf(images: Sequence[Image.Image], dpi: int = 200) -> bytes:
    """Pictures as the pages of a PDF without text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for image in images:
        width, height = (length * 72 / dpi for length in image.size)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(image), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draws_chinese() -> bool:
    """Whether this machine has a font for the Chinese characters of a PDF that embeds none."""
    page = lines("医", font="STSong-Light", size=60, top=100)
    (image,) = pictures(make(page), dpi=72)
    return sum(image.histogram()[:128]) > 100
