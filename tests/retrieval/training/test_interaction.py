"""Second stage: the same vectors for soft matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from retrieval.training import interaction
from retrieval.training.embedder import read_recipe
from retrieval.training.interaction import (
    BatchDrawer,
    _padded,
    _some,
    _start_importance,
    train_interaction,
)
from retrieval.training.token_pairs import TokenPairs
from tests.retrieval.training.toy import NOISE, Toy, losses, means, share_found, toy

SETTINGS = read_recipe()["interaction"] | {
    **{"dimensions": 32, "steps": 80, "batch": 16},
    **{"learning_rate": 0.02, "warm_up_steps": 3},
}
Trained = tuple[np.ndarray, np.ndarray, list[str]]
Train = Callable[..., Trained]


@pytest.fixture(scope="module")
def train(one_thread: None) -> Iterator[Train]:
    """``train(corpus, setting=…)``: vectors, importance, and the lines reported."""

    def run(corpus: Toy, **changes: Any) -> Trained:
        lines: list[str] = []
        vectors, importance = train_interaction(
            *(corpus.start, corpus.pairs),
            *(SETTINGS | changes, {}, lines.append),
        )
        return vectors, importance, lines

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interaction, "_REPORT_EVERY", 10)
        yield run


@pytest.fixture(scope="module")
def trained(train: Train) -> Trained:
    return train(toy())


def soft_matches(vectors: np.ndarray, importance: np.ndarray, corpus: Toy) -> np.ndarray:
    """As served: for each token of a question the nearest of a passage, by importance."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = np.empty((len(corpus.pairs.queries), len(corpus.pairs.passages)))
    for row, query in enumerate(corpus.pairs.queries):
        weights = importance[query] / importance[query].sum()
        for column, passage in enumerate(corpus.pairs.passages):
            found[row, column] = weights @ (unit[query] @ unit[passage].T).max(axis=1)
    return found


@pytest.mark.models
def test_the_loss_falls(trained: Trained) -> None:
    lines = trained[2]
    assert [line.partition(":")[0] for line in lines] == [f"step {n}" for n in range(10, 81, 10)]
    found = losses(lines)
    assert found[-1] < found[0] / 3


@pytest.mark.models
def test_pairs_match_better_than_others(trained: Trained) -> None:
    corpus = toy()
    vectors, importance, _ = trained
    before = soft_matches(corpus.start, np.ones(len(corpus.start)), corpus)
    after = soft_matches(vectors, importance, corpus)
    assert share_found(before) < 0.3
    assert share_found(after) > 0.9
    assert np.diag(after).mean() > after.mean() + 0.4


@pytest.mark.models
def test_the_means_of_texts_are_trained_as_well(trained: Trained) -> None:
    corpus = toy()
    cosines = means(trained[0], corpus.pairs.queries) @ means(trained[0], corpus.pairs.passages).T
    assert share_found(cosines) > 0.9


@pytest.mark.models
def test_importance_is_learned(trained: Trained) -> None:
    """Words that stand anywhere count for less than any word of a thing."""
    vectors, importance, _ = trained
    assert importance.shape == (len(vectors),) and importance.dtype == np.float32
    assert (importance > 0).all()
    telling = np.setdiff1d(np.concatenate(toy().pairs.queries), NOISE)
    assert importance[NOISE].max() < importance[telling].min()


@pytest.mark.models
def test_a_seed_decides_everything(train: Train) -> None:
    vectors, importance, lines = train(toy(), steps=20)
    again, importance_again, lines_again = train(toy(), steps=20)
    np.testing.assert_array_equal(vectors, again)
    np.testing.assert_array_equal(importance, importance_again)
    assert lines == lines_again
    assert not np.array_equal(train(toy(), steps=20, seed=1)[0], vectors)


@pytest.mark.models
def test_two_questions_about_one_passage_are_not_pushed_apart(train: Train) -> None:
    start = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    queries = [np.array([0, 4]), np.array([1, 5])]

    def moved(*passages: int) -> bool:
        sides = (queries, [np.array([token]) for token in passages])
        vectors, importance, _ = train(Toy(start, TokenPairs(*sides, ["lay"] * 2)), steps=4)
        same = np.exp(_start_importance(start))
        return not (np.array_equal(vectors, start) and np.array_equal(importance, same))

    assert moved(2, 3)
    assert not moved(2, 2)


def test_short_vectors_start_with_little_importance() -> None:
    vectors = np.array([[2, 0], [0, 4], [0, 1], [0, 0]], dtype=np.float32)
    np.testing.assert_allclose(np.exp(_start_importance(vectors)), [1, 2, 0.5, 0.05], rtol=1e-6)


def test_a_batch_is_of_one_kind_and_distinct() -> None:
    kinds = ["pi", "lay"] * 50 + ["rare"] * 3
    draw = BatchDrawer(kinds, {}, 16, np.random.default_rng(0))
    for _ in range(50):
        batch = draw.batch()
        assert len({kinds[number] for number in batch}) == 1
        assert len(set(batch)) == len(batch) == (3 if kinds[batch[0]] == "rare" else 16)


def test_kinds_are_drawn_by_number_and_weight() -> None:
    kinds = ["many"] * 300 + ["few"] * 100 + ["never"] * 100
    weights = {"few": 3.0, "never": 0.0}
    draw = BatchDrawer(kinds, weights, 4, np.random.default_rng(0))
    counts = Counter(kinds[draw.batch()[0]] for _ in range(600))
    assert counts.keys() == {"many", "few"}
    assert 240 < counts["few"] < 360


def test_tokens_are_left_out_but_never_all() -> None:
    chooser = np.random.default_rng(0)
    text = np.array([3, 1, 3, 2])
    assert _some(text, {"token_dropout": 0.0}, chooser).tolist() == [1, 2, 3]
    assert _some(text, {"token_dropout": 1.0}, chooser).tolist() == [1, 2, 3]
    assert 700 < len(_some(np.arange(1000), {"token_dropout": 0.2}, chooser)) < 900


@pytest.mark.models
def test_texts_are_filled_up_to_the_longest() -> None:
    pytest.importorskip("torch")
    ids, there = _padded([np.array([5]), np.array([7, 8])])
    assert ids.tolist() == [[5, 0], [7, 8]]
    assert there.tolist() == [[True, False], [True, True]]


def test_the_sides_of_a_toy_pair_share_only_noise() -> None:
    """Else the tests above would show nothing."""
    corpus = toy()
    for query, passage in zip(corpus.pairs.queries, corpus.pairs.passages, strict=True):
        assert set(np.intersect1d(query, passage)) <= set(NOISE)
