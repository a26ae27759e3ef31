"""The picture that belongs to a block, for HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.pages import PDFIUM
from api.service import NotFound
from ingest import pictures
from ingest.errors import BadInput
from ingest.model import Block


def block_picture(
    path: Path, media_type: str, block: Block, passwords: Sequence[str] = ()
) -> bytes:
    """Return the picture of a block as PNG; arguments as for :func:`ingest.pictures.block_picture`.

    Raises:
        NotFound: The block has no picture, or it cannot be drawn.
    """
    try:
        with PDFIUM:
            found = pictures.block_picture(path, media_type, block, passwords)
    except BadInput as error:
        raise NotFound(str(error)) from None
    if found is None:
        raise NotFound("this block has no picture")
    return found
