"""BM25 over inverted lists held as integer arrays.

An :class:`InvertedField` is immutable: built from the terms of some rows (chunks), or by merging
others. All arrays are plain NumPy and are memory-mapped when read back, so opening an index costs
nothing and several processes share one copy.

Scores are Okapi BM25 (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
Beyond", eq. 3.15) with the non-negative idf ``ln(1 + (N - df + 0.5) / (df + 0.5))``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.hashing import term_ids

Floats = npt.NDArray[np.float32]
_ARRAYS = ("terms", "offsets", "rows", "counts", "lengths")


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """Terms of one field of one chunk: distinct ids, their counts, and the field's length."""

    ids: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.uint8]
    length: int


def count_terms(terms: Sequence[str]) -> FieldTerms:
    """Count a chunk's terms; counts above 255 are cut, which BM25 cannot tell apart anyway."""
    counted = Counter(terms)
    return FieldTerms(
        ids=term_ids(counted),
        counts=np.fromiter((min(c, 255) for c in counted.values()), dtype=np.uint8),
        length=len(terms),
    )


@dataclass(frozen=True, slots=True)
class InvertedField:
    """Postings of one field.

    Attributes:
        terms: Sorted distinct term ids, shape ``(T,)``.
        offsets: Postings of ``terms[i]`` are ``rows[offsets[i]:offsets[i + 1]]``; ``(T + 1,)``.
        rows: Row numbers, rising within a term, shape ``(P,)``.
        counts: How often the term stands in the row, shape ``(P,)``.
        lengths: Number of terms in each row, shape ``(R,)``.
    """

    terms: npt.NDArray[np.uint64]
    offsets: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.uint32]

    @classmethod
    def build(cls, chunks: Sequence[FieldTerms]) -> InvertedField:
        """Invert the terms of some chunks; row ``i`` is ``chunks[i]``."""
        sizes = [len(chunk.ids) for chunk in chunks]
        rows = np.repeat(np.arange(len(chunks), dtype=np.uint32), sizes)
        ids = np.concatenate([c.ids for c in chunks]) if chunks else np.empty(0, np.uint64)
        counts = np.concatenate([c.counts for c in chunks]) if chunks else np.empty(0, np.uint8)
        lengths = np.array([chunk.length for chunk in chunks], dtype=np.uint32)
        return cls._invert(ids, rows, counts, lengths)

    @classmethod
    def merge(cls, parts: Sequence[tuple[InvertedField, npt.NDArray[np.bool_]]]) -> InvertedField:
        """Concatenate fields, keeping only the rows whose mask is true."""
        ids, rows, counts, lengths = [], [], [], []
        start = 0
        for part, keep in parts:
            new_row = np.cumsum(keep, dtype=np.int64) - 1 + start
            kept = keep[part.rows]
            ids.append(np.repeat(part.terms, np.diff(part.offsets))[kept])
            rows.append(new_row[part.rows[kept]].astype(np.uint32))
            counts.append(part.counts[kept])
            lengths.append(part.lengths[keep])
            start += int(keep.sum())
        if not parts:
            return cls.build([])
        return cls._invert(
            np.concatenate(ids),
            np.concatenate(rows),
            np.concatenate(counts),
            np.concatenate(lengths),
        )

    @classmethod
    def _invert(
        cls,
        ids: npt.NDArray[np.uint64],
        rows: npt.NDArray[np.uint32],
        counts: npt.NDArray[np.uint8],
        lengths: npt.NDArray[np.uint32],
    ) -> InvertedField:
        order = np.lexsort((rows, ids))
        terms, first = np.unique(ids[order], return_index=True)
        offsets = np.append(first, len(ids)).astype(np.int64)
        return cls(terms, offsets, rows[order], counts[order], lengths)

    def postings(
        self, term: np.uint64
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]] | None:
        """Rows and counts of one term, ``None`` when no row has it."""
        place = int(np.searchsorted(self.terms, term))
        if place == len(self.terms) or self.terms[place] != term:
            return None
        span = slice(int(self.offsets[place]), int(self.offsets[place + 1]))
        return self.rows[span], self.counts[span]

    def frequency(self, term: np.uint64) -> int:
        """Number of rows that have the term."""
        found = self.postings(term)
        return 0 if found is None else len(found[0])

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as ``<name>.<array>.npy``."""
        for array in _ARRAYS:
            np.save(folder / f"{name}.{array}.npy", getattr(self, array), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str) -> InvertedField:
        """Memory-map arrays written by :meth:`save`."""
        arrays = {
            array: np.load(folder / f"{name}.{array}.npy", mmap_mode="r", allow_pickle=False)
            for array in _ARRAYS
        }
        return cls(**arrays)


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """Corpus-wide figures BM25 needs for one field: rows, terms in all rows, rows per term."""

    rows: int
    total_length: int
    frequencies: Mapping[int, int]

    @property
    def average_length(self) -> float:
        """Mean number of terms in a row."""
        return self.total_length / self.rows if self.rows else 0.0

    def idf(self, term: int) -> float:
        """Weight of a term: near zero when every row has it, 0 when none has."""
        frequency = self.frequencies.get(term, 0)
        return self.idf_of_frequency(frequency) if frequency else 0.0

    def idf_of_frequency(self, frequency: int) -> float:
        """Weight of a term that stands in so many rows."""
        return math.log(1 + (self.rows - frequency + 0.5) / (frequency + 0.5))


def score_field(
    field: InvertedField,
    statistics: FieldStatistics,
    query: Mapping[int, float],
    k1: float,
    b: float,
) -> Floats:
    """BM25 of every row of a field for weighted query terms, shape ``(R,)``."""
    scores = np.zeros(len(field.lengths), dtype=np.float32)
    average = statistics.average_length or 1.0
    for term, weight in query.items():
        found = field.postings(np.uint64(term))
        if found is None:
            continue
        rows, counts = found
        tf = counts.astype(np.float32)
        norm = k1 * (1 - b + b * field.lengths[rows].astype(np.float32) / average)
        # A term stands once in the postings of a row, so plain fancy assignment adds correctly.
        scores[rows] += np.float32(weight * statistics.idf(term) * (k1 + 1)) * tf / (tf + norm)
    return scores
