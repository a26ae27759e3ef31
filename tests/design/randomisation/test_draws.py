"""Draws: the same everywhere, and fair."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from design.randomisation import Draws, fresh_seed


def test_the_words_are_those_of_numpys_test_set() -> None:
    """numpy/random/tests/data/pcg64-testset-1.csv: what draws are made of must never change."""
    words = np.random.PCG64(0xDEADBEAF)
    assert [int(words.random_raw()) for _ in range(2)] == [0x60D24054E17A0698, 0xD5E79D89856E4F12]


def test_draws_do_not_change_between_versions() -> None:
    """A list made today must be made again in ten years: these numbers are pinned."""
    draws = Draws("a", 1)
    assert draws.below(10**12) == 613449465439
    assert draws.share() == 0.14626919256987425
    assert Draws("example").shuffled("ABCD") == ["B", "C", "D", "A"]


def test_places_are_streams_of_their_own() -> None:
    assert Draws("a", 1).below(2**60) != Draws("a", 2).below(2**60)
    assert Draws("a", "1").below(2**60) == Draws("a", 1).below(2**60)
    assert Draws("a", "b", "c").below(2**60) != Draws("a", "bc").below(2**60)


@pytest.mark.parametrize("bound", [2, 3, 7])
def test_numbers_are_even(bound: int) -> None:
    draws = Draws("even", bound)
    counts = Counter(draws.below(bound) for _ in range(6000))
    assert stats.chisquare([counts[i] for i in range(bound)]).pvalue > 0.001


def test_shuffles_are_even() -> None:
    draws = Draws("shuffle")
    counts = Counter("".join(draws.shuffled("ABC")) for _ in range(6000))
    assert len(counts) == 6
    assert stats.chisquare(list(counts.values())).pvalue > 0.001


def test_picks_follow_the_weights() -> None:
    draws = Draws("pick")
    counts = Counter(draws.pick([1, 0, 3]) for _ in range(4000))
    assert counts[1] == 0
    assert stats.binomtest(counts[2], 4000, 0.75).pvalue > 0.001


def test_fresh_seeds_differ() -> None:
    assert len({fresh_seed() for _ in range(10)}) == 10 and len(fresh_seed()) == 32
