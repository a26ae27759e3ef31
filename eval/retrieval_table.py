"""Measured systems as rows of text: means with intervals, latency, and a paired test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.ranking_metrics import METRICS, paired_p_value

if TYPE_CHECKING:
    from eval.retrieval import Measured

QUALITY = ("nDCG@10", "recall@10", "recall@100", "MRR@10")  # the titles of METRICS
_TESTED = "ndcg@10"


def quality(one: Measured) -> list[str]:
    """Mean and interval of each metric, in the order of :data:`QUALITY`."""
    report = one.report()
    return [
        f"{report['metrics'][key]:.3f} ({report['ci'][key][0]:.3f}–{report['ci'][key][1]:.3f})"
        for key in METRICS
    ]


def p_value(one: Measured, base: Measured) -> str:
    """p of a paired test of nDCG@10 between two systems on the same queries, in words."""
    if one is base:
        return ""
    keys = list(base.scores)
    p = paired_p_value(
        [one.scores[key][_TESTED] for key in keys], [base.scores[key][_TESTED] for key in keys]
    )
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def print_table(measured: Sequence[Measured]) -> None:
    """Print the systems of one dataset; with several, each is tested against the first."""
    first, *others = measured
    print(f"{first.dataset}: {len(first.scores)} queries, {first.documents:,} documents")
    rows = [["system", *QUALITY, "p50 / p95 ms", "p" if others else ""]]
    for one in measured:
        latency = one.report()["latency_ms"]
        times = f"{latency['p50']:.2f} / {latency['p95']:.2f}"
        rows.append([one.system, *quality(one), times, p_value(one, first)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"  {line.rstrip()}")
    if others:
        print(f"  p: paired bootstrap test of nDCG@10 against {first.system}")
