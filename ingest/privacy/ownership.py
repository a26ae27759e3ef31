"""Decide whose an identifier is: a patient's (``personal``) or a published contact."""

from __future__ import annotations

import re

from ingest.model import DocumentKind
from ingest.privacy.candidates import Candidate, Owner
from ingest.privacy.findings import Severity
from ingest.privacy.lexicon import words

# Published texts and protocols name institutions, authors and investigators; a patient in one of
# them is named as such.
PUBLISHED: frozenset[DocumentKind] = frozenset(
    {
        "law",
        "regulation",
        "guideline",
        "method",
        "endpoint",
        "operation",
        "registry",
        "protocol",
        "paper",
    }
)
_BEFORE, _AFTER = 60, 30
_SENTENCE_END = re.compile(r"[。！？\n]")


def owner_near(text: str, start: int, end: int) -> Owner | None:
    """Read off the same sentence whose number stands at ``text[start:end]``.

    The last word before it that names patients or institutions decides; where there is none, the
    first one after it does.
    """
    before = _SENTENCE_END.split(text[max(0, start - _BEFORE) : start])[-1]
    patient = _last(words("context", "patient"), before)
    public = _last(words("context", "public"), before)
    if patient >= 0 or public >= 0:
        return "patient" if patient > public else "public"
    after = _SENTENCE_END.split(text[end : end + _AFTER])[0]
    return "public" if words("context", "public").search(after) else None


def judge(
    candidate: Candidate, text: str, kind: DocumentKind | None, beside_patient: bool
) -> tuple[Severity, str]:
    """Return the severity of a candidate and the reason in words.

    Args:
        candidate: What was found in ``text``.
        text: The folded text of the block.
        kind: What the document is, when known.
        beside_patient: Whether a patient's name or number stands in this block or beside it.
    """
    if candidate.owner == "patient":
        return "personal", candidate.why
    if candidate.owner == "public":
        return "contact", f"{candidate.why}; of staff or an institution"
    near = owner_near(text, candidate.start, candidate.end)
    if near == "public":
        return "contact", f"{candidate.why}, beside words for staff or an institution"
    if near == "patient" and (candidate.kind != "landline" or kind not in PUBLISHED):
        return "personal", f"{candidate.why}, beside words for a patient"
    if beside_patient:
        return "personal", f"{candidate.why}, beside other data of a patient"
    if kind in PUBLISHED:
        return "contact", f"{candidate.why} in a published kind of document ({kind})"
    if candidate.leaning == "personal":
        return "personal", f"{candidate.why}; nothing says that it is published"
    return "contact", f"{candidate.why}; nothing says that it is a patient's"


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)
