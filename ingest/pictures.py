"""Pages as pixels, and the picture that belongs to a block.

A block's picture is cut out of its page (PDF, image file) or taken from inside the file (office).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image

from ingest.archive import READ_ERRORS
from ingest.errors import BadInput
from ingest.model import BBox, Block
from ingest.ocr.raster import image_pages

MAX_PAGE_PIXELS = 20_000_000
_MARGIN = 3  # points around a figure
_SCALE = 2.0  # pixels per point
_MAX_BYTES = 50_000_000
_MAX_PIXELS = 40_000_000
_LONGEST_SIDE = 2000
_PART = "graphic:"


def has_pages(media_type: str) -> bool:
    """Whether the pages of a file can be drawn."""
    return media_type == "application/pdf" or media_type.startswith("image/")


def render_page(
    file: bytes | Path, page: int, scale: float, passwords: Sequence[str] = ()
) -> tuple[Image.Image, float]:
    """Draw a page of a PDF or image file.

    Args:
        file: Its content, or where it lies.
        page: Page number, from 1.
        scale: Pixels per point; lowered when the picture would be too large.
        passwords: Tried in turn on a PDF that needs one.

    Returns:
        The picture and the scale it is drawn at.

    Raises:
        BadInput: There is no such page, or it cannot be drawn.
    """
    if _is_pdf(file):
        return _render_pdf(file, page, scale, passwords)
    data = file.read_bytes() if isinstance(file, Path) else file
    try:
        return _render_picture(data, page, scale)
    except BadInput as error:
        raise BadInput(
            f"the file is neither a PDF nor a picture that can be drawn ({error})"
        ) from error


def _is_pdf(file: bytes | Path) -> bool:
    if isinstance(file, bytes):
        return b"%PDF-" in file[:1024]
    with file.open("rb") as opened:
        return b"%PDF-" in opened.read(1024)


def block_picture(
    file: bytes | Path, media_type: str, block: Block, passwords: Sequence[str] = ()
) -> bytes | None:
    """The picture of a block as PNG; ``None`` when it has none.

    Args:
        file: Its content, or where it lies.
        media_type: Of the file.
        block: With page and box (PDF, picture), or with the flag ``graphic:PART`` that names a
            picture inside an office file.
        passwords: Tried in turn on a PDF that needs one.

    Raises:
        BadInput: There is a picture, and it cannot be drawn.
    """
    where = block.locator
    if has_pages(media_type) and where.page and where.bbox:
        return _region(file, where.page, where.bbox, passwords)
    part = next((flag[len(_PART) :] for flag in block.flags if flag.startswith(_PART)), None)
    if part is None:
        return None
    package: Path | io.BytesIO = file if isinstance(file, Path) else io.BytesIO(file)
    return _part(package, part) if zipfile.is_zipfile(package) else None


def png_of(image: Image.Image) -> bytes:
    """An image as PNG."""
    output = io.BytesIO()
    image.save(output, format="PNG")
    return output.getvalue()


def _open_pdf(file: bytes | Path, passwords: Sequence[str]) -> pypdfium2.PdfDocument:
    said = ""
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(file, password=password)
        except pypdfium2.PdfiumError as error:
            said = str(error)
    raise BadInput(f"the file cannot be opened as PDF ({said})")


def _render_pdf(
    file: bytes | Path, page: int, scale: float, passwords: Sequence[str]
) -> tuple[Image.Image, float]:
    document = _open_pdf(file, passwords)
    try:
        if not 1 <= page <= len(document):
            raise BadInput(f"the document has {len(document)} pages; there is no page {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = _within(width, height, scale)
        image: Image.Image = sheet.render(scale=scale).to_pil().copy()
        return image, scale
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"page {page} cannot be drawn ({error})") from None
    finally:
        document.close()


def _render_picture(data: bytes, page: int, scale: float) -> tuple[Image.Image, float]:
    """A picture at the size in points that its blocks are measured in."""
    raster = next(islice(image_pages(data), page - 1, page), None)
    if raster is None:
        raise BadInput(f"the picture has no page {page}")
    scale = _within(raster.width, raster.height, scale)
    size = max(1, round(raster.width * scale)), max(1, round(raster.height * scale))
    return Image.fromarray(raster.image).resize(size), scale


def _within(width: float, height: float, scale: float) -> float:
    return float(min(scale, (MAX_PAGE_PIXELS / max(width * height, 1.0)) ** 0.5))


def _region(file: bytes | Path, page: int, bbox: BBox, passwords: Sequence[str]) -> bytes:
    image, drawn = render_page(file, page, _SCALE, passwords)
    x0, y0, x1, y1 = bbox
    left, top = max(0, int((x0 - _MARGIN) * drawn)), max(0, int((y0 - _MARGIN) * drawn))
    right = min(image.width, int((x1 + _MARGIN) * drawn) + 1)
    bottom = min(image.height, int((y1 + _MARGIN) * drawn) + 1)
    if right <= left or bottom <= top:
        raise BadInput(f"the box {bbox} lies outside page {page}")
    return png_of(image.crop((left, top, right, bottom)).convert("RGB"))


def _part(package: Path | io.BytesIO, part: str) -> bytes:
    """A picture inside a zip package, drawn anew so that nothing but pixels gets out."""
    try:
        with zipfile.ZipFile(package) as archive:
            if archive.getinfo(part).file_size > _MAX_BYTES:
                raise BadInput(f"the picture {part} is too large to be shown")
            picture = archive.read(part)
    except (KeyError, *READ_ERRORS) as error:
        raise BadInput(f"the picture {part} cannot be read from the file") from error
    try:
        with Image.open(io.BytesIO(picture)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise BadInput(f"the picture {part} is too large to be shown")
            image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return png_of(image.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput(f"the picture {part} is of a kind that is not drawn") from error
