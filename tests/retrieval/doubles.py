"""Small stand-ins for models, whose every number a test can work out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.embedders import Embedder
from retrieval.embedders.base import Floats, unit
from retrieval.normalise import fold


class CharacterEmbedder(Embedder):
    """Counts characters: texts that share none have a cosine of 0, equal texts one of 1.

    Args:
        dimensions: Characters are counted by their code point modulo this number.
    """

    def __init__(self, dimensions: int = 16) -> None:
        self.dimensions = dimensions
        self.name = f"characters-{dimensions}"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors, shape ``(len(texts), dimensions)``."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in fold(text):
                if character.isalnum():
                    vectors[row, ord(character) % self.dimensions] += 1
        return unit(vectors)
