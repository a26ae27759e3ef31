"""Candidates of a question: the best rows by words and by vectors, with all their measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from retrieval.lexical import (
    FieldScorer,
    FieldStatistics,
    Floats,
    Mask,
    Postings,
    Rows,
    SegmentScorer,
    WordScores,
    best_of_all,
)
from retrieval.query import Query
from retrieval.segment import Segment
from retrieval.settings import SearchSettings
from retrieval.tokens import TokenLists

# FAISS works beside Python; while it compares many vectors, words are scored. With few, changing
# threads costs more than it saves.
_VECTORS = ThreadPoolExecutor(thread_name_prefix="vectors")
_BESIDE_FROM = 50_000  # rows


@dataclass(frozen=True, slots=True)
class Place:
    """A segment in which a question is asked.

    Attributes:
        segment: Where to look.
        postings: Of the question's terms there, by field and term id.
        allowed: Mask of rows that may be found, shape ``(R,)``; ``None`` for all.
        other_language: Mask of rows in another language than the question's.
    """

    segment: Segment
    postings: Mapping[str, Mapping[int, Postings]]
    allowed: Mask | None
    other_language: Mask


@dataclass(frozen=True, slots=True)
class SegmentCandidates:
    """Rows of a segment with both scores; shapes ``(C,)``."""

    place: Place
    rows: Rows
    lexical: Floats
    dense: Floats


@dataclass(frozen=True, slots=True)
class Joined:
    """Candidates of several segments, one after another; arrays of shape ``(C, …)``.

    Attributes:
        in_text, in_head: Which of some terms stand in them, shape ``(T, C)``.
    """

    chunk_keys: Rows
    document_keys: Rows
    lexical: Floats
    dense: Floats
    tokens: TokenLists
    in_text: Mask
    in_head: Mask


def find_candidates(
    places: Sequence[Place],
    query: Query,
    statistics: Mapping[str, FieldStatistics],
    vector: Floats,
    settings: SearchSettings,
) -> list[SegmentCandidates]:
    """The best rows by words and the best by vectors; every row gets its score in both.

    Some of the best by vectors in another language are always among them: however many passages
    there are in the question's own, they do not bury the others.

    How rows are spread over segments makes no difference, as long as vectors are compared
    exactly.

    Args:
        places: All segments, at least one.
        query: Terms and weights.
        statistics: Corpus-wide, by field.
        vector: Of the question, shape ``(D,)``.
        settings: How many, and how BM25 counts.

    Returns:
        Those of each segment, in the order of ``places``.
    """
    scorers = [_scorer(place, query, statistics, settings) for place in places]
    beside = sum(place.segment.rows for place in places) >= _BESIDE_FROM
    vectors = _VECTORS.submit(_by_vector, places, vector, settings) if beside else None
    words = WordScores(scorers, settings.candidates, settings.postings)
    by_words = words.best()
    by_vector, other = vectors.result() if vectors else _by_vector(places, vector, settings)
    found = []
    for number, place in enumerate(places):
        rows = np.unique(np.concatenate([by_words[number], by_vector[number], other[number]]))
        lexical, dense = words.of(number, rows), place.segment.vectors.cosines(rows, vector)
        found.append(SegmentCandidates(place, rows, lexical, dense))
    return found


def _by_vector(
    places: Sequence[Place], vector: Floats, settings: SearchSettings
) -> tuple[list[Rows], list[Rows]]:
    """The nearest rows by segment, and the nearest of those in another language."""
    others = [
        p.other_language if p.allowed is None else p.other_language & p.allowed for p in places
    ]
    return (
        _nearest(places, vector, settings.candidates, [p.allowed for p in places]),
        _nearest(places, vector, settings.candidates_other_language, others),
    )


def _nearest(
    places: Sequence[Place], vector: Floats, k: int, allowed: Sequence[Mask | None]
) -> list[Rows]:
    """The ``k`` nearest of the allowed rows of all segments, by segment."""
    found = [
        place.segment.vectors.nearest(vector, k, mask)
        for place, mask in zip(places, allowed, strict=True)
    ]
    best = best_of_all([cosines for _, cosines in found], k)
    return [rows[mask] for (rows, _), mask in zip(found, best, strict=True)]


def _scorer(
    place: Place,
    query: Query,
    statistics: Mapping[str, FieldStatistics],
    settings: SearchSettings,
) -> SegmentScorer:
    fields = [
        FieldScorer(
            place.postings[name],
            place.segment.fields[name].lengths,
            statistics[name],
            query.weights,
            weight,
            settings.k1,
            b,
        )
        for name, weight, b in (
            ("body", 1.0, settings.b),
            ("head", settings.head_weight, settings.head_b),
        )
    ]
    return SegmentScorer(fields, place.segment.rows, place.allowed)


def join(found: Sequence[SegmentCandidates], terms: Sequence[int]) -> Joined:
    """Gather what is stored of candidates, and which of some term ids stand in them."""
    segments = [(c.place.segment, c.rows) for c in found]
    return Joined(
        chunk_keys=np.concatenate([segment.chunk_keys[rows] for segment, rows in segments]),
        document_keys=np.concatenate([segment.document_keys[rows] for segment, rows in segments]),
        lexical=np.concatenate([c.lexical for c in found]),
        dense=np.concatenate([c.dense for c in found]),
        tokens=TokenLists.join([segment.tokens.take(rows) for segment, rows in segments]),
        in_text=np.concatenate([_present(c, "body", terms) for c in found], axis=1),
        in_head=np.concatenate([_present(c, "head", terms) for c in found], axis=1),
    )


def _present(found: SegmentCandidates, field: str, terms: Sequence[int]) -> Mask:
    present = np.zeros((len(terms), len(found.rows)), dtype=bool)
    postings = found.place.postings[field]
    for row, term in enumerate(terms):
        if term in postings:
            _, present[row] = postings[term].places(found.rows)
    return present
