"""Numbers that were not published, recomputed by another route: enumeration, simulation, SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from design import calculate
from design.proportions import fisher


@pytest.mark.parametrize(("x1", "n1", "x2", "n2"), [(3, 20, 9, 18), (0, 12, 4, 9), (7, 7, 2, 11)])
def test_fisher_p_values_are_those_of_scipy(x1: int, n1: int, x2: int, n2: int) -> None:
    names = {"two_sided": "two-sided", "greater": "greater", "less": "less"}
    for ours, theirs in names.items():
        table = [[x1, n1 - x1], [x2, n2 - x2]]
        expected = stats.fisher_exact(table, alternative=theirs).pvalue
        assert fisher.p_value(x1, n1, x2, n2, ours) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sides", [1, 2])
def test_fisher_power_is_the_sum_over_all_tables(sides: int) -> None:
    n1, n2, p1, p2 = 11, 8, 0.8, 0.25
    power = 0.0
    for x1 in range(n1 + 1):
        for x2 in range(n2 + 1):
            side = "two-sided" if sides == 2 else "greater"
            p = stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]], alternative=side).pvalue
            if p <= 0.05:
                power += stats.binom.pmf(x1, n1, p1) * stats.binom.pmf(x2, n2, p2)
    assert fisher.power(p1, p2, n1, n2, 0.05, sides) == pytest.approx(power, rel=1e-9)


@pytest.mark.parametrize(("p", "p0"), [(0.3, 0.1), (0.05, 0.2)])
def test_exact_binomial_size_by_trying_every_n(p: float, p0: float) -> None:
    def power(n: int) -> float:
        if p > p0:
            count = next(c for c in range(n + 2) if stats.binom.sf(c - 1, n, p0) <= 0.025)
            return float(stats.binom.sf(count - 1, n, p))
        count = next(c for c in range(n, -2, -1) if stats.binom.cdf(c, n, p0) <= 0.025)
        return float(stats.binom.cdf(count, n, p))

    every = [power(n) >= 0.9 for n in range(1, 200)]
    found = calculate("one_proportion", {"p": p, "p0": p0, "power": 0.9, "test": "exact"}).outputs
    assert found["n"] == every.index(True) + 1
    assert found["n_stable"] == 199 - every[::-1].index(False) + 1


def test_exact_mcnemar_power_by_simulation() -> None:
    found = calculate("mcnemar", {"p01": 0.3, "p10": 0.1, "n_pairs": 60, "test": "exact"})
    draws = np.random.default_rng(7).multinomial(60, [0.3, 0.1, 0.6], size=40_000)
    b, total = draws[:, 0], draws[:, 0] + draws[:, 1]
    low = stats.binom.cdf(np.minimum(b, total - b), total, 0.5)
    error = math.sqrt(0.25 / 40_000)
    assert found.outputs["power"] == pytest.approx((low <= 0.025).mean(), abs=4 * error)


def test_mcnemar_tests_against_scipy() -> None:
    found = calculate("mcnemar_test", {"b": 4, "c": 13, "test": "exact"}).outputs
    assert found["p_value"] == pytest.approx(stats.binomtest(4, 17).pvalue)
    middle = stats.binomtest(4, 17).pvalue - stats.binom.pmf(4, 17, 0.5)
    found = calculate("mcnemar_test", {"b": 4, "c": 13, "test": "mid_p"}).outputs
    assert found["p_value"] == pytest.approx(middle)
    found = calculate("mcnemar_test", {"b": 4, "c": 13, "test": "continuity"}).outputs
    assert found["chi_square"] == pytest.approx(64 / 17)


def test_chi_square_of_two_groups_is_the_two_sided_pooled_test() -> None:
    """The noncentral chi-square with one degree is the z test with the variance under H0."""
    found = calculate("chi_square_proportions", {"proportions": [0.4, 0.6], "n": 200}).outputs
    shift = 0.2 / math.sqrt(2 * 0.25 / 100)
    z = stats.norm.isf(0.025)
    expected = stats.norm.sf(z - shift) + stats.norm.cdf(-z - shift)
    assert found["power"] == pytest.approx(expected, abs=1e-9)


def test_chi_square_of_three_groups_against_scipy() -> None:
    given = {"proportions": [0.2, 0.3, 0.45], "weights": [1, 1, 2], "power": 0.85}
    found = calculate("chi_square_proportions", given).outputs
    shares, rates = np.array([0.25, 0.25, 0.5]), np.array([0.2, 0.3, 0.45])
    mean = shares @ rates
    shift = found["n_total_raw"] * (shares @ (rates - mean) ** 2) / (mean * (1 - mean))
    assert stats.ncx2.sf(stats.chi2.isf(0.05, 2), 2, shift) == pytest.approx(0.85, abs=1e-6)
    assert found["n_groups"][2] == pytest.approx(2 * found["n_groups"][0], abs=1)


@pytest.mark.parametrize("test", ["unpooled", "score"])
def test_noninferiority_power_by_exact_enumeration(test: str) -> None:
    """The normal approximation is within two points of the enumerated test."""
    n, p, margin = 120, 0.85, 0.12
    given = {"p1": p, "p2": p, "n1": n, "aim": "noninferiority", "margin": margin, "test": test}
    claimed = calculate("two_proportions", given).outputs["power"]
    name = "unpooled" if test == "unpooled" else "score"
    chance = stats.binom.pmf(np.arange(n + 1), n, p)
    exact = 0.0
    for x1 in range(80, n + 1):
        for x2 in range(80, n + 1):
            if chance[x1] * chance[x2] < 1e-7:
                continue
            seen = {"x1": x1, "n1": n, "x2": x2, "n2": n, "null": -margin, "test": name}
            if calculate("two_proportions_test", seen).outputs["z"] >= 1.959964:
                exact += chance[x1] * chance[x2]
    assert claimed == pytest.approx(exact, abs=0.02)


def test_self_controlled_case_series_by_simulation() -> None:
    """Events in the risk period are binomial; the likelihood ratio test has the power planned."""
    rho, r = 1.5, 0.2
    given = {"relative_incidence": rho, "risk_share": r, "power": 0.8}
    n = calculate("self_controlled_case_series", given).outputs["n"]
    x = np.random.default_rng(11).binomial(n, rho * r / (rho * r + 1 - r), size=40_000)
    seen = np.clip(x / n, 1e-12, 1 - 1e-12)
    deviance = 2 * (x * np.log(seen / r) + (n - x) * np.log((1 - seen) / (1 - r)))
    power = ((deviance > stats.chi2.isf(0.05, 1)) & (x / n > r)).mean()
    assert power == pytest.approx(0.8, abs=0.02)


def test_exact_odds_ratio_limits_against_scipy() -> None:
    given = {"x1": 12, "n1": 40, "x2": 5, "n2": 38, "method": "exact"}
    found = calculate("odds_ratio_ci", given).outputs
    table = stats.contingency.odds_ratio([[12, 28], [5, 33]])
    low, high = table.confidence_interval(0.95)
    assert (found["lower"], found["upper"]) == pytest.approx((low, high), rel=1e-4)


def test_jeffreys_limits_are_beta_quantiles() -> None:
    found = calculate("proportion_ci", {"x": 3, "n": 30, "method": "jeffreys"}).outputs
    assert found["lower"] == pytest.approx(stats.beta.ppf(0.025, 3.5, 27.5))
    assert found["upper"] == pytest.approx(stats.beta.ppf(0.975, 3.5, 27.5))
