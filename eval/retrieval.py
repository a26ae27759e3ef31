"""Measure retrieval systems on datasets in the BEIR layout.

    python -m eval.retrieval DATASET_DIR... [--system NAME]... [--json] [--out per-query.jsonl]

The same as ``xinglin eval retrieval``. Every system indexes the whole corpus, title and text, and
answers every judged query twice: for 10 documents, which is timed and gives the first ten ranks,
and for 100, which gives the ranks behind them. See :mod:`eval.ranking_metrics` for the metrics and
:mod:`eval.systems` for the systems.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.commands import exit_status
from eval.datasets import Dataset, check_dataset, read_dataset
from eval.ranking_metrics import DEPTH, METRICS, TOP, bootstrap_intervals, score_query, table_of
from eval.retrieval_table import print_table
from eval.systems import OURS, SYSTEMS, Options, System, check_system, make_system
from ingest.errors import BadInput


@dataclass(frozen=True, slots=True)
class Measured:
    """How one system did on one dataset.

    Attributes:
        dataset, system, version, setup: What was measured.
        documents, passages: How many texts were given and how many pieces were indexed.
        index_seconds: Wall-clock time of indexing, models loaded before.
        scores: Metrics by query id (:func:`eval.ranking_metrics.score_query`).
        milliseconds: Time to the first ten documents, by query id.
        top: The first ten document ids, by query id.
    """

    dataset: str
    system: str
    version: str
    setup: str
    documents: int
    passages: int
    index_seconds: float
    scores: Mapping[str, Mapping[str, float]]
    milliseconds: Mapping[str, float]
    top: Mapping[str, Sequence[str]]

    def report(self) -> dict[str, Any]:
        """The object that ``--json`` prints: means, 95 % intervals over queries, latency."""
        table = table_of(self.scores)
        times = list(self.milliseconds.values())
        return {
            "dataset": self.dataset,
            "system": self.system,
            "queries": len(table),
            "metrics": {
                key: round(float(mean), 4)
                for key, mean in zip(METRICS, table.mean(axis=0), strict=True)
            },
            "ci": {
                key: [round(low, 4), round(high, 4)]
                for key, (low, high) in zip(METRICS, bootstrap_intervals(table), strict=True)
            },
            "latency_ms": {
                "p50": round(float(np.quantile(times, 0.5)), 2),
                "p95": round(float(np.quantile(times, 0.95)), 2),
            },
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """One object a query, for ``--out``."""
        for key, scores in self.scores.items():
            yield {
                "dataset": self.dataset,
                "system": self.system,
                "query": key,
                **{metric: round(value, 6) for metric, value in scores.items()},
                "ms": round(self.milliseconds[key], 3),
                "top": list(self.top[key]),
            }


def measure(dataset: Dataset, system: System) -> Measured:
    """Index a dataset with a system and answer its queries."""
    started = time.perf_counter()
    passages = system.index(dataset.corpus)
    index_seconds = time.perf_counter() - started
    scores: dict[str, dict[str, float]] = {}
    milliseconds: dict[str, float] = {}
    top: dict[str, list[str]] = {}
    system.search(next(iter(dataset.queries.values())), TOP)  # what loads lazily, loads now
    for key, text in dataset.queries.items():
        started = time.perf_counter()
        top[key] = system.search(text, TOP)
        milliseconds[key] = (time.perf_counter() - started) * 1000
        ranking = list(dict.fromkeys([*top[key], *system.search(text, DEPTH)]))
        scores[key] = score_query(ranking, dataset.qrels[key])
    return Measured(
        dataset=dataset.name,
        system=system.name,
        version=system.version,
        setup=system.setup,
        documents=len(dataset.corpus),
        passages=passages,
        index_seconds=index_seconds,
        scores=scores,
        milliseconds=milliseconds,
        top=top,
    )


def evaluate(
    folders: Sequence[Path], names: Sequence[str], options: Options, limit: int | None = None
) -> Iterator[list[Measured]]:
    """Check the request, then measure: one list a dataset, as soon as it is done.

    Args:
        folders: Dataset folders.
        names: Names of systems.
        options: What the systems are made from.
        limit: Use only so many queries of each dataset, the first ones.

    Raises:
        BadInput: A missing file, an unknown system or a limit below one, at once; a line that
            cannot be read or a system that cannot be used here, when its turn comes.
    """
    if limit is not None and limit < 1:
        raise BadInput(f"--limit-queries {limit}: at least one query is needed")
    for folder in folders:
        check_dataset(folder)
    for name in names:
        check_system(name)
    return _measure_all(folders, list(dict.fromkeys(names)), options, limit)


def _measure_all(
    folders: Sequence[Path], names: Sequence[str], options: Options, limit: int | None
) -> Iterator[list[Measured]]:
    with ExitStack() as closing:
        systems = []
        for name in names:
            systems.append(make_system(name, options))
            closing.callback(systems[-1].close)
        for folder in folders:
            dataset = read_dataset(folder).first_queries(limit)
            yield [measure(dataset, system) for system in systems]


def run(
    folders: Sequence[Path],
    names: Sequence[str],
    options: Options,
    limit: int | None = None,
    as_json: bool = False,
    out: Path | None = None,
) -> None:
    """Measure and print: JSON lines or tables; and a file with one JSON line a query.

    Raises:
        BadInput: See :func:`evaluate`; or ``out`` cannot be written.
    """
    results = evaluate(folders, names, options, limit)
    with ExitStack() as closing:
        try:
            file = closing.enter_context(out.open("w", encoding="utf-8")) if out else None
        except OSError as error:
            raise BadInput(f"{out} cannot be written: {error.strerror}") from None
        for measured in results:
            if as_json:
                for one in measured:
                    print(json.dumps(one.report(), ensure_ascii=False))
            else:
                print_table(measured)
            sys.stdout.flush()
            if file:
                rows = (
                    json.dumps(row, ensure_ascii=False) for one in measured for row in one.rows()
                )
                file.writelines(f"{row}\n" for row in rows)


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 2 and one sentence for bad input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--system", action="append", metavar="NAME", help=", ".join(SYSTEMS))
    parser.add_argument("--peer-model", help="model for the peers that embed")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--out", type=Path, help="write one JSON line a query")
    parser.add_argument("--limit-queries", type=int, metavar="N", help="only the first N queries")
    given = parser.parse_args(arguments)

    def work() -> None:
        from api.settings import load_settings

        options = Options(load_settings(), given.peer_model)
        names = given.system or [OURS]
        run(given.datasets, names, options, given.limit_queries, given.json, given.out)

    return exit_status("eval.retrieval", work)


if __name__ == "__main__":
    raise SystemExit(main())
