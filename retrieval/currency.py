"""Which version of a text is in force on a given day.

Three sources, in this order: what the document's front matter says, what other documents of the
index tell (a newer version of the same title; a text that abolishes it), and the reviewed register
``corpus/currency.csv`` for changes whose new text the index may not hold.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ingest.metadata import base_title
from retrieval.contents import StoredDocument

Status = Literal["effective", "superseded", "draft", "not_yet_effective", "current"]
_RULES = {"law", "regulation", "guideline"}


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the register: a newer rule superseded or amended an older one."""

    title: str
    version_date: str
    relation: Literal["superseded", "amended"]
    by_title: str
    effective: str
    scope: str

    def applies_to(self, document: StoredDocument) -> bool:
        """Whether the row speaks of this document's title and version."""
        version = document.metadata.version_date
        if base_title(document.title) != self.title or version is None:
            return False
        if self.version_date.startswith("<="):
            return version <= self.version_date[2:]
        return version == self.version_date


@dataclass(frozen=True, slots=True)
class Currency:
    """When a document is in force. Dates are ISO strings; ``effective_to`` is exclusive.

    ``issued`` bounds the beginning of a rule that does not say from when it is in force.
    """

    effective_from: str | None = None
    effective_to: str | None = None
    superseded_by: str | None = None
    draft: bool = False
    is_rule: bool = False
    notice: str | None = None
    issued: str | None = None

    def status(self, as_of: str) -> Status:
        """Status on a day. Documents that are not rules (papers, protocols) are ``current``."""
        if self.draft:
            return "draft"
        if self.effective_to and self.effective_to <= as_of:
            return "superseded"
        if self.superseded_by and not self.effective_to:
            return "superseded"
        begins = self.effective_from or (self.issued if self.is_rule else None)
        if begins and begins > as_of:
            return "not_yet_effective"
        return "effective" if self.is_rule or self.effective_from else "current"


@lru_cache(maxsize=4)
def load_register(path: Path) -> tuple[Change, ...]:
    """Read ``corpus/currency.csv``; a missing file is an empty register."""
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            Change(
                title=base_title(row["title"]),
                version_date=row["version_date"].strip(),
                relation="amended" if row["relation"] == "amended" else "superseded",
                by_title=row["by_title"].strip(),
                effective=row["effective"].strip(),
                scope=row["scope"].strip(),
            )
            for row in csv.DictReader(file)
        )


def resolve_currency(
    documents: Sequence[StoredDocument], register: Iterable[Change] = ()
) -> dict[str, Currency]:
    """Currency of every document, by id."""
    changes = list(register)
    successors = _successors(documents)
    repealing = _repealing(documents)
    return {
        document.id: _resolve(
            document,
            [d for d in (successors.get(document.id), _repealer(document, repealing)) if d],
            changes,
        )
        for document in documents
    }


def _resolve(
    document: StoredDocument, ended_by: Sequence[StoredDocument], changes: Sequence[Change]
) -> Currency:
    metadata = document.metadata
    own = Currency(
        effective_from=metadata.effective_from,
        effective_to=metadata.effective_to,
        superseded_by=metadata.superseded_by,
        draft=metadata.draft,
        is_rule=metadata.kind in _RULES,
        issued=metadata.version_date,
    )
    if own.draft or own.effective_to or own.superseded_by or not own.is_rule:
        return own
    change = next((c for c in changes if c.applies_to(document)), None)
    newer = min(ended_by, key=_starts, default=None)
    if newer is not None:
        # The register knows when an amendment took effect; the amended text itself may not say.
        # A row that speaks of the newer text too tells when that one ended, not this one.
        stated = change.effective if change and not change.applies_to(newer) else None
        ends = stated or _starts(newer) or None
        return replace(own, effective_to=ends, superseded_by=newer.title)
    if change is None:
        return own
    if change.relation == "superseded":
        return replace(own, effective_to=change.effective or None, superseded_by=change.by_title)
    date = f"（{change.effective}起）" if change.effective else ""
    return replace(own, notice=f"{change.by_title}{date}：{change.scope}")


def _successors(documents: Sequence[StoredDocument]) -> dict[str, StoredDocument]:
    """For each rule, the next newer version of the same title in the index."""
    versions: dict[str, list[StoredDocument]] = defaultdict(list)
    for document in documents:
        metadata = document.metadata
        if metadata.kind in _RULES and metadata.version_date and not metadata.draft:
            versions[base_title(document.title)].append(document)
    following: dict[str, StoredDocument] = {}
    for group in versions.values():
        group.sort(key=_version)
        for position, document in enumerate(group):
            newer = [d for d in group[position + 1 :] if _version(d) > _version(document)]
            if newer:
                following[document.id] = newer[0]
    return following


def _version(document: StoredDocument) -> str:
    return document.metadata.version_date or ""


def _starts(document: StoredDocument) -> str:
    return document.metadata.effective_from or _version(document)


def _repealing(documents: Sequence[StoredDocument]) -> dict[str, list[StoredDocument]]:
    """Which documents abolish a title; a draft abolishes none."""
    found: dict[str, list[StoredDocument]] = defaultdict(list)
    for document in documents:
        if not document.metadata.draft:
            for title in document.metadata.repeals:
                found[title].append(document)
    return found


def _repealer(
    document: StoredDocument, repealing: dict[str, list[StoredDocument]]
) -> StoredDocument | None:
    """The first text that abolished this one: newer than it, or at least of another title."""
    title = base_title(document.title)
    candidates = [
        other
        for other in repealing.get(title, ())
        if other.id != document.id
        and (
            _version(other) > _version(document)
            if _version(other)
            else base_title(other.title) != title
        )
    ]
    return min(candidates, key=_starts, default=None)
