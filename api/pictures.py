"""The picture that belongs to a block: cut out of its page, or taken from inside the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PIL import Image

from api.pages import has_pages, region_png
from api.service import NotFound
from ingest.archive import READ_ERRORS
from ingest.errors import BadInput
from ingest.model import Block

_SCALE = 2.0  # pixels per point
_MAX_BYTES = 50_000_000
_MAX_PIXELS = 40_000_000
_LONGEST_SIDE = 2000
_PART = "graphic:"


def block_picture(path: Path, media_type: str, block: Block) -> bytes:
    """Return the picture of a block as PNG.

    Args:
        path: The kept copy of the document's file.
        media_type: Of the file.
        block: A block with page and box (PDF, picture), or with the flag ``graphic:PART`` that
            names a picture inside an office file.

    Raises:
        NotFound: The block has no picture, or it cannot be drawn.
    """
    where = block.locator
    try:
        if has_pages(media_type) and where.page and where.bbox:
            return region_png(path, where.page, _SCALE, where.bbox)
        part = next((flag[len(_PART) :] for flag in block.flags if flag.startswith(_PART)), None)
        if part is not None and zipfile.is_zipfile(path):
            return _part_png(path, part)
    except BadInput as error:
        raise NotFound(str(error)) from None
    raise NotFound("this block has no picture")


def _part_png(path: Path, part: str) -> bytes:
    """A picture inside a zip package, drawn anew so that nothing but pixels gets out."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(part).file_size > _MAX_BYTES:
                raise BadInput(f"the picture {part} is too large to be shown")
            data = archive.read(part)
    except (KeyError, *READ_ERRORS) as error:
        raise BadInput(f"the picture {part} cannot be read from the file") from error
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise BadInput(f"the picture {part} is too large to be shown")
            image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            output = io.BytesIO()
            image.convert("RGBA").save(output, format="PNG")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput(f"the picture {part} is of a kind that is not drawn") from error
    return output.getvalue()
