"""How alike a question and a text are, by the bundled embedder.

The bundled one whatever the index was built with: the weights of :mod:`assistant.scoring` were
fitted with its cosines, and no endpoint is asked for hundreds of sentences a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from retrieval.embedders.static import StaticEmbedder

Floats = npt.NDArray[np.float32]
_KEPT = 20_000  # vectors of sentences and headings, 20 MB


def likeness(question: str, texts: Sequence[str]) -> Floats:
    """Cosines of a question with texts, shape ``(len(texts),)``."""
    if not texts:
        return np.zeros(0, dtype=np.float32)
    cosines: Floats = np.stack([_vector(text) for text in texts]) @ _vector(question)
    return cosines


@lru_cache(maxsize=_KEPT)
def _vector(text: str) -> Floats:
    vector: Floats = _embedder().encode([text])[0]
    return vector


@lru_cache(maxsize=1)
def _embedder() -> StaticEmbedder:
    return StaticEmbedder()
