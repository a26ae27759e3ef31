"""Risk and coverage: what answering less often would be worth.

Answers are put in order of their confidence (``record.confidence``, the strength of the evidence).
Keeping those above a threshold gives a coverage, the share of the questions in scope that is still
answered, and a risk, the share of wrong answers among these. AURC is the mean risk over the
coverages from the first answer to the last (Geifman & El-Yaniv 2017, "Selective Classification
for Deep Neural Networks"; Geifman et al. 2019, "Bias-Reduced Uncertainty Estimation").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from eval.answers.score import Scored

TARGET_RISK = 0.1
_ABSENT = "the answers carry no confidence; risk and coverage were left out"


def confidence_of(scored: Scored) -> float | None:
    """The strength of an answer's evidence, 0 to 1; ``None`` when the answerer does not say."""
    value = getattr(scored.answer.record, "confidence", None)
    return None if value is None else float(value)


def risk_coverage(results: Sequence[Scored], target: float = TARGET_RISK) -> dict[str, Any] | None:
    """The curve over questions to answer or to abstain from; ``None`` without confidences.

    Args:
        results: The scored answers.
        target: The risk that a threshold is chosen for.

    Returns:
        ``points`` (threshold, coverage, risk) from the surest answer on; ``aurc``, beside that of
        the best (``aurc_best``) and of no (``aurc_chance``) order; ``chosen``, the point of the
        largest coverage whose risk is at most ``target``; ``separation``, the chance that a
        question to answer has more confidence than one to abstain from, ties counting half.
    """
    scope = [one for one in results if one.question.expect in {"answer", "abstain"}]
    known = [(one, value) for one in scope if (value := confidence_of(one)) is not None]
    given = [(value, one.wrong_answer) for one, value in known if one.answer.status == "answered"]
    if not given:
        return None
    points = _curve(given, len(scope))
    wrong = sum(is_wrong for _, is_wrong in given)
    allowed = [point for point in points if point["risk"] <= target]
    return {
        "questions": len(scope),
        "answered": len(given),
        "wrong": wrong,
        "target_risk": target,
        "aurc": _area(sorted(given, key=lambda pair: -pair[0])),
        "aurc_best": _area([(-rank, rank >= len(given) - wrong) for rank in range(len(given))]),
        "aurc_chance": round(wrong / len(given), 4),
        "chosen": max(allowed, key=lambda point: point["coverage"]) if allowed else None,
        "separation": _separation(known),
        "points": points,
    }


def note(results: Sequence[Scored]) -> str | None:
    """Why there is no curve, or ``None``."""
    return _ABSENT if all(confidence_of(one) is None for one in results) else None


def _curve(given: Sequence[tuple[float, bool]], scope: int) -> list[dict[str, float]]:
    points, kept, wrong = [], 0, 0
    ordered = sorted(given, key=lambda pair: -pair[0])
    for threshold, members in groupby(ordered, key=lambda pair: pair[0]):
        for _, is_wrong in members:
            kept, wrong = kept + 1, wrong + is_wrong
        points.append(
            {
                "threshold": round(threshold, 4),
                "coverage": round(kept / scope, 4),
                "risk": round(wrong / kept, 4),
            }
        )
    return points


def _area(ordered: Sequence[tuple[float, bool]]) -> float:
    """Mean risk over all numbers of answers kept; within a tie every order is as likely."""
    total, kept, wrong = 0.0, 0, 0
    for _, tied in groupby(ordered, key=lambda pair: pair[0]):
        members = [is_wrong for _, is_wrong in tied]
        share = sum(members) / len(members)
        total += sum((wrong + share * n) / (kept + n) for n in range(1, len(members) + 1))
        kept, wrong = kept + len(members), wrong + sum(members)
    return round(total / kept, 4)


def _separation(known: Sequence[tuple[Scored, float]]) -> float | None:
    """The area under the ROC curve, as the Mann-Whitney statistic."""
    due = [value for one, value in known if one.question.expect == "answer"]
    undue = [value for one, value in known if one.question.expect == "abstain"]
    if not due or not undue:
        return None
    wins = sum((a > b) + (a == b) / 2 for a in due for b in undue)
    return round(wins / (len(due) * len(undue)), 4)
