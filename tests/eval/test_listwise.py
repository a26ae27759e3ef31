"""Fitting lists, held against what calculus says of the least loss."""

from __future__ import annotations

import numpy as np
import pytest

from eval.listwise import fit_lists

pytest.importorskip("scipy")
FREE = (None, None)
WANTED = np.array([True, False])


def pair(difference: float) -> tuple[np.ndarray, np.ndarray]:
    """Two members; the wanted one has so much more."""
    return np.array([[difference], [0.0]]), WANTED


@pytest.mark.parametrize("penalty", [0.01, 0.1, 1.0])
def test_the_slope_is_zero_at_the_weight_found(penalty: float) -> None:
    [weight] = fit_lists([pair(1.0)], [FREE], penalty)
    missed = 1 / (1 + np.exp(weight))  # the softmax of the member that is not wanted
    assert missed == pytest.approx(2 * penalty * weight, rel=1e-3)


def test_every_list_counts_the_same_however_long_it_is() -> None:
    long = np.array([[1.0], *[[0.0]] * 50]), np.array([True] + [False] * 50)
    [against] = fit_lists([pair(-1.0), pair(-1.0), long], [FREE], 1.0)
    [apart] = fit_lists([pair(-1.0)] * 2 + [pair(1.0)], [FREE], 1.0)
    assert apart < 0
    assert against > apart


def test_several_wanted_share_the_weight_of_their_list() -> None:
    alike = np.array([[1.0], [1.0], [0.0]]), np.array([True, True, False])
    [weight] = fit_lists([alike], [FREE], 0.1)
    missed = 1 / (1 + 2 * np.exp(weight))
    assert missed == pytest.approx(2 * 0.1 * weight, rel=1e-3)


def test_a_bound_is_kept() -> None:
    assert fit_lists([pair(-1.0)], [(0.0, None)], 0.1)[0] == 0.0
    assert fit_lists([pair(-1.0)], [FREE], 0.1)[0] < 0
