"""The contract between the pipeline and a loader.

A loader is one module with one function ``load(source) -> Loaded``. It reads ``source.data`` (the
file's bytes; no loader opens a path itself, so what is hashed is what is parsed), returns blocks
in reading order and raises :class:`ingest.errors.BadInput` when the file cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import BadInput
from ingest.model import Block, Locator
from ingest.quality import PageQuality


@dataclass(frozen=True, slots=True)
class Source:
    """A file as a loader sees it.

    Attributes:
        name: File name with extension, for messages and as a last resort for a title.
        data: The bytes of the file.
        max_pages: Pages beyond this number are refused with a message.
        passwords: Tried in turn on a file that needs one.
        ocr: Name of the text recognition for pages without text (``ingest.ocr``), or ``none``.
    """

    name: str
    data: bytes
    max_pages: int = 5000
    passwords: tuple[str, ...] = ()
    ocr: str = "none"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Text of a file that a reader does not see, and that is kept out of its blocks.

    Attributes:
        reason: Why, in a few words: ``white text``, ``hidden paragraph``, ``outside the page``.
        text: All of it, so that the quality report can show a masked beginning.
        locator: Where it stands.
    """

    reason: str
    text: str
    locator: Locator = field(default_factory=Locator)


@dataclass(slots=True)
class Loaded:
    """What a loader returns.

    ``title`` is the document's own title if the format has one; ``metadata`` holds front-matter
    style fields found in the file (names of :class:`ingest.model.Metadata`; others are ignored);
    ``pages`` is set for paged formats; ``warnings`` are shown to the curator; ``withheld`` is text
    kept out of the blocks because no reader sees it; ``quality`` says how each page was read, for
    formats where that differs from page to page. ``keep_original`` is False for a file of personal
    data that the blocks only describe; ``private_name`` says that its name may identify a person.
    """

    blocks: list[Block]
    title: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    pages: int | None = None
    warnings: list[str] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    quality: list[PageQuality] = field(default_factory=list)
    keep_original: bool = True
    private_name: bool = False


Loader = Callable[[Source], Loaded]
Member = tuple[str, Loaded | BadInput]
"""A record of a file: its name (registry number, PMID, line) and its document, or the reason why
it cannot be used."""

__all__ = ["Loaded", "Loader", "Member", "PageQuality", "Source", "Withheld"]
