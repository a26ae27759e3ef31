"""Spellings of inputs, values, outputs and methods that no rule names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from design.verification import GoldRow, read_gold, verify
from design.verification.spellings import read_value, sides_said

# Powers and sizes as in the validation file, each said once in the terms of another program.
ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    ("two_means_z", {"mu_T": 5, "mu_C": 10, "sd": 10, "beta": "20%"}, "n_per_group", "63"),
    ("two_means_z", {"muT": 5, "muC": 10, "sd1": 10, "sd2": 10, "power": "0.8"}, "n1", "63"),
    ("TWO-MEANS-Z", {"mean_T": 5, "mean_C": 10, "SD": 10, "pow": 0.8}, "n_per_arm", "63"),
    ("two_sample_t_n", {"effect_size": 0.5, "power": 0.8}, "n", "64"),
    ("two_props_z_unpooled", {"p1": "65%", "p2": 0.85, "sig.level": 0.05, "beta": 0.2}, "n", "70"),
    ("two_props_z_unpooled_1sided", {"p1": 0.65, "p2": 0.85, "power": 0.8}, "n", "55"),
    (
        "two_props_z_unpooled",
        {"p1": 0.65, "p2": 0.85, "sided": "one-sided", "power": 0.8, "ratio": "1:1"},
        "N",
        "110",
    ),
    ("simon_two_stage_optimal", {"P0": 0.1, "p1": "0.3", "beta": 0.2}, "n", "29"),
    ("gsd_pocock", {"kMax": "3", "sig_level": 0.05, "tails": "two.sided"}, "z_bound", "2.2895"),
    ("gsd_exit_probabilities", {"timing": "[0.2, 0.75]", "upper": "2; 2"}, "cum_exit",
     "0.02275;0.04123"),
    ("gsd_lan_demets_obrien_fleming", {"K": 4, "alpha": 0.05, "sides": 2}, "z_bounds",
     "4.3326;2.9631;2.3590;2.0141"),
    ("nmpa_noninferiority_mean_dropout", {"delta": 0, "margin": 0.5, "sd": 1, "alpha": 0.025,
     "sides": 1, "power": 0.8, "dropout": 0.2}, "n_per_arm_with_dropout", "79"),
    ("two_props_miettinen_nurminen_test", {"x1": 10, "n1": 30, "x2": 20, "n2": 30, "adj": 1,
     "alternative": "less"}, "p", "0.005228"),
    ("schoenfeld_events", {"hr": 0.7, "alpha": 0.025, "power": 0.9}, "events_raw", "330.3779"),
    # R's arguments and functions
    ("power.t.test", {"power": 0.9, "delta": 1, "alternative": "one.sided"}, "n", "17.84713"),
    ("pwr.t.test", {"d": 0.2, "n": 60, "sig.level": 0.1, "type": "one.sample"}, "power",
     "0.4555818"),
    ("pwr.2p2n.test", {"h": 0.3, "n1": 80, "n2": 245, "alternative": "greater"}, "power",
     "0.7532924"),
    ("ph2simon_optimal", {"pu": 0.2, "pa": 0.4, "ep1": 0.1, "ep2": 0.1}, "n1;n", "17;37"),
    ("sampleN.TOST", {"CV": "30%", "design": "2x2x4"}, "n;power", "20;0.8202398"),
    ("be_tost_2x2", {"CV": 0.2, "targetpower": 0.9, "limits": "80-125%"}, "n", "26"),
    ("schoenfeld_power", {"hazardRatio": 0.7, "events": 100, "allocationRatioPlanned": 1,
     "alpha": 0.025}, "power", "0.4299155"),
    ("gsd_design", {"kMax": 3, "typeOfDesign": "asOF", "informationRates": [1 / 3, 2 / 3, 1],
     "alpha": 0.025, "sided": 1, "beta": 0.2}, "criticalValues", "3.7103;2.5114;1.9930"),
    ("gsd_design", {"k": 3, "test.type": 4, "alpha": 0.025, "beta": 0.1, "sfu": "sfHSD",
     "sfupar": -4, "sfl": "sfHSD", "sflpar": -2}, "lower", "-0.2387;0.9411;1.9992"),
    ("gsd_survival_logrank", {"lambda2": 0.03466, "hazardRatio": 0.5, "accrual_rate": 15,
     "accrualTime": 18, "kMax": 4, "typeOfDesign": "asOF", "alpha": 0.025, "beta": 0.1}, "n",
     "270"),
    ("gsd_exit_probabilities", {"informationRates": [0.2, 0.75], "upper": [2, 2]}, "cum_exit",
     "0.02275;0.04123"),
    # R's GroupSeq, against the software of Lan and DeMets; rpact
    ("gsd_exit_probabilities", {"crit": [2, 2], "mu": 3, "tau": [0.3, 0.8]}, "cum_exit",
     "0.36061;0.77441"),
    ("gsd_lan_demets", {"K": 3, "alpha": 0.05, "sides": 1, "sf": "OBF"}, "alpha_spent",
     "0.0006868949;0.0163746665;0.05"),
    ("gsd_wang_tsiatis", {"informationRates": [0.2, 0.5, 1], "deltaWT": 0.3,
     "typeOfDesign": "WT"}, "alphaSpent", "0.0020595603;0.0098772988;0.025"),
    ("two_props_farrington_manning", {"p1": 0.2, "p2": 0.1, "n2_over_n1": 0.5, "scale": "OR",
     "alpha": 0.025, "power": 0.85}, "n_total", "489"),
    ("two_props_FM_RR", {"p1": 0.2, "p2": 0.1, "n2_over_n1": 0.5, "scale": "RR",
     "alpha": 0.025, "power": 0.85}, "n_total", "525"),
    # epiR's: a level of confidence for alpha, sided.test
    ("cohort_count_RR", {"irexp1": 0.02891, "irexp0": 0.02065, "conf.level": 0.95,
     "sided.test": 1, "power": 0.9}, "n_total", "12130"),
    ("logrank_events_from_survival", {"treat": 0.45, "control": 0.3, "conf.level": 0.95,
     "sided.test": 2, "power": 0.9}, "n", "250"),
    ("cluster_two_stage_prevalence", {"Py": 0.46, "epsilon": 0.1, "error": "relative",
     "rho": 0.2, "b": 75, "conf.level": 0.9}, "clusters", "67"),
    ("prevalence_precision_n", {"N": None, "Py": 0.15, "epsilon": 0.2, "error": "relative",
     "se": 0.94, "sp": 0.88, "nfractional": False, "conf.level": 0.95}, "n", "1168"),
    ("diagnostic_precision_n", {"type": "se", "test": 0.8, "Py": 0.1, "epsilon.a": 0.07,
     "conf.level": 0.95}, "n", "1255"),
    ("case_control_unmatched", {"OR": 2, "p1": None, "p0": 0.3, "power": 0.9, "r": 1,
     "phi.coef": 0, "design": 1, "method": "unmatched", "fleiss": False}, "n.total", "376"),
    # presize's
    ("proportion_CI", {"p": 0.4, "n": 100, "method": "Clopper-Pearson"}, "lwr,upr",
     "0.3032948;0.5027908"),
    ("proportion_CI", {"p": 0.4, "n": 100, "method": "exact"}, "lwr,upr", "0.3032948;0.5027908"),
    ("risk_diff_CI_newcombe", {"p1": 0.3, "p2": 0.1, "n1": 150, "r": 1}, "lwr,upr",
     "0.11065088;0.28658921"),
    ("ssizeCT", {"power": 0.8, "k": 1, "pE": 0.3707, "pC": 0.489, "RR": 0.7}, "nE;nC", "294;294"),
    ("two_means_z", {"meanA": 5, "meanB": 10, "variance": 100, "power": 0.8}, "n", "63"),
    ("two_means_z_1sided", {"mu1": 132.86, "mu2": 127.44, "sigma1": 15.34, "sigma2": 18.23,
     "n2_over_n1": 2, "power": 0.8}, "n1", "85"),
    ("schoenfeld_events", {"log_hr": -0.35667494394, "alpha": 0.025, "power": 0.9}, "events_raw",
     "330.3779"),
    ("schoenfeld_events", {"median_t": 10, "median_c": 7, "alpha": 0.025, "power": 0.9},
     "events_raw", "330.3779"),
    ("simon_two_stage_optimal", {"null": 0.1, "alt": 0.3, "type1": 0.05, "type2": 0.2},
     "r1/n1, r/n", "1/10; 5/29"),
    ("two_props_z_unpooled", {"p1": 0.65, "p2": 0.85, "power": 0.8, "脱落率": "20%"},
     "n_per_arm_with_dropout", "88"),
    # 0.025 is by convention one-sided, also where guidances mostly give two sides
    ("nmpa_noninferiority_prop", {"pT": 0.7, "pC": 0.7, "margin": 0.15, "alpha": 0.025,
     "power": 0.8, "dropout": 0.2}, "n_per_arm;n_per_arm_with_dropout", "147;184"),
    ("nmpa_noninferiority_mean", {"sd": 10, "margin": 5, "power": 0.8}, "n_per_arm", "63"),
    ("one_prop_z_2sided", {"p": 0.5, "p0": 0.3, "sides": "双侧", "beta": "20%"}, "n", "50"),
    ("two_props_z_unpooled", {"p1": 0.65, "p2": 0.85, "two_sided": True, "power": 0.8}, "n", "70"),
    ("incidence_rates_two_cohorts", {"rate1": 0.25, "rate0": 0.1, "followup": "lifetime",
     "power": 0.8}, "n_per_arm", "23"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "inputs", "output", "expected"), ROWS)
def test_a_row_in_the_terms_of_others(
    method: str, inputs: dict[str, Any], output: str, expected: str
) -> None:
    (checked,) = verify([GoldRow("A", method, inputs, output, expected, 8e-5)]).rows
    assert checked.status == "agree", checked


@pytest.mark.parametrize(
    ("method", "inputs", "output", "expected"),
    [
        ("icc_precision", {"icc": 0.85, "raters": 4, "width": 0.2}, "n", "20"),
        ("icc_precision", {"icc": 0.5, "raters": 3, "n": 50}, "width", "0.3233102"),
        ("cluster_survey", {"p": 0.46, "error": 0.1, "relative": True, "icc": 0.2, "m": 75,
                            "level": 0.9}, "clusters", "67"),
        ("cluster_survey", {"p": 0.2, "error": 0.05, "icc": 0.02, "m": 20}, "clusters", "17"),
        ("cluster_rates", {"r1": 0.1, "r2": 0.2, "k": 0.1, "person_time": 10, "power": 0.8},
         "clusters_per_arm", "25"),
        ("rare_event", {"p": 0.01, "confidence": 0.95}, "n", "299"),
        ("rate_precision", {"rate": 0.2, "rel_error": 0.3, "follow_up": 2, "interval": "wald"},
         "n", "107"),
        ("matched_case_control", {"odds_ratio": 2, "p0": 0.1, "phi": 0.01, "cases": 300},
         "power", "0.83"),
        ("two_proportions", {"p1": 0.8, "p2": 0.2, "power": 0.8, "test": "fisher"},
         "power_attained", "0.8115276"),
        ("sample_size_reestimation", {"z1": 1.5, "n1": 2000, "n2": 4000, "n_max": 8000,
                                      "target": 0.9}, "cp_min_safe", "0.36"),
    ],
)  # fmt: skip
def test_a_name_of_ours_from_before(
    method: str, inputs: dict[str, Any], output: str, expected: str
) -> None:
    (checked,) = verify([GoldRow("A", method, inputs, output, expected, 6e-3)]).rows
    assert checked.status == "agree", checked


def test_values_as_text() -> None:
    texts = ("1e-3", " 7 ", "3/4", "2:1", "12.5%", "1, 2", "[1, [2]]", "0/0", "a, b", "-", "1:0")
    assert [read_value(text) for text in texts] == [
        0.001, 7, 0.75, 2.0, 0.125, [1.0, 2.0], [1, [2]], "0/0", "a, b", "-", "1:0"
    ]  # fmt: skip


def test_sides_in_a_name() -> None:
    names = (
        "one_mean_z_1sided",
        "x_two_sided",
        "one_sample_t",
        "two_means_sided",
        "mcnemar_2-tailed",
    )
    assert [sides_said(name) for name in names] == [1, 2, None, None, 2]


def test_our_own_numbers_in_other_words() -> None:
    """Every row of the validation file with numbers as text, beta for power, other capitals."""
    gold = read_gold(Path(__file__).parents[3] / "eval/gold/calculators.csv")[::4]
    for row in gold:
        inputs = {k: str(v) if isinstance(v, (int, float)) else v for k, v in row.inputs.items()}
        flags = {k: v for k, v in row.inputs.items() if isinstance(v, bool)}
        said = inputs | flags | {"source": "x"}
        if "power" in said:
            said["beta"] = 1 - float(said.pop("power"))
        told = replace(row, method=row.method.upper().replace("_", "-"), inputs=said)
        (checked,) = verify([told]).rows
        assert checked.status in {"agree", "refused"}, checked


def test_a_name_that_no_rule_has_is_read_by_its_words_and_said_so() -> None:
    inputs = {"p1": 0.65, "p2": 0.85, "power": 0.8}
    row = GoldRow("A", "independent_two_binomial_unpooled", inputs, "n", "70", 0)
    (checked,) = verify([row]).rows
    assert checked.status == "agree" and "no rule names" in checked.note
    for name in ("independent_two_binomial_TRAP", "astrology", "binomial_unpooled"):
        (checked,) = verify([replace(row, method=name)]).rows
        assert checked.status == "unsupported", checked


def test_a_rule_of_another_family_does_not_keep_a_row() -> None:
    """lr_ is a likelihood ratio in one family and a log-rank test in another."""
    inputs = {"beta": 0.2, "alpha": 0.025, "strata": [0.2, 0.8], "see": "lrstat test"}
    row = GoldRow("A", "lr_accrual_duration_solver", inputs, "accrual_months", "23.58", 0.01)
    (checked,) = verify([row]).rows
    assert (checked.status, checked.family) == ("agree", "survival")
