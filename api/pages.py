"""Pictures of pages, of PDFs and of image files, with the cited place marked."""

from __future__ import annotations

import io
import threading
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from ingest.errors import BadInput
from ingest.ocr.raster import image_pages

_MARK = (255, 196, 0, 90)
_EDGE = (196, 120, 0, 255)
_MAX_PIXELS = 20_000_000
_MARGIN = 3  # points around a figure
# PDFium keeps global state and is not thread-safe.
_LOCK = threading.Lock()


def has_pages(media_type: str) -> bool:
    """Whether pictures can be drawn of the pages of a file."""
    return media_type == "application/pdf" or media_type.startswith("image/")


def page_png(
    path: Path, page: int, scale: float, boxes: list[tuple[float, float, float, float]]
) -> bytes:
    """Render a page as PNG.

    Args:
        path: The PDF or image file.
        page: Page number, from 1.
        scale: Pixels per point; 1.0 is 72 dpi. Lowered when the picture would be too large.
        boxes: Places to mark, ``(x0, y0, x1, y1)`` in points from the top left of the page.

    Raises:
        BadInput: The document has no such page, or the page cannot be drawn.
    """
    with _LOCK:
        image = _render(path, page, scale)
    drawn_scale = image.info["scale"]
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for x0, y0, x1, y1 in boxes:
        corners = [x0 - 2, y0 - 2, x1 + 2, y1 + 2]
        draw.rectangle([c * drawn_scale for c in corners], fill=_MARK, outline=_EDGE, width=2)
    marked = Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
    output = io.BytesIO()
    marked.save(output, format="PNG")
    return output.getvalue()


def region_png(
    path: Path, page: int, scale: float, bbox: tuple[float, float, float, float]
) -> bytes:
    """Render part of a page as PNG; arguments as for :func:`page_png`.

    Raises:
        BadInput: The document has no such page, it cannot be drawn, or the box lies outside it.
    """
    with _LOCK:
        image = _render(path, page, scale)
    drawn = image.info["scale"]
    x0, y0, x1, y1 = bbox
    left, top = max(0, int((x0 - _MARGIN) * drawn)), max(0, int((y0 - _MARGIN) * drawn))
    right = min(image.width, int((x1 + _MARGIN) * drawn) + 1)
    bottom = min(image.height, int((y1 + _MARGIN) * drawn) + 1)
    if right <= left or bottom <= top:
        raise BadInput(f"the box {bbox} lies outside page {page}")
    output = io.BytesIO()
    image.crop((left, top, right, bottom)).convert("RGB").save(output, format="PNG")
    return output.getvalue()


def _render(path: Path, page: int, scale: float) -> Image.Image:
    with path.open("rb") as file:
        is_pdf = path.suffix == ".pdf" or b"%PDF-" in file.read(1024)
    return _render_pdf(path, page, scale) if is_pdf else _render_picture(path, page, scale)


def _render_picture(path: Path, page: int, scale: float) -> Image.Image:
    """A picture at the size in points that its blocks are measured in."""
    raster = next(islice(image_pages(path.read_bytes()), page - 1, page), None)
    if raster is None:
        raise BadInput(f"the picture has no page {page}")
    scale = min(scale, (_MAX_PIXELS / max(raster.width * raster.height, 1.0)) ** 0.5)
    size = max(1, round(raster.width * scale)), max(1, round(raster.height * scale))
    image = Image.fromarray(raster.image).resize(size)
    image.info["scale"] = scale
    return image


def _render_pdf(path: Path, page: int, scale: float) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"the file cannot be opened as PDF ({error})") from None
    try:
        if not 1 <= page <= len(document):
            raise BadInput(f"the document has {len(document)} pages; there is no page {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        largest = (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5
        scale = min(scale, largest)
        image: Image.Image = sheet.render(scale=scale).to_pil().copy()
        image.info["scale"] = scale
        return image
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"page {page} cannot be drawn ({error})") from None
    finally:
        document.close()
