"""Questions on trial papers with the verbatim span that answers each.

A dataset folder holds ``questions.jsonl`` and ``fulltext/<pmcid>.txt``. A line of the questions has
``id``, ``text`` (the question), ``intervention``, ``comparator``, ``outcome``, ``pmcid`` and the
place of the span in the file, ``evidence_start`` and ``evidence_end`` in characters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import BadInput

_QUESTIONS = "questions.jsonl"
_TEXTS = "fulltext"
_FIELDS = ("text", "intervention", "comparator", "outcome", "pmcid")


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """A question, its parts, and where its answer stands in the paper's file."""

    id: str
    text: str
    intervention: str
    comparator: str
    outcome: str
    paper: str
    start: int
    end: int


PHRASINGS: Mapping[str, Callable[[EvidenceQuestion], str]] = {
    "given": lambda q: q.text,
    "en": lambda q: (
        f"With respect to {q.outcome}, how does {q.intervention} compare with {q.comparator}?"
    ),
    "en_did": lambda q: f"Did {q.intervention} change {q.outcome} compared with {q.comparator}?",
    "zh": lambda q: f"与{q.comparator}相比，{q.intervention}对{q.outcome}有什么影响？",
    "zh_groups": lambda q: f"{q.intervention}组与{q.comparator}组的{q.outcome}有差异吗？",
}
"""How a question is put: as in the file, or made from its parts. In ``zh`` the frame is Chinese and
the terms stay as they are."""


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """Questions and the text of each paper by its id."""

    name: str
    folder: Path
    questions: Sequence[EvidenceQuestion]
    texts: Mapping[str, str]


def read_evidence_set(folder: Path) -> EvidenceSet:
    """Read a dataset folder.

    Raises:
        BadInput: A file is missing or a line cannot be read; the message names file and line.
    """
    file = folder / _QUESTIONS
    if not file.is_file() or not (folder / _TEXTS).is_dir():
        raise BadInput(f"{folder} is no evidence dataset: it lacks {_QUESTIONS} or {_TEXTS}/")
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    questions = [
        _question(f"{file}, line {number}", line)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not questions:
        raise BadInput(f"{file} holds no question")
    texts = {name: _text(folder, name) for name in dict.fromkeys(q.paper for q in questions)}
    for question in questions:
        if question.end > len(texts[question.paper]):
            raise BadInput(
                f"{file}: the span of question {question.id} ends behind the end of "
                f"{_TEXTS}/{question.paper}.txt"
            )
    return EvidenceSet(folder.resolve().name, folder, questions, texts)


def _question(place: str, line: str) -> EvidenceQuestion:
    try:
        row: Any = json.loads(line)
        text, intervention, comparator, outcome, paper = (str(row[n]).strip() for n in _FIELDS)
        start, end = int(row["evidence_start"]), int(row["evidence_end"])
        found = EvidenceQuestion(
            str(row["id"]), text, intervention, comparator, outcome, paper, start, end
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{place}: not a question with a span ({error!r})") from None
    if not 0 <= start < end:
        raise BadInput(f"{place}: evidence_start and evidence_end name no characters")
    return found


def _text(folder: Path, paper: str) -> str:
    path = folder / _TEXTS / f"{paper}.txt"
    try:
        # Offsets count the characters of the file as it is, whatever ends its lines.
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None
