"""Figures of synthetic PDFs: pictures and drawings, with captions and labels."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.loaders.base import Source
from ingest.loaders.pdf import load
from ingest.model import Block

HEIGHT = A4[1]
WORDS = "The trial has two arms and a follow-up of one year after the last dose of study drug."


def blocks_of(*pages: Callable[[Canvas], None]) -> list[Block]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return load(Source("figures.pdf", buffer.getvalue())).blocks


def write(canvas: Canvas, x: float, y: float, words: str) -> None:
    canvas.setFont("Helvetica", 10)
    canvas.drawString(x, HEIGHT - y, words)


NOISE = Image.effect_noise((60, 40), 80)


def picture(
    canvas: Canvas, x: float, y: float, wide: float, high: float, image: Image.Image = NOISE
) -> None:
    """A picture with its upper left corner at ``x``, ``y`` from the top."""
    canvas.drawImage(ImageReader(image), x, HEIGHT - y - high, wide, high)


def flow_chart(canvas: Canvas) -> None:
    """Three boxes with arrows between them, 300 points wide and 110 high."""
    for x, y, words in ((100, 250, "Screening"), (300, 220, "Arm A"), (300, 300, "Arm B")):
        canvas.rect(x, HEIGHT - y - 30, 100, 30)
        write(canvas, x + 10, y + 18, words)
    for y in (235, 315):
        canvas.line(200, HEIGHT - 265, 300, HEIGHT - y)
        path = canvas.beginPath()
        path.moveTo(300, HEIGHT - y)
        path.lineTo(292, HEIGHT - y + 5)
        path.lineTo(290, HEIGHT - y - 3)
        path.close()
        canvas.drawPath(path, fill=1)


@pytest.mark.parametrize("above", [True, False])
def test_a_picture_takes_its_caption(above: bool) -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 90, WORDS)
        picture(canvas, 90, 200, 300, 200)
        write(canvas, 90, 185 if above else 420, "Figure 1 Study design")
        write(canvas, 72, 480, "As Figure 1 shows, there are two arms.")

    blocks = blocks_of(page)
    assert [block.kind for block in blocks] == ["paragraph", "figure", "paragraph"]
    figure = blocks[1]
    assert figure.text == "Figure 1 Study design"
    assert figure.locator.page == 1
    assert figure.locator.bbox == pytest.approx((90, 200, 390, 400), abs=1)


def test_the_words_of_a_drawing_are_its_labels() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 90, WORDS)
        flow_chart(canvas)
        write(canvas, 100, 380, "Figure 2: Flow of participants")
        write(canvas, 72, 440, WORDS)

    blocks = blocks_of(page)
    assert [block.kind for block in blocks] == ["paragraph", "figure", "paragraph"]
    caption, *labels = blocks[1].text.split("\n")
    assert caption == "Figure 2: Flow of participants"
    assert sorted(labels) == ["Arm A", "Arm B", "Screening"]
    x0, y0, x1, y1 = blocks[1].locator.bbox or (0, 0, 0, 0)
    assert x0 <= 100
    assert y0 <= 220
    assert x1 >= 400
    assert y1 >= 330


def test_logos_and_repeated_pictures_are_no_figures() -> None:
    def page(canvas: Canvas) -> None:
        picture(canvas, 72, 30, 100, 46)
        picture(canvas, 150, 300, 250, 250)
        write(canvas, 72, 130, f"{WORDS} Page {canvas.getPageNumber()}.")

    assert {block.kind for block in blocks_of(page, page, page)} == {"paragraph"}


def test_different_pictures_in_one_place_are_figures() -> None:
    """As in slides saved as PDF."""

    def page(canvas: Canvas) -> None:
        blocky = Image.effect_noise((6, 4), 200).resize((60, 40))
        picture(canvas, 150, 300, 250, 250, blocky)
        write(canvas, 72, 130, f"{WORDS} Page {canvas.getPageNumber()}.")

    figures = [b.locator.page for b in blocks_of(page, page, page, page) if b.kind == "figure"]
    assert figures == [2, 3, 4]  # on the first page a bare picture is a logo


def test_a_scan_with_its_text_layer_stays_text() -> None:
    def page(canvas: Canvas) -> None:
        picture(canvas, 0, 0, *A4)
        for line in range(12):
            write(canvas, 72, 100 + 14 * line, WORDS)

    assert "figure" not in {block.kind for block in blocks_of(page)}


def test_ruled_tables_with_ticks_are_no_drawings() -> None:
    def page(canvas: Canvas) -> None:
        for y in (200, 230, 260, 290):
            canvas.line(72, HEIGHT - y, 372, HEIGHT - y)
        for x in (72, 172, 272, 372):
            canvas.line(x, HEIGHT - 200, x, HEIGHT - 290)
        for n, (x, y) in enumerate(((200, 245), (300, 245), (200, 275))):
            canvas.line(x, HEIGHT - y, x + 8, HEIGHT - y - 8)
            canvas.line(x + 8, HEIGHT - y - 8, x + 20, HEIGHT - y + 8)
            write(canvas, 80, 220 + 30 * n, f"Row {n}")
            write(canvas, 180, 220, "Visit 1")

    (block,) = [block for block in blocks_of(page) if block.kind != "paragraph"]
    assert block.kind == "table"
