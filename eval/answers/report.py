"""The report of a run as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from assistant.answerer import version
from eval.answers.bootstrap import LEVEL, RESAMPLES, intervals_of
from eval.answers.cost import Prices, cost, latency
from eval.answers.metrics import Row, cases_of, metrics_of
from eval.answers.parity import parity
from eval.answers.risk import TARGET_RISK, risk_coverage
from eval.answers.risk import note as risk_note
from eval.answers.rows import row_of
from eval.answers.score import Scored
from eval.questions_file import STATUS_OF

_OF_GROUPS = ("status_accuracy", "key_point_recall", "citation_precision", "false_abstention")


def make_report(
    results: Sequence[Scored],
    prices: Prices | None = None,
    *,
    timings: bool = True,
    target_risk: float = TARGET_RISK,
    run: dict[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """What ``xinglin eval answers --json`` prints.

    Args:
        results: The scored answers.
        prices: What tokens cost.
        timings: Include times; without them the same index and settings give the same report,
            byte for byte.
        target_risk: Share of wrong answers that a threshold on the confidence is chosen for.
        run: How the run was made.
        notes: What a reader should know before trusting it.
    """
    prices = prices or Prices()
    rows = [row_of(one, prices, timings) for one in results]
    answers = [one.answer for one in results]
    told = [*notes, *_contradictions(results)]
    if (absent := risk_note(results)) is not None:
        told.append(absent)
    report: dict[str, Any] = {
        "questions": len(rows),
        "metrics": metrics_of(rows),
        "intervals": intervals_of(rows),
        "cases": cases_of(rows),
        "outcomes": dict(Counter(row["outcome"] for row in rows).most_common()),
        "confusion": confusion(rows),
        "by_category": by(rows, "category"),
        "by_language": by(rows, "lang"),
        "parity": parity(results),
        "risk_coverage": risk_coverage(results, target_risk),
        "cost": cost(answers, prices),
        "notes": told,
        "run": {**_made(results), **(run or {})},
    }
    if timings:
        report["latency_ms"] = latency([one.asked.milliseconds for one in results])
    return {**report, "per_question": rows}


def confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """How many questions of each expectation came out with each status."""
    found = {expect: dict.fromkeys(STATUS_OF.values(), 0) for expect in STATUS_OF}
    for row in rows:
        found[row["expect"]][row["status"]] += 1
    return found


def by(rows: Sequence[Row], field: str) -> dict[str, dict[str, Any]]:
    """A few figures for each value of a field."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[field]].append(row)
    table = {}
    for name, members in sorted(groups.items()):
        figures = metrics_of(members)
        table[name] = {
            "questions": len(members),
            "right": sum(row["outcome"] == "right" for row in members),
            **{metric: figures[metric] for metric in _OF_GROUPS},
        }
    return table


def _contradictions(results: Sequence[Scored]) -> list[str]:
    """Forbidden claims that are accepted too: the questions file cannot mean both."""
    notes = []
    for question in (one.question for one in results):
        accepted = {form.strip() for forms in question.key_points for form in forms}
        notes += [
            f"{question.id}: {claim.strip()!r} is a forbidden claim and an accepted form; "
            "mend the questions file"
            for claim in question.forbidden
            if claim.strip() in accepted
        ]
    return notes


def _made(results: Sequence[Scored]) -> dict[str, Any]:
    records = [(one.question, one.answer.record) for one in results if one.answer.record]
    # Copies of the index with further documents are no state of it.
    own = {record.snapshot for question, record in records if not question.documents}
    return {
        "xinglin": version(),
        "snapshots": sorted(name for name in own if name),
        "embedder": sorted({record.embedder for _, record in records if record.embedder}),
        "llm": sorted({record.llm for _, record in records if record.llm}),
        "as_of": sorted({one.answer.as_of for one in results}),
        "resamples": RESAMPLES,
        "level": LEVEL,
    }
