"""Fit the weights by which sentences that tell a result are ordered, and say what each is worth.

    python -m eval.tune_evidence DATASET_DIR [--write] [--ablation]

The sentences of each question's paper are measured as the assistant does, and a linear model is
fitted so that those that show the span win a softmax over the paper (ListNet, Cao et al. 2007) with
a quadratic penalty. The figures are cross-validated by paper: a question is scored by weights that
never saw a question on its paper. A sign is given to each feature by what it means
(:mod:`assistant.results.features`): no dataset may teach that naming the outcome speaks against a
sentence. ``--write`` stores weights fitted on all questions.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.results import read_comparison
from assistant.results.features import FEATURES, MATCHES, REPORTS, SPEAKS_AGAINST, combine, measure
from assistant.results.model import WEIGHTS
from assistant.results.ranking import paper_of
from eval.commands import exit_status, need_scipy
from eval.evidence import PaperIndex
from eval.evidence_report import TOPS, paper_interval
from eval.evidence_set import PHRASINGS, read_evidence_set
from eval.listwise import fit_lists
from ingest.errors import BadInput

Floats = npt.NDArray[np.float64]

# Never learned: papers of a dataset may come without references. Their titles read like results.
FIXED = {"back": -3.0}
_IN_PRODUCTS = {"numbers"}  # figures tell a result only where they are about the outcome
PRODUCTS = ("outcome*numbers", "outcome_before*no_difference")
NAMES = (*(name for name in FEATURES if name not in {*FIXED, *_IN_PRODUCTS}), *PRODUCTS)
_FOLDS = 10
_PENALTY = 3e-3
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Listing:
    """The sentences of a question's paper.

    Attributes:
        paper: Its id.
        values: Features, shape ``(sentences, len(NAMES))``.
        wanted: Which sentences show the span, shape ``(sentences,)``.
    """

    paper: str
    values: Floats
    wanted: npt.NDArray[np.bool_]

    @property
    def fold(self) -> int:
        """Part of the cross-validation; all questions on a paper are in one."""
        return zlib.crc32(f"{_SEED} {self.paper}".encode()) % _FOLDS

    def rank(self, columns: Sequence[int], weights: Floats) -> int:
        """Place of the first sentence that shows the span; of equal ones the last."""
        scores = self.values[:, columns] @ weights
        best = scores[self.wanted].max(initial=-np.inf)
        return int((scores > best).sum() + ((scores == best) & ~self.wanted).sum()) + 1


def collect(index: PaperIndex, phrasing: str) -> list[Listing]:
    """Measure the sentences of every question's paper."""
    lexicon = index.answerer.searcher.lexicon
    listings = []
    for question in index.dataset.questions:
        text = PHRASINGS[phrasing](question)
        ranked = [scored.sentence for scored in index.ranked(text, question.paper)]
        sentences = sorted(ranked, key=lambda s: (s.block, s.start))
        features = measure(read_comparison(text), paper_of(sentences), lexicon).features
        wanted = [index.shows(question, s.block, s.start, s.end) for s in sentences]
        values = np.stack([combine(name, features) for name in NAMES], axis=1)
        listings.append(Listing(question.paper, values, np.array(wanted)))
    return listings


def fit(listings: Sequence[Listing], columns: Sequence[int]) -> Floats:
    """Weights of some columns, shape ``(len(columns),)``.

    Raises:
        BadInput: No span is shown by a sentence.
    """
    lists = [
        (listing.values[:, columns], listing.wanted) for listing in listings if listing.wanted.any()
    ]
    if not lists:
        raise BadInput("no question to fit on has a sentence that shows its span")
    return fit_lists(lists, [_bounds(NAMES[column]) for column in columns], _PENALTY)


def _bounds(name: str) -> tuple[float | None, float | None]:
    return (None, 0.0) if name in SPEAKS_AGAINST else (0.0, None)


def cross_validate(listings: Sequence[Listing], names: Sequence[str]) -> dict[int, float]:
    """Share of questions with the span among the first sentences, by number of sentences."""
    ranks = cross_validated_ranks(listings, names)
    return {top: float((ranks <= top).mean()) for top in TOPS}


def cross_validated_ranks(
    listings: Sequence[Listing], names: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Rank of each question's span by weights that never saw its paper."""
    columns = [NAMES.index(name) for name in names]
    ranks = np.zeros(len(listings), dtype=np.int64)
    for fold in sorted({listing.fold for listing in listings}):
        weights = fit([listing for listing in listings if listing.fold != fold], columns)
        for row, listing in enumerate(listings):
            if listing.fold == fold:
                ranks[row] = listing.rank(columns, weights)
    return ranks


def intervals(listings: Sequence[Listing]) -> dict[int, list[float]]:
    """95 % intervals of :func:`cross_validate` with all features, over papers."""
    ranks = cross_validated_ranks(listings, NAMES)
    papers = [listing.paper for listing in listings]
    return {top: paper_interval((ranks <= top).astype(float), papers) for top in TOPS}


def ablation(listings: Sequence[Listing]) -> dict[str, dict[int, float]]:
    """Cross-validated figures of parts of the model, and without each feature."""
    words = [name for name in NAMES if name in MATCHES]
    rows = {
        "outcome's words only (BM25)": cross_validate(listings, ["outcome_bm25"]),
        "words only": cross_validate(listings, words),
        "words and wording": cross_validate(listings, [*words, *REPORTS.keys() & set(NAMES)]),
        "no products": cross_validate(listings, [n for n in NAMES if n not in PRODUCTS]),
        "all": cross_validate(listings, NAMES),
    }
    for feature in FEATURES:
        left = [name for name in NAMES if feature not in name.split("*")]
        rows[f"all without {feature}"] = cross_validate(listings, left)
    return rows


def write_weights(path: Path, weights: Floats, source: str, rows: dict[int, float]) -> None:
    """Write the file of weights, each with what its feature means."""
    day = datetime.now(UTC).date().isoformat()
    shares = ", ".join(f"{share:.3f} among the first {top}" for top, share in rows.items())
    lines = [
        "# What the features of a sentence that may tell a result are worth",
        "# (assistant/results/features.py). Reviewed like code.",
        f"# Fitted {day} by `python -m eval.tune_evidence --write` on {source};",
        f"# cross-validated by paper: {shares}.",
        "",
        "[weights]",
    ]
    for name, weight in zip(NAMES, weights, strict=True):
        meaning = FEATURES.get(name, "where both hold")
        lines.append(f'"{name}" = {weight:.3f}  # {meaning}')
    lines += [
        f'"{name}" = {value}  # {FEATURES[name]} (set by hand)' for name, value in FIXED.items()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 2 and one sentence for bad input."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune_evidence", description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--phrasing", default="given", choices=list(PHRASINGS))
    parser.add_argument("--ablation", action="store_true", help="what each feature is worth")
    parser.add_argument("--write", action="store_true", help="store the weights")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where to store them")
    options = parser.parse_args(arguments)
    return exit_status("eval.tune_evidence", lambda: _tune(options))


def _tune(options: argparse.Namespace) -> None:
    need_scipy()
    with closing(PaperIndex(read_evidence_set(options.dataset))) as index:
        listings = collect(index, options.phrasing)
    rows = ablation(listings) if options.ablation else {"all": cross_validate(listings, NAMES)}
    for label, shares in rows.items():
        print(f"{label:<32}", " ".join(f"top {top} {share:.3f}" for top, share in shares.items()))
    for top, (low, high) in intervals(listings).items():
        print(f"all, top {top}: {low:.3f} to {high:.3f} (95 %, bootstrap over papers)")
    if options.write:
        weights = fit(listings, list(range(len(NAMES))))
        write_weights(options.weights, weights, options.dataset.resolve().name, rows["all"])
        print(f"written to {options.weights}")


if __name__ == "__main__":
    raise SystemExit(main())
