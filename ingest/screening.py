"""The privacy gate over a whole document: not its blocks alone, but all that would be kept of it.

A name may stand in the file's name, in front matter, in the name of a sheet, in a warning that
quotes a page header, or in text that no reader sees. All of it is screened together, so that a name
known from one place is found in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from ingest.loaders.base import Loaded
from ingest.model import Block, DocumentKind, Locator
from ingest.privacy import Finding
from ingest.privacy.gate import find, reason_of
from ingest.privacy.mask import mask_blocks


@dataclass(frozen=True, slots=True)
class ScreenedDocument:
    """What the gate says of a document.

    Attributes:
        shown: What the findings point into, with masked places: texts around the document first,
            then its blocks.
        findings: In reading order.
        personal: Some are of a patient or participant.
        name_identifies: One stands in the file's name.
        excerpts: The excerpts that were given, masked.
        places: Names of sections and sheets, as they may be shown.
        reason: What was found where, masked; ``None`` without personal findings.
    """

    shown: tuple[Block, ...]
    findings: tuple[Finding, ...]
    personal: bool
    name_identifies: bool
    excerpts: tuple[str, ...]
    places: dict[str, str]
    reason: str | None

    def where(self, locator: Locator) -> Locator:
        """A place as it may be shown."""
        return _placed(locator, self.places)


def screen_loaded(
    loaded: Loaded,
    name: str,
    kind: DocumentKind | None,
    mask: bool,
    excerpts: Sequence[str] = (),
) -> ScreenedDocument:
    """Screen a document; with ``mask`` all that is kept of it gets pseudonyms in place.

    Args:
        loaded: The document; changed only when something is masked.
        name: File name; one that identifies a person quarantines the document too.
        kind: What the document is (see :func:`ingest.privacy.screen`).
        mask: Replace personal data instead of quarantining.
        excerpts: Further texts of the file that a report would show.
    """
    around = _Around(loaded, name, excerpts)
    before = (*around.blocks, *loaded.blocks)
    found = find(before, kind)
    masked = mask_blocks(before, found)
    told = tuple(one for one in found if one.block not in around.places)
    personal = [one for one in told if one.severity == "personal"]
    hidden = around.masked_places(masked)
    shown = tuple(replace(block, locator=_placed(block.locator, hidden)) for block in before)
    if personal and mask:
        around.write_back(loaded, masked)
        loaded.blocks = [
            replace(block, locator=_placed(block.locator, hidden))
            for block in masked[len(around.blocks) :]
        ]
    return ScreenedDocument(
        shown,
        told,
        bool(personal),
        any(one.block == 0 for one in personal),
        around.masked_excerpts(masked),
        hidden,
        reason_of(shown, personal) if personal else None,
    )


class _Around:
    """The texts around a document's blocks, each as a block of its own.

    ``places`` are the numbers of those that only repeat what a locator says.
    """

    def __init__(self, loaded: Loaded, name: str, excerpts: Sequence[str]) -> None:
        stem = PurePath(name).stem.replace("_", " ")
        self.blocks = [
            _text(stem or name, "the file name"),
            _text(loaded.title or "", "the title"),
        ]
        self._metadata = {
            key: [self._add(one, f"the entry {key}") for one in _strings(value)]
            for key, value in loaded.metadata.items()
        }
        self._warnings = [self._add(one, "a warning") for one in loaded.warnings]
        self._excerpts = [self._add(one, "hidden text") for one in excerpts]
        sheets = {block.locator.sheet for block in loaded.blocks if block.locator.sheet}
        self._sheets = {sheet: self._add(sheet, "the name of a sheet") for sheet in sorted(sheets)}
        sections = {block.locator.section for block in loaded.blocks if block.locator.section}
        self._sections = {one: self._add(one, "a section") for one in sorted(sections)}
        self.places = frozenset(self._sections.values())

    def _add(self, text: str, where: str) -> int:
        self.blocks.append(_text(text, where))
        return len(self.blocks) - 1

    def masked_places(self, masked: Sequence[Block]) -> dict[str, str]:
        """Names of sections and sheets, as they may be shown."""
        known = {**self._sections, **self._sheets}
        return {text: masked[number].text for text, number in known.items()}

    def masked_excerpts(self, masked: Sequence[Block]) -> tuple[str, ...]:
        return tuple(masked[number].text for number in self._excerpts)

    def write_back(self, loaded: Loaded, masked: Sequence[Block]) -> None:
        """Put the masked texts where they came from."""
        loaded.title = masked[1].text or None
        for key, numbers in self._metadata.items():
            texts = [masked[number].text for number in numbers]
            if isinstance(loaded.metadata[key], str):
                loaded.metadata[key] = texts[0]
            elif numbers:
                loaded.metadata[key] = texts
        loaded.warnings = [masked[number].text for number in self._warnings]


def _text(text: str, where: str) -> Block:
    return Block("paragraph", text, Locator(section=where))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        return list(value)
    return []


def _placed(locator: Locator, shown: dict[str, str]) -> Locator:
    section, sheet = locator.section, locator.sheet
    return replace(
        locator,
        section=shown.get(section, section) if section else section,
        sheet=shown.get(sheet, sheet) if sheet else sheet,
    )
