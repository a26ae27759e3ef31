"""Precision: published numbers, most of them Stata's as the tests of R's presize quote them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from design import BadDesign, calculate


def found(name: str, **given: object) -> dict[str, float]:
    return dict(calculate(name, given).outputs)


def test_a_mean() -> None:
    # Stata, ciwidth onemean, probwidth(.5) width(.2): 386; presize accepts 1 more or less
    assert found("mean_precision", sd=1, ci_width=0.2, assurance=0.5)["n"] == 386
    assert found("mean_precision", sd=1, ci_width=0.2)["n"] == pytest.approx(386, abs=1)
    # Stata, cii means 100 10 2
    limits = found("mean_precision", sd=2, mean=10, n=100)
    assert (limits["lower"], limits["upper"]) == pytest.approx((9.603157, 10.39684), abs=1e-5)


def test_a_difference_of_means() -> None:
    # Stata, ciwidth twomeans: width .5 with sd 3; known sds 3 and 2; n 80 per group with sd 2
    wide = found("mean_difference_precision", sd=3, ci_width=0.5, assurance=0.5)
    assert wide["n_per_arm"] == 1108
    known = found("mean_difference_precision", sd1=3, sd2=2, ci_width=0.5, variance="known")
    assert known["n_per_arm"] == 800
    median = found("mean_difference_precision", sd=2, n1=80, assurance=0.5)
    assert median["ci_width"] == pytest.approx(1.2465, abs=5e-5)


def test_assurance_is_the_share_of_trials_whose_interval_is_narrow_enough() -> None:
    n = int(found("mean_precision", sd=1, ci_width=0.8, assurance=0.9)["n"])
    rng = np.random.default_rng(3)
    spread = np.sqrt(rng.chisquare(n - 1, 200_000) / (n - 1))
    from scipy import special

    width = 2 * special.stdtrit(n - 1, 0.975) * spread / math.sqrt(n)
    assert 0.9 <= (width <= 0.8).mean() < 0.92


@pytest.mark.parametrize(
    ("interval", "lower", "upper"),
    [
        # Stata, cii proportions 100 50
        ("wilson", 0.4038315, 0.5961685),
        ("agresti_coull", 0.4038315, 0.5961685),
        ("exact", 0.3983211, 0.6016789),
        ("wald", 0.4020018, 0.5979982),
    ],
)
def test_a_proportion_both_ways(interval: str, lower: float, upper: float) -> None:
    limits = found("proportion_precision", p=0.5, n=100, interval=interval)
    assert (limits["lower"], limits["upper"]) == pytest.approx((lower, upper), abs=1e-7)
    back = found("proportion_precision", p=0.5, ci_width=upper - lower, interval=interval)
    assert back["n_raw"] == pytest.approx(100, abs=1e-3)


def test_prevalence() -> None:
    # epiR, help of epi.sssimpleestb: 545; with sensitivity .94 and specificity .88: 1168
    assert found("proportion_precision", p=0.15, abs_error=0.03)["n"] == 545
    assert found("proportion_precision", p=0.15, rel_error=0.2)["n"] == 545
    imperfect = {"sensitivity": 0.94, "specificity": 0.88}
    assert found("proportion_precision", p=0.15, rel_error=0.2, **imperfect)["n"] == 1168


def test_finite_population() -> None:
    # Scheaffer, Mendenhall, Ott, Elementary Survey Sampling: 2,000 students, bound 0.05 at
    # two standard errors, p 0.5: 334 (the bound of 2 SE is level 0.9545)
    n = found("proportion_precision", p=0.5, abs_error=0.05, population=2000, level=0.9544997)["n"]
    assert n == 334
    width = found("proportion_precision", p=0.5, n=334, population=2000, level=0.9544997)
    assert width["half_width"] == pytest.approx(0.05, abs=2e-4)
    with pytest.raises(BadDesign, match="not below the population"):
        found("proportion_precision", p=0.5, n=2000, population=2000)


@pytest.mark.parametrize(
    ("interval", "lower", "upper", "tolerance"),
    [
        # Stata, rdcii 45 15 105 135; it adds z^2/4 where Agresti and Caffo add 1
        ("newcombe", 0.11065088, 0.28658921, 1e-7),
        ("agresti_caffo", 0.10964857, 0.28529424, 2e-4),
    ],
)
def test_a_difference_of_proportions(
    interval: str, lower: float, upper: float, tolerance: float
) -> None:
    given = {"p1": 0.3, "p2": 0.1, "interval": interval}
    limits = found("proportion_difference_precision", n1=150, **given)
    assert (limits["lower"], limits["upper"]) == pytest.approx((lower, upper), abs=tolerance)
    back = found("proportion_difference_precision", ci_width=upper - lower, **given)
    assert back["n1_raw"] == pytest.approx(150, abs=1)


def test_newcombes_own_example() -> None:
    # Newcombe 1998, table II (a): 56/70 and 48/80, method 10: 0.0524 to 0.3339
    limits = found("proportion_difference_precision", p1=56 / 70, p2=48 / 80, n1=70, n2=80)
    assert (limits["lower"], limits["upper"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_ratios() -> None:
    # Stata, csi 7 1 27 33, or woolf; Fagerland et al. 2015 for Katz
    table = {"p1": 7 / 34, "p2": 1 / 34}
    odds = found("ratio_precision", n1=34, measure="odds_ratio", **table)
    assert (odds["lower"], odds["upper"]) == pytest.approx((0.9904903, 73.9003), abs=1e-5)
    risk = found("ratio_precision", n1=34, **table)
    assert (risk["lower"], risk["upper"]) == pytest.approx((0.9096055, 53.86951), abs=1e-5)
    for measure, known in (("odds_ratio", odds), ("risk_ratio", risk)):
        for asked in ("ci_width", "fold"):
            back = found("ratio_precision", measure=measure, **{asked: known[asked]}, **table)
            assert back["n1_raw"] == pytest.approx(34)


def test_rates() -> None:
    # Stata, cii means 50 10, poisson
    limits = found("rate_precision", events=10, person_time=50)
    assert (limits["lower"], limits["upper"]) == pytest.approx((0.0959078, 0.3678071), abs=1e-7)
    back = found("rate_precision", rate=0.2, ci_width=limits["ci_width"], followup=2)
    assert (back["events"], back["person_time"], back["n"]) == (10, 50, 25)
    # presize, test of prec_rateratio
    ratio = found("rate_ratio_precision", rate1=1, rate2=1, person_time1=20)
    assert ratio["fold"] == pytest.approx(3.454197, abs=1e-6)
    assert found("rate_ratio_precision", rate1=1, rate2=1, fold=3.454197)[
        "person_time1"
    ] == pytest.approx(20, abs=1e-4)  # fmt: skip
    none = found("rate_precision", events=0, person_time=100)
    assert none["lower"] == 0 and none["upper"] == pytest.approx(-math.log(0.025) / 100)


@pytest.mark.parametrize("interval", ["exact", "score", "vs", "wald"])
def test_every_interval_of_a_rate_gives_its_size_back(interval: str) -> None:
    width = found("rate_precision", rate=0.5, events=40, interval=interval)["ci_width"]
    back = found("rate_precision", rate=0.5, ci_width=width, interval=interval)
    assert back["events_raw"] == pytest.approx(40)


def test_a_correlation() -> None:
    # statpsych, help of size.ci.cor: r .362, width .25: 188
    assert found("correlation_precision", r=0.362, ci_width=0.25)["n"] == 188
    spearman = found("correlation_precision", r=0.362, ci_width=0.25, coefficient="spearman")
    assert spearman["n_raw"] - 3 == pytest.approx((187.0792 - 3) * (1 + 0.362**2 / 2), abs=0.1)


def test_a_median() -> None:
    # exact limits: total time T of d events, 2 T / mean is chi-square with 2 d
    limits = found("median_survival_precision", median=12, events=30)
    assert limits["lower"] == pytest.approx(60 * 12 / 83.2977, abs=1e-3)  # chi-square 0.975, 60 df
    assert limits["upper"] == pytest.approx(60 * 12 / 40.4817, abs=1e-3)
    sized = found("median_survival_precision", median=12, fold=limits["fold"], event_share=0.6)
    assert (sized["events"], sized["n"]) == (30, 50)


def test_rare_events() -> None:
    # Hanley & Lippman-Hand 1983: rule of three
    assert found("rare_event", n=300)["upper"] == pytest.approx(3 / 300, rel=0.01)
    assert found("rare_event", p=0.01)["n"] == 299
    assert found("rare_event", p=0.01, n=299)["probability"] >= 0.95


def test_warnings_and_refusals() -> None:
    low = calculate("proportion_precision", {"p": 0.01, "abs_error": 0.02})
    assert len(low.warnings) == 2
    with pytest.raises(BadDesign, match="as wide as 0 to 1"):
        found("proportion_precision", p=0.3, ci_width=1)
    with pytest.raises(BadDesign, match="one of abs_error"):
        found("proportion_precision", p=0.3, ci_width=0.1, abs_error=0.05)
    with pytest.raises(BadDesign, match="either the width"):
        found("mean_precision", sd=1)
    with pytest.raises(BadDesign, match="says nothing"):
        found("proportion_precision", p=0.3, n=50, sensitivity=0.5, specificity=0.5)
