"""Start vectors: neighbours counted, tokens that are used alike near each other."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.training.cooccurrence import _mutual_information, _neighbours, start_vectors
from retrieval.training.embedder import read_recipe

pytest.importorskip("scipy")
pytest.importorskip("sklearn")

SETTINGS = read_recipe()["start"]
VOCABULARY = 40
UNSEEN = 39


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def texts() -> list[np.ndarray]:
    """Frames of five words round a middle that has two names (20 and 21, 22 and 23, …, 38).

    So the two names of a thing never meet, but meet the same words. 0 is everywhere.
    """
    chooser = np.random.default_rng(1)
    found = []
    for _ in range(600):
        thing = int(chooser.integers(0, 5))
        frame = 1 + thing * 3 + chooser.integers(0, 3, 4)
        name = 20 + 2 * thing + int(chooser.integers(0, 2))
        found.append(ids(0, *frame[:2], name, *frame[2:], 0))
    return found


def test_neighbours_are_counted_on_both_sides_and_within_a_text() -> None:
    counts = _neighbours([ids(0, 1, 2), ids(2, 3), ids(1)], 5, window=1).toarray()
    expected = np.zeros((5, 5))
    for one, other in ((0, 1), (1, 2), (2, 3)):
        expected[one, other] = expected[other, one] = 1
    np.testing.assert_array_equal(counts, expected)


def test_the_window_is_as_wide_as_it_says() -> None:
    counts = _neighbours([ids(0, 1, 2, 3)], 4, window=2).toarray()
    assert (counts[0] > 0).tolist() == [False, True, True, False]
    # A window wider than all texts together sees every pair once.
    counts = _neighbours([ids(0, 1), ids(2, 2)], 4, window=9).toarray()
    np.testing.assert_array_equal(counts[:3, :3], [[0, 1, 0], [1, 0, 0], [0, 0, 2]])


def test_counts_of_a_corpus_are_symmetric(texts: list[np.ndarray]) -> None:
    counts = _neighbours(texts, VOCABULARY, window=6)
    assert abs(counts - counts.T).max() == 0
    assert counts.sum() == 600 * 7 * 6  # every ordered pair of a text


def test_mutual_information_is_that_of_the_formula() -> None:
    from scipy import sparse

    counts = np.array([[0, 3, 1], [3, 0, 0], [1, 0, 4]], dtype=np.float32)
    found = _mutual_information(sparse.csr_matrix(counts), smoothing=0.75).toarray()
    rows = counts.sum(axis=1)
    contexts = rows**0.75 / (rows**0.75).sum()
    with np.errstate(divide="ignore"):
        expected = np.log(counts / rows[:, None] / contexts[None, :])
    np.testing.assert_allclose(found, np.maximum(expected, 0), rtol=1e-5)


def test_tokens_used_alike_end_up_near(texts: list[np.ndarray]) -> None:
    vectors = start_vectors(texts, VOCABULARY, 8, SETTINGS, seed=0)
    assert vectors.shape == (VOCABULARY, 8) and vectors.dtype == np.float32
    names = unit(vectors[20:30])
    cosines = names @ names.T - 2 * np.eye(10)
    assert cosines.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
    assert min(cosines[i, i + 1] for i in range(0, 10, 2)) > 0.9
    assert max(cosines[i, j] for i in range(10) for j in range(10) if i // 2 != j // 2) < 0.5


def test_lengths_follow_the_recipe(texts: list[np.ndarray]) -> None:
    vectors = start_vectors(texts, VOCABULARY, 8, SETTINGS, seed=0)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.sqrt((lengths**2).mean()) == pytest.approx(SETTINGS["scale"], rel=1e-4)
    assert lengths[UNSEEN] == pytest.approx(0, abs=1e-6)
    assert lengths[0] < lengths[20:30].min()  # what stands everywhere tells little


def test_the_same_seed_gives_the_same_vectors(texts: list[np.ndarray]) -> None:
    first = start_vectors(texts, VOCABULARY, 8, SETTINGS, seed=3)
    np.testing.assert_array_equal(first, start_vectors(texts, VOCABULARY, 8, SETTINGS, seed=3))
