"""Fleming's two-stage test."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate


def test_thresholds_by_the_formula_and_error_rates_by_another_route() -> None:
    """The formulas of Fleming 1982 by hand for p0 = .05, two stages of 20 patients.

    N_g p0 + 1.645 sqrt(40 x .0475) is 3.27 and 4.27, so reject from 4 and 5; pA = .2132, and
    20 pA - 1.645 sqrt(40 pA qA) is 0.00, so accept with 0.
    """
    found = calculate("fleming_two_stage", {"p0": 0.05, "p1": 0.2, "n1": 20, "n": 40}).outputs
    assert (found["accept1"], found["reject1"], found["accept"], found["reject"]) == (0, 4, 4, 5)
    for p, key in ((0.05, "alpha_achieved"), (0.2, "power_achieved")):
        first = stats.binom(20, p)
        chance = first.sf(3) + sum(first.pmf(x) * first.sf(4 - x) for x in (1, 2, 3))
        assert found[key] == pytest.approx(chance, rel=1e-10)


def test_an_exceeded_level_is_told() -> None:
    result = calculate("fleming_two_stage", {"p0": 0.05, "p1": 0.2, "n1": 20, "n": 40})
    assert result.outputs["alpha_achieved"] > 0.05
    assert any("0.0519" in warning.zh for warning in result.warnings)


@settings(max_examples=60, deadline=None)
@given(
    p0=st.floats(0.001, 0.98),
    gap=st.floats(0.001, 0.9),
    n1=st.integers(1, 60),
    n2=st.integers(1, 60),
    alpha=st.floats(0.001, 0.49),
)
def test_a_design_or_a_reason(p0: float, gap: float, n1: int, n2: int, alpha: float) -> None:
    given = {"p0": p0, "p1": min(p0 + gap, 0.999), "n1": n1, "n": n1 + n2, "alpha": alpha}
    try:
        result = calculate("fleming_two_stage", given)
    except BadDesign:
        return
    found = result.outputs
    assert 0 <= found["alpha_achieved"] <= found["power_achieved"] <= 1 + 1e-9
    assert n1 <= found["en0"] <= n1 + n2
