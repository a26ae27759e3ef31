"""Tail probabilities against SciPy and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from design.noncentral import both_above, t_above, t_critical


@pytest.mark.parametrize(
    ("critical", "df", "shift"), [(2.2, 10, 3), (1.97, 200, -1), (4.3, 2, 0.3), (12.7, 1, 20)]
)
def test_one_tail_is_that_of_the_noncentral_t(critical: float, df: float, shift: float) -> None:
    assert t_above(critical, df, shift) == pytest.approx(stats.nct.sf(critical, df, shift))


def test_far_out_where_scipy_gives_up() -> None:
    # P(S < shift / critical) decides there: chi-square with one degree of freedom
    expected = stats.chi2.cdf((60 / 100) ** 2, 1)
    assert t_above(100.0, 1, 60.0) == pytest.approx(expected, abs=1e-3)
    assert t_above(12.7, 1, 1e9) == 1
    assert t_above(2.0, 30, -200.0) == 0


def test_both_tails_agree_with_a_simulation() -> None:
    rng = np.random.default_rng(7)
    df, difference, margin, error = 18, 0.3, 2.0, 0.8
    critical = t_critical(0.05, df)
    found = rng.normal(difference, error, 400_000)
    spread = error * np.sqrt(rng.chisquare(df, 400_000) / df)
    rejected = (found + critical * spread < margin) & (found - critical * spread > -margin)
    power = both_above((margin - difference) / error, (margin + difference) / error, critical, df)
    standard_error = math.sqrt(power * (1 - power) / 400_000)
    assert abs(rejected.mean() - power) < 4 * standard_error
