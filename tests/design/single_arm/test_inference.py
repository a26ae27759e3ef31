"""Estimate, interval and p-value after two stages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate

DESIGN = {"r1": 1, "n1": 10, "r": 5, "n": 29, "p0": 0.1}


def chances(p: float) -> dict[int, float]:
    """Chance of each total number of responses under the design, from its definition."""
    first, second = stats.binom(10, p), stats.binom(19, p)
    found = {x: float(first.pmf(x)) for x in range(2)}
    for x in range(2, 30):
        paths = (first.pmf(x1) * second.pmf(x - x1) for x1 in range(2, min(10, x) + 1))
        found[x] = float(sum(paths))
    return found


@pytest.mark.parametrize("p", [0.05, 0.1, 0.3, 0.7])
def test_the_estimate_is_unbiased(p: float) -> None:
    """What defines it (Jung and Kim 2004): its mean over all outcomes is the true rate."""
    mean = sum(
        chance * calculate("two_stage_inference", DESIGN | {"responses": x}).outputs["estimate"]
        for x, chance in chances(p).items()
    )
    assert mean == pytest.approx(p, abs=1e-10)


def test_the_p_value_of_the_smallest_success_is_the_level() -> None:
    """Koyama and Chen 2008: p-value below alpha exactly when the design declares success."""
    found = calculate("two_stage_inference", DESIGN | {"responses": 6}).outputs
    assert found["p_value"] == pytest.approx(0.0470863078, abs=1e-7)
    assert found["promising"] and found["lower"] > 0.1
    less = calculate("two_stage_inference", DESIGN | {"responses": 5}).outputs
    assert less["p_value"] > 0.05 and less["lower"] < 0.1 and not less["promising"]


def test_interval_of_one_stage_is_clopper_pearson() -> None:
    given = {"r1": 3, "n1": 12, "r": 8, "n": 30, "p0": 0.2, "responses": 2, "level": 0.95}
    found = calculate("two_stage_inference", given).outputs
    low, high = stats.binomtest(2, 12).proportion_ci(0.95, "exact")
    assert found["stage"] == 1
    assert found["lower"] == pytest.approx(low) and found["upper"] == pytest.approx(high)


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5])
def test_coverage(p: float) -> None:
    """An interval that inverts an exact test covers at least as often as it says."""
    covered = 0.0
    for x, chance in chances(p).items():
        found = calculate("two_stage_inference", DESIGN | {"responses": x}).outputs
        covered += chance * (found["lower"] <= p <= found["upper"])
    assert covered >= 0.9


@settings(max_examples=40, deadline=None)
@given(
    n1=st.integers(1, 40),
    n2=st.integers(1, 60),
    r1=st.integers(0, 20),
    more=st.integers(0, 20),
    responses=st.integers(0, 100),
    level=st.floats(0.5, 0.999),
)
def test_an_interval_or_a_reason(
    n1: int, n2: int, r1: int, more: int, responses: int, level: float
) -> None:
    given = {"r1": r1, "n1": n1, "r": r1 + more, "n": n1 + n2, "p0": 0.2}
    try:
        found = calculate(
            "two_stage_inference", given | {"responses": responses, "level": level}
        ).outputs
    except BadDesign:
        return
    assert 0 <= found["lower"] <= found["upper"] <= 1
    assert 0 <= found["estimate"] <= 1 and 0 <= found["p_value"] <= 1 + 1e-12
