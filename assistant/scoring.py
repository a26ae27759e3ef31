"""Sentences that may answer a part of a question, best first.

The score is a linear model over :mod:`assistant.features`; its weights are a reviewed text file,
fitted by ``python -m eval.tune_answers`` (docs/answering.md).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.evidence import ReadTable, Sentence
from assistant.features import FEATURES, Asked, Measured, measure
from retrieval import Hit

WEIGHTS = Path(__file__).with_name("sentence_weights.toml")
_FREE = frozenset({"long", "length", "first", "leads", "row", "digits", "names"})
_AGAINST = frozenset({"lacking", "contrast", "outdated"})
# What fitting may make of a feature: what speaks for a sentence may not count against it, nor the
# reverse. Without this, features that go together share out their weight with either sign.
SIGNS: Mapping[str, tuple[float | None, float | None]] = {
    name: (None, None) if name in _FREE else ((None, 0.0) if name in _AGAINST else (0.0, None))
    for name in FEATURES
}


class BadWeights(ValueError):
    """A file of weights cannot be read, or names what is not measured."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its merits; ``score`` orders the sentences of one part of a question.

    Scores are log-odds: a sentence that has one more than another is e times as likely to hold
    what was asked. ``told`` is set for a sentence of a paper that was asked for a result: how much
    it and its paper say of the outcome and treatment asked about, 0 to 1.
    """

    measured: Measured
    score: float
    told: float | None = None

    @property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.measured.sentence

    @property
    def features(self) -> Mapping[str, float]:
        """What was measured of it."""
        return self.measured.features


def read_weights(path: Path, known: Mapping[str, str], table: str = "weights") -> dict[str, float]:
    """A table of weights in a TOML file.

    Raises:
        BadWeights: It cannot be read, a weight is not a finite number, or there is no such
            feature.
    """
    try:
        with path.open("rb") as file:
            found = {str(name): float(value) for name, value in tomllib.load(file)[table].items()}
        if not all(map(math.isfinite, found.values())):
            raise ValueError("a weight is not finite")
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadWeights(f"{path}: not a file of weights: {error}") from error
    unknown = set(found) - set(known)
    if unknown:
        raise BadWeights(f"{path}: there is no feature {', '.join(sorted(unknown))}")
    return found


@lru_cache(maxsize=4)
def sentence_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Weights of the features of a sentence, read once a process."""
    return read_weights(path, FEATURES)


def score_sentences(
    hits: Sequence[Hit], asked: Asked, read_table: ReadTable = lambda hit, block: None
) -> list[Scored]:
    """Score every sentence of the hits for one part of a question, best first."""
    weights = sentence_weights()
    scored = [
        Scored(measured, sum(w * measured.features[name] for name, w in weights.items()))
        for measured in measure(hits, asked, read_table)
    ]
    return sorted(scored, key=lambda s: -s.score)
