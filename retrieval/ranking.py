"""Weighing the features of candidates: a linear model whose weights are a reviewed text file.

``python -m eval.tune_ranking DATASET_DIR...`` fits the weights of ``retrieval/ranking.toml`` on
development sets and prints what each feature is worth; docs/benchmarks/ablation.md keeps the table.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.features import FEATURES

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]

WEIGHTS = Path(__file__).with_name("ranking.toml")
PRODUCT = "*"


class BadWeights(ValueError):
    """The file of weights names a feature that does not exist, or cannot be read."""


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Weights of features and of products of features.

    Attributes:
        weights: By feature name, or ``a*b`` for a product.
        offset: Added to every score, so that the best candidate has about 1 and the fiftieth
            about a half.
        least_cosine: A passage that shares no term with the question must be at least this
            similar to be returned.
    """

    weights: Mapping[str, float]
    offset: float
    least_cosine: float

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> RankingModel:
        """Read a file of weights.

        Raises:
            BadWeights: It is not valid, or names a feature that is not measured.
        """
        try:
            with path.open("rb") as file:
                content = tomllib.load(file)
            weights = {str(name): float(value) for name, value in content["weights"].items()}
            model = cls(weights, float(content["offset"]), float(content["least_cosine"]))
            if not all(map(math.isfinite, (*weights.values(), model.offset, model.least_cosine))):
                raise ValueError("a number is not finite")
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadWeights(f"{path}: not a file of ranking weights: {error}") from error
        unknown = {f for name in weights for f in name.split(PRODUCT)} - set(FEATURES)
        if unknown:
            raise BadWeights(f"{path}: there is no feature {', '.join(sorted(unknown))}")
        return model

    def score(self, features: Mapping[str, Floats]) -> Scores:
        """Scores of candidates, shape ``(C,)``."""
        total = np.full(len(features["lexical"]), self.offset, dtype=np.float64)
        for name, weight in self.weights.items():
            total += weight * combine(name, features)
        return total


def combine(name: str, features: Mapping[str, Floats]) -> Scores:
    """A feature, or the product of several, shape ``(C,)``."""
    parts = [features[part].astype(np.float64) for part in name.split(PRODUCT)]
    product: Scores = np.prod(parts, axis=0)
    return product


@lru_cache(maxsize=4)
def load_ranking(path: Path = WEIGHTS) -> RankingModel:
    """:meth:`RankingModel.read`, once a process."""
    return RankingModel.read(path)
