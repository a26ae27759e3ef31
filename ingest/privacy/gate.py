"""The gate: screen the blocks of a document before they reach the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.model import Block, DocumentKind
from ingest.privacy import triggers
from ingest.privacy.candidates import Candidate, without_overlaps
from ingest.privacy.columns import (
    cell_places,
    table_candidates,
    table_owner,
    telling_titles,
    written_out,
)
from ingest.privacy.detectors import numbers
from ingest.privacy.findings import LABELS, Finding, FindingKind, cover
from ingest.privacy.folding import Folded, fold
from ingest.privacy.mask import mask_blocks
from ingest.privacy.names import addresses, names
from ingest.privacy.ownership import judge
from ingest.privacy.repeats import repeats

_NEIGHBOURS = 2
_ANCHORS: frozenset[FindingKind] = frozenset({"resident_id", "medical_record", "name"})
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Screened:
    """A document after the gate.

    Attributes:
        blocks: The blocks to index: masked if that was asked for, else as they came.
        findings: Everything found, in reading order; places are those in the blocks that came
            in (a table block's text is first written as :func:`ingest.tables.table_text` does,
            where it was not).
        quarantined: Whether the document must stay out of the index.
        reason: What was found where, masked, in one sentence; ``None`` without personal findings.
    """

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    quarantined: bool
    reason: str | None = None


def screen(
    blocks: Sequence[Block], *, kind: DocumentKind | None = None, mask: bool = False
) -> Screened:
    """Look for data of patients and participants.

    Nothing is dropped: a document with personal findings is quarantined as a whole, or, with
    ``mask``, indexed with pseudonyms in their place. Published contacts are reported only.

    Args:
        blocks: Blocks of one document, in reading order.
        kind: What the document is; in published kinds an unlabelled number is a contact.
        mask: Replace personal data by pseudonyms instead of quarantining the document.

    Example:
        >>> screened = screen([Block("paragraph", "患者姓名：张小明，住院号：20231234")])
        >>> screened.quarantined, [finding.masked for finding in screened.findings]
        (True, ['张**', '2******4'])
    """
    findings = tuple(find(blocks, kind))
    personal = [finding for finding in findings if finding.severity == "personal"]
    if not personal:
        return Screened(tuple(blocks), findings, quarantined=False)
    reason = reason_of(blocks, personal)
    if mask:
        return Screened(mask_blocks(blocks, findings), findings, quarantined=False, reason=reason)
    return Screened(tuple(blocks), findings, quarantined=True, reason=reason)


def find(blocks: Sequence[Block], kind: DocumentKind | None = None) -> list[Finding]:
    """Return the findings of a document in reading order."""
    found: list[tuple[int, Folded, list[Candidate]]] = []
    anchored: set[int] = set()
    for number, block in enumerate(map(written_out, blocks)):
        text = fold(block.text)
        candidates = _candidates(block, text)
        found.append((number, text, candidates))
        if any(one.kind in _ANCHORS and one.owner == "patient" for one in candidates):
            anchored.add(number)
    findings: list[Finding] = []
    for number, text, candidates in found:
        near = range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
        beside_patient = not anchored.isdisjoint(near)
        for candidate in candidates:
            severity, reason = judge(candidate, text.text, kind, beside_patient)
            start, end = text.span(candidate.start, candidate.end)
            masked = cover(candidate.kind, text.text[candidate.start : candidate.end])
            findings.append(Finding(candidate.kind, number, start, end, masked, severity, reason))
    texts = [text for _, text, _ in found]
    return sorted(
        [*findings, *repeats(texts, findings)], key=lambda finding: (finding.block, finding.start)
    )


def _candidates(block: Block, text: Folded) -> list[Candidate]:
    """Find in the text and, for a table, in its columns; places are those in the folded text."""
    plain = triggers.plain(text.text)
    found = numbers(text.text, plain)
    found += names(text.text, plain)
    found += addresses(text.text, plain)
    if block.table is not None:
        titles = telling_titles(block.table)
        if (found or titles) and (places := cell_places(block)) is not None:
            owner = table_owner(block.table)
            if owner == "public":
                found = [one if one.owner else _of_staff(one) for one in found]
            for one in table_candidates(block.table, titles, places, owner):
                start, end = text.folded_span(one.start, one.end)
                found.append(replace(one, start=start, end=end))
    return without_overlaps(found)


def _of_staff(one: Candidate) -> Candidate:
    return replace(one, owner="public")


def reason_of(blocks: Sequence[Block], personal: Sequence[Finding]) -> str:
    """Say in one sentence what was found where; values only in their masked form."""
    counts = Counter(finding.kind for finding in personal)
    kinds = ", ".join(f"{count} × {kind} ({LABELS[kind]})" for kind, count in counts.items())
    places = "; ".join(
        f"{finding.masked} {_place(blocks[finding.block], finding.block)}: {finding.reason}"
        for finding in personal[:_SHOWN]
    )
    more = f"; and {len(personal) - _SHOWN} more" if len(personal) > _SHOWN else ""
    return f"personal data found: {kinds}. {places}{more}"


def _place(block: Block, number: int) -> str:
    """Say where a block stands, in the words of its locator."""
    where = block.locator
    parts = [
        f"page {where.page}" if where.page else "",
        f"sheet {where.sheet}" if where.sheet else "",
        f"cells {where.cells}" if where.cells else "",
        f"line {where.line}" if where.line else "",
        where.path or "",
    ]
    if not any(parts):
        parts.append(where.section or "")
    return "on " + (", ".join(part for part in parts if part) or f"block {number + 1}")
