"""Plain BM25 over whole documents: the baseline that every other system has to beat.

Chinese is cut into character bigrams, everything else into lower-cased words of letters and
digits. The formula is Lucene's: Robertson & Zaragoza 2009 with an idf that is never negative.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from eval.datasets import Corpus
from eval.systems.base import System, versions
from ingest.text import CJK

_K1 = 1.2
_B = 0.75
_RUNS = re.compile(rf"([{CJK}]+)|([^\W_{CJK}]+)")


def terms(text: str) -> list[str]:
    """Character bigrams of Chinese runs (a run of one character is itself) and other words.

    Example:
        >>> terms("非劣效 Margin")
        ['非劣', '劣效', 'margin']
    """
    found: list[str] = []
    for match in _RUNS.finditer(text.lower()):
        run = match[1]
        if run and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(match[0])
    return found


class Bm25System(System):
    """Postings in memory: for each term the documents that hold it, with finished weights."""

    name = "bm25"
    setup = f"character bigrams and words, whole documents, k1 {_K1}, b {_B}"

    def __init__(self) -> None:
        self.version = versions("numpy")
        self._ids: list[str] = []
        self._postings: dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}

    def index(self, corpus: Corpus) -> int:
        """Index whole documents."""
        self._ids = list(corpus)
        counts = [Counter(terms(text.whole)) for text in corpus.values()]
        lengths = np.array([count.total() for count in counts], dtype=np.float64)
        # max: a corpus of empty texts has no mean length to divide by.
        damping = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
        rows: dict[str, list[int]] = {}
        frequencies: dict[str, list[int]] = {}
        for row, count in enumerate(counts):
            for term, frequency in count.items():
                rows.setdefault(term, []).append(row)
                frequencies.setdefault(term, []).append(frequency)
        self._postings = {}
        for term, holders in rows.items():
            held, tf = np.array(holders), np.array(frequencies[term], dtype=np.float64)
            idf = np.log1p((len(counts) - len(held) + 0.5) / (len(held) + 0.5))
            self._postings[term] = (held, idf * tf / (tf + damping[held]))
        return len(counts)

    def search(self, query: str, k: int) -> list[str]:
        """Documents with a term in common; equal scores in the order of the corpus."""
        scores = np.zeros(len(self._ids))
        for rows, weights in self._found(terms(query)):
            scores[rows] += weights
        best = np.argsort(-scores, kind="stable")[:k]
        return [self._ids[row] for row in best if scores[row] > 0]

    def _found(
        self, asked: Iterable[str]
    ) -> Iterable[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
        return (self._postings[term] for term in asked if term in self._postings)

    def close(self) -> None:
        """Nothing is held outside of memory."""
