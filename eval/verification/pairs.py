"""Pairs of a statement and its quotes, reviewed: does the gate pass what it should?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.verification import Verdict, supports
from eval.verification.agreement import agreement, precision_recall
from ingest.errors import BadInput
from retrieval.lexicon import Lexicon

Label = Literal["supported", "unsupported"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a file of pairs.

    Attributes:
        id, lang, kind, split: Name, ``zh``, ``en`` or ``cross``, kind of change, ``tune`` or
            ``held_out``.
        statement: What would be shown.
        quotes: The quotes it would be shown under.
        context: What stands with the quotes, such as title and section.
        label: Whether the quotes say so.
        why: The reason, for the reviewer.
    """

    id: str
    lang: str
    kind: str
    split: str
    statement: str
    quotes: tuple[str, ...]
    context: tuple[str, ...]
    label: Label
    why: str


def read_pairs(path: Path) -> list[Pair]:
    """Read a file of pairs, one JSON object a line.

    Raises:
        BadInput: The file or a line cannot be read; the message names file and line.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None
    pairs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            pairs.append(_pair(json.loads(line)))
        except KeyError as error:
            raise BadInput(f"{path}, line {number}: lacks the field {error}") from None
        except (ValueError, TypeError) as error:
            raise BadInput(f"{path}, line {number}: {error}") from None
    if not pairs:
        raise BadInput(f"{path} holds no pair")
    return pairs


def measure(pairs: Sequence[Pair], lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Precision and recall of ``supported``, whole and by split and language.

    ``by_kind`` says of each kind of pair how many were judged right; ``wrong`` lists the others.
    """
    verdicts = [
        supports(pair.statement, pair.quotes, context=pair.context, lexicon=lexicon)
        for pair in pairs
    ]
    kinds: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for pair, verdict in zip(pairs, verdicts, strict=True):
        right = verdict.ok == (pair.label == "supported")
        kinds[pair.kind].append(right)
        if not right:
            wrong.append(_wrong(pair, verdict))
    return {
        **_figures(pairs, verdicts),
        "by_split": _by(pairs, verdicts, "split"),
        "by_lang": _by(pairs, verdicts, "lang"),
        "by_kind": {kind: [sum(found), len(found)] for kind, found in sorted(kinds.items())},
        "wrong": wrong,
    }


def _figures(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    labels = [pair.label for pair in pairs]
    decisions = ["supported" if verdict.ok else "unsupported" for verdict in verdicts]
    return agreement(labels, decisions) | precision_recall(labels, decisions, "supported")


def _by(pairs: Sequence[Pair], verdicts: Sequence[Verdict], name: str) -> dict[str, Any]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        groups[getattr(pair, name)].append(place)
    return {
        key: _figures([pairs[i] for i in places], [verdicts[i] for i in places])
        for key, places in sorted(groups.items())
    }


def _wrong(pair: Pair, verdict: Verdict) -> dict[str, Any]:
    return {
        "id": pair.id,
        "kind": pair.kind,
        "label": pair.label,
        "statement": pair.statement,
        "details": list(verdict.details),
    }


def _pair(row: dict[str, Any]) -> Pair:
    if row["label"] not in {"supported", "unsupported"}:
        raise ValueError("label must be supported or unsupported")
    if not row["quotes"] or not all(isinstance(quote, str) for quote in row["quotes"]):
        raise ValueError("quotes must be a list of texts")
    return Pair(
        id=row["id"],
        lang=row["lang"],
        kind=row["kind"],
        split=row.get("split", "held_out"),
        statement=row["statement"],
        quotes=tuple(row["quotes"]),
        context=tuple(row.get("context", ())),
        label=row["label"],
        why=row["why"],
    )
