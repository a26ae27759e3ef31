"""Each feature by an example worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.features import FEATURES, Candidates, measure
from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics
from retrieval.soft_match import SoftMatches

Floats = npt.NDArray[np.float32]
TERMS = ("知情", "15日", "sae")
# Of 9 rows, 知情 stands in 4, 15日 in one; sae in none, so it is the rarest.
STATISTICS = FieldStatistics(9, 90, {term_id("知情"): 4, term_id("15日"): 1, term_id("sae"): 0})
RARITY = [math.log(1 + 5.5 / 4.5), math.log(1 + 8.5 / 1.5), math.log(1 + 9.5 / 0.5)]


def floats(*values: float) -> Floats:
    return np.array(values, dtype=np.float32)


def present(*rows: str) -> npt.NDArray[np.bool_]:
    """One row a term, one character a candidate."""
    return np.array([[mark == "x" for mark in row] for row in rows], dtype=bool)


SOFT = SoftMatches(
    soft=floats(0.9, 0.5),
    figures=floats(0.1, 0.6),
    length=floats(1000, 1),
    foreign=np.array([0.25, 0.5], dtype=np.float32),
)


def features(terms: tuple[str, ...] = TERMS, **changes: Any) -> dict[str, list[float]]:
    given: dict[str, Any] = {
        "lexical": floats(8, 2),
        "dense": floats(0.5, 0.1),
        "in_text": present("x.", "xx", ".."),
        "in_head": present(".x", "..", ".."),
        "soft": SOFT,
        "authority": floats(1, 0.4),
        "draft": floats(0, 1),
        **changes,
    }
    measured = measure(terms, STATISTICS, Candidates(**given))
    assert list(measured) == list(FEATURES)
    for name, values in measured.items():
        assert values.shape == (len(given["lexical"]),), name
        assert values.dtype == np.float32, name
        assert np.isfinite(values).all(), name
    return {name: values.tolist() for name, values in measured.items()}


def test_words_are_a_share_of_the_best() -> None:
    assert features()["lexical"] == [1, 0.25]
    assert features(lexical=floats(0, 0))["lexical"] == [0, 0]


def test_cosines_are_spread_from_lowest_to_highest() -> None:
    dense = floats(0.6, 0.2, 0.3)
    many = {
        "lexical": floats(1, 1, 1),
        "in_text": present("...", "...", "..."),
        "in_head": present("...", "...", "..."),
        "authority": floats(0, 0, 0),
        "draft": floats(0, 0, 0),
        "soft": SoftMatches(*[floats(0.5, 0.5, 0.5)] * 2, floats(9, 9, 9), floats(0, 0, 0)),
    }
    assert features(dense=dense, **many)["dense"] == pytest.approx([1, 0, 0.25])
    assert features(dense=floats(0.3, 0.3))["dense"] == [0, 0]
    assert features(dense=floats(-0.2, -0.6))["dense"] == [1, 0]


def test_soft_matches_are_taken_as_they_are() -> None:
    found = features()
    assert found["soft"] == pytest.approx([0.9, 0.5])
    assert found["figures"] == pytest.approx([0.1, 0.6])


def test_coverage_is_the_share_of_the_terms_by_rarity() -> None:
    total = sum(RARITY)
    expected = [(RARITY[0] + RARITY[1]) / total, RARITY[1] / total]
    assert features()["coverage"] == pytest.approx(expected)
    assert features()["heading"] == pytest.approx([0, RARITY[0] / total])


def test_neighbouring_terms_count_when_both_stand_in_the_text() -> None:
    assert features()["adjacent"] == [0.5, 0]  # of 知情–15日 and 15日–sae
    one = {"in_text": present("x."), "in_head": present("..")}
    assert features(("知情",), **one)["adjacent"] == [0, 0]  # no neighbours


def test_numbers_are_the_share_of_terms_with_digits() -> None:
    assert features()["numbers"] == [1, 1]
    assert features(in_text=present("xx", ".x", "xx"))["numbers"] == [0, 1]
    one = {"in_text": present("xx"), "in_head": present("..")}
    assert features(("知情",), **one)["numbers"] == [0, 0]  # the question has none


def test_length_is_a_logarithm() -> None:
    assert features()["length"] == pytest.approx([1, 0])


def test_foreign_is_most_where_half_was_found_across_languages() -> None:
    # 0.9 and 0.5 of the question were found, a quarter and a half of it across languages.
    assert features()["foreign"] == pytest.approx([4 * 0.25 * 0.9 * 0.1, 4 * 0.5 * 0.5 * 0.5])
    for found, expected in ((0, 0), (0.5, 1), (1, 0)):
        soft = SoftMatches(floats(found, 0), floats(0, 0), floats(9, 9), floats(1, 0))
        assert features(soft=soft)["foreign"] == pytest.approx([expected, 0])


def test_standing_is_taken_as_it_is() -> None:
    assert features()["authority"] == pytest.approx([1, 0.4])
    assert features()["draft"] == [0, 1]


def test_one_candidate_can_be_measured() -> None:
    found = features(
        lexical=floats(3),
        dense=floats(0.4),
        in_text=present("x", "x", "."),
        in_head=present(".", ".", "."),
        soft=SoftMatches(*[floats(0.5)] * 2, floats(10), floats(0)),
        authority=floats(1),
        draft=floats(0),
    )
    assert found["lexical"] == [1] and found["dense"] == [0]


def test_a_question_without_terms_of_its_own_can_be_measured() -> None:
    empty = np.zeros((0, 2), dtype=bool)
    found = features((), in_text=empty, in_head=empty)
    for name in ("coverage", "heading", "adjacent", "numbers"):
        assert found[name] == [0, 0], name
