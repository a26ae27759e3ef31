"""Soft matching: for each token of a question, the nearest token of a passage.

The late interaction of ColBERT (Khattab & Zaharia 2020) over static token vectors: it finds
近亲属 for 家里人 and myocardial for 心肌, word by word, where one vector a passage blurs a long
text. The vectors and the importance of each token are those of the bundled embedder, whatever
embedder the index uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.text import CJK
from retrieval.embedders.base import ModelUnusable
from retrieval.embedders.static import BUNDLED, TokenTable, load_table
from retrieval.tokens import TokenLists

Floats = npt.NDArray[np.float32]

LONGEST = 320  # tokens kept of a passage
_MOST_PIECES = np.iinfo(np.uint16).max + 1
_NOTHING = np.array([0], dtype=np.uint16)  # the unknown token stands for a passage without any


@dataclass(frozen=True, slots=True)
class SoftMatches:
    """How passages meet a question's tokens; arrays of shape ``(C,)``, each from 0 to 1.

    Attributes:
        soft: How near the nearest is to each of the question's tokens, a mean by importance. A
            cosine ``x`` counts ``x(2 - x)``: a word that is half found counts three quarters.
        figures: Share of tokens that hold a digit.
        length: Tokens of the passage.
        foreign: Share of the question's importance whose nearest token is in the other language.
    """

    soft: Floats
    figures: Floats
    length: Floats
    foreign: Floats


class SoftMatcher:
    """Tokenizes passages for storage and compares them with questions.

    Args:
        folder: Folder of the static embedder whose tokens are used.

    Raises:
        ModelUnusable: Its vocabulary has more tokens than 16 bits can number.
    """

    def __init__(self, folder: Path = BUNDLED) -> None:
        self._table: TokenTable = load_table(folder)
        if len(self._table.pieces) > _MOST_PIECES:
            raise ModelUnusable(
                f"the tokenizer of {folder} has {len(self._table.pieces)} tokens; soft matching "
                f"stores at most {_MOST_PIECES}"
            )

    def tokens(self, texts: list[str]) -> list[npt.NDArray[np.uint16]]:
        """Tokens of passages as they are stored: at least one, at most :data:`LONGEST`."""
        return [
            found[:LONGEST].astype(np.uint16) if len(found) else _NOTHING
            for found in self._table.tokens(texts)
        ]

    def compare(self, question: str, passages: TokenLists) -> SoftMatches:
        """Compare a question with passages."""
        asked = np.unique(next(self._table.tokens([question])))
        tokens, starts = passages.tokens.astype(np.int64), passages.ends[:-1]
        lengths = np.diff(passages.ends).astype(np.float32)
        figures = np.add.reduceat(self._kinds[tokens] == _FIGURE, starts, dtype=np.float32)
        soft, foreign = self._nearest(asked, tokens, starts)
        return SoftMatches(
            soft=soft,
            figures=(figures / lengths).astype(np.float32),
            length=lengths,
            foreign=foreign,
        )

    def _nearest(
        self,
        asked: npt.NDArray[np.uint32],
        tokens: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
    ) -> tuple[Floats, Floats]:
        importance = self._table.importance[asked]
        nothing = np.zeros(len(starts), np.float32)
        if not importance.any():
            return nothing, nothing
        importance = importance / importance.sum()
        # Each distinct token is compared once; most tokens of passages are common ones.
        place = np.zeros(len(self._kinds), dtype=np.int64)
        place[tokens] = 1
        distinct = np.flatnonzero(place)
        place[distinct] = np.arange(len(distinct))
        question = self._table.vectors[asked] / self._lengths[asked, None]
        # Not ``@``: its team of threads mostly waits for each other on so little work, and its sums
        # depend on what stands beside a passage.
        cosines = np.einsum("rd,qd->rq", self._table.vectors[distinct], question)
        cosines /= self._lengths[distinct, None]
        # One question token a row: the maxima of stretches of a row are quick to find.
        spread = np.take(np.ascontiguousarray(cosines.T), place[tokens], axis=1)
        nearest = np.maximum.reduceat(spread, starts, axis=1)
        # The same without tokens of the other language: what is lost was found across languages.
        across = self._kinds[asked][:, None] + self._kinds[tokens][None, :] == _CHINESE + _LATIN
        same = np.maximum.reduceat(np.where(across, np.float32(-1), spread), starts, axis=1)
        foreign = np.einsum("q,qc->c", importance, (same < nearest).astype(np.float32))
        near = np.maximum(nearest, np.float32(0))
        soft = np.einsum("q,qc->c", importance, near * (2 - near))
        return soft, foreign

    @cached_property
    def _lengths(self) -> Floats:
        """Length of each token's vector, shape ``(vocabulary,)``; never 0."""
        lengths: Floats = np.linalg.norm(self._table.vectors, axis=1)
        return np.maximum(lengths, np.float32(1e-9))

    @cached_property
    def _kinds(self) -> npt.NDArray[np.uint8]:
        """Script of each token, shape ``(vocabulary,)``."""
        return np.array([_kind(piece) for piece in self._table.pieces], dtype=np.uint8)


_OTHER, _CHINESE, _LATIN, _FIGURE = 0, 1, 2, 4  # of two scripts, only these two add up to 3
_SCRIPTS = (
    (_CHINESE, re.compile(f"[{CJK}]")),
    (_FIGURE, re.compile(r"\d")),
    (_LATIN, re.compile(r"[a-z]")),
)


def _kind(piece: str) -> int:
    return next((kind for kind, script in _SCRIPTS if script.search(piece)), _OTHER)
