"""The first bundled embedder: hashed character n-grams, no download, no torch, no training.

Each text becomes signed counts of its character bigrams and trigrams, hashed into a fixed number
of buckets (the hashing trick: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask
Learning"). It sees spelling, not meaning: it forgives typos, OCR slips and word-order changes that
exact terms miss. A trained embedder replaces it behind the same interface.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retrieval.embedders.base import Embedder, Floats
from retrieval.normalise import fold

# Odd 64-bit constants of SplitMix64 (Steele, Lea & Flood 2014) mix code points into hashes.
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class HashedEmbedder(Embedder):
    """Hashed character n-grams.

    Args:
        dimensions: Number of buckets; a power of two.

    Example:
        >>> vectors = HashedEmbedder().encode(["知情同意书", "知情同意", "血压计"])
        >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
        True
    """

    def __init__(self, dimensions: int = 256) -> None:
        if dimensions < 2 or dimensions & (dimensions - 1):
            raise ValueError(f"dimensions must be a power of two, not {dimensions}")
        self.dimensions = dimensions
        self.name = f"hashed-ngrams-{dimensions}"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors, shape ``(len(texts), dimensions)``."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._encode_one(text)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Floats = vectors / np.maximum(norms, np.float32(1e-9))
        return unit

    def _encode_one(self, text: str) -> Floats:
        points = np.array([ord(c) for c in fold(text) if c.isalnum()], dtype=np.uint64)
        features = np.concatenate([_ngrams(points, 2), _ngrams(points, 3)])
        if len(features) == 0:
            return np.zeros(self.dimensions, dtype=np.float32)
        distinct, counts = np.unique(features, return_counts=True)
        # Damped counts: a word said ten times is not ten times as telling.
        weights = (1.0 + np.log(counts)).astype(np.float32)
        signs = np.where(distinct >> np.uint64(63), -1.0, 1.0).astype(np.float32)
        buckets = (distinct & np.uint64(self.dimensions - 1)).astype(np.int64)
        summed = np.bincount(buckets, weights * signs, minlength=self.dimensions)
        return summed.astype(np.float32)


def _ngrams(points: npt.NDArray[np.uint64], n: int) -> npt.NDArray[np.uint64]:
    """64-bit hashes of all runs of ``n`` code points."""
    if len(points) < n:
        return np.empty(0, dtype=np.uint64)
    hashed = np.full(len(points) - n + 1, n, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(n):
            hashed = (hashed + points[offset : offset + len(hashed)]) * _MIX_1
            hashed ^= hashed >> np.uint64(27)
        hashed *= _MIX_2
        return hashed ^ (hashed >> np.uint64(31))
