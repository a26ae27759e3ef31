"""The page that ``make bench-retrieval`` writes: tables in Markdown with sentences around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from eval.machine import describe
from eval.retrieval_table import QUALITY, p_value, quality
from eval.systems import OURS

if TYPE_CHECKING:
    from eval.bench_retrieval import Run
    from eval.retrieval import Measured

_HEAD = """\
# Retrieval, compared

Written by `make bench-retrieval`; do not edit by hand. {day}.

- machine: {machine}
- command: `{command}`

Every system was given the same documents, title and text, and asked the same questions, each in a
process of its own. The peers run as their tutorials set them up; tuned, they may do better.
Xinglin's ranking was fitted on the development sets (`…_dev`), the peers were not: on those its
figures are too high by what was learned from them. Only sets that nothing was fitted on compare
fairly.

Brackets hold 95 % bootstrap intervals over questions. *p* is a paired bootstrap test of nDCG@10
against {base} on the same questions; a small *p* means that the difference is hardly chance.
Indexing time leaves out loading models. Query time is the time to the first ten documents. Memory
is the peak of the whole process, libraries, models and dataset included.
"""
_ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:[^\s/:]+/)*([^\s/:]+)")


def page(runs: Sequence[Run], command: str, day: date | None = None) -> str:
    """The whole page.

    Args:
        runs: In the order in which they are to be shown; at least one was measured.
        command: How to make the page again.
        day: Of measuring; today when ``None``.
    """
    measured = [run.measured for run in runs if run.measured]
    systems = {one.system: one for one in measured}
    base = OURS if OURS in systems else measured[0].system
    head = _HEAD.format(
        day=(day or date.today()).isoformat(), machine=describe(), command=command, base=base
    )
    parts = [head, "## In short\n", _summary(runs)]
    for name in dict.fromkeys(one.dataset for one in measured):
        parts.append(_dataset([r for r in runs if r.dataset == name and r.measured], base))
    parts += ["## Systems\n", _systems(systems.values()), _absent(runs)]
    return "\n".join(part for part in parts if part)


def _summary(runs: Sequence[Run]) -> str:
    """nDCG@10 of every measured system on every dataset."""
    datasets = list(dict.fromkeys(run.dataset for run in runs))
    means = {
        (run.system, run.dataset): f"{run.measured.report()['metrics']['ndcg@10']:.3f}"
        for run in runs
        if run.measured
    }
    rows = [["nDCG@10", *datasets]]
    for system in dict.fromkeys(system for system, _ in means):
        rows.append([system, *(means.get((system, dataset), "–") for dataset in datasets)])
    return _markdown(rows)


def _dataset(runs: Sequence[Run], base: str) -> str:
    """The tables of one dataset: quality with intervals, then speed."""
    ones = [run.measured for run in runs if run.measured]
    against = next((one for one in ones if one.system == base), ones[0])
    rows = [["system", *QUALITY, "p"]]
    rows += [[one.system, *quality(one), p_value(one, against)] for one in ones]
    return "\n".join(
        [
            f"## {against.dataset}\n",
            f"{against.documents:,} documents, {len(against.scores):,} questions.\n",
            _markdown(rows),
            _markdown(_speed(runs)),
        ]
    )


def _speed(runs: Sequence[Run]) -> list[list[str]]:
    rows = [["system", "passages", "index s", "passages/s", "p50 ms", "p95 ms", "peak memory MB"]]
    for run in runs:
        if run.measured is None:
            continue
        latency = run.measured.report()["latency_ms"]
        rows.append(
            [
                run.system,
                f"{run.measured.passages:,}",
                f"{run.measured.index_seconds:.2f}",
                f"{run.measured.passages / max(run.measured.index_seconds, 1e-9):,.0f}",
                f"{latency['p50']:.2f}",
                f"{latency['p95']:.2f}",
                "–" if run.memory_mb is None else f"{run.memory_mb:,.0f}",
            ]
        )
    return rows


def _systems(measured: Iterable[Measured]) -> str:
    rows = [["system", "version", "set up"]]
    return _markdown(rows + [[one.system, one.version, one.setup] for one in measured])


def _absent(runs: Sequence[Run]) -> str:
    """Systems that could not be measured, each with its reason once."""
    missing = {(run.system, run.reason): run for run in runs if run.measured is None}
    if not missing:
        return ""
    # A reason may name a folder of this machine; the page keeps only its last part.
    lines = [f"- {system}: " + _ABSOLUTE.sub(r"\1", reason) for system, reason in missing]
    return "\n".join(["Not measured:\n", *lines, ""])


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
