"""Pages and image files as pixels, never more than the memory of a worker allows."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from ingest.errors import BadInput
from ingest.ocr.base import Image

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_DPI = 200  # what the recognition models are used to: capitals of 10 pt are 20 pixels high
_MOST_PIXELS = 9_000_000  # of what is recognised at once: A3 at 200 dpi
_MOST_SIDE = 5_000
_BOMB = 120_000_000  # pixels of one picture; more is refused before it is unpacked
_SMALL = 1_200  # pixels; smaller pictures have letters too small to tell apart
_A4_INCHES = 11.69
# No others: some of Pillow's readers call programs (EPS) or unpack whatever they are given.
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
# What Pillow's readers raise on damaged files; found by feeding them such.
_DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, AttributeError,
    ArithmeticError, struct.error, Pillow.DecompressionBombError,
)  # fmt: skip
_TRUE_DPI = range(72, 1201)  # a file that says less or more says nothing


@dataclass(frozen=True, slots=True)
class Raster:
    """One page as pixels.

    ``width`` and ``height`` are those of the displayed page in points; ``points`` is how many of
    them a pixel measures.
    """

    image: Image
    width: float
    height: float
    points: float


def check_picture(width: int, height: int) -> None:
    """Raise :class:`BadInput` for a picture that unpacks to more than memory can hold."""
    if width * height > _BOMB:
        raise BadInput(
            f"a picture of {width} × {height} pixels is too large to be read safely; "
            "scan it again at 200 to 300 dpi"
        )


def render_page(page: pdfium.PdfPage) -> Raster:
    """Draw a PDF page as it is displayed, at 200 dpi or as large as is safe."""
    width, height = page.get_size()
    scale = _DPI / 72 * _shrink(width * _DPI / 72, height * _DPI / 72)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        pixels = bitmap.to_numpy()
        image = np.ascontiguousarray(pixels[:, :, :3] if pixels.ndim == 3 else _colour(pixels))
    finally:
        bitmap.close()
    return Raster(image, width, height, width / image.shape[1])


def image_pages(data: bytes, max_pages: int = 5000) -> Iterator[Raster]:
    """The pictures of an image file (PNG, JPEG, TIFF with several pages …), one at a time.

    A picture is one page at the resolution the file names. Where it names none, a large picture
    counts as an A4 page and a small one as a cut-out with a point to a pixel.

    Raises:
        BadInput: Damaged, too large to unpack, or more than ``max_pages`` pictures.
    """
    picture = _open(data)
    # Further frames of other formats are films and the second eye of a camera.
    count = _frames(picture) if picture.format == "TIFF" else 1
    if count > max_pages:
        raise BadInput(
            f"the image file has {count} pages, more than the {max_pages} allowed; "
            "split it or raise the limit"
        )
    with picture:
        for number in range(count):
            try:
                picture.seek(number)
                yield _raster(picture)
            except _DAMAGED as error:
                raise BadInput(
                    f"page {number + 1} of the image file is damaged ({error}); scan it again"
                ) from error


def page_size(data: bytes, number: int = 1) -> tuple[float, float]:
    """Width and height in points of page ``number`` of an image file, as its blocks measure it."""
    with _open(data) as picture:
        picture.seek(number - 1)
        width, height = picture.size
        if picture.getexif().get(0x0112, 1) >= 5:  # EXIF orientation: laid on its side
            width, height = height, width
        points = 72 / _dpi(picture)
    return width * points, height * points


def _open(data: bytes) -> Pillow.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = Pillow.open(io.BytesIO(data), formats=_FORMATS)
        except Pillow.DecompressionBombError as error:
            raise BadInput(
                "the picture is too large to be read safely; scan it again at 200 to 300 dpi"
            ) from error
        except _DAMAGED as error:
            raise BadInput("the image file is damaged; scan or export it again") from error
    check_picture(*picture.size)
    return picture


def _frames(picture: Pillow.Image) -> int:
    try:
        return int(getattr(picture, "n_frames", 1))
    except _DAMAGED:
        return 1


def _raster(picture: Pillow.Image) -> Raster:
    check_picture(*picture.size)
    points = 72 / _dpi(picture)
    shown = ImageOps.exif_transpose(picture)
    if (shown.mode not in {"RGB", "L", "1"} and "A" in shown.getbands()) or shown.mode == "P":
        shown = shown.convert("RGBA")
        paper = Pillow.new("RGBA", shown.size, "white")
        shown = Pillow.alpha_composite(paper, shown)
    if shown.mode.startswith(("I", "F")):  # 16 bits and more: stretched to what can be shown
        values = np.asarray(shown, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        shown = Pillow.fromarray(((values - low) * (255 / max(high - low, 1))).astype(np.uint8))
    shown = shown.convert("RGB")
    width, height = shown.size
    factor = _shrink(width, height)
    if max(width, height) < _SMALL:
        factor = min(3.0, 2 * _SMALL / max(width, height))
    if factor != 1.0:
        size = max(round(width * factor), 1), max(round(height * factor), 1)
        shown = shown.resize(size, Pillow.Resampling.LANCZOS)
    image = np.asarray(shown, dtype=np.uint8)
    return Raster(image, width * points, height * points, width * points / image.shape[1])


def _shrink(width: float, height: float) -> float:
    """The factor that brings a picture of that many pixels within bounds, 1 if it is."""
    return min(
        1.0, math.sqrt(_MOST_PIXELS / max(width * height, 1)), _MOST_SIDE / max(width, height, 1)
    )


def _dpi(picture: Pillow.Image) -> float:
    """The resolution a file names, else that at which a page is A4 and a cut-out is legible."""
    found: Any = picture.info.get("dpi")
    try:
        across, down = (float(value) for value in found)
    except (TypeError, ValueError):
        across = down = 0.0
    # Fax machines name different resolutions across and down; their pixels are not square.
    if round(across) in _TRUE_DPI and abs(across - down) < 1:
        return across
    longer = max(picture.size)
    return longer / _A4_INCHES if longer >= _SMALL else 72.0


def _colour(pixels: Any) -> Image:
    return np.repeat(np.asarray(pixels, dtype=np.uint8)[:, :, None], 3, axis=2)
