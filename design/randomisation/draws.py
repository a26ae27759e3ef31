"""Random draws that are the same on every machine and with every version of NumPy."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_WORD = 2**64


class Draws:
    """A stream of draws named by a seed and a place in it.

    NumPy keeps the raw 64-bit words of PCG64 stable, not what its generators make of them. So
    only the words are NumPy's; numbers and shuffles are made of them here.

    Args:
        seed: A text or a number.
        place: Which of the seed's streams: the levels of a stratum, the number of a patient. The
            SHA-256 digest of seed and place starts the generator.

    Example:
        >>> Draws("example").shuffled("ABCD")
        ['B', 'C', 'D', 'A']
    """

    def __init__(self, seed: str | int, *place: str | int) -> None:
        name = json.dumps([str(part) for part in (seed, *place)])
        digest = hashlib.sha256(name.encode()).digest()
        self._words = np.random.PCG64(int.from_bytes(digest, "big"))

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1, each as likely."""
        last = _WORD - _WORD % bound  # words from here up would favour small numbers
        while True:
            word = int(self._words.random_raw())
            if word < last:
                return word % bound

    def share(self) -> float:
        """A number from 0 up to but below 1, with 53 random bits."""
        return (int(self._words.random_raw()) >> 11) / 2**53

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order (Fisher-Yates)."""
        mixed = list(items)
        for i in range(len(mixed) - 1, 0, -1):
            j = self.below(i + 1)
            mixed[i], mixed[j] = mixed[j], mixed[i]
        return mixed

    def pick(self, weights: Sequence[float]) -> int:
        """An index, with probabilities in proportion to the weights."""
        at = self.share() * sum(weights)
        for index, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return index
        return max(index for index, weight in enumerate(weights) if weight > 0)


def fresh_seed() -> str:
    """A seed that nobody can guess: 128 random bits in hexadecimal."""
    return secrets.token_hex(16)
