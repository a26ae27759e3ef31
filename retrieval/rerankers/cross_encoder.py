"""A cross-encoder of sentence-transformers, by local path or hub id. Needs ``models``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from retrieval.embedders.base import Floats, ModelUnusable, readable, reason
from retrieval.embedders.loading import architectures, load_model, model_name
from retrieval.rerankers.base import Reranker

_BATCH = 16


class CrossEncoderReranker(Reranker):
    """Scores with a model that reads question and passage together.

    Args:
        model: A folder, or an id on a hub that is in reach.

    Raises:
        ModelUnusable: The library is not installed, the model cannot be loaded or is not a
            cross-encoder.
    """

    def __init__(self, model: str) -> None:
        self._model: Any = load_model("CrossEncoder", model)
        self._refuse_embedder(model)
        # The tokenizer is set up for a batch before it reads it; and two at once are no faster.
        self._lock = threading.Lock()
        self.name = model_name(model)

    def score(self, question: str, passages: Sequence[str]) -> Floats:
        """Scores between 0 and 1; of a model with several classes, the last one's share.

        Raises:
            ModelUnusable: The model fails or gives something that is no finite number.
        """
        if not passages:
            return np.zeros(0, dtype=np.float32)
        pairs = [(readable(question), readable(passage)) for passage in passages]
        found = np.asarray(self._logits(pairs), dtype=np.float64).reshape(len(passages), -1)
        if not np.isfinite(found).all():
            raise ModelUnusable(f"{self.name} gave a score that is no finite number")
        if found.shape[1] == 1:  # the sigmoid, in the form that cannot overflow
            shares = 0.5 * (1 + np.tanh(found[:, 0] / 2))
        else:
            powers = np.exp(found - found.max(axis=1, keepdims=True))
            shares = powers[:, -1] / powers.sum(axis=1)
        return np.asarray(shares, dtype=np.float32)

    def _logits(self, pairs: list[tuple[str, str]]) -> Any:
        import torch

        try:
            with self._lock:
                return self._model.predict(
                    pairs,
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    activation_fn=torch.nn.Identity(),
                )
        except (IndexError, RuntimeError, ValueError) as error:  # out of memory and the like
            raise ModelUnusable(f"{self.name} failed: {reason(error)}") from error

    def _refuse_embedder(self, model: str) -> None:
        """A model without a head for scores is given a random one, and random scores."""
        kinds = architectures(self._model)
        scores = ("ForSequenceClassification", "ForCausalLM")
        if len(self._model) == 1 and kinds and not any(kind.endswith(scores) for kind in kinds):
            raise ModelUnusable(f"{model} is no cross-encoder but a {kinds[0]}")
