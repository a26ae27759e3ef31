"""The notes of the corpus, taken apart for checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
NOTES = CORPUS / "notes"
ENGLISH = "\n## In English"
KEYS = (
    "title", "title_en", "kind", "issuer", "document_number", "issued", "effective_from",
    "effective_to", "superseded_by", "jurisdiction", "language", "source", "verified", "summary",
    "keywords",
)  # fmt: skip
KINDS = frozenset(
    ["regulation", "guideline", "method", "endpoint", "operation", "registry", "paper", "form"]
)
JURISDICTIONS = frozenset(["CN", "EU", "US", "international"])


class MalformedNote(ValueError):
    """A note whose front matter cannot be read; says which and why."""


@dataclass(frozen=True)
class Note:
    """A note: where it lies, its front matter, its text."""

    path: Path
    meta: dict[str, Any]
    body: str

    @property
    def slug(self) -> str:
        """Name of the file without its ending."""
        return self.path.stem

    @property
    def area(self) -> str:
        """Name of the folder."""
        return self.path.parent.name

    @property
    def headings(self) -> list[str]:
        """The headings below the title."""
        return re.findall(r"^## (.+)$", self.body, re.M)

    @property
    def chinese(self) -> list[str]:
        """The lines of text before the English section: one sentence or list item each."""
        return _lines(self.body.split(ENGLISH)[0])

    @property
    def english(self) -> list[str]:
        """The lines of the English section."""
        return _lines(self.body.partition(ENGLISH)[2])


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read_note(path: Path) -> Note:
    """Read a note; raises :class:`MalformedNote`."""
    parts = path.read_text("utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise MalformedNote(f"{path}: no front matter between two lines of ---")
    try:
        meta = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise MalformedNote(f"{path}: the front matter is no YAML ({error})") from error
    if not isinstance(meta, dict):
        raise MalformedNote(f"{path}: the front matter holds no keys")
    return Note(path, meta, parts[2])


def note_files(folder: Path = NOTES) -> list[Path]:
    """The files of all notes, by area and name."""
    return sorted(folder.glob("*/*.md"))
