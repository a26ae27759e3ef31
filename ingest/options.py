"""How a file is read: the part of the settings that travels to the workers."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.chunking import ChunkSizes
from ingest.vision.model import VisionModel


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is read.

    Attributes:
        max_pages: Paged documents beyond this are refused.
        max_records: Files with more records than this are refused.
        sizes: Chunk sizes.
        mask: Index documents with personal data under pseudonyms instead of quarantining them.
        ocr: Name of the text recognition for pages without text, or ``none``.
        passwords: Tried in turn on a file that needs one.
        vision: The model that describes figures, if one is configured.
    """

    max_pages: int = 5000
    max_records: int = 200_000
    sizes: ChunkSizes | None = None
    mask: bool = False
    ocr: str = "none"
    passwords: tuple[str, ...] = ()
    vision: VisionModel | None = None
