"""Published sizes, powers, statistics and limits, recomputed."""

from __future__ import annotations

from typing import Any

import pytest

from design import calculate
from design.proportions import alternatives

# fmt: off
SIZES: list[tuple[str, str, dict[str, Any], dict[str, float]]] = [
    # Chow, Shao, Wang 2008 p. 89 (powerandsamplesize.com), one and two-sided
    ("Chow 4.2", "two_proportions", {"p1": 0.65, "p2": 0.85, "power": 0.8}, {"n_per_arm": 70}),
    (
        "Chow p. 90, epiR epi.ssninfb",
        "two_proportions",
        {"p1": 0.85, "p2": 0.65, "power": 0.8, "sides": 1, "aim": "noninferiority", "margin": 0.1},
        {"n_per_arm": 25, "n_total": 50},
    ),
    (
        "epiR epi.ssequb, Machin 2009 p. 113",
        "two_proportions",
        {
            "p1": 0.5, "p2": 0.5, "power": 0.8, "sides": 1, "alpha": 0.1, "aim": "equivalence",
            "margin": 0.2,
        },
        {"n_per_arm": 83},
    ),
    ("R power.prop.test", "two_proportions",
     {"p1": 0.5, "p2": 0.75, "power": 0.9, "test": "pooled"}, {"n_per_arm_raw": 76.7}),
    ("clinfun fe.ssize", "two_proportions",
     {"p1": 0.8, "p2": 0.2, "power": 0.8, "test": "continuity"}, {"n_per_arm": 13}),
    ("clinfun fe.ssize", "two_proportions",
     {"p1": 0.8, "p2": 0.2, "power": 0.8, "test": "fisher"},
     {"n_per_arm": 12, "power_achieved": 0.8115276}),
    ("clinfun fe.ssize", "two_proportions",
     {"p1": 0.2, "p2": 0.3, "power": 0.8, "test": "fisher"},
     {"n_per_arm": 311, "power_achieved": 0.8004486}),
    ("clinfun fe.power", "two_proportions",
     {"p1": 0.2, "p2": 0.3, "n1": 313, "test": "fisher"}, {"power": 0.8018729}),
    ("gsDesign binomialTwoSample: 1:2", "two_proportions",
     {"p1": 0.2, "p2": 0.1, "ratio": 0.5, "alpha": 0.025, "sides": 1, "power": 0.85,
      "test": "pooled"}, {"n_total_rounded_once": 496}),
    ("gsDesign binomialTwoSample: 2:1", "two_proportions",
     {"p1": 0.2, "p2": 0.1, "ratio": 2, "alpha": 0.025, "sides": 1, "power": 0.85,
      "test": "score"}, {"n_total_rounded_once": 525}),
    ("gsDesign binomialTwoSample: non-inferiority", "two_proportions",
     {"p1": 0.2, "p2": 0.1, "ratio": 2, "alpha": 0.025, "sides": 1, "power": 0.85,
      "test": "score", "aim": "noninferiority", "margin": 0.02}, {"n_total_rounded_once": 375}),
    ("gsDesign binomialTwoSample: super-superiority", "two_proportions",
     {"p1": 0.2, "p2": 0.1, "ratio": 2, "alpha": 0.025, "sides": 1, "power": 0.85,
      "test": "score", "aim": "superiority", "margin": 0.02}, {"n_total_rounded_once": 796}),
    ("gsDesign binomialTwoSample: RR", "risk_ratio",
     {"p1": 0.2, "p2": 0.1, "ratio": 2, "alpha": 0.025, "sides": 1, "power": 0.85},
     {"n_total_rounded_once": 525}),
    ("gsDesign binomialTwoSample: OR", "odds_ratio",
     {"p1": 0.2, "p2": 0.1, "ratio": 2, "alpha": 0.025, "sides": 1, "power": 0.85,
      "test": "score"}, {"n_total_rounded_once": 489}),
    ("Chow 4.6.2", "odds_ratio", {"p1": 0.4, "p2": 0.25, "power": 0.8}, {"n_per_arm": 156}),
    ("Chow 4.6.4", "odds_ratio",
     {"p1": 0.4, "p2": 0.25, "power": 0.8, "sides": 1, "aim": "superiority",
      "margin": 1.2214027581601699}, {"n_per_arm": 242}),
    ("powerandsamplesize.com 1-sample 1-sided", "one_proportion",
     {"p": 0.05, "p0": 0.02, "power": 0.8, "sides": 1}, {"n": 191}),
    ("Chow p. 85", "one_proportion",
     {"p": 0.5, "p0": 0.3, "power": 0.8, "test": "wald"}, {"n": 50}),
    ("pwr.p.test vignette", "one_proportion",
     {"p": 0.75, "p0": 0.5, "power": 0.8, "sides": 1, "test": "arcsine"}, {"n_raw": 22.55126}),
    ("CMDE guidance 2019-13, femtosecond laser (PASS 2008)", "one_proportion",
     {"p": 0.99, "p0": 0.95, "alpha": 0.025, "sides": 1, "power": 0.8, "test": "exact",
      "dropout": 0.1}, {"n": 142, "critical_count": 140, "n_with_dropout": 158}),
    ("CMDE guidance 2017-3, cochlear implant", "one_proportion",
     {"p": 0.85, "p0": 0.7, "power": 0.8}, {"n": 64}),
    ("CMDE guidance 2018-40, Harris score", "one_proportion",
     {"p": 0.95, "p0": 0.85, "power": 0.8, "dropout": 0.1, "rounding": "nearest"},
     {"n_with_dropout": 87}),
    ("CMDE guidance on sacral nerve stimulators, non-inferiority", "two_proportions",
     {"p1": 0.7, "p2": 0.7, "alpha": 0.025, "sides": 1, "power": 0.8, "margin": 0.15,
      "aim": "noninferiority", "dropout": 0.2}, {"n_per_arm": 147, "n_per_arm_with_dropout": 184}),
    ("CMDE guidance on sacral nerve stimulators, superiority", "two_proportions",
     {"p1": 0.7, "p2": 0.4, "alpha": 0.025, "sides": 1, "power": 0.8, "dropout": 0.2},
     {"n_per_arm": 40, "n_per_arm_with_dropout": 50}),
    ("NMPA 2021-72: 750 in print, 751 by its own two numbers", "ivd_agreement",
     {"ppa_target": 0.85, "ppa": 0.9, "npa_target": 0.9, "npa": 0.94, "dropout": 0.1,
      "rounding": "nearest"}, {"n_total": 751, "n_enrol": 834}),
    ("NMPA 2021-72", "ivd_precision",
     {"sensitivity": 0.85, "specificity": 0.9, "dropout": 0.1, "rounding": "nearest"},
     {"n_total": 334, "n_enrol": 371}),
    ("statsmodels power_binom_tost, from PASS", "one_proportion_equivalence",
     {"p": 0.6, "lower": 0.5, "upper": 0.7, "n": 500},
     {"power": 0.9965, "least_count": 269, "most_count": 332}),
    ("Connor 1987, powerandsamplesize.com", "mcnemar",
     {"p01": 0.45, "p10": 0.05, "power": 0.8}, {"n_pairs": 23}),
    ("TrialSize McNemar.Test, Chow 6.4.3", "mcnemar",
     {"p01": 0.2, "p10": 0.5, "power": 0.8}, {"n_pairs": 59}),
    ("powerandsamplesize.com k proportions", "pairwise_proportions",
     {"p1": 0.2, "p2": 0.4, "comparisons": 2, "power": 0.8}, {"n_per_arm": 96}),
    ("TrialSize Cochran.Armitage.Trend, Chow 11.5: 7.5 a group", "trend_proportions",
     {"proportions": [0.1, 0.3, 0.5, 0.7], "doses": [1, 2, 3, 4], "sides": 1, "power": 0.8,
      "continuity": True}, {"n_per_group_raw": 7.5}),
    ("Stata power trend .15 .1", "trend_proportions",
     {"proportions": [0.15, 0.1], "power": 0.8}, {"n_total": 1372}),
    ("Woolson 1986, Nam 1992", "cmh",
     {"p2": [0.75, 0.7, 0.65, 0.6], "odds_ratio": 3, "power": 0.9, "sides": 1,
      "strata": [0.1, 0.4, 0.35, 0.15]}, {"n": 171}),
    ("Nam 1992, corrected", "cmh",
     {"p2": [0.75, 0.7, 0.65, 0.6], "odds_ratio": 3, "power": 0.9, "sides": 1,
      "strata": [0.1, 0.4, 0.35, 0.15], "continuity": True}, {"n": 192}),
    ("Woodward 2014 ex. 8.17", "case_control",
     {"odds_ratio": 2, "p0": 0.3, "power": 0.9}, {"n_total": 376}),
    ("Dupont 1988 p. 1164, one control", "matched_case_control",
     {"odds_ratio": 3, "p0": 0.6, "power": 0.8}, {"n_total": 162}),
    ("Dupont 1988 p. 1164, three controls", "matched_case_control",
     {"odds_ratio": 3, "p0": 0.6, "power": 0.8, "controls": 3}, {"n_total": 204}),
    ("epiR epi.sscc example 3", "matched_case_control",
     {"odds_ratio": 2, "p0": 0.1, "phi": 0.01, "n_cases": 300}, {"power": 0.83}),
    ("epiR epi.sscohortc example 1, Woodward ex. 8.13", "cohort_risk_ratio",
     {"p1": 0.02891, "p0": 0.02065, "sides": 1, "power": 0.9}, {"n_total": 12130}),
    ("epiR epi.sscohortc example 3", "cohort_risk_ratio",
     {"p1": 0.3, "p0": 0.15, "power": 0.8, "design_effect": 2.45}, {"n_total": 592}),
    ("Musonda 2006, powerandsamplesize.com SCCS alt-2", "self_controlled_case_series",
     {"relative_incidence": 3, "risk_share": 42 / 365, "power": 0.8, "test": "log"}, {"n": 54}),
]
# fmt: on


@pytest.mark.parametrize(("source", "method", "given", "published"), SIZES)
def test_sizes_and_power(
    source: str, method: str, given: dict[str, Any], published: dict[str, float]
) -> None:
    found = calculate(method, given).outputs
    for name, value in published.items():
        digits = len(str(value).partition(".")[2])
        assert round(found[name], digits) == pytest.approx(value), f"{source}: {name}"


# fmt: off
LIMITS: list[tuple[str, str, dict[str, Any], tuple[float, float]]] = [
    # Stata cii 100 40 (presize test-diagnostic.R)
    ("Stata", "proportion_ci", {"x": 40, "n": 100}, (0.3094013, 0.4979974)),
    ("Stata", "proportion_ci",
     {"x": 40, "n": 100, "method": "clopper_pearson"}, (0.3032948, 0.5027908)),
    ("Stata", "proportion_ci",
     {"x": 40, "n": 100, "method": "agresti_coull"}, (0.3093314, 0.4980673)),
    ("Stata", "proportion_ci", {"x": 40, "n": 100, "method": "wald"}, (0.3039818, 0.4960182)),
    # Newcombe 1998 Stat Med 17:857, table I, 81/263, 15/148, 0/20
    ("Newcombe", "proportion_ci", {"x": 81, "n": 263}, (0.2553, 0.3662)),
    ("Newcombe", "proportion_ci",
     {"x": 81, "n": 263, "method": "wilson_continuity"}, (0.2535, 0.3682)),
    ("Newcombe", "proportion_ci", {"x": 15, "n": 148}, (0.0624, 0.1605)),
    ("Newcombe", "proportion_ci",
     {"x": 15, "n": 148, "method": "wilson_continuity"}, (0.0598, 0.1644)),
    ("Newcombe", "proportion_ci", {"x": 0, "n": 20}, (0.0, 0.1611)),
    ("Newcombe", "proportion_ci",
     {"x": 0, "n": 20, "method": "wilson_continuity"}, (0.0, 0.2005)),
    # Newcombe 1998 Stat Med 17:873, table II, 56/70 - 48/80
    ("Newcombe", "risk_difference_ci",
     {"x1": 56, "n1": 70, "x2": 48, "n2": 80}, (0.0524, 0.3339)),
    ("Newcombe", "risk_difference_ci",
     {"x1": 56, "n1": 70, "x2": 48, "n2": 80, "method": "newcombe_continuity"}, (0.0428, 0.3422)),
    ("Newcombe", "risk_difference_ci",
     {"x1": 56, "n1": 70, "x2": 48, "n2": 80, "method": "miettinen_nurminen"}, (0.0528, 0.3382)),
    ("Newcombe", "risk_difference_ci",
     {"x1": 56, "n1": 70, "x2": 48, "n2": 80, "method": "farrington_manning"}, (0.0533, 0.3377)),
    ("Newcombe", "risk_difference_ci",
     {"x1": 10, "n1": 10, "x2": 0, "n2": 10}, (0.6075, 1.0)),
    # by hand: 19 (1-d)/(1+d) = 1.96^2, the constrained rates being (1+d)/2 and (1-d)/2
    ("by hand", "risk_difference_ci",
     {"x1": 10, "n1": 10, "x2": 0, "n2": 10, "method": "miettinen_nurminen"}, (0.6636, 1.0)),
    # Stata rdcii 45 15 105 135 (presize test-differences.R)
    ("Stata", "risk_difference_ci",
     {"x1": 45, "n1": 150, "x2": 15, "n2": 150}, (0.11065088, 0.28658921)),
    ("Stata", "risk_difference_ci",
     {"p1": 0.3, "n1": 150, "p2": 0.1, "n2": 150, "method": "miettinen_nurminen"},
     (0.112004, 0.288544)),
    ("Stata", "risk_difference_ci",
     {"x1": 45, "n1": 150, "x2": 15, "n2": 150, "method": "agresti_caffo"}, (0.110, 0.285)),
    # Fagerland, Lydersen, Laake 2015, table 5
    ("Fagerland", "risk_ratio_ci",
     {"x1": 7, "n1": 34, "x2": 1, "n2": 34, "method": "katz"}, (0.91, 54)),
    ("Fagerland", "risk_ratio_ci", {"x1": 7, "n1": 34, "x2": 1, "n2": 34}, (1.2, 43)),
    ("Koopman 1984", "risk_ratio_ci", {"x1": 36, "n1": 40, "x2": 16, "n2": 80}, (2.94, 7.15)),
    ("Stata csi", "odds_ratio_ci",
     {"x1": 7, "n1": 34, "x2": 1, "n2": 34}, (0.9904903, 73.9003)),
    ("Fagerland", "odds_ratio_ci",
     {"x1": 7, "n1": 34, "x2": 1, "n2": 34, "method": "gart"}, (0.98, 38)),
    # gsDesign binomialTwoSample
    ("gsDesign", "risk_difference_ci",
     {"x1": 20, "n1": 30, "x2": 10, "n2": 30, "method": "farrington_manning"}, (0.081, 0.545)),
    ("gsDesign", "risk_ratio_ci", {"x1": 20, "n1": 30, "x2": 10, "n2": 30}, (1.17, 3.62)),
    ("gsDesign", "odds_ratio_ci",
     {"x1": 20, "n1": 30, "x2": 10, "n2": 30, "method": "score"}, (1.38, 11.6)),
    # Fagerland 2014 (airway reactivity), Tango; PropCIs scoreci.mp(25, 28, 618)
    ("Fagerland", "paired_difference_ci", {"a": 1, "b": 1, "c": 7, "d": 12}, (-0.517, -0.026)),
    ("PropCIs", "paired_difference_ci",
     {"a": 500, "b": 28, "c": 25, "d": 65, "level": 0.9}, (-0.0148, 0.0247)),
    ("Fagerland", "paired_difference_ci",
     {"a": 1, "b": 1, "c": 7, "d": 12, "method": "newcombe"}, (-0.507, -0.026)),
]
# fmt: on


@pytest.mark.parametrize(("source", "method", "given", "published"), LIMITS)
def test_intervals(
    source: str, method: str, given: dict[str, Any], published: tuple[float, float]
) -> None:
    found = calculate(method, given).outputs
    for name, value in zip(("lower", "upper"), published, strict=True):
        digits = len(str(value).partition(".")[2])
        assert round(found[name], digits) == pytest.approx(value), f"{source}: {name}"


def test_score_statistics_of_gsdesign() -> None:
    seen = {"x1": 18, "n1": 30, "x2": 10, "n2": 30, "alternative": "greater"}
    for null, z in ((0, 2.070197), (-0.02, 2.225796), (0.02, 1.915403)):
        found = calculate("two_proportions_test", seen | {"null": null}).outputs
        assert found["z"] == pytest.approx(z, abs=1e-6)
    seen = {"x1": 10, "n1": 30, "x2": 20, "n2": 30, "alternative": "less"}
    for measure in ("difference", "ratio", "odds_ratio"):
        found = calculate("two_proportions_test", seen | {"measure": measure}).outputs
        assert found["z"] == pytest.approx(-2.581989, abs=1e-6)
        assert found["p_value"] == pytest.approx(0.004911637, abs=1e-9)
    found = calculate("two_proportions_test", seen | {"test": "miettinen_nurminen"}).outputs
    assert found["p_value"] == pytest.approx(0.005227859, abs=1e-9)


def test_the_trap_of_equivalence_is_refused() -> None:
    given = {"p1": 0.65, "p2": 0.85, "margin": 0.05, "power": 0.8, "aim": "equivalence"}
    with pytest.raises(ValueError, match="not within the equivalence margins"):
        calculate("two_proportions", given)


def test_one_question_by_the_tests_in_use() -> None:
    """R power.prop.test gives 72.3 for the pooled test; the others as in the tables above."""
    found = alternatives(0.65, 0.85, 0.05, 2, 0.8)
    assert [result.inputs["test"] for result in found] == [
        "unpooled",
        "pooled",
        "continuity",
        "fisher",
    ]
    # fmt: on
    assert [result.outputs["n_per_arm"] for result in found][:2] == [70, 73]
    assert len(alternatives(0.50, 0.52)) == 3


def test_a_least_size_is_told_with_its_source_or_not_at_all() -> None:
    found = calculate("nmpa_minimum", {"device": "bioresorbable drug-eluting stent"})
    sizes = [found.outputs[name] for name in ("min_single_arm", "min_total", "min_FIM")]
    assert sizes == [1000, 1200, 30]
    assert "2019年第8号" in found.sentence.zh
    with pytest.raises(ValueError, match="no least size is on record"):
        calculate("nmpa_minimum", {"device": "drug-eluting stent"})
