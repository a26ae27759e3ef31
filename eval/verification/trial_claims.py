"""Statements about trial records that are entailed or contradicted by them.

The layout of NLI4CT (Jullien et al. 2023, SemEval task 7): statements by id in ``dev.json`` with the
section and lines they rest on, the records in ``ct_records.jsonl``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.claims import judge
from assistant.verification import supports
from eval.verification.agreement import agreement, precision_recall
from ingest.errors import BadInput

_STATEMENTS, _RECORDS = "dev.json", "ct_records.jsonl"
_ENTAILED, _CONTRADICTED = "Entailment", "Contradiction"
# Where no rule decides and a decision is forced; the middle of where it hardly matters.
_LEANING = 0.6


@dataclass(frozen=True, slots=True)
class TrialClaim:
    """A statement, the sections it is about and the lines that decide it.

    ``sections`` and ``evidence`` hold lines by ``primary`` and ``secondary``.
    """

    id: str
    statement: str
    section: str
    comparison: bool
    label: str
    sections: dict[str, list[str]]
    evidence: dict[str, list[str]]

    @property
    def half(self) -> str:
        """``looked_at`` for the half whose statements were read when the rules were written."""
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        return "not_looked_at" if int(digest, 16) % 2 else "looked_at"


def is_claims_folder(folder: Path) -> bool:
    """Whether a folder holds statements about trials."""
    return (folder / _STATEMENTS).is_file() and (folder / _RECORDS).is_file()


def read_claims(folder: Path) -> list[TrialClaim]:
    """Read the statements of a folder with their records.

    Raises:
        BadInput: A file cannot be read, or a statement names a record or field that is not there.
    """
    try:
        rows = json.loads((folder / _STATEMENTS).read_text("utf-8"))
        records = {
            record["id"]: record
            for line in (folder / _RECORDS).read_text("utf-8").splitlines()
            if line.strip()
            for record in [json.loads(line)]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder}: statements or records cannot be read ({error})") from None
    claims = []
    for key, row in rows.items():
        try:
            claims.append(_claim(key, row, records))
        except (KeyError, IndexError) as error:
            raise BadInput(f"{folder / _STATEMENTS}, {key}: lacks {error}") from None
    return claims


def measure(claims: Sequence[TrialClaim]) -> dict[str, Any]:
    """The claim checker against the labels, and the plain gate on evidence and whole section."""
    labels = [claim.label for claim in claims]
    judgements = [judge(claim.statement, claim.sections) for claim in claims]
    decisions = [
        _ENTAILED
        if judgement.decision == "supported"
        or (judgement.decision == "undecided" and judgement.leaning >= _LEANING)
        else _CONTRADICTED
        for judgement in judgements
    ]
    decided = [i for i, judgement in enumerate(judgements) if judgement.decision != "undecided"]
    figures = {
        **_figures(labels, decisions),
        "decided_by_rule": _figures([labels[i] for i in decided], [decisions[i] for i in decided])
        if decided
        else None,
        "by_half": _by([claim.half for claim in claims], labels, decisions),
        "by_section": _by([claim.section for claim in claims], labels, decisions),
        "gate_on_evidence": _gate(claims, labels, evidence=True),
        "gate_on_section": _gate(claims, labels, evidence=False),
    }
    return figures


def _figures(labels: Sequence[str], decisions: Sequence[str]) -> dict[str, Any]:
    return agreement(labels, decisions) | precision_recall(labels, decisions, _ENTAILED)


def _by(groups: Sequence[str], labels: Sequence[str], decisions: Sequence[str]) -> dict[str, Any]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        places[group].append(place)
    return {
        group: _figures([labels[i] for i in found], [decisions[i] for i in found])
        for group, found in sorted(places.items())
    }


def _gate(claims: Sequence[TrialClaim], labels: Sequence[str], evidence: bool) -> dict[str, Any]:
    """What ``supports`` passes when it is given the lines as quotes."""
    decisions = []
    for claim in claims:
        lines = claim.evidence if evidence else claim.sections
        quotes = [line.strip() for found in lines.values() for line in found if line.strip()]
        verdict = supports(claim.statement, ["\n".join(quotes)], context=list(claim.sections))
        decisions.append(_ENTAILED if verdict.ok else _CONTRADICTED)
    return precision_recall(labels, decisions, _ENTAILED)


def _claim(key: str, row: dict[str, Any], records: dict[str, Any]) -> TrialClaim:
    section = row["Section_id"]
    sections, evidence = {}, {}
    for name in ("Primary", "Secondary"):
        if f"{name}_id" in row:
            lines = records[row[f"{name}_id"]][section]
            sections[name.lower()] = lines
            evidence[name.lower()] = [lines[i] for i in row.get(f"{name}_evidence_index", [])]
    return TrialClaim(
        key, row["Statement"], section, row["Type"] != "Single", row["Label"], sections, evidence
    )
