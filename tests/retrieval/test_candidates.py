"""Candidates, gathered from one segment or from several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from retrieval import SearchSettings
from retrieval.candidates import Place, SegmentCandidates, find_candidates, join
from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics, Floats, Mask, count_terms
from retrieval.lexicon import Lexicon
from retrieval.query import Query, QueryAnalyser
from retrieval.segment import FIELDS, ChunkTerms, Segment
from tests.retrieval.doubles import CharacterEmbedder

EMBEDDER = CharacterEmbedder(2039)  # no two of the characters here fall together
TEXTS = ("知情 同意", "知情 伦理", "伦理 审查", "zxq", "随机 分组", "知情 知情 知情")


def segment(texts: Sequence[str], first: int = 0) -> Segment:
    """Chunk ``n`` has key ``n``, its document ``100 + n``, its head the first word of its text."""
    keys = list(range(first, first + len(texts)))
    terms = [
        ChunkTerms(
            count_terms(text.split()),
            count_terms(text.split()[:1]),
            np.array([key], dtype=np.uint16),
        )
        for key, text in zip(keys, texts, strict=True)
    ]
    return Segment.build(keys, [100 + key for key in keys], terms, EMBEDDER.encode(texts))


def ask(
    segments: Sequence[Segment],
    question: str,
    allowed: Mask | None = None,
    other_language: Mask | None = None,
    **settings: object,
) -> tuple[Query, list[SegmentCandidates]]:
    chosen = SearchSettings(**settings)
    query = QueryAnalyser(Lexicon.empty(), chosen).analyse(question)
    postings = [part.find(query.weights) for part in segments]
    rows = sum(part.rows for part in segments)
    statistics = {
        name: FieldStatistics(
            rows,
            sum(int(part.fields[name].lengths.sum()) for part in segments),
            {
                term: sum(len(found[name][term].rows) for found in postings if term in found[name])
                for term in query.weights
            },
        )
        for name in FIELDS
    }
    ends = np.cumsum([part.rows for part in segments])[:-1]
    masks = [None] * len(segments) if allowed is None else np.split(allowed, ends)
    if other_language is None:
        other_language = np.zeros(rows, dtype=bool)
    places = [
        Place(*parts)
        for parts in zip(segments, postings, masks, np.split(other_language, ends), strict=True)
    ]
    vector: Floats = EMBEDDER.encode([question])[0]
    return query, find_candidates(places, query, statistics, vector, chosen)


def keys(found: Sequence[SegmentCandidates]) -> list[int]:
    return [int(key) for part in found for key in part.place.segment.chunk_keys[part.rows]]


def test_words_and_vectors_both_name_candidates() -> None:
    [found] = ask([segment([*TEXTS, "情知"])], "知情")[1]
    assert keys([found]) == [0, 1, 5, 6]  # 情知 has no word in common, only the characters
    lexical = dict(zip(found.rows.tolist(), found.lexical.tolist(), strict=True))
    dense = dict(zip(found.rows.tolist(), found.dense.tolist(), strict=True))
    assert lexical[6] == 0 and dense[6] == pytest.approx(1, abs=1e-3)
    assert lexical[5] > lexical[0] > 0
    assert all(value > 0 for value in dense.values())


def test_rows_that_may_not_be_found_are_not() -> None:
    allowed = np.array([False, True, True, True, True, True])
    assert keys(ask([segment(TEXTS)], "知情", allowed)[1]) == [1, 5]
    assert keys(ask([segment(TEXTS)], "知情", np.zeros(6, bool))[1]) == []


def test_no_more_than_the_wanted_number_are_named_by_each_half() -> None:
    texts = [f"知情 {'别的 ' * n}" for n in range(1, 60)]
    found = ask([segment(texts)], "知情", candidates=10)[1]
    assert 10 <= len(keys(found)) <= 20
    assert keys(found)[:10] == list(range(10))  # the shortest, by words


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_segments_together_name_what_one_would(cut: int) -> None:
    one = ask([segment(TEXTS)], "知情 伦理")[1]
    two = ask([segment(TEXTS[:cut]), segment(TEXTS[cut:], cut)], "知情 伦理")[1]
    assert keys(one) == keys(two)
    for half in ("lexical", "dense"):
        values = [np.concatenate([getattr(part, half) for part in found]) for found in (one, two)]
        assert values[0].tolist() == values[1].tolist()


def test_what_is_stored_of_candidates_is_gathered() -> None:
    segments = [segment(TEXTS[:2]), segment(TEXTS[2:], 2)]
    query, found = ask(segments, "知情 伦理")
    joined = join(found, [term_id(term) for term in query.terms])
    assert query.terms == ("知情", "伦理")
    assert joined.chunk_keys.tolist() == [0, 1, 2, 5]
    assert joined.document_keys.tolist() == [100, 101, 102, 105]
    assert joined.tokens.tokens.tolist() == [0, 1, 2, 5]
    assert joined.in_text.tolist() == [[True, True, False, True], [False, True, True, False]]
    assert joined.in_head.tolist() == [[True, True, False, True], [False, False, True, False]]
    vectors = EMBEDDER.encode([TEXTS[n] for n in (0, 1, 2, 5)])
    np.testing.assert_allclose(joined.dense, vectors @ EMBEDDER.encode(["知情 伦理"])[0], atol=1e-3)


def test_nothing_gathered_is_still_in_shape() -> None:
    query, found = ask([segment(TEXTS), segment([])], "随便zzz", np.zeros(6, bool))
    joined = join(found, [term_id(term) for term in query.terms])
    assert joined.chunk_keys.shape == (0,)
    assert joined.in_text.shape == (len(query.terms), 0) and len(joined.tokens) == 0


def test_passages_in_the_other_language_are_not_buried() -> None:
    own = [f"知情 {'别的 ' * n}" for n in range(30)]
    parts = [segment([*own[:15], "情 " + "consent " * 9]), segment([*own[15:], "无关"], 16)]
    other_language = np.isin(np.arange(31 + 1), [15, 31])
    everything, without = np.ones(32, dtype=bool), np.arange(32) != 15
    for allowed, most, found in (
        (everything, 0, False),
        (everything, 1, True),
        (without, 1, False),
    ):
        settings = {"candidates": 10, "candidates_other_language": most}
        assert (15 in keys(ask(parts, "知情", allowed, other_language, **settings)[1])) == found


def test_vectors_compared_in_a_thread_name_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [segment(TEXTS[:3]), segment(TEXTS[3:], 3)]
    other_language = np.arange(6) % 2 == 0
    alone = ask(parts, "知情 伦理", other_language=other_language, candidates=10)[1]
    monkeypatch.setattr("retrieval.candidates._BESIDE_FROM", 6)
    beside = ask(parts, "知情 伦理", other_language=other_language, candidates=10)[1]
    assert keys(beside) == keys(alone) != []
    for one, other in zip(beside, alone, strict=True):
        assert one.lexical.tolist() == other.lexical.tolist()
        assert one.dense.tolist() == other.dense.tolist()
