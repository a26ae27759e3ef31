"""Pictures of PDF pages: the cited place is marked, and nothing else changes."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from api.pages import page_png
from ingest.errors import BadInput

WIDTH, HEIGHT = 400, 300
TEXT = "The committee answers within 41 working days."
SLACK = 3  # points around a box that its frame may touch

Pixels = npt.NDArray[np.int16]


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages; the second is displayed turned by 90 degrees."""
    path = tmp_path_factory.mktemp("pdf") / "two.pdf"
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(WIDTH, HEIGHT))
    for _ in range(2):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(50, 200, TEXT)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=drawn)
    writer.pages[1].rotate(90)
    writer.write(path)
    return path


def picture(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def changed(plain: Pixels, marked: Pixels) -> tuple[float, float, float, float]:
    """Bounding box of the pixels that differ: x0, y0, x1, y1."""
    ys, xs = np.nonzero(np.abs(plain - marked).max(axis=2) > 0)
    return float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1)


def test_a_page_has_the_size_asked_for(pdf: Path) -> None:
    assert picture(page_png(pdf, 1, 1.0, [])).shape == (HEIGHT, WIDTH, 3)
    assert picture(page_png(pdf, 1, 2.0, [])).shape == (2 * HEIGHT, 2 * WIDTH, 3)
    assert picture(page_png(pdf, 2, 1.0, [])).shape == (WIDTH, HEIGHT, 3)


@pytest.mark.parametrize("scale", [1.0, 1.5, 3.0])
def test_only_the_box_changes(pdf: Path, scale: float) -> None:
    box = (48.0, 85.0, 310.0, 105.0)
    plain, marked = picture(page_png(pdf, 1, scale, [])), picture(page_png(pdf, 1, scale, [box]))
    x0, y0, x1, y1 = (edge / scale for edge in changed(plain, marked))
    assert box[0] - SLACK <= x0 <= box[0]
    assert box[1] - SLACK <= y0 <= box[1]
    assert box[2] <= x1 <= box[2] + SLACK
    assert box[3] <= y1 <= box[3] + SLACK


def test_the_text_under_the_mark_can_still_be_read(pdf: Path) -> None:
    box = (48.0, 85.0, 310.0, 105.0)
    marked = picture(page_png(pdf, 1, 2.0, [box]))
    inside = marked[2 * 88 : 2 * 102, 2 * 52 : 2 * 300]
    darkness = inside.sum(axis=2)
    assert darkness.max() - darkness.min() > 300


def test_each_box_is_marked(pdf: Path) -> None:
    plain = picture(page_png(pdf, 1, 1.0, []))
    marked = picture(page_png(pdf, 1, 1.0, [(20, 20, 60, 40), (200, 200, 260, 230)]))
    differs = np.abs(plain - marked).max(axis=2) > 0
    assert differs[25:35, 25:55].all()
    assert differs[205:225, 205:255].all()
    assert not differs[60:190].any()


def test_a_box_beyond_the_page_is_cut_at_its_edge(pdf: Path) -> None:
    marked = picture(page_png(pdf, 1, 1.0, [(380, 280, 900, 900)]))
    assert marked.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("page", [0, -1, 3, 10**6])
def test_a_page_that_is_not_there_is_refused(pdf: Path, page: int) -> None:
    with pytest.raises(BadInput, match="2 pages"):
        page_png(pdf, page, 1.0, [])


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"no pdf at all")
    with pytest.raises(BadInput, match="PDF"):
        page_png(path, 1, 1.0, [])


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    canvas = Canvas(str(path), pagesize=(14000, 14000))
    canvas.drawString(100, 100, TEXT)
    canvas.showPage()
    canvas.save()
    pixels = picture(page_png(path, 1, 4.0, [(7000, 7000, 14000, 14000)]))
    assert pixels.shape[0] * pixels.shape[1] <= 20_100_000
    side = pixels.shape[0]
    assert (pixels[side // 2 + 50 : -50, side // 2 + 50 : -50] != 255).any(axis=2).all()
    assert (pixels[: side // 2 - 50, : side // 2 - 50] == 255).all()


def test_several_threads_may_draw_at_once(pdf: Path) -> None:
    expected = page_png(pdf, 1, 1.0, [])
    drawn: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: drawn.append(page_png(pdf, 1, 1.0, []))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [expected] * 8
