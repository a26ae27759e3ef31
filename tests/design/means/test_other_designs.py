"""Cross-over, several groups, baseline, slopes, ratio: published numbers and other routes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from design import BadDesign, calculate


def test_crossover_agrees_with_powertost() -> None:
    # PowerTOST, vignette on noninferiority: CV 0.25, ratio 0.95, margin 0.8: 36, power 0.820330
    spread = math.sqrt(math.log(1 + 0.25**2))
    given = {"difference": math.log(0.95), "sd_within": spread, "aim": "noninferiority",
             "margin": -math.log(0.8), "alpha": 0.025, "sides": 1, "power": 0.8}  # fmt: skip
    outputs = calculate("crossover_means", given).outputs
    assert outputs["n_total"] == 36
    assert outputs["power_achieved"] == pytest.approx(0.820330, abs=1e-6)
    # vignette on bioequivalence: CV 0.3, ratio 0.95, 0.8 to 1.25: 40, power 0.815845
    spread = math.sqrt(math.log(1 + 0.3**2))
    given |= {"aim": "equivalence", "margin": math.log(1.25), "alpha": 0.05, "sd_within": spread}
    outputs = calculate("crossover_means", given).outputs
    assert outputs["n_total"] == 40
    assert outputs["power_achieved"] == pytest.approx(0.815845, abs=1e-6)


def test_crossover_spreads_are_one() -> None:
    given = {"difference": 1, "power": 0.8}
    within = calculate("crossover_means", {**given, "sd_within": 2}).outputs
    between = calculate("crossover_means", {**given, "sd_difference": 2 * 2**0.5}).outputs
    both = calculate("crossover_means", {**given, "sd": 4, "correlation": 0.75}).outputs
    assert within["n_total_raw"] == pytest.approx(between["n_total_raw"])
    assert within["n_total_raw"] == pytest.approx(both["n_total_raw"])


@pytest.mark.parametrize(
    ("given", "output", "expected"),
    [
        # R, help of power.anova.test
        ({"groups": 4, "between_variance": 1, "within_variance": 3, "n_per_group": 5},
         "power", 0.3535594),
        ({"groups": 4, "between_variance": 1, "within_variance": 3, "power": 0.8},
         "n_per_group_raw", 11.92613),
        ({"means": [120, 130, 140, 150], "sd": 500**0.5, "power": 0.9},
         "n_per_group_raw", 15.18834),
        # pwr vignette; G*Power manual through statsmodels
        ({"groups": 3, "f": 0.25, "alpha": 0.01, "power": 0.9}, "n_per_group_raw", 94.48714),
        ({"groups": 10, "f": 0.25, "alpha": 0.1592, "n_total": 200}, "power", 0.8408),
    ],
)  # fmt: skip
def test_analysis_of_variance(given: dict[str, object], output: str, expected: float) -> None:
    assert calculate("anova", given).outputs[output] == pytest.approx(expected, abs=3e-5)


def test_a_factor_of_two_levels_is_a_t_test_of_its_margins() -> None:
    # 2 x 3 cells, the factor of two levels: f = d / 2, df within 6 n - 6
    found = calculate("anova", {"groups": 6, "f": 0.25, "numerator_df": 1, "n_per_group": 22})
    two = calculate("anova", {"groups": 2, "f": 0.25, "n_per_group": 66})
    assert found.outputs["power"] == pytest.approx(two.outputs["power"], abs=2e-3)
    assert "析因" in found.sentence.zh
    with pytest.raises(BadDesign, match="at most 5 degrees"):
        calculate("anova", {"groups": 6, "f": 0.25, "numerator_df": 6, "power": 0.8})


def test_pairwise_comparisons() -> None:
    # Chow, Shao, Wang 2008, example 15.3.4 (TrialSize, ANOVA.Repeat.Measure)
    given = {"difference": 1.5, "sd": 1.25, "comparisons": 3, "test": "z", "power": 0.8}
    assert calculate("pairwise_means", given).outputs["n1"] == 15
    # powerandsamplesize.com, one-way ANOVA pairwise: 5 and 10, sd 10, one comparison
    given = {"mean1": 5, "mean2": 10, "sd": 10, "comparisons": 1, "test": "z", "power": 0.8}
    assert calculate("pairwise_means", given).outputs["n1"] == 63
    # one-sided with unequal groups: nA = kappa nB
    given = {"mean1": 132.86, "mean2": 127.44, "sd1": 15.34, "sd2": 18.23, "ratio": 0.5,
             "comparisons": 1, "sides": 1, "test": "z", "power": 0.8}  # fmt: skip
    assert calculate("pairwise_means", given).outputs["n1"] == 85
    assert calculate("pairwise_means", {"difference": 5, "sd": 10, "groups": 4, "n1": 50}).outputs[
        "comparisons"
    ] == 6  # fmt: skip
    with pytest.raises(BadDesign, match="only 3 pairs"):
        calculate("pairwise_means", {**given, "groups": 3, "comparisons": 4})


def test_analysis_of_covariance() -> None:
    # statpsych, help of size.test.ancova2: error variance 1.37, difference 0.7, power 0.9: 61
    given = {"difference": 0.7, "sd": (1.37 / 0.64) ** 0.5, "correlation": 0.6, "power": 0.9}
    assert calculate("baseline_adjusted_means", given).outputs["n1"] == 61


def test_covariance_in_small_groups_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(11)
    n, trials, r, difference = 12, 40_000, 0.6, 1.0
    baseline = rng.normal(size=(trials, 2 * n))
    group = np.repeat([1.0, 0.0], n)
    outcome = r * baseline + rng.normal(size=(trials, 2 * n)) * (1 - r**2) ** 0.5
    outcome += difference * group
    within = [slice(0, n), slice(n, 2 * n)]
    x = np.concatenate([baseline[:, s] - baseline[:, s].mean(1, keepdims=True) for s in within], 1)
    y = np.concatenate([outcome[:, s] - outcome[:, s].mean(1, keepdims=True) for s in within], 1)
    sxx, sxy, syy = (x * x).sum(1), (x * y).sum(1), (y * y).sum(1)
    slope = sxy / sxx
    gap = baseline[:, :n].mean(1) - baseline[:, n:].mean(1)
    effect = outcome[:, :n].mean(1) - outcome[:, n:].mean(1) - slope * gap
    df = 2 * n - 3
    variance = (syy - slope * sxy) / df * (2 / n + gap**2 / sxx)
    from scipy import special

    power = float((abs(effect) / variance**0.5 > special.stdtrit(df, 0.975)).mean())
    given = {"difference": difference, "sd": 1, "correlation": r, "n1": n}
    found = calculate("baseline_adjusted_means", given).outputs["power"]
    assert abs(power - found) < 4 * math.sqrt(power * (1 - power) / trials) + 0.003


def test_frison_and_pocock_variances() -> None:
    # Frison & Pocock 1992: one before, one after: 1, 2(1-r), 1-r^2; several: their formulas
    def factor(**given: object) -> float:
        base = {"difference": 1, "sd": 1, "power": 0.8, "test": "z", **given}
        return float(calculate("baseline_adjusted_means", base).outputs["variance_factor"])

    assert factor(correlation=0.6, analysis="post") == 1
    assert factor(correlation=0.6, analysis="change") == pytest.approx(0.8)
    assert factor(correlation=0.6) == pytest.approx(0.64)
    many = {"correlation": 0.7, "baseline_measures": 2, "followup_measures": 4}
    assert factor(analysis="change", **many) == pytest.approx(0.3 * (1 / 2 + 1 / 4))
    assert factor(**many) == pytest.approx((1 + 3 * 0.7) / 4 - 2 * 0.49 / 1.7)
    with pytest.raises(BadDesign, match="cannot hold together"):
        factor(correlation=0.9, baseline_measures=3, correlation_baseline=0.1)


def test_change_is_warned_of_where_follow_up_alone_is_better() -> None:
    given = {"difference": 1, "sd": 2, "correlation": 0.3, "analysis": "change", "power": 0.8}
    assert any("协方差" in text.zh for text in calculate("baseline_adjusted_means", given).warnings)


@pytest.mark.parametrize(
    ("correlation", "variance", "expected"),
    [(0.2, 100, 313), (0.2, 200, 625), (0.5, 100, 196), (0.5, 300, 586), (0.8, 100, 79),
     (0.8, 300, 235)],
)  # fmt: skip
def test_slopes(correlation: float, variance: float, expected: int) -> None:
    # Diggle et al. 2002, table of section 2.4: times 0, 2, 5, difference 0.5, one-sided 0.05, 0.8
    given = {"difference": 0.5, "sd": variance**0.5, "correlation": correlation,
             "times": [0, 2, 5], "sides": 1, "power": 0.8}  # fmt: skip
    assert calculate("difference_of_slopes", given).outputs["n1"] == pytest.approx(expected, abs=1)


def test_ratio_is_the_comparison_of_logarithms() -> None:
    given = {"aim": "noninferiority", "power": 0.9}
    ratio = calculate("ratio_of_means", {**given, "means_ratio": 0.95, "cv": 0.4,
                                         "margin_ratio": 0.8}).outputs  # fmt: skip
    logs = calculate("two_means", {**given, "difference": math.log(0.95), "margin": -math.log(0.8),
                                   "sd": math.sqrt(math.log(1.16))}).outputs  # fmt: skip
    assert ratio["n1_raw"] == pytest.approx(logs["n1_raw"])
    with pytest.raises(BadDesign, match="lies below 1"):
        calculate("ratio_of_means", {**given, "means_ratio": 1, "cv": 0.4, "margin_ratio": 1.2})


def test_equivalence_of_parallel_groups_is_that_of_a_crossover_of_the_same_error() -> None:
    # SE is sd sqrt(4/N) here and sd_within sqrt(2/N) there; df is N - 2 in both
    shared = {"aim": "equivalence", "margin": 3, "alpha": 0.05, "sides": 1, "difference": 0.5}
    parallel = calculate("two_means", {**shared, "sd": 5, "n_total": 120}).outputs["power"]
    crossed = calculate("crossover_means", {**shared, "sd_difference": 10, "n_total": 120}).outputs
    assert parallel == pytest.approx(crossed["power"])
