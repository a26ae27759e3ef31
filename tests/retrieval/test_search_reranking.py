"""A configured re-ranker reads the best once more."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval import Hit, Index, IndexWriter, Searcher, SearchSettings
from retrieval.embedders import Embedder, ModelUnusable
from retrieval.embedders.base import Floats
from retrieval.rerankers import Reranker
from tests.retrieval.doubles import CharacterEmbedder
from tests.retrieval.fixtures import MakeDocument, OpenWriter

EMBEDDER = CharacterEmbedder(256)


class Lengths(Reranker):
    """Likes long passages; remembers what it was asked."""

    name = "lengths"

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, passages: Sequence[str]) -> Floats:
        self.asked.append((question, list(passages)))
        return np.array([min(1.0, len(p) / 100) for p in passages], dtype=np.float32)


@pytest.fixture
def reranked(
    tmp_path: Path, no_lexicon: Path, make_document: MakeDocument
) -> Callable[..., tuple[list[Hit], list[Hit], Lengths]]:
    """``reranked(k, **settings)``: hits without and with the re-ranker, and the re-ranker."""
    with IndexWriter(tmp_path / "index", EMBEDDER, no_lexicon) as writer:
        writer.publish(
            [make_document(f"# 题{n}\n\n知情{'，还有别的话' * n}") for n in range(8)], []
        )

    def run(k: int, **settings: object) -> tuple[list[Hit], list[Hit], Lengths]:
        reranker = Lengths()
        chosen = SearchSettings(**settings)
        with Index(tmp_path / "index").read() as view:
            without = Searcher(EMBEDDER, settings=chosen).search(view, "知情", k)
            searcher = Searcher(EMBEDDER, settings=chosen, reranker=reranker)
            return without, searcher.search(view, "知情", k), reranker

    return run


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.id for hit in hits]


def test_a_reranker_reads_title_headings_and_text_of_the_best(reranked: Callable[..., Any]) -> None:
    without, _, reranker = reranked(3, rerank_depth=5)
    [(question, passages)] = reranker.asked
    assert question == "知情" and len(passages) == 5
    first = without[0]
    assert passages[0] == f"{first.document.title}\n题0\n{first.chunk.text}"


def test_a_reranker_may_decide_alone(reranked: Callable[..., Any]) -> None:
    without, hits, _ = reranked(8, rerank_weight=1)
    assert sorted(ids(hits)) == sorted(ids(without))
    lengths = [len(hit.chunk.text) for hit in hits]
    assert lengths == sorted(lengths, reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


def test_a_reranker_may_have_no_say(reranked: Callable[..., Any]) -> None:
    without, hits, _ = reranked(8, rerank_weight=0)
    assert ids(hits) == ids(without)


def test_scores_are_mixed_by_weight(reranked: Callable[..., Any]) -> None:
    without, hits, reranker = reranked(8, rerank_weight=0.25)
    scores = {hit.chunk.id: hit.score for hit in hits}
    passages = dict(zip(ids(without), reranker.asked[0][1], strict=True))
    for hit in without:
        given = min(1.0, len(passages[hit.chunk.id]) / 100)
        expected = 0.25 * given + 0.75 * hit.score / without[0].score
        assert scores[hit.chunk.id] == pytest.approx(expected, rel=1e-5)
    assert [hit.score for hit in hits] == sorted(scores.values(), reverse=True)


def test_what_was_not_read_follows_behind_in_its_order(reranked: Callable[..., Any]) -> None:
    without, hits, reranker = reranked(8, rerank_depth=3, rerank_weight=1)
    assert len(reranker.asked[0][1]) == 3
    assert ids(hits) == [*reversed(ids(without)[:3]), *ids(without)[3:]]
    assert all(one.score >= other.score > 0 for one, other in itertools.pairwise(hits))


def test_a_reranker_sees_more_than_is_returned(reranked: Callable[..., Any]) -> None:
    without, hits, _ = reranked(1, rerank_depth=8, rerank_weight=1)
    assert len(without) == len(hits) == 1
    assert len(hits[0].chunk.text) > len(without[0].chunk.text)


def test_a_reranker_is_not_asked_about_nothing(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("知情")], [])
    reranker = Lengths()
    with Index(tmp_path / "index").read() as view:
        assert Searcher(embedder, reranker=reranker).search(view, "zxqj") == []
    assert reranker.asked == []


def test_a_score_of_nothing_is_still_above_zero(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    class Unmoved(Reranker):
        name = "unmoved"

        def score(self, question: str, passages: Sequence[str]) -> Floats:
            return np.zeros(len(passages), dtype=np.float32)

    with open_writer() as writer:
        writer.publish([make_document("知情同意"), make_document("知情")], [])
    searcher = Searcher(embedder, settings=SearchSettings(rerank_weight=1), reranker=Unmoved())
    with Index(tmp_path / "index").read() as view:
        assert all(hit.score > 0 for hit in searcher.search(view, "知情"))


def test_a_reranker_that_fails_leaves_the_order_as_it_was(
    tmp_path: Path,
    open_writer: OpenWriter,
    make_document: MakeDocument,
    embedder: Embedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Reranker):
        name = "broken"

        def score(self, question: str, passages: Sequence[str]) -> Floats:
            raise ModelUnusable("no memory left")

    with open_writer() as writer:
        writer.publish([make_document(f"知情{'，还有别的话' * n}") for n in range(4)], [])
    with Index(tmp_path / "index").read() as view:
        hits = Searcher(embedder, reranker=Broken()).search(view, "知情", 2)
        assert hits == Searcher(embedder).search(view, "知情", 2) != []
    assert "no memory left" in caplog.text
