"""BM25 over inverted lists held as integer arrays.

An :class:`InvertedField` is immutable: built from the terms of some rows (chunks), or by merging
others. All arrays are plain NumPy and are memory-mapped when read back, so opening an index costs
nothing and several processes share one copy.

Scores are Okapi BM25 (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
Beyond", eq. 3.15) with the non-negative idf ``ln(1 + (N - df + 0.5) / (df + 0.5))``.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.arrays import mapped
from retrieval.hashing import term_ids

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
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
class Postings:
    """Where one term stands.

    Attributes:
        rows: Row numbers, rising, shape ``(P,)``; never empty.
        counts: How often it stands in each.
    """

    rows: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint8]

    def places(self, rows: Rows) -> tuple[Rows, Mask]:
        """Where some rows are in the list, and which of them are; shapes ``(len(rows),)``."""
        places = np.searchsorted(self.rows, rows.astype(self.rows.dtype))
        np.minimum(places, len(self.rows) - 1, out=places)
        return places, self.rows[places] == rows


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
    def merge(cls, parts: Sequence[tuple[InvertedField, Mask]]) -> InvertedField:
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

    def find(self, terms: Iterable[int]) -> dict[int, Postings]:
        """Rows and counts of those of some term ids that stand in any row."""
        wanted = np.fromiter(terms, dtype=np.uint64)
        if not len(self.terms):
            return {}
        places = np.minimum(np.searchsorted(self.terms, wanted), len(self.terms) - 1)
        hit = self.terms[places] == wanted
        begins, ends = self.offsets[places[hit]].tolist(), self.offsets[places[hit] + 1].tolist()
        return {
            term: Postings(self.rows[begin:end], self.counts[begin:end])
            for term, begin, end in zip(wanted[hit].tolist(), begins, ends, strict=True)
        }

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as ``<name>.<array>.npy``."""
        for array in _ARRAYS:
            np.save(folder / f"{name}.{array}.npy", getattr(self, array), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str) -> InvertedField:
        """Memory-map arrays written by :meth:`save`.

        Raises:
            FileNotFoundError: A file is missing.
            ValueError, EOFError: A file is not what :meth:`save` wrote.
        """
        field = cls(**{array: mapped(folder / f"{name}.{array}.npy") for array in _ARRAYS})
        sizes = (len(field.offsets), len(field.rows), len(field.counts))
        if not sizes[0] or sizes != (len(field.terms) + 1, field.offsets[-1], field.offsets[-1]):
            raise ValueError(f"the arrays of {name!r} do not belong together")
        return field


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

    def rarity(self, term: int) -> float:
        """As :meth:`idf`, and highest when no row has the term."""
        return self.idf_of_frequency(self.frequencies.get(term, 0))

    def idf_of_frequency(self, frequency: int) -> float:
        """Weight of a term that stands in so many rows."""
        return math.log(1 + (self.rows - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class FieldScorer:
    """BM25 of one field of one segment for a weighted question.

    Args:
        postings: Of the question's terms in this segment, by term id.
        lengths: Number of terms in each row of the segment, shape ``(R,)``.
        statistics: Corpus-wide figures of the field.
        terms: Weight of each term id of the question.
        weight: Weight of the field among others.
        k1: How fast repetitions stop counting.
        b: How much long rows are discounted.
    """

    postings: Mapping[int, Postings]
    lengths: npt.NDArray[np.uint32]
    statistics: FieldStatistics
    terms: Mapping[int, float]
    weight: float
    k1: float
    b: float

    def gain(self, term: int) -> float:
        """The most a term can add to a row's score; 0 when no row has it."""
        return self.weight * self.terms[term] * self.statistics.idf(term) * (self.k1 + 1)

    def add(self, term: int, scores: Floats) -> None:
        """Add a term's scores to those of all rows, shape ``(R,)``, in place."""
        found = self.postings.get(term)
        if found is not None:
            # A term stands once in the postings of a row, so fancy assignment adds correctly.
            scores[found.rows] += self._scores(term, found.rows, found.counts)

    def lookup(self, term: int, rows: Rows) -> Floats:
        """Scores that a term gives to some rows, shape ``(len(rows),)``."""
        scores = np.zeros(len(rows), dtype=np.float32)
        found = self.postings.get(term)
        if found is not None:
            places, hit = found.places(rows)
            scores[hit] = self._scores(term, rows[hit], found.counts[places[hit]])
        return scores

    def _scores(self, term: int, rows: npt.NDArray[Any], counts: npt.NDArray[np.uint8]) -> Floats:
        """The term's gain times ``tf / (tf + norm)`` of rows that have it so many times."""
        norms = self.lengths[rows].astype(np.float32)
        norms *= np.float32(self.k1 * self.b / (self.statistics.average_length or 1.0))
        norms += np.float32(self.k1 * (1 - self.b))
        tf = counts.astype(np.float32)
        norms += tf
        scores: Floats = np.float32(self.gain(term)) * (tf / norms)
        return scores


@dataclass(frozen=True, slots=True)
class SegmentScorer:
    """BM25 of one segment over all fields.

    Attributes:
        fields: One scorer a field, in the same order in all segments.
        rows: Number of rows.
        allowed: Mask of rows that may be found, shape ``(rows,)``; ``None`` for all.
    """

    fields: Sequence[FieldScorer]
    rows: int
    allowed: Mask | None = None

    def score(self, entries: Sequence[Entry], rows: Rows) -> Floats:
        """Scores that some terms give to some rows, shape ``(len(rows),)``."""
        scores = np.zeros(len(rows), dtype=np.float32)
        for field, term in entries:
            scores += self.fields[field].lookup(term, rows)
        return scores


Entry = tuple[int, int]  # a field, by its place among a segment's, and a term id
_SAMPLED = 16  # every so many rows are looked at to tell which cannot be among the best
_POOL = 10  # rows looked at more closely for each row wanted, when common terms are put off


class WordScores:
    """BM25 of a question in all segments.

    Terms are taken by what they can add to a score, the telling ones first. When the inverted
    lists of all terms are longer than ``postings`` together, the rest, which are words that a
    great share of the rows have, only help to choose among the best rows by the others (as
    "continue" of Moffat & Zobel 1996, "Self-indexing inverted files for fast text retrieval").
    How rows are spread over segments makes no difference.

    Args:
        segments: At least one; with the same fields, corpus-wide statistics and terms.
        k: How many rows are wanted.
        postings: How much of the inverted lists may be read in full; more of them are read only
            while the rows to choose among are too few.
    """

    def __init__(self, segments: Sequence[SegmentScorer], k: int, postings: int) -> None:
        self._segments = segments
        self._k = k
        self._scores = [np.zeros(segment.rows, dtype=np.float32) for segment in segments]
        self._put_off = self._read(by_gain(segments[0].fields), postings)

    def best(self) -> list[Rows]:
        """The best rows of all segments, and those equal to the last.

        Returns:
            Row numbers of each segment, rising; only rows that have a term and are allowed.
        """
        every = self._allowed_scores()
        wanted = self._k * (_POOL if self._put_off else 1)
        least = _at_most_kth_best(every, wanted)
        rows = [np.flatnonzero(scores >= least) for scores in every]
        scores = [scores[some] for scores, some in zip(every, rows, strict=True)]
        if self._put_off:
            rows = _take(rows, best_of_all(scores, wanted))
            scores = [self.of(segment, some) for segment, some in enumerate(rows)]
        return _take(rows, best_of_all(scores, self._k))

    def of(self, segment: int, rows: Rows) -> Floats:
        """Scores of some rows of the segment in this place, shape ``(len(rows),)``."""
        put_off = self._segments[segment].score(self._put_off, rows)
        scores: Floats = self._scores[segment][rows] + put_off
        return scores

    def _read(self, entries: list[Entry], postings: int) -> list[Entry]:
        """Add terms to the scores of all rows; return those put off."""
        fields = self._segments[0].fields
        read = 0
        if self._allowed_rows() < _POOL * self._k:
            postings = sys.maxsize  # there will never be enough to choose among
        for place, (field, term) in enumerate(entries):
            read += fields[field].statistics.frequencies[term]
            if read > postings and self._found() >= _POOL * self._k:
                return entries[place:]
            for segment, scores in zip(self._segments, self._scores, strict=True):
                segment.fields[field].add(term, scores)
        return []

    def _allowed_rows(self) -> int:
        return sum(
            segment.rows if segment.allowed is None else int(np.count_nonzero(segment.allowed))
            for segment in self._segments
        )

    def _found(self) -> int:
        return sum(int(np.count_nonzero(scores)) for scores in self._allowed_scores())

    def _allowed_scores(self) -> list[Floats]:
        return [
            scores if segment.allowed is None else scores * segment.allowed
            for segment, scores in zip(self._segments, self._scores, strict=True)
        ]


def by_gain(fields: Sequence[FieldScorer]) -> list[Entry]:
    """Terms of all fields that can add to a score, those that can add most first."""
    gains = {
        (place, term): field.gain(term)
        for place, field in enumerate(fields)
        for term in field.terms
    }
    return sorted((e for e in gains if gains[e] > 0), key=lambda entry: -gains[entry])


def _take(rows: Sequence[Rows], masks: Sequence[Mask]) -> list[Rows]:
    return [part[mask] for part, mask in zip(rows, masks, strict=True)]


def _at_most_kth_best(scores: Sequence[Floats], k: int) -> float:
    """A positive number that the ``k``-th best score reaches: that of a part of all is enough.

    What is below need not be looked at again.
    """
    some = np.concatenate([part[::_SAMPLED] for part in scores])
    kth = float(np.partition(some, -k)[-k]) if len(some) > k else 0.0
    return max(kth, float(np.finfo(np.float32).tiny))


def best_of_all(scores: Sequence[Floats], k: int) -> list[Mask]:
    """:func:`among_best` over several arrays together; one mask for each."""
    best = among_best(np.concatenate(scores), k)
    return np.split(best, np.cumsum([len(part) for part in scores])[:-1])


def among_best(scores: npt.NDArray[np.floating[Any]], k: int) -> Mask:
    """Mask of the ``k`` best positive scores, and of those equal to the last of them."""
    least = np.partition(scores, -k)[-k] if len(scores) > k else 0
    mask: Mask = (scores >= least) & (scores > 0)
    return mask
