"""The privacy gate over a whole document: its file name, its title and its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from ingest.loaders.base import Loaded
from ingest.model import Block, DocumentKind, Locator
from ingest.privacy import Finding, screen

_NAME, _TITLE = "the file name", "the title"


@dataclass(frozen=True, slots=True)
class ScreenedDocument:
    """What the gate says of a document.

    ``blocks_before`` are the blocks that the findings point into: file name, title, then the
    document's own as they came.
    """

    blocks_before: tuple[Block, ...]
    findings: tuple[Finding, ...]
    quarantined: bool
    masked: bool
    reason: str | None


def screen_loaded(
    loaded: Loaded, name: str, kind: DocumentKind | None, mask: bool
) -> ScreenedDocument:
    """Screen a document; with ``mask`` its blocks and title get pseudonyms in place.

    Args:
        loaded: The document; changed only when something is masked.
        name: File name; one that identifies a person quarantines the document too.
        kind: What the document is (see :func:`ingest.privacy.screen`).
        mask: Replace personal data instead of quarantining.
    """
    stem = PurePath(name).stem.replace("_", " ")
    before = (
        Block("paragraph", stem or name, Locator(section=_NAME)),
        Block("paragraph", loaded.title or "", Locator(section=_TITLE)),
        *loaded.blocks,
    )
    screened = screen(before, kind=kind, mask=mask)
    personal = screened.reason is not None
    if personal and not screened.quarantined:
        loaded.title = screened.blocks[1].text or None
        loaded.metadata.pop("title", None)
        loaded.blocks = list(screened.blocks[2:])
    return ScreenedDocument(
        before, screened.findings, screened.quarantined, personal and mask, screened.reason
    )
