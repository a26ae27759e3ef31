"""Correlation, regression, tables: published numbers."""

from __future__ import annotations

import math

import pytest

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("method", "given", "output", "expected", "tolerance"),
    [
        # pwr vignette
        ("correlation", {"r": 0.3, "power": 0.8}, "n_raw", 84.07364, 1e-5),
        ("chi_square", {"w": 0.2886751, "df": 3, "power": 0.8}, "n_raw", 130.8308, 1e-4),
        ("multiple_regression", {"tested": 2, "r2": 0.3, "alpha": 0.001, "power": 0.8},
         "v_raw", 49.88971, 1e-4),
        # Hulley et al., Designing Clinical Research, appendix 6C: r 0.3: 85
        ("correlation", {"r": 0.3, "power": 0.8, "test": "fisher"}, "n", 85, 0),
        # statpsych, help of size.test.cor and size.test.cor2
        ("correlation", {"r": 0.45, "power": 0.9, "test": "fisher"}, "n", 48, 0),
        ("correlation", {"r": -0.5, "power": 0.95, "test": "fisher"}, "n", 47, 0),
        ("two_correlations", {"r1": 0.4, "r2": 0.2, "power": 0.8}, "n1", 325, 0),
        # G*Power manual (it counts the wrong tail, 3e-6)
        ("two_correlations", {"r1": 0.75, "r2": 0.88, "n1": 51, "n2": 260},
         "power", 0.726352, 5e-6),
        ("multiple_regression", {"tested": 5, "f2": 1 / 9, "n": 95}, "power", 0.673586, 1e-6),
        # statsmodels, test_power.py, from pwr.f2.test and pwr.chisq.test
        ("multiple_regression", {"tested": 5, "f2": 0.01, "n": 205, "alpha": 0.01},
         "power", 0.0494137732920332, 1e-7),
        ("multiple_regression", {"tested": 5, "f2": 0.09, "n": 205, "alpha": 0.01},
         "power", 0.7967191006290872, 1e-7),
        ("multiple_regression", {"tested": 5, "f2": 0.09, "n": 25, "alpha": 0.1},
         "power", 0.235454222377575, 1e-7),
        ("chi_square", {"w": 0.1, "df": 4, "n": 5}, "power", 0.05246644635810126, 1e-12),
        # Chow, Shao, Wang, example 14.4 (TrialSize)
        ("nonparametric_independence", {"p1": 0.6, "p2": 0.7, "power": 0.8}, "n", 135, 0),
    ],
)  # fmt: skip
def test_published(
    method: str, given: dict[str, object], output: str, expected: float, tolerance: float
) -> None:
    found = calculate(method, given).outputs[output]
    assert found == pytest.approx(expected, abs=tolerance)


def test_probabilities_say_the_effect_of_a_table() -> None:
    fit = calculate("chi_square", {"p1": [3 / 8, 5 / 24, 5 / 24, 5 / 24], "power": 0.8})
    assert fit.outputs["w"] == pytest.approx(0.2886751)  # pwr vignette, the same example
    table = calculate("chi_square", {"table": [[0.3, 0.2], [0.2, 0.3]], "power": 0.8}).outputs
    assert table["w"] == pytest.approx(0.2)
    with pytest.raises(BadDesign, match=r"add up to 0\.9"):
        calculate("chi_square", {"p1": [0.4, 0.5], "power": 0.8})
    with pytest.raises(BadDesign, match="equals the null"):
        calculate("chi_square", {"table": [[0.25, 0.25], [0.25, 0.25]], "power": 0.8})


def test_a_slope_is_a_regression_with_one_predictor() -> None:
    slope = calculate("regression_slope", {"slope": 0.5, "sd_x": 2, "sd_y": 4, "power": 0.8})
    r2 = calculate("multiple_regression", {"tested": 1, "r2": 1 / 16, "power": 0.8})
    assert slope.outputs["n_raw"] == pytest.approx(r2.outputs["n_raw"], abs=1e-6)
    with pytest.raises(BadDesign, match="more than there is"):
        calculate("regression_slope", {"slope": 3, "sd_x": 2, "sd_y": 4, "power": 0.8})


def test_refusals() -> None:
    with pytest.raises(BadDesign, match="use test fisher"):
        calculate("correlation", {"r": 0.5, "r0": 0.2, "test": "t", "power": 0.8})
    with pytest.raises(BadDesign, match="nothing is gained"):
        calculate("multiple_regression", {"tested": 1, "r2": 0.2, "r2_others": 0.2, "power": 0.8})
    with pytest.raises(BadDesign, match="are tested of 2"):
        calculate("multiple_regression", {"tested": 3, "predictors": 2, "f2": 0.1, "power": 0.8})
    with pytest.raises(BadDesign, match="must be above 0"):
        calculate("nonparametric_independence", {"p1": 0.9, "p2": 0.7, "power": 0.8})


def test_fisher_against_another_value() -> None:
    n = calculate("correlation", {"r": 0.5, "r0": 0.3, "power": 0.8}).outputs["n_raw"]
    shift = math.atanh(0.5) - math.atanh(0.3)
    assert n == pytest.approx(((1.959964 + 0.841621) / shift) ** 2 + 3, abs=1e-3)
