"""What the features of a sentence are worth: a linear model whose weights are a reviewed file.

``python -m eval.tune_evidence DATASET_DIR --write`` fits ``weights.toml``. The difference of two
sentences' scores is the logarithm of how much likelier one is to be the sentence asked for.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.results.features import FEATURES, Floats, combine

WEIGHTS = Path(__file__).with_name("weights.toml")


class BadResultWeights(ValueError):
    """The file of weights names a feature that does not exist, or cannot be read."""


@dataclass(frozen=True, slots=True)
class ResultModel:
    """Weights of features and of products of features, by name (``a``, ``a*b``)."""

    weights: Mapping[str, float]

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> ResultModel:
        """Read a file of weights.

        Raises:
            BadResultWeights: It is not valid, or names a feature that is not measured.
        """
        try:
            with path.open("rb") as file:
                content = tomllib.load(file)["weights"]
            weights = {str(name): float(value) for name, value in content.items()}
            if not all(map(math.isfinite, weights.values())):
                raise ValueError("a number is not finite")
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadResultWeights(f"{path}: not a file of weights: {error}") from error
        unknown = {part for name in weights for part in name.split("*")} - set(FEATURES)
        if unknown:
            raise BadResultWeights(f"{path}: there is no feature {', '.join(sorted(unknown))}")
        return cls(weights)

    def score(self, features: Mapping[str, Floats]) -> Floats:
        """Scores of sentences, shape ``(sentences,)``."""
        total: Floats = np.zeros(len(features["outcome"]))
        for name, weight in self.weights.items():
            total = total + weight * combine(name, features)
        # The last bits depend on the order of summation; equal sentences get equal scores.
        return total.round(6)


@lru_cache(maxsize=4)
def load_model(path: Path = WEIGHTS) -> ResultModel:
    """:meth:`ResultModel.read`, once a process."""
    return ResultModel.read(path)
