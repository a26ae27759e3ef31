"""How much a text resembles requests that are refused: a linear model over short strings.

The patterns of ``boundaries.toml`` say why; this catches wordings that they do not list. Trained by
``python -m eval.train_boundaries`` from ``eval/boundaries/requests.jsonl``.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

CLASSES = ("none", "treatment", "fabrication", "concealment", "injection", "records")
BUCKETS = 1 << 13
_FILE = Path(__file__).with_name("boundaries.safetensors")
_WORD = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")
_LONGEST = 3  # words or characters that make one feature


def features(surfaced: str) -> np.ndarray:
    """Buckets of the strings of one to three words (Latin) or characters (Chinese) of a text.

    Numbers count as one word whatever their value.

    Args:
        surfaced: Text as :func:`assistant.surface.surface` gives it.

    Returns:
        Sorted distinct bucket numbers, below :data:`BUCKETS`.
    """
    words = ["0" if word.isdigit() else word for word in _WORD.findall(surfaced)]
    words = ["<", *words, ">"]
    strings = {
        " ".join(words[at : at + length])
        for length in range(1, _LONGEST + 1)
        for at in range(len(words) - length + 1)
    }
    return np.array(sorted({zlib.crc32(s.encode()) % BUCKETS for s in strings}), dtype=np.int64)


def resemblance(surfaced: str) -> tuple[str, float]:
    """The class of refused requests a text resembles most, and how likely it is one, 0 to 1."""
    weights, bias = _model()
    found = features(surfaced)
    scores = weights[found].sum(axis=0) / np.sqrt(len(found)) + bias
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    best = int(np.argmax(shares[1:])) + 1
    return CLASSES[best], float(1 - shares[0])


@cache
def _model() -> tuple[np.ndarray, np.ndarray]:
    stored = load_file(str(_FILE))
    return stored["weights"].astype(np.float32), stored["bias"].astype(np.float32)
