"""Rates against PASS (through statsmodels' tests), Zhu & Lakkis, Lwanga & Lemeshow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate
from design.counts import exact
from design.counts.hypotheses import Hypothesis
from design.counts.variances import Rates


def outputs(name: str, **given: Any) -> dict[str, Any]:
    return dict(calculate(name, given).outputs)


@pytest.mark.parametrize(
    ("rate1", "n", "power"), [(1.9, 704, 0.90012), (2.0, 246, 0.90057), (2.5, 396, 0.90045)]
)
def test_pass_equivalence_of_poisson_rates(rate1: float, n: int, power: float) -> None:
    """PASS, equivalence tests for the ratio of two Poisson rates."""
    given = {"rate1": rate1, "rate2": 2.2, "exposure": 2.5, "alpha": 0.025, "sides": 1}
    given["aim"] = "equivalence"
    found = outputs("two_poisson_rates", **given, lower=0.8, upper=1.25, n1=n)
    assert found["power"] == pytest.approx(power, abs=5e-6)


@pytest.mark.parametrize(
    ("rate1", "n", "power"), [(1.8, 29, 0.90056), (1.9, 39, 0.90649), (2.4, 404, 0.90064)]
)
def test_pass_noninferiority_of_poisson_rates(rate1: float, n: int, power: float) -> None:
    """PASS, non-inferiority of the ratio of two Poisson rates, margin 1.2: size and power."""
    given = {
        "rate1": rate1,
        "rate2": 2.2,
        "exposure": 2.5,
        "alpha": 0.025,
        "margin": 1.2,
        "sides": 1,
    }
    given["aim"] = "noninferiority"
    assert outputs("two_poisson_rates", **given, n1=n)["power"] == pytest.approx(power, abs=5e-6)
    assert outputs("two_poisson_rates", **given, power=0.9)["n1"] == n


def test_pass_difference_of_poisson_rates() -> None:
    """PASS chapter 436: power 0.82566 with 8 and 6."""
    found = outputs("two_poisson_rates", rate1=10, rate2=15, n1=8, n2=6, sides=1, test="difference")
    assert found["power"] == pytest.approx(0.82566, abs=5e-6)


@pytest.mark.parametrize(
    ("variance", "n", "power"),
    [("alternative", 965, 0.90022), ("pooled", 966, 0.90015), ("score", 966, 0.90034)],
)
def test_zhu_equivalence_of_negative_binomial_rates(variance: str, n: int, power: float) -> None:
    """Zhu 2017 as in PASS chapter 468: the three null variances."""
    found = outputs(
        "two_negative_binomial_rates",
        rate1=2.5,
        rate2=2.5,
        exposure=0.9,
        dispersion=0.35,
        lower=0.875,
        upper=1 / 0.875,
        aim="equivalence",
        sides=1,
        variance=variance,
        n1=n,
    )
    assert found["power"] == pytest.approx(power, abs=5e-6)


@pytest.mark.parametrize(
    ("n1", "n2", "dispersion", "power"),
    [(50, 100, 0.5, 0.6207448), (100, 50, 0.5, 0.5825763), (100, 50, 1 / 200_000, 0.7248956)],
)
def test_zhu_lakkis_unequal_arms(n1: int, n2: int, dispersion: float, power: float) -> None:
    """R PASSED power_NegativeBinomial, approach 3, quoted in statsmodels' tests."""
    found = outputs(
        "two_negative_binomial_rates",
        rate1=0.3,
        rate2=0.5,
        exposure=2,
        dispersion=dispersion,
        n1=n1,
        n2=n2,
    )
    assert found["power"] == pytest.approx(power, abs=5e-8)


def test_lwanga_and_lemeshow() -> None:
    """Lwanga & Lemeshow 1991 p. 19 (epiR epi.sscohortt): 23 for life, 65 in five years."""
    given = {"rate1": 0.25, "rate2": 0.1, "power": 0.8}
    assert outputs("incidence_rates", **given)["n_per_arm"] == 23
    five_years = outputs("incidence_rates", **given, followup=5)
    assert five_years["n_per_arm"] == 65
    power = outputs("incidence_rates", rate1=0.25, rate2=0.1, followup=5, n1=65)["power"]
    assert 0.8 <= power < 0.81


def test_the_exact_test_against_enumeration() -> None:
    """Every total and every split of it, with SciPy's distributions."""
    aim = Hypothesis(None, 1.2, 0.05)
    mean1, mean2, share = 18.0, 30.0, 0.4
    null = 1.2 * share / (1.2 * share + 1 - share)
    power = 0.0
    for total in range(200):
        x = np.arange(total + 1)
        rejects = stats.binom.cdf(x, total, null) <= 0.05
        hits = stats.binom.pmf(x, total, mean1 / (mean1 + mean2))[rejects].sum()
        power += stats.poisson.pmf(total, mean1 + mean2) * float(hits)
    assert exact.power(mean1, mean2, share, aim) == pytest.approx(power, abs=1e-10)


def test_restricted_estimates_maximise_the_likelihood() -> None:
    """The root of the quadratic against a grid of the expected log-likelihood."""
    rates = Rates(0.8, 1.4, 2.0, 0.5, dispersion=0.7)
    null = 1.3
    grid = np.linspace(0.05, 3, 200_001)
    value = 0.0
    for weight, rate, mean in ((1.0, 0.8, null * grid), (0.5, 1.4, grid)):
        mu = mean * 2
        value = value + weight * (rate * 2 * np.log(mu) - (rate * 2 + 1 / 0.7) * np.log1p(0.7 * mu))
    best = float(grid[int(np.argmax(value))])
    assert rates.null(null, "score") == pytest.approx(rates.variance(null * best, best), rel=1e-4)


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_one_exact_poisson_rate_against_enumeration(rate: float) -> None:
    found = outputs("one_poisson_rate", rate=rate, rate0=1, power=0.9)
    n, critical = found["n"], found["critical_events"]
    if rate > 1:
        assert stats.poisson.sf(critical - 1, n) <= 0.025 < stats.poisson.sf(critical - 2, n)
        assert found["power_achieved"] == pytest.approx(stats.poisson.sf(critical - 1, n * rate))
    else:
        assert stats.poisson.cdf(critical, n) <= 0.025 < stats.poisson.cdf(critical + 1, n)
        assert found["power_achieved"] == pytest.approx(stats.poisson.cdf(critical, n * rate))


def test_intervals_against_scipy_and_the_bnt162b2_label() -> None:
    """Garwood's interval of 10 events (4.80 to 18.39); 8 and 162 cases in 2.214 and 2.222 thousand
    person-years: efficacy 95.0%, Clopper-Pearson 90.0% to 97.9% (EMA product information)."""
    found = outputs("poisson_rate_interval", events=10, person_time=1)
    assert (round(found["lower"], 2), round(found["upper"], 2)) == (4.80, 18.39)
    ratio = outputs(
        "rate_ratio_interval", events1=8, person_time1=2214, events2=162, person_time2=2222
    )
    limits = [round(ratio[f"reduction{end}"], 3) for end in ("", "_lower", "_upper")]
    assert limits == [0.950, 0.900, 0.979]


def test_rates_outside_the_margin_are_refused() -> None:
    with pytest.raises(BadDesign, match="would not be equivalent"):
        outputs("two_poisson_rates", rate1=2, rate2=1, aim="equivalence", margin=1.25, power=0.8)
    with pytest.raises(BadDesign, match="wrong side of the margin"):
        outputs("two_poisson_rates", rate1=2, rate2=1, aim="noninferiority", margin=1.3, power=0.8)
    with pytest.raises(BadDesign, match="margin must be above 1"):
        outputs("two_poisson_rates", rate1=1, rate2=1, aim="noninferiority", margin=0.8, power=0.8)


@settings(max_examples=40, deadline=None)
@given(
    ratio=st.floats(0.3, 0.85),
    power=st.floats(0.6, 0.95),
    dispersion=st.floats(0, 3),
    variance=st.sampled_from(["reference", "alternative", "pooled", "score"]),
)
def test_patients_fall_with_the_effect_and_rise_with_power(
    ratio: float, power: float, dispersion: float, variance: str
) -> None:
    given = {"rate2": 1.0, "dispersion": dispersion, "variance": variance}

    def size(rate1: float, wanted: float) -> float:
        found = outputs("two_negative_binomial_rates", **given, rate1=rate1, power=wanted)
        return float(found["n1_raw"])

    here = size(ratio, power)
    assert size(ratio * 0.95, power) < here < size(ratio, power + 0.02)
