"""BM25 by hand."""

from __future__ import annotations

import math

import pytest

from eval.datasets import Text
from eval.systems.bm25 import Bm25System, terms
from tests.eval.systems.contract import assert_keeps_the_contract


def test_it_keeps_the_contract() -> None:
    assert_keeps_the_contract(Bm25System())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("非劣效界值", ["非劣", "劣效", "效界", "界值"]),
        ("药", ["药"]),
        ("II期 DLT率0.3", ["ii", "期", "dlt", "率", "0", "3"]),
        ("dose_limiting, Toxicity!", ["dose", "limiting", "toxicity"]),
        ("。，", []),
    ],
)
def test_text_is_cut_into_bigrams_and_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_scores_by_hand() -> None:
    """Three documents of 2, 1 and 3 words (mean 2); ``a`` stands in two of them."""
    system = Bm25System()
    system.index({"x": Text("", "a b"), "y": Text("", "c"), "z": Text("", "a a d")})
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    rows, weights = system._postings["a"]
    assert rows.tolist() == [0, 2]
    long = 1.2 * (1 - 0.75 + 0.75 * 3 / 2)
    assert weights.tolist() == pytest.approx([idf / (1 + 1.2), idf * 2 / (2 + long)])
    assert system.search("a", 10) == ["z", "x"]


def test_equal_scores_keep_the_order_of_the_corpus() -> None:
    system = Bm25System()
    system.index({key: Text("", "同样的文字") for key in ("c", "a", "b")})
    assert system.search("同样", 10) == ["c", "a", "b"]
    assert system.search("同样", 2) == ["c", "a"]


def test_what_matches_nothing_is_not_found() -> None:
    system = Bm25System()
    system.index({"x": Text("题目", ""), "empty": Text("", "")})
    assert system.search("题目", 10) == ["x"]
    assert system.search("别的", 10) == []
    assert system.search("", 10) == []
