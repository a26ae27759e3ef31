"""First stage: means of tokens, pulled together by pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from retrieval.training.contrastive import _epoch, _some, train_vectors
from retrieval.training.embedder import read_recipe
from retrieval.training.token_pairs import TokenPairs
from tests.retrieval.training.toy import Toy, losses, means, share_found, toy

SETTINGS = read_recipe()["contrastive"] | {
    **{"dimensions": [32, 6], "epochs": 20, "batch": 30},
    **{"learning_rate": 0.03, "warm_up_steps": 3},
}


Trained = tuple[np.ndarray, list[str]]
Train = Callable[..., Trained]


@pytest.fixture(scope="module")
def train(one_thread: None) -> Train:
    """``train(corpus, setting=…)``: vectors, and the lines reported."""

    def run(corpus: Toy, **changes: Any) -> Trained:
        lines: list[str] = []
        vectors = train_vectors(
            *(corpus.start, corpus.pairs),
            *(SETTINGS | changes, {}, lines.append),
        )
        return vectors, lines

    return run


@pytest.fixture(scope="module")
def trained(train: Train) -> Trained:
    return train(toy())


def pairs_of(*passages: int) -> Toy:
    """Two questions about the passages with these tokens."""
    start = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    queries = [np.array([0]), np.array([1])]
    return Toy(
        start, TokenPairs(queries, [np.array([token]) for token in passages], ["lay", "lay"])
    )


@pytest.mark.models
def test_the_loss_falls(trained: Trained) -> None:
    _, lines = trained
    assert lines[0].startswith("epoch 1: loss ") and lines[0].endswith(" batches")
    found = losses(lines)
    assert len(found) == SETTINGS["epochs"]
    assert found[-1] < found[0] / 3


@pytest.mark.models
@pytest.mark.parametrize("dimensions", SETTINGS["dimensions"])
def test_pairs_end_up_nearer_than_others(trained: Trained, dimensions: int) -> None:
    """Also when only the leading coordinates are kept."""
    corpus = toy()

    def cosines(vectors: np.ndarray) -> np.ndarray:
        short = vectors[:, :dimensions]
        return means(short, corpus.pairs.queries) @ means(short, corpus.pairs.passages).T

    assert share_found(cosines(corpus.start)) < 0.3
    after = cosines(trained[0])
    assert share_found(after) > 0.9
    assert np.diag(after).mean() > after.mean() + 0.4


@pytest.mark.models
def test_the_vectors_keep_their_shape_and_the_start_is_left_alone(train: Train) -> None:
    corpus = toy()
    vectors, _ = train(corpus, epochs=1)
    assert vectors.shape == corpus.start.shape
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(corpus.start, toy().start)


@pytest.mark.models
def test_a_seed_decides_everything(train: Train) -> None:
    vectors, lines = train(toy(), epochs=3)
    again, lines_again = train(toy(), epochs=3)
    np.testing.assert_array_equal(vectors, again)
    assert lines == lines_again
    assert not np.array_equal(train(toy(), epochs=3, seed=1)[0], vectors)


@pytest.mark.models
def test_two_questions_about_one_passage_are_not_pushed_apart(train: Train) -> None:
    """In a batch of the two, nothing else is left to tell apart: nothing moves."""
    one, two = pairs_of(2, 2), pairs_of(2, 3)
    assert not np.array_equal(train(two)[0], two.start)
    np.testing.assert_array_equal(train(one)[0], one.start)


@pytest.mark.models
def test_tokens_that_no_pair_holds_stay_where_they_were(train: Train) -> None:
    corpus = pairs_of(2, 3)
    vectors, _ = train(corpus)
    np.testing.assert_array_equal(vectors[4:], corpus.start[4:])


def batches(kinds: list[str], weights: dict[str, float], size: int) -> list[list[int]]:
    found = _epoch(kinds, weights, size, np.random.default_rng(0))
    return [[int(number) for number in batch] for batch in found]


def test_a_batch_holds_pairs_of_one_kind() -> None:
    kinds = ["lay"] * 100 + ["pi"] * 70
    found = batches(kinds, {}, 40)
    assert all(len({kinds[number] for number in batch}) == 1 for batch in found)
    assert sorted(len(batch) for batch in found) == [40, 40, 40]  # rests are too easy
    assert max(Counter(number for batch in found for number in batch).values()) == 1


def test_a_kind_of_few_pairs_is_seen_whole() -> None:
    assert sorted(*batches(["rare"] * 5, {}, 40)) == [0, 1, 2, 3, 4]


def test_batches_may_be_small() -> None:
    assert [len(batch) for batch in batches(["lay"] * 80, {}, 8)] == [8] * 10


@pytest.mark.parametrize(("weight", "seen"), [(2.0, 160), (1.5, 120), (0.5, 40), (0.0, 0)])
def test_weights_say_how_often_pairs_are_seen(weight: float, seen: int) -> None:
    counts = Counter(n for batch in batches(["lay"] * 80, {"lay": weight}, 40) for n in batch)
    assert counts.total() == seen
    assert all(abs(count - weight) < 1 for count in counts.values())


def test_tokens_are_left_out_but_never_all() -> None:
    chooser = np.random.default_rng(0)
    text = np.arange(1000)
    assert 700 < len(_some(text, 0.2, chooser)) < 900
    np.testing.assert_array_equal(_some(text, 0.0, chooser), text)
    np.testing.assert_array_equal(_some(text[:3], 1.0, chooser), text[:3])
