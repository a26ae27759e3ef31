"""Fit the weights of the ranking on development sets, and say what each feature is worth.

    python -m eval.tune_ranking DATASET_DIR... [--write] [--report docs/benchmarks/ablation.md]

The candidates of every query are collected once with the settings in force, among the documents of
its own set and, with several sets, again among those of all sets together. A linear model is then
fitted so that relevant candidates win a softmax over the list (ListNet, Cao et al. 2007), every
query counting the same, with a quadratic penalty. The figures are cross-validated over queries: a
query is scored by weights that never saw it. ``--write`` stores weights fitted on all queries.
docs/training.md says how to tune on our own questions with a model that has not seen them.
"""

from __future__ import annotations

import argparse
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from eval.commands import exit_status, need_scipy
from eval.datasets import Dataset, Text, check_dataset, read_dataset
from eval.listwise import fit_lists
from eval.ranking_metrics import score_query
from ingest.errors import BadInput
from retrieval.features import FEATURES
from retrieval.ranking import PRODUCT, WEIGHTS, combine

if TYPE_CHECKING:
    from eval.systems.xinglin import XinglinSystem

Floats = npt.NDArray[np.float32]

# Never learned: no development set tells a law from a study, or a draft from a rule.
FIXED = ("authority", "draft")
_LEARNED = tuple(name for name in FEATURES if name not in FIXED)
_MATCHES = ("lexical", "dense", "soft")
_GATES = ("figures", "length")  # what a match is worth depends on these
NAMES = (*_LEARNED, *(f"{a}{PRODUCT}{b}" for b in _GATES for a in _MATCHES))
# More in common with the question never counts against a passage.
_NEVER_NEGATIVE = {*_MATCHES, "coverage", "heading", "adjacent", "numbers", "foreign"}
_FOLDS = 5
_PENALTY = 2e-5
_SEED = 20261122
_AMONG_ALL = " among all"
_MIXED = 150  # queries of each set that are asked of all documents together
_FIFTIETH = 0.5  # mean score of the fiftieth candidate; the best has 1
_METRIC = "ndcg@10"


@dataclass(frozen=True, slots=True)
class Listing:
    """The candidates of one query.

    Attributes:
        values: Features and their products, shape ``(C, len(NAMES))``.
        documents: Document id of each candidate.
        relevant: Grades by document id.
        query: Its id, which decides the part of the cross-validation it belongs to.
    """

    values: Floats
    documents: tuple[str, ...]
    relevant: Mapping[str, int]
    query: str = ""

    @property
    def wanted(self) -> npt.NDArray[np.bool_]:
        """Which candidates are of a relevant document, shape ``(C,)``."""
        return np.array([self.relevant.get(document, 0) > 0 for document in self.documents])

    def score(self, columns: Sequence[int], weights: npt.NDArray[np.float64]) -> float:
        """nDCG@10 when candidates are ordered by weighted columns."""
        order = np.argsort(-(self.values[:, columns] @ weights), kind="stable")
        ranking = list(dict.fromkeys(self.documents[i] for i in order))
        return score_query(ranking, self.relevant)[_METRIC]


def among_all(datasets: Sequence[Dataset]) -> list[Dataset]:
    """The datasets with the documents of all of them as their corpus, and some of the queries.

    Alone, a set has documents of one kind and often of one language; an index has all of them, and
    weights must not let one kind bury another.
    """
    corpus: dict[str, Text] = {}
    for dataset in datasets:
        for key, text in dataset.corpus.items():
            if corpus.setdefault(key, text) != text:
                raise BadInput(
                    f"document {key!r} of {dataset.name} is another one than in a dataset before; "
                    "tune on sets whose documents have different ids"
                )
    return [
        replace(dataset, name=f"{dataset.name}{_AMONG_ALL}", corpus=corpus).first_queries(_MIXED)
        for dataset in datasets
    ]


def collect_all(datasets: Sequence[Dataset]) -> Iterator[tuple[str, list[Listing]]]:
    """Names and listings of datasets that share one corpus, which is indexed once."""
    from api.settings import load_settings
    from eval.systems.xinglin import XinglinSystem

    system = XinglinSystem(load_settings())
    try:
        system.index(datasets[0].corpus)
        for dataset in datasets:
            yield dataset.name, _listings(system, dataset)
    finally:
        system.close()


def _listings(system: XinglinSystem, dataset: Dataset) -> list[Listing]:
    return [
        Listing(
            np.stack([combine(name, features) for name in NAMES], axis=1).astype(np.float32),
            documents,
            dataset.qrels[key],
            key,
        )
        for key, text in dataset.queries.items()
        for documents, features in system.candidates(text)
    ]


def fit(listings: Iterable[Listing], columns: Sequence[int]) -> npt.NDArray[np.float64]:
    """Weights of some columns, shape ``(len(columns),)``.

    Raises:
        BadInput: No query has a relevant document among its candidates.
    """
    lists = [
        (listing.values[:, columns], wanted)
        for listing in listings
        if (wanted := listing.wanted).any()
    ]
    if not lists:
        raise BadInput("no query to fit on has a relevant document among its candidates")
    bounds = [(0.0 if NAMES[column] in _NEVER_NEGATIVE else None, None) for column in columns]
    return fit_lists(lists, bounds, _PENALTY)


def cross_validate(sets: Mapping[str, list[Listing]], names: Sequence[str]) -> dict[str, float]:
    """Mean nDCG@10 of each set with weights fitted on other queries (of all sets)."""
    columns = [NAMES.index(name) for name in names]
    folds = {name: _folds(listings) for name, listings in sets.items()}
    scores: dict[str, list[float]] = {name: [] for name in sets}
    for fold in range(_FOLDS):
        seen = chain.from_iterable(_pick(sets[n], folds[n] != fold) for n in sets)
        weights = fit(seen, columns)
        for name, listings in sets.items():
            held_out = _pick(listings, folds[name] == fold)
            scores[name] += [listing.score(columns, weights) for listing in held_out]
    return {name: float(np.mean(values)) for name, values in scores.items()}


def _folds(listings: Sequence[Listing]) -> npt.NDArray[np.int64]:
    """Part of each listing: a query stays in its part whatever corpus it is asked of."""
    keys = (listing.query or str(number) for number, listing in enumerate(listings))
    return np.array([zlib.crc32(f"{_SEED} {key}".encode()) % _FOLDS for key in keys])


def _pick(listings: Sequence[Listing], mask: npt.NDArray[np.bool_]) -> list[Listing]:
    return [listing for listing, chosen in zip(listings, mask, strict=True) if chosen]


def ablation(sets: Mapping[str, list[Listing]]) -> dict[str, dict[str, float]]:
    """Cross-validated figures of the whole model, of simple ones, and without each feature."""
    rows = {
        "words only (BM25)": cross_validate(sets, ["lexical"]),
        "vectors only": cross_validate(sets, ["dense"]),
        "soft matching only": cross_validate(sets, ["soft"]),
        "words + vectors": cross_validate(sets, ["lexical", "dense"]),
        "words + vectors + soft matching": cross_validate(sets, ["lexical", "dense", "soft"]),
        "all features, no products": cross_validate(sets, _LEARNED),
        "all": cross_validate(sets, NAMES),
    }
    for feature in _LEARNED:
        left = [name for name in NAMES if feature not in name.split(PRODUCT)]
        rows[f"all without {feature}"] = cross_validate(sets, left)
    for kept_out in sets:
        family = kept_out.removesuffix(_AMONG_ALL)
        others = [
            listing
            for name, listings in sets.items()
            if name.removesuffix(_AMONG_ALL) != family
            for listing in listings
        ]
        columns = list(range(len(NAMES)))
        weights = fit(others, columns) if others else np.zeros(len(columns))
        scores = [listing.score(columns, weights) for listing in sets[kept_out]]
        rows.setdefault("all, fitted on the other sets only", {})[kept_out] = float(np.mean(scores))
    return rows


def normalise(
    sets: Mapping[str, list[Listing]], weights: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and offset for which the best candidate has 1 and the fiftieth a half, on average."""
    best, later = [], []
    for listings in sets.values():
        for listing in listings:
            scores = np.sort(listing.values @ weights)[::-1]
            best.append(scores[0])
            later.append(scores[min(49, len(scores) - 1)])
    scale = (1 - _FIFTIETH) / max(float(np.mean(best) - np.mean(later)), 1e-9)
    return weights * scale, _FIFTIETH - scale * float(np.mean(later))


def write_weights(
    path: Path, weights: npt.NDArray[np.float64], offset: float, sources: Sequence[str]
) -> None:
    """Replace the learned weights of the file; those set by hand stay.

    A file that does not exist gets what is set by hand in the one that ships.
    """
    with (path if path.exists() else WEIGHTS).open("rb") as file:
        before = tomllib.load(file)
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# Weights of the features of retrieval/features.py, reviewed like code.",
        f"# Fitted {day} by `python -m eval.tune_ranking --write` on {', '.join(sources)};",
        f"# {', '.join(FIXED)} are set by hand.",
        "",
        "# The best candidate of a question has about 1, the fiftieth about a half.",
        f"offset = {offset:.4f}",
        "# A passage that shares no term with the question must be at least this similar.",
        f"least_cosine = {before['least_cosine']}",
        "",
        "[weights]",
    ]
    lines += [f'"{name}" = {weight:.4f}' for name, weight in zip(NAMES, weights, strict=True)]
    lines += [f'"{name}" = {before["weights"].get(name, 0.0)}' for name in FIXED]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(rows: Mapping[str, Mapping[str, float]], command: str) -> str:
    """The ablation as a Markdown page."""
    sets = list(next(iter(rows.values())))
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# What each ranking feature is worth",
        "",
        f"nDCG@10, {day}, by `{command}`. Cross-validated over queries in {_FOLDS} parts: each",
        "query is scored by weights fitted on other queries; the last row is fitted on the other",
        "sets alone. Candidates are the same in all rows. Differences under 0.01 are noise.",
    ]
    mixed = [name for name in sets if name.endswith(_AMONG_ALL)]
    lines += _table(rows, [name for name in sets if name not in mixed])
    if mixed:
        lines += ["", f"The first {_MIXED} queries of each, asked of the documents of all sets:"]
        lines += _table(rows, mixed)
    lines += ["", "Features:", ""]
    lines += [f"- **{name}**: {meaning}" for name, meaning in FEATURES.items()]
    lines += ["", "`a*b` in the weights file is the product of two features.", ""]
    return "\n".join(lines)


def _table(rows: Mapping[str, Mapping[str, float]], sets: Sequence[str]) -> list[str]:
    names = " | ".join(name.removesuffix(_AMONG_ALL) for name in sets)
    lines = ["", f"| | {names} | mean |", f"|---|{'---|' * (len(sets) + 1)}"]
    for label, scores in rows.items():
        cells = " | ".join(f"{scores[name]:.3f}" for name in sets)
        lines.append(f"| {label} | {cells} | {np.mean([scores[name] for name in sets]):.3f} |")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune_ranking", description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="store the weights")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where to store them")
    parser.add_argument("--report", type=Path, help="write the ablation table to this file")
    options = parser.parse_args(arguments)
    return exit_status("eval.tune_ranking", lambda: _tune(options))


def _tune(options: argparse.Namespace) -> None:
    need_scipy()
    for folder in options.datasets:
        check_dataset(folder)
    datasets = [read_dataset(folder) for folder in options.datasets]
    groups = [[dataset] for dataset in datasets]
    if len(datasets) > 1:
        groups.append(among_all(datasets))
    sets: dict[str, list[Listing]] = {}
    for group in groups:
        for name, listings in collect_all(group):
            sets[name] = listings
            print(f"{name}: {len(listings)} queries", flush=True)
    rows = ablation(sets) if options.report else {"all": cross_validate(sets, NAMES)}
    for label, scores in rows.items():
        cells = " ".join(f"{name} {score:.3f}" for name, score in scores.items())
        print(f"{label:<40} {cells}")
    if options.report:
        command = "python -m eval.tune_ranking " + " ".join(d.name for d in datasets)
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(report(rows, command), encoding="utf-8")
    if options.write:
        weights, offset = normalise(
            sets, fit(chain.from_iterable(sets.values()), list(range(len(NAMES))))
        )
        write_weights(options.weights, weights, offset, [dataset.name for dataset in datasets])
        print(f"written to {options.weights}")


if __name__ == "__main__":
    raise SystemExit(main())
