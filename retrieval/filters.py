"""Which documents may answer: metadata, dates, and the status on the day that was asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from ingest.model import DocumentKind
from retrieval.contents import StoredDocument
from retrieval.currency import Status

_FILTERS = ("kind", "issuer", "jurisdiction", "language", "document", "status", "from", "to")
_HIDDEN_BY_DEFAULT: frozenset[Status] = frozenset({"superseded", "not_yet_effective"})


class BadFilter(ValueError):
    """A filter that does not exist or cannot be read."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer.

    Attributes:
        kind, issuer, jurisdiction, language: Metadata values; any of several.
        document: Document ids, or beginnings of them.
        status: ``effective``, ``current``, ``superseded``, ``draft``, ``not_yet_effective``, or
            ``any``. Without it, superseded texts and texts not yet in force stay out.
        issued_from, issued_to: ISO dates; the version date lies between them, both included.
    """

    kind: frozenset[str] = frozenset()
    issuer: frozenset[str] = frozenset()
    jurisdiction: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    document: frozenset[str] = frozenset()
    status: frozenset[str] = frozenset()
    issued_from: str | None = None
    issued_to: str | None = None

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> Filters:
        """Read ``key=value`` pairs; several values are separated by commas.

        Raises:
            BadFilter: An unknown key, a value that cannot be, or a pair without ``=``.
        """
        values: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            key, equals, value = pair.partition("=")
            given = {v.strip() for v in value.split(",") if v.strip()}
            if not equals or key.strip() not in _FILTERS or not given:
                raise BadFilter(
                    f"filter {pair!r} is not KEY=VALUE with KEY one of {', '.join(_FILTERS)}"
                )
            _check_values(key.strip(), given)
            values[key.strip()] |= given
        first = min(values.pop("from", {""}))
        last = max(values.pop("to", {""}))
        return cls(
            issued_from=_iso_date(first, "from"),
            issued_to=_iso_date(last, "to"),
            **{key: frozenset(items) for key, items in values.items()},
        )

    def allow(self, document: StoredDocument, status: Status) -> bool:
        """Whether a document with this status may answer."""
        metadata = document.metadata
        if self.status:
            if "any" not in self.status and status not in self.status:
                return False
        elif status in _HIDDEN_BY_DEFAULT:
            return False
        for wanted, value in (
            (self.kind, metadata.kind),
            (self.issuer, metadata.issuer),
            (self.jurisdiction, metadata.jurisdiction),
            (self.language, metadata.language),
        ):
            if wanted and value not in wanted:
                return False
        if self.document and not any(document.id.startswith(prefix) for prefix in self.document):
            return False
        issued = metadata.version_date
        if self.issued_from and (issued is None or issued < self.issued_from):
            return False
        return not (self.issued_to and (issued is None or issued > self.issued_to))


_CLOSED = {"status": {*get_args(Status), "any"}, "kind": set(get_args(DocumentKind))}


def _check_values(key: str, given: set[str]) -> None:
    """Refuse values that no document can have."""
    unknown = given - _CLOSED.get(key, given)
    if unknown:
        known = ", ".join(sorted(_CLOSED[key]))
        raise BadFilter(f"filter {key}={','.join(sorted(unknown))} is not one of {known}")


def _iso_date(value: str, key: str) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadFilter(f"filter {key}={value!r} is not a date like 2025-01-31") from None
