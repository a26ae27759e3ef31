"""Findings of articles labelled as increase, decrease or no significant difference.

The layout of Evidence Inference (DeYoung et al. 2020) as lines of ``questions.jsonl`` with
``outcome``, ``label`` and the ``evidence`` that shows it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.verification.polarity import direction
from eval.verification.agreement import agreement, precision_recall
from ingest.errors import BadInput

_QUESTIONS = "questions.jsonl"
_WAYS = {
    "increased": "significantly increased",
    "decreased": "significantly decreased",
    "no difference": "no significant difference",
}


@dataclass(frozen=True, slots=True)
class FindingCase:
    """A sentence of an article and which way it points for an outcome."""

    id: str
    outcome: str
    evidence: str
    label: str


def is_findings_folder(folder: Path) -> bool:
    """Whether a folder holds labelled findings."""
    return (folder / _QUESTIONS).is_file()


def read_findings(folder: Path) -> list[FindingCase]:
    """Read the findings of a folder.

    Raises:
        BadInput: The file or a line cannot be read.
    """
    path = folder / _QUESTIONS
    cases = []
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                row = json.loads(line)
                cases.append(
                    FindingCase(str(row["id"]), row["outcome"], row["evidence"], row["label"])
                )
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}, line {number}: not a labelled finding ({error})") from None
    if not cases:
        raise BadInput(f"{path} holds no finding")
    return cases


def measure(cases: Sequence[FindingCase]) -> dict[str, Any]:
    """Direction read from the evidence against the label; not told counts as wrong."""
    labels = [case.label for case in cases]
    found = [direction(case.evidence, case.outcome) for case in cases]
    decisions = [_WAYS[way] if way else "not told" for way in found]
    told = [i for i, way in enumerate(found) if way]
    return {
        **agreement(labels, decisions),
        "told": agreement([labels[i] for i in told], [decisions[i] for i in told])
        if told
        else None,
        "by_label": {
            label: precision_recall(labels, decisions, label) for label in sorted(set(labels))
        },
    }
