"""What a registry record in the index says, field by field, with the block each stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.model import Block
from ingest.registry.dates import read_date
from retrieval import View
from retrieval.contents import StoredDocument

_LABEL = re.compile(
    r"[^:]{0,60}?([A-Z][\w ]+?)(?: \((?:实际 actual|计划 anticipated)\))?: (.*)", re.S
)
_FIELDS = {
    "Recruitment status": "status",
    "Start": "start",
    "Primary completion": "primary_completion",
    "Completion": "completion",
    "Phase": "phase",
    "Enrolment": "enrolment",
    "Country": "countries",
    "Sponsor": "sponsor",
    "Study type": "study_type",
}
_ALL_BLOCKS = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field verbatim, and the number of the block it stands in."""

    text: str
    block: int


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A registered trial. ``fields`` hold what the record says; ``text`` all of it."""

    document: StoredDocument
    fields: dict[str, Field]
    text: str

    @property
    def number(self) -> str:
        """Registry number, or the document's id where it has none."""
        return self.document.metadata.document_number or self.document.id

    def date(self, name: str) -> str | None:
        """A date field as ISO, as far as it is known."""
        found = self.fields.get(name)
        return read_date(found.text, "").iso if found else None

    @property
    def size(self) -> int | None:
        """Planned or actual number of participants; the sum where the record lists groups."""
        found = self.fields.get("enrolment")
        if found is None:
            return None
        plain = re.fullmatch(r"\s*(\d+)(?:\.0+)?\s*", found.text)
        if plain:
            return int(plain[1])
        groups = [
            int(number) for number in re.findall(r"[:：]\s*(\d+)(?=\s*(?:[;；]|$))", found.text)
        ]
        return sum(groups) if groups else None


def read_record(view: View, document: StoredDocument) -> TrialRecord:
    """The record a registry document was made from."""
    fields: dict[str, Field] = {}
    texts = []
    for number, block in view.blocks(document, 0, _ALL_BLOCKS):
        texts.append(block.text)
        found = _field(block)
        if found is not None and found[0] not in fields:
            fields[found[0]] = Field(found[1], number)
    return TrialRecord(document, fields, "\n".join(texts))


def _field(block: Block) -> tuple[str, str] | None:
    if block.kind != "list_item":
        return None
    match = _LABEL.fullmatch(block.text)
    name = _FIELDS.get(match[1].strip()) if match else None
    return (name, match[2].strip()) if match and name else None
