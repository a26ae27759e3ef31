"""Training pairs as token ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Tokens = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenPairs:
    """Pairs of texts that belong together.

    Attributes:
        queries, passages: Token ids of both sides, one entry a pair.
        kinds: Kind of each pair; batches do not mix them.
    """

    queries: Sequence[Tokens]
    passages: Sequence[Tokens]
    kinds: Sequence[str]

    def cut(self, longest_query: int, longest_passage: int) -> TokenPairs:
        """The same with at most so many tokens a text."""
        return TokenPairs(
            [text[:longest_query] for text in self.queries],
            [text[:longest_passage] for text in self.passages],
            self.kinds,
        )

    def passage_numbers(self) -> npt.NDArray[np.int64]:
        """A number for each pair that is the same for pairs with the same passage."""
        numbers: dict[bytes, int] = {}
        return np.array(
            [numbers.setdefault(text.tobytes(), len(numbers)) for text in self.passages]
        )


def twins(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which passages of a batch are no wrong answers to which of its questions, shape ``(B, B)``.

    Two questions may have one passage.
    """
    same: npt.NDArray[np.bool_] = numbers[:, None] == numbers[None, :]
    np.fill_diagonal(same, False)
    return same
