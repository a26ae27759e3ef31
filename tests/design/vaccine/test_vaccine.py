"""Vaccine designs against Chow, enumeration and simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate
from design.vaccine.immunogenicity import range_probability


def outputs(name: str, **given: Any) -> dict[str, Any]:
    return dict(calculate(name, given).outputs)


def test_chow_15_6_reduction_in_disease_incidence() -> None:
    """Chow 2008 example 15.6.1 (TrialSize Vaccine.RDI): 14,214 an arm."""
    found = outputs("vaccine_relative_efficacy", p1=0.01, p2=0.02, half_width=0.2)
    assert found["n_per_arm_raw"] == pytest.approx(14214, abs=1)


def test_chow_15_6_extremely_low_incidence() -> None:
    """Chow 2008 example 15.6.2 (TrialSize Vaccine.ELDI): 17,837 an arm."""
    found = outputs(
        "vaccine_efficacy",
        efficacy=0.5,
        incidence_control=0.002,
        alpha=0.05,
        sides=1,
        power=0.8,
        test="normal",
    )
    assert found["n_per_arm"] == 17837


def test_the_exact_number_of_cases_against_enumeration() -> None:
    """The first number of cases whose binomial test reaches the power, one number at a time."""
    null, true = 0.7 / 1.7, 0.4 / 1.4

    def power(cases: int) -> float:
        most = max(
            (x for x in range(cases + 1) if stats.binom.cdf(x, cases, null) <= 0.025), default=-1
        )
        return float(stats.binom.cdf(most, cases, true))

    first = next(cases for cases in range(1, 400) if power(cases) >= 0.9)
    last_short = max(cases for cases in range(1, 250) if power(cases) < 0.9)
    found = outputs("vaccine_efficacy", efficacy=0.6, null_efficacy=0.3, power=0.9)
    assert (found["cases"], found["cases_stable"]) == (first, last_short + 1)
    assert found["power_achieved"] == pytest.approx(power(first))


def test_the_critical_cases_are_those_of_the_confidence_interval() -> None:
    """The lower limit exceeds 30% at the critical number of cases, and not at one more."""
    design = outputs("vaccine_efficacy", efficacy=0.6, null_efficacy=0.3, cases=150)
    for more, above in ((0, True), (1, False)):
        cases = design["critical_cases"] + more
        found = outputs(
            "vaccine_efficacy_interval",
            cases1=cases,
            person_time1=1000,
            cases2=150 - cases,
            person_time2=1000,
        )
        assert (found["lower"] > 0.3) is above


def test_bnt162b2() -> None:
    """EMA product information: efficacy 95.0%, Clopper-Pearson 90.0% to 97.9%."""
    found = outputs(
        "vaccine_efficacy_interval", cases1=8, person_time1=2214, cases2=162, person_time2=2222
    )
    assert [round(found[name], 3) for name in ("efficacy", "lower", "upper")] == [0.95, 0.9, 0.979]


def test_burden_of_illness_against_simulation() -> None:
    """4,000 trials of the size found, seed 3; severities gamma, the test with the pooled variance
    of the scores: the power within 2.5 points of 80%."""
    given = {"p1": 0.1, "p2": 0.2, "severity1": 2.0, "severity2": 3.0, "sd1": 1.2, "sd2": 1.5}
    n = outputs("vaccine_composite", **given, power=0.8)["n_per_arm"]
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(4000):
        scores = []
        for share, mean, sd in ((0.1, 2.0, 1.2), (0.2, 3.0, 1.5)):
            ill = int(rng.binomial(n, share))
            values = np.zeros(n)
            values[:ill] = rng.gamma(mean**2 / sd**2, sd**2 / mean, ill)
            scores.append(values)
        error = math.sqrt((scores[0].var() + scores[1].var()) / n)
        rejected += abs(scores[0].mean() - scores[1].mean()) / error > 1.959964
    assert rejected / 4000 == pytest.approx(0.8, abs=0.025)


def test_titres_against_the_noncentral_t_of_scipy() -> None:
    found = outputs("immunogenicity_gmt", sd=0.4, power=0.9)
    n = found["n_per_arm"]
    shift = -math.log10(0.67) / (0.4 * math.sqrt(2 / n))
    critical = stats.t.ppf(0.975, 2 * n - 2)
    assert found["power_achieved"] == pytest.approx(stats.nct.sf(critical, 2 * n - 2, shift))
    assert outputs("immunogenicity_gmt", sd=0.4, n1=n - 1)["power"] < 0.9 <= found["power_achieved"]


def test_lot_consistency_against_simulation_and_its_bounds() -> None:
    """20,000 trials, seed 11; never above the power of one pair, never below Bonferroni's."""
    n, sd, limit = 170, 0.4, math.log10(1.5)
    power = outputs("lot_consistency", sd=sd, n_per_lot=n)["power"]
    means = np.random.default_rng(11).normal(0, sd / math.sqrt(n), (20_000, 3))
    width = limit - 1.959964 * sd * math.sqrt(2 / n)
    assert power == pytest.approx(float(np.mean(np.ptp(means, axis=1) < width)), abs=0.008)
    one_pair = 2 * stats.norm.cdf(width / (sd * math.sqrt(2 / n))) - 1
    assert 1 - 3 * (1 - one_pair) < power < one_pair


@pytest.mark.parametrize(("width", "k"), [(2.0, 2), (3.314, 3), (4.0, 5)])
def test_the_range_of_normal_values(width: float, k: int) -> None:
    """SciPy's studentized range with many degrees of freedom."""
    expected = float(stats.studentized_range.cdf(width, k, 1e6))
    assert range_probability(width, np.zeros(k)) == pytest.approx(expected, abs=1e-5)


def test_contradictions_are_refused() -> None:
    with pytest.raises(BadDesign, match="not above the limit"):
        outputs("vaccine_efficacy", efficacy=0.3, null_efficacy=0.3, power=0.9)
    with pytest.raises(BadDesign, match="outside the margin"):
        outputs("immunogenicity_gmt", sd=0.4, true_ratio=0.6, power=0.9)
    with pytest.raises(BadDesign, match="not be consistent"):
        outputs("lot_consistency", sd=0.4, true_ratios=[1, 1, 1.6], power=0.9)


@settings(max_examples=25, deadline=None)
@given(efficacy=st.floats(0.5, 0.9), power=st.floats(0.7, 0.95))
def test_cases_fall_with_efficacy_and_rise_with_power(efficacy: float, power: float) -> None:
    def cases(value: float, wanted: float, test: str) -> int:
        given = {"efficacy": value, "null_efficacy": 0.2, "power": wanted, "test": test}
        return int(outputs("vaccine_efficacy", **given)["cases"])

    for test in ("exact", "normal"):
        here = cases(efficacy, power, test)
        assert cases(efficacy + 0.05, power, test) <= here <= cases(efficacy, power + 0.03, test)
