"""Average bioequivalence and non-inferiority against the documentation of PowerTOST.

Figures: vignettes ABE and NI and the README of PowerTOST 1.5-1 (CRAN).
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from design import BadDesign, calculate
from design.bioequivalence.designs import DESIGNS
from design.bioequivalence.tost import tost_power


@pytest.mark.parametrize(
    ("inputs", "n", "power"),
    [
        ({"cv": 0.2}, 20, 0.834680),
        ({"cv": 0.3}, 40, 0.815845),
        ({"cv": 0.3, "design": "2x2x4"}, 20, 0.8202398),
        ({"cv": 0.3, "design": "2x2x3"}, 30, 0.8204004),
        ({"cv": 0.45, "theta0": 0.9, "design": "2x2x3"}, 124, 0.800125),
        ({"cv": 0.3, "theta0": 0.9, "design": "2x2x3"}, 60, 0.81002),
        ({"cv": 0.4, "theta0": 0.9, "theta1": 0.75, "design": "2x2x4"}, 30, 0.822929),
        ({"cv": 0.125, "theta0": 0.975, "theta1": 0.9}, 32, 0.800218),
        ({"cv": 0.1, "theta0": 0.975, "theta1": 0.9, "design": "2x2x4"}, 12, 0.85628),
        ({"cv": 0.1, "theta0": 0.975, "theta1": 0.9, "design": "2x2x3"}, 16, 0.81393),
        ({"cv": 0.1, "theta0": 0.975, "theta1": 0.9}, 22, 0.81702),
        ({"cv": 0.17}, 14, 0.80568),
        ({"cv": 0.17, "method": "noncentral"}, 14, 0.80568),
        ({"cv": 0.17, "method": "shifted"}, 16, 0.85230),
        ({"cv": 0.2, "power": 0.9}, 26, 0.9176333),
    ],
)
def test_sample_sizes_of_powertost(inputs: dict[str, object], n: int, power: float) -> None:
    outputs = calculate("be_tost", {"power": 0.8} | inputs).outputs
    assert outputs["n_total"] == n
    assert outputs["power_achieved"] == pytest.approx(power, abs=6e-6)


@pytest.mark.parametrize(
    ("inputs", "power"),
    [
        ({"cv": 0.3, "n_sequences": [20, 19]}, 0.8056171),
        ({"cv": 0.35, "n_sequences": [52, 49], "design": "parallel"}, 0.8011186),
    ],
)
def test_power_of_unequal_sequences(inputs: dict[str, object], power: float) -> None:
    assert calculate("be_tost", inputs).outputs["power"] == pytest.approx(power, abs=1e-7)


@pytest.mark.parametrize(
    ("inputs", "n", "power"),
    [
        ({"cv": 0.25, "power": 0.8}, 36, 0.820330),
        ({"cv": 0.25, "n": 35}, 35, 0.8085908),
        ({"cv": 0.25, "margin": 1.25, "theta0": 1 / 0.95, "power": 0.8}, 36, 0.820330),
        ({"cv": 0.35, "design": "2x2x4", "power": 0.8}, 32, 0.8077926),
        ({"cv": 0.2, "margin": 1.25, "theta0": 1.05, "design": "2x2x4", "n": 32}, 32, 0.9984996),
    ],
)
def test_noninferiority_of_powertost(inputs: dict[str, object], n: int, power: float) -> None:
    outputs = calculate("be_noninferiority", inputs).outputs
    assert outputs["n_total"] == n
    reached = outputs["power_achieved" if "power" in inputs else "power"]
    assert reached == pytest.approx(power, abs=6e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.001, 0.4),
    st.integers(1, 400),
    st.floats(-5.0, 5.0),
    st.floats(0.2, 6.0),
    st.floats(0.0, 6.0),
)
def test_owens_q_is_the_integral_over_the_standard_deviation(
    alpha: float, df: int, difference: float, lower: float, upper: float
) -> None:
    """Adaptive quadrature over the chi-squared variable itself, another variable and method."""
    t = float(special.stdtrit(df, 1 - alpha))

    def of_variance(v: float) -> float:
        wide = t * math.sqrt(v / df)
        inside = special.ndtr(upper - difference - wide) - special.ndtr(-lower - difference + wide)
        if inside <= 0:
            return 0.0
        log_density = (df / 2 - 1) * math.log(v) - v / 2 - df / 2 * math.log(2)
        return float(inside * math.exp(log_density - special.gammaln(df / 2)))

    end = df * ((upper + lower) / (2 * t)) ** 2
    end = min(end, 2 * float(special.gammainccinv(df / 2, 1e-15)))
    wanted, _ = integrate.quad(
        lambda u: of_variance(u * u) * 2 * u, 0, math.sqrt(end), limit=500, epsabs=1e-10
    )
    assert tost_power(alpha, -lower, upper, difference, 1.0, df) == pytest.approx(wanted, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1e-6, 10),
    st.floats(0.5, 2.0),
    st.sampled_from(sorted(DESIGNS)),
    st.floats(0.001, 0.499),
    st.floats(0.01, 0.999),
    st.sampled_from(["exact", "noncentral", "shifted"]),
    st.booleans(),
)
def test_a_study_or_a_reason(
    cv: float,
    theta0: float,
    design: str,
    alpha: float,
    power: float,
    method: str,
    robust: bool,
) -> None:
    given_ = {
        "cv": cv,
        "theta0": theta0,
        "design": design,
        "alpha": alpha,
        "power": power,
        "method": method,
        "robust": robust,
    }
    try:
        outputs = calculate("be_tost", given_).outputs
    except BadDesign:
        return
    assert outputs["power_achieved"] >= power
    assert outputs["n_total"] % DESIGNS[design].groups == 0


def test_more_subjects_for_more_spread_and_more_power() -> None:
    sizes = [
        calculate("be_tost", {"cv": cv, "power": 0.8}).outputs["n_total"]
        for cv in (0.1, 0.2, 0.3, 0.5)
    ]
    assert sizes == sorted(sizes)
    powers = [
        calculate("be_tost", {"cv": 0.3, "power": power}).outputs["n_total"]
        for power in (0.7, 0.8, 0.9)
    ]
    assert powers == sorted(powers)


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"cv": 0.3, "theta0": 0.79, "power": 0.8}, "does not lie between the margins"),
        ({"cv": 0.3, "theta1": 1.3, "theta2": 1.2, "power": 0.8}, "not below"),
        ({"cv": 0.3}, "give either power"),
        ({"sd": 0.3, "power": 0.8}, "give cv"),
        ({"cv": 0.3, "n_sequences": [10]}, "2 sequences"),
        ({"cv": 10, "theta0": 0.8001, "power": 0.99}, "subjects would be needed"),
    ],
)
def test_what_is_no_design_is_refused(inputs: dict[str, object], reason: str) -> None:
    with pytest.raises(BadDesign, match=reason):
        calculate("be_tost", inputs)


def test_dropouts_keep_sequences_balanced() -> None:
    result = calculate("be_tost", {"cv": 0.3, "power": 0.8, "dropout": 0.15})
    assert result.outputs["n_total_with_dropout"] == 48  # 40 / 0.85 = 47.06
    assert result.outputs["n_total_dropout_added"] == 46
    assert "40 例" in result.sentence.zh and "80%" in result.sentence.zh


def test_a_parallel_design_has_no_within_subject_variability() -> None:
    crossed = calculate("be_tost", {"cv": 0.4, "power": 0.8})
    parallel = calculate("be_tost", {"cv": 0.4, "power": 0.8, "design": "parallel"})
    assert any("高变异" in text.zh for text in crossed.warnings)
    assert not any("高变异" in text.zh for text in parallel.warnings)
