"""The dose recommended at the end, against the BOIN package and against SciPy's own regression."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from design import BadDesign, calculate
from design.dose.isotonic import estimates


def test_the_example_of_the_boin_package() -> None:
    """Yan et al. 2020, select.mtd(target = 0.3, npts = c(3,3,15,9,0), ntox = c(0,0,4,4,0))."""
    found = calculate(
        "mtd_selection", {"target": 0.3, "n": [3, 3, 15, 9, 0], "dlt": [0, 0, 4, 4, 0]}
    )
    assert found.outputs["mtd"] == 3
    assert [round(v, 2) if v else v for v in found.outputs["estimates"]] == [
        0.02,
        0.02,
        0.27,
        0.45,
        None,
    ]
    assert "剂量水平 3" in found.sentence.zh


def test_ties_go_up_below_the_target_and_down_above_it() -> None:
    pool = {"target": 0.3, "n": [6, 6, 6], "dlt": [1, 1, 1]}
    assert calculate("mtd_selection", pool).outputs["mtd"] == 3
    pool = {"target": 0.3, "n": [12, 12, 12], "dlt": [5, 5, 5]}
    assert calculate("mtd_selection", pool).outputs["mtd"] == 1


def test_no_dose_when_the_lowest_is_too_toxic() -> None:
    result = calculate("mtd_selection", {"target": 0.3, "n": [6, 0], "dlt": [5, 0]})
    assert result.outputs["mtd"] is None and result.outputs["eliminated"] == [1, 2]
    assert "无剂量" in result.sentence.zh


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadDesign, match="one number a dose"):
        calculate("mtd_selection", {"target": 0.3, "n": [3, 3], "dlt": [0]})
    with pytest.raises(BadDesign, match="dose 2 has 4 DLT in 3"):
        calculate("mtd_selection", {"target": 0.3, "n": [3, 3], "dlt": [0, 4]})
    with pytest.raises(BadDesign, match="no dose has patients"):
        calculate("mtd_selection", {"target": 0.3, "n": [0], "dlt": [0]})


@settings(max_examples=60, deadline=None)
@given(data=st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), min_size=1, max_size=8))
def test_estimates_equal_those_of_scipy(data: list[tuple[int, float]]) -> None:
    n = np.array([size for size, _ in data])
    y = np.array([round(size * share) for size, share in data])
    fit = estimates(n, y)
    used = n > 0
    assert np.array_equal(np.isnan(fit), ~used)
    if not used.any():
        return
    rate = (y[used] + 0.05) / (n[used] + 0.1)
    spread = rate * (1 - rate) / (n[used] + 1.1)
    assert fit[used] == pytest.approx(isotonic_regression(rate, weights=1 / spread).x)
