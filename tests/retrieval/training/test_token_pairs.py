"""Pairs as tokens: which passages are the same, and how texts are cut."""

from __future__ import annotations

import numpy as np

from retrieval.training.token_pairs import TokenPairs, twins

TEXTS = [np.array([1, 2]), np.array([2, 1]), np.array([1, 2]), np.array([1])]
PAIRS = TokenPairs([np.array([7, 8, 9])] * 4, TEXTS, ["lay"] * 4)


def test_passages_are_the_same_when_their_tokens_are() -> None:
    assert PAIRS.passage_numbers().tolist() == [0, 1, 0, 2]


def test_the_same_passage_is_no_wrong_answer_to_another_question() -> None:
    found = twins(PAIRS.passage_numbers())
    assert np.argwhere(found).tolist() == [[0, 2], [2, 0]]


def test_long_texts_are_cut_on_either_side() -> None:
    cut = PAIRS.cut(2, 1)
    assert [text.tolist() for text in cut.queries] == [[7, 8]] * 4
    assert [text.tolist() for text in cut.passages] == [[1], [2], [1], [1]]
    assert cut.kinds == PAIRS.kinds
