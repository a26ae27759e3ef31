from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.hashing import term_id
from retrieval.lexical import (
    FieldScorer,
    FieldStatistics,
    InvertedField,
    Mask,
    SegmentScorer,
    WordScores,
    among_best,
    best_of_all,
    by_gain,
    count_terms,
)

Corpus = list[list[str]]
Row = tuple[list[str], list[str]]  # text and headings
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


def scorer(
    field: InvertedField,
    figures: FieldStatistics,
    query: dict[str, float],
    k1: float = 1.0,
    b: float = 0.7,
    weight: float = 1.0,
) -> FieldScorer:
    ids = {term_id(word): weight for word, weight in query.items()}
    return FieldScorer(field.find(ids), field.lengths, figures, ids, weight, k1, b)


def scores_of(
    field: InvertedField, corpus: Corpus, query: dict[str, float], k1: float, b: float
) -> npt.NDArray[np.float32]:
    scorer_ = scorer(field, statistics(corpus), query, k1, b)
    scores = np.zeros(len(corpus), dtype=np.float32)
    for term in scorer_.terms:
        scorer_.add(term, scores)
    return scores


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
    found = field.find([term_id("sae"), term_id("知情"), term_id("伦理")])
    assert set(found) == {term_id("sae"), term_id("知情")}
    sae = found[term_id("sae")]
    assert sae.rows.tolist() == [0, 2] and sae.counts.tolist() == [2, 1]


@pytest.mark.parametrize("term", [0, term_id("伦理"), 2**64 - 1])
@pytest.mark.parametrize("corpus", [[["sae"], ["知情"]], [[]], []])
def test_an_unknown_term_stands_nowhere(corpus: Corpus, term: int) -> None:
    assert invert(corpus).find([term]) == {}
    assert invert(corpus).find([]) == {}


@given(CORPORA, WORDS, st.data())
def test_rows_are_found_among_those_that_have_a_term(
    corpus: Corpus, word: str, data: st.DataObject
) -> None:
    rows = sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1))))
    found = invert(corpus).find([term_id(word)]).get(term_id(word))
    having = [row for row in rows if word in corpus[row]]
    if found is None:
        assert having == []
        return
    places, hit = found.places(np.array(rows, dtype=np.int64))
    assert [row for row, yes in zip(rows, hit, strict=True) if yes] == having
    assert found.rows[places[hit]].tolist() == having


@given(CORPORA, QUERIES, PARAMETERS, st.data())
def test_looking_rows_up_gives_the_scores_of_all(
    corpus: Corpus, query: dict[str, float], parameters: tuple[float, float], data: st.DataObject
) -> None:
    scorer_ = scorer(invert(corpus), statistics(corpus), query, *parameters)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1)))), dtype=np.int64)
    for term in scorer_.terms:
        scores = np.zeros(len(corpus), dtype=np.float32)
        scorer_.add(term, scores)
        assert scorer_.lookup(term, rows).tolist() == scores[rows].tolist()
        assert (scores < scorer_.gain(term) + 1e-6).all()  # what a term can add at most


def test_counts_stop_at_255_and_lengths_do_not() -> None:
    counted = count_terms(["sae"] * 300)
    assert counted.counts.tolist() == [255] and counted.length == 300


def test_a_term_in_every_row_still_counts_a_little() -> None:
    figures = FieldStatistics(10, 100, {1: 10, 2: 1})
    assert 0 < figures.idf(1) < figures.idf(2)
    assert figures.idf(3) == 0


def test_an_empty_corpus_has_no_average_length() -> None:
    assert FieldStatistics(0, 0, {}).average_length == 0


# The best rows


class Spread:
    """Rows of text and headings over some segments: row ``i`` is in segment ``i % segments``."""

    def __init__(self, corpus: Sequence[Row], segments: int = 1) -> None:
        self.segments = segments
        self.rows = len(corpus)
        self.figures = [statistics([row[field] for row in corpus]) for field in (0, 1)]
        self.fields = [
            [invert([row[field] for row in corpus[n::segments]]) for field in (0, 1)]
            for n in range(segments)
        ]

    def best(
        self, query: dict[str, float], k: int, postings: int = 10**9, allowed: Mask | None = None
    ) -> dict[int, float]:
        """The best rows by their number in the corpus, with their scores."""
        scorers = [
            SegmentScorer(
                [
                    scorer(field, figures, query, weight=weight)
                    for field, figures, weight in zip(fields, self.figures, (1.0, 0.5), strict=True)
                ],
                len(fields[0].lengths),
                None if allowed is None else allowed[n :: self.segments],
            )
            for n, fields in enumerate(self.fields)
        ]
        words = WordScores(scorers, k, postings)
        return {
            int(row) * self.segments + n: float(score)
            for n, rows in enumerate(words.best())
            for row, score in zip(rows, words.of(n, rows), strict=True)
        }


def made_up(rows: int, seed: int) -> list[Row]:
    """Made-up words, some of them far more frequent than others."""
    chooser = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 301)
    weights /= weights.sum()
    texts = chooser.choice(300, (rows, 30), p=weights)
    return [([f"w{n}" for n in text], [f"w{n}" for n in text[:3]]) for text in texts]


def question(chooser: np.random.Generator) -> dict[str, float]:
    """Words as they come in texts: common ones and rare ones."""
    return {f"w{n}": 1.0 for n in {0, *(int(n) for n in 300 ** chooser.random(5))}}


def test_the_best_rows_are_those_with_the_best_scores() -> None:
    corpus, chooser = made_up(300, 1), np.random.default_rng(2)
    spread = Spread(corpus)
    for _ in range(5):
        query = question(chooser)
        texts, heads = (bm25([row[field] for row in corpus], query, 1.0, 0.7) for field in (0, 1))
        scores = np.array(texts) + 0.5 * np.array(heads)
        least = np.sort(scores)[-20]
        found = spread.best(query, 20)
        assert set(np.flatnonzero(scores > least + 1e-4)) <= set(found)
        assert set(found) <= set(np.flatnonzero(scores > least - 1e-4))
        np.testing.assert_allclose(list(found.values()), scores[list(found)], rtol=1e-5)


@pytest.mark.parametrize(("postings", "share"), [(0, 0.9), (1000, 0.98), (3000, 0.99)])
def test_putting_common_terms_off_hardly_changes_the_best_rows(postings: int, share: float) -> None:
    spread, chooser = Spread(made_up(2000, 3)), np.random.default_rng(4)
    shared, same = [], []
    for _ in range(60):
        query = question(chooser)
        full, found = spread.best(query, 10), spread.best(query, 10, postings)
        shared.append(len(set(full) & set(found)) / len(full))
        same.append(full == found)
        for row in set(full) & set(found):
            assert found[row] == pytest.approx(full[row], rel=1e-5)
    assert np.mean(shared) >= share
    assert not all(same)  # something was put off, or nothing is tested


@pytest.mark.parametrize("postings", [0, 500, 10**9])
@pytest.mark.parametrize("masked", [False, True])
def test_how_rows_are_spread_over_segments_makes_no_difference(postings: int, masked: bool) -> None:
    corpus, chooser = made_up(600, 5), np.random.default_rng(6)
    allowed = chooser.random(600) < 0.6 if masked else None
    one, *others = (Spread(corpus, segments) for segments in (1, 2, 7))
    for _ in range(10):
        query = question(chooser)
        found = one.best(query, 5, postings, allowed)
        for spread in others:
            assert spread.best(query, 5, postings, allowed) == found
        if allowed is not None:
            assert allowed[list(found)].all()


@pytest.mark.parametrize("masked", [False, True])
def test_common_terms_are_read_while_the_telling_ones_give_too_few_rows(masked: bool) -> None:
    corpus: list[Row] = [(["common"], []) for _ in range(500)]
    corpus[3][0].append("rare")
    allowed = np.arange(500) >= 100 if masked else None  # the rare term stands elsewhere
    found = Spread(corpus).best({"common": 1.0, "rare": 1.0}, 10, 100, allowed)
    assert set(found) >= set(range(100, 500))
    assert (3 in found) is not masked


@given(st.lists(st.tuples(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=2)), max_size=12))
@settings(max_examples=60)
def test_only_allowed_rows_with_a_term_are_found(corpus: list[Row]) -> None:
    query = {"知情": 1.0, "sae": 0.5, "伦理": 0.0}
    allowed = np.arange(len(corpus)) % 3 != 1
    spread = Spread(corpus)
    for postings in (0, 1000):
        for k in (1, 5, 100):
            for row in spread.best(query, k, postings, allowed):
                assert allowed[row] and {"知情", "sae"} & {*corpus[row][0], *corpus[row][1]}


def test_rows_equal_to_the_last_are_found_too() -> None:
    corpus: list[Row] = [(["sae"], [])] * 30 + [(["知情"], [])] * 5
    assert set(Spread(corpus).best({"sae": 1.0}, 4)) == set(range(30))


def test_telling_terms_come_first() -> None:
    corpus = [["common", *(["rare"] if n == 3 else [])] for n in range(50)]
    query = {"common": 1.0, "rare": 1.0, "absent": 1.0, "nil": 0.0}
    text = scorer(invert(corpus), statistics(corpus), query)
    head = scorer(invert(corpus), statistics(corpus), query, weight=0.1)
    rare, common = term_id("rare"), term_id("common")
    assert by_gain([text, head]) == [(0, rare), (1, rare), (0, common), (1, common)]


def test_ties_at_the_edge_are_kept_together() -> None:
    scores = np.array([0.5, 0.1, 0.5, 0.5, 0.0, -1.0, 0.9], dtype=np.float32)
    assert np.flatnonzero(among_best(scores, 2)).tolist() == [0, 2, 3, 6]
    assert np.flatnonzero(among_best(scores, 7)).tolist() == [0, 1, 2, 3, 6]
    assert not among_best(np.zeros(3, np.float32), 2).any()
    parts = [scores[:2], scores[2:2], scores[2:]]
    assert [mask.tolist() for mask in best_of_all(parts, 2)] == [
        [True, False],
        [],
        [True, True, False, False, True],
    ]
