"""Token vectors before contrastive training: factored co-occurrence counts.

Positive pointwise mutual information with context smoothing, factored by a truncated singular
value decomposition with the square root of the singular values (Levy, Goldberg & Dagan 2015,
"Improving Distributional Similarity with Lessons Learned from Word Embeddings"). It lets tokens
that no training pair holds start near those they are used with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int64]


def start_vectors(
    texts: Sequence[Tokens], vocabulary: int, dimensions: int, settings: dict[str, Any], seed: int
) -> Floats:
    """Vectors of all tokens, shape ``(vocabulary, dimensions)``; zeros for unseen ones.

    Args:
        texts: Token ids of each text.
        settings: Table ``start`` of the recipe.
    """
    from sklearn.utils.extmath import randomized_svd

    association = _mutual_information(
        _neighbours(texts, vocabulary, settings["window"]), settings["smoothing"]
    )
    left, values, _ = randomized_svd(association, dimensions, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(values)
    # One common length first, then the weights of smooth inverse frequency.
    lengths = np.linalg.norm(vectors, axis=1)
    vectors /= np.median(lengths[lengths > 0])
    counts = np.bincount(np.concatenate(texts), minlength=vocabulary)
    vectors *= (settings["sif"] / (settings["sif"] + counts / counts.sum()))[:, None]
    mean_square = float((vectors**2).sum(axis=1).mean())
    scaled: Floats = (vectors * (settings["scale"] / np.sqrt(mean_square))).astype(np.float32)
    return scaled


def _neighbours(texts: Sequence[Tokens], vocabulary: int, window: int) -> Any:
    """Symmetric counts of token pairs at most ``window`` apart in one text; sparse."""
    from scipy import sparse

    tokens = np.concatenate(texts)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    counts = sparse.csr_matrix((vocabulary, vocabulary), dtype=np.float32)
    for distance in range(1, window + 1):
        same = owner[:-distance] == owner[distance:]
        left, right = tokens[:-distance][same], tokens[distance:][same]
        ones = np.ones(len(left), dtype=np.float32)
        counts += sparse.coo_matrix((ones, (left, right)), shape=counts.shape).tocsr()
    return counts + counts.T


def _mutual_information(counts: Any, smoothing: float) -> Any:
    """Positive pointwise mutual information; sparse, same shape."""
    from scipy import sparse

    rows = np.asarray(counts.sum(axis=1)).ravel()
    contexts = rows**smoothing
    entries = counts.tocoo()
    expected = rows[entries.row] * contexts[entries.col] / contexts.sum()
    information = np.log(entries.data / expected)
    positive = information > 0
    return sparse.csr_matrix(
        (information[positive], (entries.row[positive], entries.col[positive])),
        shape=counts.shape,
    )
