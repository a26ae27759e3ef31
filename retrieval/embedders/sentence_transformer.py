"""Any sentence-transformers model, by local path or hub id. Needs the ``models`` extra."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from retrieval.embedders.base import (
    Embedder,
    Floats,
    ModelUnusable,
    chosen_dimensions,
    encode_filled,
    reason,
)
from retrieval.embedders.loading import architectures, load_model, model_name

_BATCH = 32
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class SentenceTransformerEmbedder(Embedder):
    """Encodes with a model that sentence-transformers can load.

    Questions and passages get the prompts that the model's own configuration names for them.

    Args:
        model: A folder, or an id on a hub that is in reach.
        dimensions: Keep so many leading coordinates, for Matryoshka models.

    Raises:
        ModelUnusable: The library is not installed, the model cannot be loaded, is a re-ranker
            or has fewer dimensions.
    """

    def __init__(self, model: str, dimensions: int | None = None) -> None:
        self._model: Any = load_model("SentenceTransformer", model)
        kinds = architectures(self._model)
        if any(kind.endswith("ForSequenceClassification") for kind in kinds):
            raise ModelUnusable(f"{model} is a re-ranker ({kinds[0]}), not an embedder")
        # The tokenizer is set up for a batch before it reads it; and two at once are no faster.
        self._lock = threading.Lock()
        self._label = model
        whole = self._model.get_embedding_dimension() or self._encode(["probe"], False).shape[1]
        self.dimensions = chosen_dimensions(dimensions, int(whole), model)
        self.name = f"{model_name(model)}-{self.dimensions}"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors, shape ``(len(texts), dimensions)``; zeros for empty texts."""
        return encode_filled(
            texts,
            self.dimensions,
            self._label,
            lambda filled: self._encode(filled, is_query)[:, : self.dimensions],
        )

    def _encode(self, texts: list[str], is_query: bool) -> Any:
        encode = self._model.encode_query if is_query else self._model.encode_document
        prompt = self._prompt(_QUERY_PROMPTS if is_query else _PASSAGE_PROMPTS)
        try:
            with self._lock:
                return encode(texts, prompt=prompt, batch_size=_BATCH, show_progress_bar=False)
        except (IndexError, RuntimeError, ValueError) as error:  # out of memory and the like
            raise ModelUnusable(f"{self._label} failed: {reason(error)}") from error

    def _prompt(self, names: Sequence[str]) -> str | None:
        """The first of these prompts that the model has.

        Left to itself, sentence-transformers 6.2 takes the empty ``document`` that it adds to
        every model, ahead of the ``passage`` of the model's configuration.
        """
        prompts = self._model.prompts
        return next((prompts[name] for name in names if prompts.get(name)), None)
