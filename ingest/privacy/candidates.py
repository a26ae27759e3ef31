"""What a detector hands on: a place in folded text, and whose it is if the words say so."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import Literal

from ingest.privacy.findings import FindingKind, Severity

Owner = Literal["patient", "public"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible identifier.

    ``owner`` is ``None`` where only the surroundings can tell, and ``leaning`` what it is taken for
    where these say nothing either; ``why`` is for the curator.
    """

    kind: FindingKind
    start: int
    end: int
    owner: Owner | None
    why: str
    leaning: Severity = "contact"


def without_overlaps(found: list[Candidate]) -> list[Candidate]:
    """Keep one of overlapping candidates: a patient's before others, then the longer."""
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda one: (one.owner != "patient", one.start - one.end)):
        at = bisect(kept, candidate.start, key=lambda one: one.start)
        before = kept[at - 1].end if at else 0
        after = kept[at].start if at < len(kept) else candidate.end
        if before <= candidate.start and candidate.end <= after:
            kept.insert(at, candidate)
    return kept
