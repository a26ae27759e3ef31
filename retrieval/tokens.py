"""Sub-word tokens of each row of a segment: what soft matching compares with a question's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.arrays import mapped

Rows = npt.NDArray[np.int64]
_TOKENS = "tokens.npy"
_ENDS = "token_ends.npy"


@dataclass(frozen=True, slots=True)
class TokenLists:
    """Lists of token ids, one after another.

    Attributes:
        tokens: All lists, shape ``(T,)``.
        ends: List ``i`` is ``tokens[ends[i]:ends[i + 1]]``; shape ``(R + 1,)``.
    """

    tokens: npt.NDArray[np.uint16]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    @classmethod
    def build(cls, lists: Sequence[npt.NDArray[np.uint16]]) -> TokenLists:
        """From one array a row."""
        ends = np.cumsum([0, *(len(tokens) for tokens in lists)], dtype=np.int64)
        joined = np.concatenate(lists) if lists else np.empty(0, np.uint16)
        return cls(joined.astype(np.uint16), ends)

    @classmethod
    def merge(cls, parts: Sequence[tuple[TokenLists, npt.NDArray[np.bool_]]]) -> TokenLists:
        """Concatenate, keeping only the rows whose mask is true."""
        return cls.join([part.take(np.flatnonzero(keep)) for part, keep in parts])

    @classmethod
    def join(cls, parts: Sequence[TokenLists]) -> TokenLists:
        """Concatenate."""
        lengths = [np.diff(part.ends) for part in parts]
        ends = np.cumsum(np.concatenate([[0], *lengths]), dtype=np.int64)
        joined = [part.tokens for part in parts] or [np.empty(0, np.uint16)]
        return cls(np.concatenate(joined), ends)

    def take(self, rows: Rows) -> TokenLists:
        """The lists of some rows, in their order."""
        lengths = self.ends[rows + 1] - self.ends[rows]
        ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        # Position of each wanted token: where its list begins, plus its place in the list.
        within = np.arange(ends[-1]) - np.repeat(ends[:-1], lengths)
        return TokenLists(self.tokens[np.repeat(self.ends[rows], lengths) + within], ends)

    def save(self, folder: Path) -> None:
        """Write both arrays."""
        np.save(folder / _TOKENS, self.tokens, allow_pickle=False)
        np.save(folder / _ENDS, self.ends, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> TokenLists:
        """Memory-map arrays written by :meth:`save`.

        Raises:
            FileNotFoundError: A file is missing.
            ValueError, EOFError: A file is not what :meth:`save` wrote.
        """
        found = cls(mapped(folder / _TOKENS), mapped(folder / _ENDS))
        if not len(found.ends) or found.ends[-1] != len(found.tokens):
            raise ValueError(f"{_TOKENS} and {_ENDS} do not belong together")
        return found
