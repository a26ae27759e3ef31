"""Sensitivity and specificity against epiR, presize and guidances."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate


def test_buderer_of_epir() -> None:
    """epi.ssdxsesp: Hajian-Tilaki 2014 p195, and van Hal 2025."""
    one = calculate(
        "diagnostic_precision", {"sensitivity": 0.8, "prevalence": 0.1, "abs_error": 0.07}
    )
    assert one.outputs["n_total"] == 1255
    assert "1255 例" in one.sentence.zh
    both = {"sensitivity": 0.95, "specificity": 0.95, "prevalence": 0.0022, "abs_error": 0.1}
    assert calculate("diagnostic_precision", both).outputs["n_total"] == 8295


def test_rounding_before_the_prevalence_would_give_more() -> None:
    outputs = calculate(
        "diagnostic_precision", {"sensitivity": 0.8, "prevalence": 0.1, "abs_error": 0.07}
    ).outputs
    assert outputs["n_diseased"] == 126  # 126 / 0.1 = 1260, not 1255


@pytest.mark.parametrize(
    ("interval", "lower", "upper"),
    [
        # Stata cii of 40 in 100, as in the tests of presize
        ("wilson", 0.3094013, 0.4979974),
        ("exact", 0.3032948, 0.5027908),
        ("wald", 0.3039818, 0.4960182),
    ],
)
def test_the_number_for_the_width_of_statas_interval(
    interval: str, lower: float, upper: float
) -> None:
    half = (upper - lower) / 2 + 1e-7
    outputs = calculate(
        "diagnostic_precision", {"sensitivity": 0.4, "abs_error": half, "interval": interval}
    ).outputs
    assert outputs["n_diseased"] == 100


def test_exact_target_of_a_guidance() -> None:
    """NMPA guidance on femtosecond lasers (2019 No. 13): 0.99 against 0.95, 142 and 158."""
    inputs = {"expected": 0.99, "target": 0.95, "power": 0.8, "test": "exact", "dropout": 0.1}
    outputs = calculate("diagnostic_target", inputs).outputs
    assert outputs["n"] == 142
    assert outputs["critical"] == 140
    assert outputs["n_total_with_dropout"] == 158


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 0.9), st.floats(0.02, 0.09), st.integers(5, 300))
def test_exact_power_by_the_binomial_distribution(target: float, more: float, n: int) -> None:
    expected = target + more
    outputs = calculate(
        "diagnostic_target", {"expected": expected, "target": target, "n": n, "test": "exact"}
    ).outputs
    critical = int(stats.binom.isf(0.025, n, target)) + 1
    assert outputs["power"] == pytest.approx(stats.binom.sf(critical - 1, n, expected), abs=1e-9)


def test_paired_tests_by_connors_published_size() -> None:
    """Connor 1987 as printed by powerandsamplesize.com: p01 0.45, p10 0.05, 23 pairs."""
    inputs = {"p1": 0.9, "p2": 0.5, "discordant": 0.5, "power": 0.8}
    assert calculate("diagnostic_paired", inputs).outputs["n"] == 23


def test_agreeing_tests_need_fewer_persons() -> None:
    inputs = {"p1": 0.9, "p2": 0.8, "power": 0.8}
    apart = calculate("diagnostic_paired", inputs).outputs["n"]
    agreeing = calculate("diagnostic_paired", inputs | {"discordant": 0.14}).outputs["n"]
    assert agreeing < apart
    with pytest.raises(BadDesign, match="discordant"):
        calculate("diagnostic_paired", inputs | {"discordant": 0.05})


@settings(max_examples=80, deadline=None)
@given(
    st.floats(1e-4, 0.9999),
    st.floats(1e-4, 0.4999),
    st.one_of(st.none(), st.floats(1e-4, 0.9999)),
    st.sampled_from(["wald", "wilson", "exact"]),
    st.booleans(),
    st.floats(0.01, 0.999),
)
def test_persons_or_a_reason(
    expected: float,
    error: float,
    prevalence: float | None,
    interval: str,
    relative: bool,
    level: float,
) -> None:
    inputs = {
        "sensitivity": expected,
        "specificity": expected,
        "rel_error" if relative else "abs_error": error,
        "prevalence": prevalence,
        "interval": interval,
        "level": level,
    }
    try:
        outputs = calculate("diagnostic_precision", inputs).outputs
    except BadDesign:
        return
    assert outputs["n_total"] >= 1


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1e-4, 0.9999),
    st.floats(1e-4, 0.9999),
    st.floats(0.001, 0.499),
    st.floats(0.01, 0.999),
    st.sampled_from(["z", "exact"]),
    st.sampled_from([1, 2]),
)
def test_a_target_is_met_or_refused(
    expected: float, target: float, alpha: float, power: float, test: str, sides: int
) -> None:
    inputs = {
        "expected": expected,
        "target": target,
        "alpha": alpha,
        "power": power,
        "test": test,
        "sides": sides,
    }
    try:
        outputs = calculate("diagnostic_target", inputs).outputs
    except BadDesign:
        return
    assert outputs["n"] >= 0
    if test == "exact":
        assert outputs["power_achieved"] >= power
