"""An optional last check: a cross-encoder for natural language inference.

Any sentence-transformers ``CrossEncoder`` whose labels name entailment will do, by folder or hub
id (setting ``answer.entailment_model``). It can only refuse what the rules let pass.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from retrieval.embedders.base import ModelUnusable, readable, reason
from retrieval.embedders.loading import load_model, model_name

_ENTAILMENT = "entail"


class Entailment(Protocol):
    """Anything that says how sure it is that a text follows from another."""

    threshold: float

    def probability(self, premise: str, hypothesis: str) -> float:
        """Between 0 and 1."""


class CrossEncoderEntailment:
    """A cross-encoder of sentence-transformers with a class for entailment.

    Args:
        model: A folder, or an id on a hub that is in reach.
        threshold: Least probability of entailment at which a statement passes.

    Raises:
        ModelUnusable: The library is not installed, the model cannot be loaded, or none of its
            classes is called entailment.

    Example:
        >>> model = CrossEncoderEntailment("models/nli")  # doctest: +SKIP
        >>> supports(statement, quotes, entailment=model)  # doctest: +SKIP
    """

    def __init__(self, model: str, threshold: float = 0.5) -> None:
        self._model: Any = load_model("CrossEncoder", model)
        self._class = self._entailment_class(model)
        self._lock = threading.Lock()
        self.threshold = threshold
        self.name = model_name(model)

    def probability(self, premise: str, hypothesis: str) -> float:
        """Probability that the hypothesis follows from the premise.

        Raises:
            ModelUnusable: The model fails or gives something that is no finite number.
        """
        import torch

        pair = [(readable(premise), readable(hypothesis))]
        try:
            with self._lock:
                logits = self._model.predict(
                    pair, show_progress_bar=False, activation_fn=torch.nn.Identity()
                )
        except (IndexError, RuntimeError, ValueError) as error:
            raise ModelUnusable(f"{self.name} failed: {reason(error)}") from error
        row = np.asarray(logits, dtype=np.float64).reshape(-1)
        if not np.isfinite(row).all():
            raise ModelUnusable(f"{self.name} gave a score that is no finite number")
        powers = np.exp(row - row.max())
        return float(powers[self._class] / powers.sum())

    def _entailment_class(self, model: str) -> int:
        labels = getattr(self._model.config, "id2label", {}) or {}
        for number, label in labels.items():
            name = str(label).lower()
            if name.startswith(_ENTAILMENT):
                return int(number)
        raise ModelUnusable(
            f"{model} is no model for entailment: its classes are "
            f"{', '.join(map(str, labels.values())) or 'not named'}; one must be called entailment"
        )


@lru_cache(maxsize=2)
def make_entailment(model: str, threshold: float = 0.5) -> Entailment | None:
    """The model of the settings; ``None`` for ``none``.

    Raises:
        ModelUnusable: The model cannot be used.
    """
    return None if model == "none" else CrossEncoderEntailment(model, threshold)


def follows(entailment: Entailment, statement: str, quotes: Sequence[str]) -> tuple[bool, float]:
    """Whether a statement follows from one of the quotes or all of them together."""
    premises = [*quotes, "\n".join(quotes)] if len(quotes) > 1 else list(quotes)
    best = max((entailment.probability(premise, statement) for premise in premises), default=0.0)
    return best >= entailment.threshold, best
