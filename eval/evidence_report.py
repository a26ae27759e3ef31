"""Figures of :mod:`eval.evidence`: shares with intervals, beside the baseline, as JSON or table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rich import box
from rich.console import Console
from rich.table import Table

TOPS = (1, 3, 5)
NEVER = 10**6
"""Rank of a span that no sentence shows."""
_RESAMPLES = 10_000
_SEED = 20260101
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question fared.

    Attributes:
        ours, bm25: Rank of the first sentence that shows the span, from 1.
        answered: Whether the answer quotes anything.
        quoted: Whether one of its quotes shows the span.
        elsewhere, other_outcome: Whether it abstains on another paper, and on another outcome.
        milliseconds: Time of the answer.
    """

    id: str
    paper: str
    question: str
    ours: int
    bm25: int
    answered: bool
    quoted: bool
    elsewhere: bool
    other_outcome: bool
    milliseconds: float


def report(dataset: str, phrasing: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The object that ``--json`` prints.

    ``top`` and ``bm25``: share of questions with the span among the first sentences, ``gain`` the
    difference; ``ci``: 95 % percentile bootstrap over papers, because questions on one paper are
    alike. ``answer``: shares of questions answered, and with the span quoted; shares of those to
    abstain on that were.
    """
    ours, bm25 = (_hits(outcomes, name) for name in ("ours", "bm25"))
    papers = [outcome.paper for outcome in outcomes]
    times = [outcome.milliseconds for outcome in outcomes]
    return {
        "dataset": dataset,
        "phrasing": phrasing,
        "questions": len(outcomes),
        "papers": len(set(papers)),
        **{
            name: {
                f"top{top}": {
                    "share": round(float(table[:, i].mean()), 4),
                    "ci": paper_interval(table[:, i], papers),
                }
                for i, top in enumerate(TOPS)
            }
            for name, table in (("top", ours), ("bm25", bm25), ("gain", ours - bm25))
        },
        "answer": {
            "answered": _mean(outcomes, "answered"),
            "quoted": _mean(outcomes, "quoted"),
            "abstains_on_other_paper": _mean(outcomes, "elsewhere"),
            "abstains_on_other_outcome": _mean(outcomes, "other_outcome"),
        },
        "latency_ms": {
            "p50": round(float(np.quantile(times, 0.5)), 1),
            "p95": round(float(np.quantile(times, 0.95)), 1),
        },
    }


def _hits(outcomes: Sequence[Outcome], name: str) -> Floats:
    """Whether the span is among the first sentences, shape ``(questions, len(TOPS))``."""
    ranks = np.array([getattr(outcome, name) for outcome in outcomes])
    return np.stack([ranks <= top for top in TOPS], axis=1).astype(np.float64)


def paper_interval(values: Floats, papers: Sequence[str]) -> list[float]:
    """95 % percentile bootstrap interval of the mean of one value a question, drawn by paper.

    Args:
        values: Shape ``(questions,)``.
        papers: The paper of each question; questions on one paper are alike.
    """
    places = {paper: place for place, paper in enumerate(dict.fromkeys(papers))}
    rows = np.array([places[paper] for paper in papers])
    sums = np.bincount(rows, weights=values, minlength=len(places))
    counts = np.bincount(rows, minlength=len(places))
    generator = np.random.default_rng(_SEED)
    chances = np.full(len(places), 1 / len(places))
    drawn = generator.multinomial(len(places), chances, size=_RESAMPLES)
    low, high = np.quantile((drawn @ sums) / (drawn @ counts), [0.025, 0.975])
    return [round(float(low), 4), round(float(high), 4)]


def _mean(outcomes: Sequence[Outcome], name: str) -> float:
    return round(float(np.mean([getattr(outcome, name) for outcome in outcomes])), 4)


def print_table(figures: dict[str, Any]) -> None:
    """The figures of one dataset and phrasing for people."""
    title = (
        f"{figures['dataset']}, phrasing {figures['phrasing']}: "
        f"{figures['questions']} questions on {figures['papers']} papers"
    )
    table = Table("", *(f"top {top}" for top in TOPS), title=title, box=box.SIMPLE_HEAD)
    for label, name in (("ours", "top"), ("BM25 of sentences", "bm25"), ("difference", "gain")):
        cells = (figures[name][f"top{top}"] for top in TOPS)
        table.add_row(
            label, *(f"{c['share']:.3f} ({c['ci'][0]:.3f}–{c['ci'][1]:.3f})" for c in cells)
        )
    console = Console()
    console.print(table)
    answer, times = figures["answer"], figures["latency_ms"]
    console.print(
        f"answered {answer['answered']:.3f}, span quoted {answer['quoted']:.3f}; abstains when "
        f"asked of another paper {answer['abstains_on_other_paper']:.3f}, of another paper's "
        f"outcome {answer['abstains_on_other_outcome']:.3f}; "
        f"p50 {times['p50']} ms, p95 {times['p95']} ms"
    )
