"""A toy corpus of token ids: things that are asked about in words of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.training.token_pairs import TokenPairs, Tokens

THINGS = 40
_WORDS = 3  # words of a thing on either side
NOISE = np.arange(5)  # tokens that stand anywhere and tell nothing
_VOCABULARY = len(NOISE) + 2 * _WORDS * THINGS
_LOSS = re.compile(r"loss (\d+\.\d+)")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Toy:
    """Pairs: question ``i`` and passage ``i`` are about thing ``i % THINGS``."""

    start: Floats
    pairs: TokenPairs


def toy(dimensions: int = 32) -> Toy:
    """Three pairs a thing; the two sides share nothing but noise, and start in any direction."""
    chooser = np.random.default_rng(5)
    queries, passages = [], []
    for number in range(3 * THINGS):
        words = len(NOISE) + 2 * _WORDS * (number % THINGS) + np.arange(2 * _WORDS)
        asked, said = words[:_WORDS], words[_WORDS:]
        queries.append(np.array([*chooser.choice(NOISE, 1), *chooser.choice(asked, 2, False)]))
        passages.append(np.array([*chooser.choice(NOISE, 2), *chooser.permutation(said)]))
    start = chooser.normal(size=(_VOCABULARY, dimensions)).astype(np.float32)
    start /= 2 * np.linalg.norm(start, axis=1, keepdims=True)
    kinds = ["lay" if number % THINGS < THINGS // 2 else "pi" for number in range(len(queries))]
    return Toy(start, TokenPairs(queries, passages, kinds))


def means(vectors: Floats, texts: list[Tokens]) -> Floats:
    """Unit vectors of texts, shape ``(len(texts), dimensions)``."""
    found = np.stack([vectors[text].mean(axis=0) for text in texts])
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def share_found(similarity: npt.NDArray[np.floating]) -> float:
    """Share of questions (rows) whose nearest passage (columns) is about the same thing."""
    nearest = similarity.argmax(axis=1)
    return float((nearest % THINGS == np.arange(len(similarity)) % THINGS).mean())


def losses(lines: list[str]) -> list[float]:
    """Figures of the lines that training reports."""
    return [float(match[1]) for line in lines if (match := _LOSS.search(line))]
