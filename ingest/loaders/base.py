"""The contract between the pipeline and a loader.

A loader is one module with one function ``load(source) -> Loaded``. It reads ``source.data`` (the
file's bytes; no loader opens a path itself, so what is hashed is what is parsed), returns blocks
in reading order and raises :class:`ingest.errors.BadInput` when the file cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingest.model import Block


@dataclass(frozen=True, slots=True)
class Source:
    """A file as a loader sees it.

    Attributes:
        name: File name with extension, for messages and as a last resort for a title.
        data: The bytes of the file.
        max_pages: Pages beyond this number are refused with a message.
    """

    name: str
    data: bytes
    max_pages: int = 5000


@dataclass(slots=True)
class Loaded:
    """What a loader returns.

    ``title`` is the document's own title if the format has one; ``metadata`` holds front-matter
    style fields found in the file (names of :class:`ingest.model.Metadata`; others are ignored);
    ``pages`` is set for paged formats; ``warnings`` are shown to the curator.
    """

    blocks: list[Block]
    title: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    pages: int | None = None
    warnings: list[str] = field(default_factory=list)


Loader = Callable[[Source], Loaded]
