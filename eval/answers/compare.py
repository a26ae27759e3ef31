"""Two runs side by side: paired differences, and the questions that were won and lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.answers.bootstrap import differences
from eval.answers.metrics import Row
from ingest.errors import BadInput

_CHANGED = ("status", "outcome", "score")
_PARTS = {"metrics", "intervals", "cases", "outcomes", "confusion", "by_category", "run", "notes"}
_ROW_FIELDS = {"id", "unit", "counts", "question", *_CHANGED}


def read_report(path: Path) -> dict[str, Any]:
    """Read what ``xinglin eval answers --json`` printed.

    Raises:
        BadInput: It cannot be read, or is no such report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"{path}: not JSON ({error}); write it with eval answers --json") from None
    whole = isinstance(report, dict) and report.keys() >= _PARTS
    rows = report.get("per_question") if whole else None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and row.keys() >= _ROW_FIELDS for row in rows
    ):
        raise BadInput(
            f"{path} is no report of this version; write it anew with eval answers --json"
        )
    found: dict[str, Any] = report
    return found


def compare(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Compare two reports on the questions that they share.

    Args:
        ours: The report of the run in question.
        theirs: The report it is compared with.

    Returns:
        ``shared``, ``only_ours``, ``only_theirs`` (ids), ``metrics`` with the paired differences,
        ``won``, ``lost`` and ``changed`` questions, and the ``run`` compared with.

    Raises:
        BadInput: They share no question, or a question was asked in other words.
    """
    mine = {row["id"]: row for row in ours["per_question"]}
    others = {row["id"]: row for row in theirs["per_question"]}
    shared = [name for name in mine if name in others]
    if not shared:
        raise BadInput("the two runs share no question; compare runs on the same questions files")
    reworded = [name for name in shared if mine[name]["question"] != others[name]["question"]]
    if reworded:
        raise BadInput(
            f"the question {reworded[0]!r} was worded otherwise in the other run; "
            "compare runs on the same questions files"
        )
    found = differences([mine[name] for name in shared], [others[name] for name in shared])
    moves = [_move(mine[name], others[name]) for name in shared]
    return {
        "run": theirs.get("run"),
        "shared": len(shared),
        "only_ours": [name for name in mine if name not in others],
        "only_theirs": [name for name in others if name not in mine],
        "metrics": {name: asdict(difference) for name, difference in found.items()},
        "won": [move for move in moves if move["change"] > 0],
        "lost": [move for move in moves if move["change"] < 0],
        "changed": [m for m in moves if m["change"] == 0 and m["ours"] != m["theirs"]],
    }


def _move(ours: Row, theirs: Row) -> dict[str, Any]:
    return {
        "id": ours["id"],
        "question": ours["question"],
        "change": round(ours["score"] - theirs["score"], 4),
        "ours": {name: ours[name] for name in _CHANGED},
        "theirs": {name: theirs[name] for name in _CHANGED},
    }


def sentence(comparison: Mapping[str, Any]) -> str:
    """The outcome in one line."""
    counts: Sequence[str] = [f"{len(comparison[key])} {key}" for key in ("won", "lost", "changed")]
    return f"{comparison['shared']} questions in both: {', '.join(counts)} with the same score"
