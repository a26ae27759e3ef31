"""Pictures of pages, of PDFs and of image files, with the cited place marked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from ingest.pictures import png_of, render_page

_MARK = (255, 196, 0, 90)
_EDGE = (196, 120, 0, 255)
# PDFium keeps global state and is not thread-safe.
PDFIUM = threading.Lock()


def page_png(
    path: Path,
    page: int,
    scale: float,
    boxes: list[tuple[float, float, float, float]],
    passwords: Sequence[str] = (),
) -> bytes:
    """Render a page as PNG.

    Args:
        path: The PDF or image file.
        page: Page number, from 1.
        scale: Pixels per point; 1.0 is 72 dpi. Lowered when the picture would be too large.
        boxes: Places to mark, ``(x0, y0, x1, y1)`` in points from the top left of the page.
        passwords: Tried in turn on a PDF that needs one.

    Raises:
        BadInput: The document has no such page, or the page cannot be drawn.
    """
    with PDFIUM:
        image, drawn_scale = render_page(path, page, scale, passwords)
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for x0, y0, x1, y1 in boxes:
        corners = [x0 - 2, y0 - 2, x1 + 2, y1 + 2]
        draw.rectangle([c * drawn_scale for c in corners], fill=_MARK, outline=_EDGE, width=2)
    marked = Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
    return png_of(marked)
