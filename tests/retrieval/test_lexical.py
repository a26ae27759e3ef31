from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics, InvertedField, count_terms, score_field

Corpus = list[list[str]]
WORDS = st.sampled_from(["知情", "同意", "sae", "15日", "rct", "受试", "伦理"])
CORPORA = st.lists(st.lists(WORDS, max_size=15), min_size=1, max_size=12)
QUERIES = st.dictionaries(WORDS, st.sampled_from([1.0, 0.4]), max_size=4)
PARAMETERS = st.tuples(st.sampled_from([0.5, 1.2, 2.0]), st.sampled_from([0.0, 0.6, 1.0]))


def invert(corpus: Sequence[Sequence[str]]) -> InvertedField:
    return InvertedField.build([count_terms(words) for words in corpus])


def statistics(corpus: Corpus) -> FieldStatistics:
    """Figures of BM25, counted the slow way."""
    words = {word for document in corpus for word in document}
    frequencies = {term_id(w): sum(1 for document in corpus if w in document) for w in words}
    return FieldStatistics(len(corpus), sum(map(len, corpus)), frequencies)


def bm25(corpus: Corpus, query: dict[str, float], k1: float, b: float) -> list[float]:
    """Robertson & Zaragoza 2009, eq. 3.15, word for word, with the non-negative idf."""
    average = sum(len(document) for document in corpus) / len(corpus) or 1.0
    scores = []
    for document in corpus:
        score = 0.0
        for word, weight in query.items():
            df = sum(1 for other in corpus if word in other)
            idf = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
            tf = document.count(word)
            norm = k1 * ((1 - b) + b * len(document) / average)
            score += weight * idf * (k1 + 1) * tf / (tf + norm) if tf else 0.0
        scores.append(score)
    return scores


def scores_of(field: InvertedField, corpus: Corpus, query: dict[str, float], k1: float, b: float):
    ids = {term_id(word): weight for word, weight in query.items()}
    return score_field(field, statistics(corpus), ids, k1, b)


def assert_same(one: InvertedField, other: InvertedField) -> None:
    for name in ("terms", "offsets", "rows", "counts", "lengths"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == getattr(other, name).dtype, name


@given(CORPORA, QUERIES, PARAMETERS)
def test_scores_are_those_of_the_published_formula(
    corpus: Corpus, query: dict[str, float], parameters: tuple[float, float]
) -> None:
    expected = bm25(corpus, query, *parameters)
    found = scores_of(invert(corpus), corpus, query, *parameters)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@given(CORPORA, QUERIES)
def test_only_rows_with_a_term_score(corpus: Corpus, query: dict[str, float]) -> None:
    found = scores_of(invert(corpus), corpus, query, 1.2, 0.6)
    assert [bool(score > 0) for score in found] == [bool(set(d) & set(query)) for d in corpus]


@given(st.lists(CORPORA, min_size=1, max_size=4), st.data())
@settings(max_examples=60)
def test_merging_and_removing_gives_what_building_afresh_gives(
    parts: list[Corpus], data: st.DataObject
) -> None:
    keeps = [data.draw(st.lists(st.booleans(), min_size=len(p), max_size=len(p))) for p in parts]
    merged = InvertedField.merge(
        [(invert(p), np.array(k, dtype=np.bool_)) for p, k in zip(parts, keeps, strict=True)]
    )
    left = [
        d for p, k in zip(parts, keeps, strict=True) for d, kept in zip(p, k, strict=True) if kept
    ]
    assert_same(merged, invert(left))


def test_merging_nothing_gives_an_empty_field() -> None:
    assert_same(InvertedField.merge([]), invert([]))


@pytest.mark.parametrize("corpus", [[], [[], []], [["sae", "sae", "知情"], [], ["知情"]]])
def test_a_field_survives_the_disk(tmp_path: Path, corpus: Corpus) -> None:
    field = invert(corpus)
    field.save(tmp_path, "body")
    assert_same(InvertedField.load(tmp_path, "body"), field)


def test_postings_name_rows_and_counts() -> None:
    field = invert([["sae", "sae"], ["知情"], ["sae"]])
    postings = field.postings(np.uint64(term_id("sae")))
    assert postings is not None
    assert postings[0].tolist() == [0, 2] and postings[1].tolist() == [2, 1]
    assert field.frequency(np.uint64(term_id("sae"))) == 2


@pytest.mark.parametrize("term", [0, term_id("伦理"), 2**64 - 1])
def test_an_unknown_term_stands_nowhere(term: int) -> None:
    field = invert([["sae"], ["知情"]])
    assert field.postings(np.uint64(term)) is None
    assert field.frequency(np.uint64(term)) == 0


def test_counts_stop_at_255_and_lengths_do_not() -> None:
    counted = count_terms(["sae"] * 300)
    assert counted.counts.tolist() == [255] and counted.length == 300


def test_a_term_in_every_row_still_counts_a_little() -> None:
    figures = FieldStatistics(10, 100, {1: 10, 2: 1})
    assert 0 < figures.idf(1) < figures.idf(2)
    assert figures.idf(3) == 0


def test_an_empty_corpus_has_no_average_length() -> None:
    assert FieldStatistics(0, 0, {}).average_length == 0
