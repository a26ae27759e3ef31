"""No input of a row is left out silently, and no word of another analysis is read over."""

from __future__ import annotations

from typing import Any

import pytest

from design.verification import GoldRow, verify
from design.verification.heeded import unheeded
from design.verification.strange import strange

BE = {"CV": 0.3, "theta0": 0.95}
MEANS = {"mu1": 5, "mu2": 10, "sd": 10, "power": 0.8}
SIMON = {"p0": 0.1, "p1": 0.3, "beta": 0.2}
LRSTAT = {"beta": 0.2, "k": 2, "t": [0.8, 1], "sf": "LDOF", "alpha": 0.025, "strata": [0.2, 0.8]}


def _status(method: str, inputs: dict[str, Any], output: str) -> tuple[str, str]:
    (checked,) = verify([GoldRow("A", method, inputs, output, "1", 0)]).rows
    return checked.status, checked.note


@pytest.mark.parametrize(
    ("method", "inputs", "output", "dropped"),
    [
        ("two_means_z_equality", MEANS | {"sigma": 12}, "n", "sd"),
        ("two_means_z_equality", MEANS | {"beta": 0.1}, "n", "power"),
        ("anova_oneway_n", {"k": 3, "f": 0.25, "beta": 0.2, "power": 0.9}, "n", "beta"),
        ("gsd_pocock", {"K": 3, "kMax": 4, "alpha": 0.05, "sides": 2}, "z_bound", "kMax"),
        ("gsd_lan_demets_obf", {"K": 3, "covariates": 2}, "z_bounds", "covariates"),
        ("gsd_two_props", {"p1": 0.2, "p2": 0.1, "K": 3, "icc": 0.1}, "max_n", "icc"),
        ("be_tost_2x2", BE | {"cv": 0.2}, "n", "CV"),
        ("simon_two_stage_optimal", SIMON | {"power": 0.9}, "n", "beta"),
        ("schoenfeld_events", {"hr": 0.7, "HR": 0.8, "power": 0.9}, "events", "hr"),
        ("boin_lambda", {"target": 0.3, "phi": 0.25}, "lambda_e", "target"),
    ],
)
def test_two_names_of_one_input_or_an_unknown_one(
    method: str, inputs: dict[str, Any], output: str, dropped: str
) -> None:
    status, note = _status(method, inputs, output)
    assert status == "unsupported"
    assert f"would leave {dropped} out" in note


@pytest.mark.parametrize(
    ("method", "inputs", "output"),
    [
        ("simon_two_stage_optimal", SIMON | {"sides": 2}, "n"),
        ("lr_accrual_duration_solver", LRSTAT | {"k": 3, "t": [0.5, 0.8, 1]}, "accrual_months"),
        ("lr_accrual_duration_solver", LRSTAT | {"sf": "LDPocock"}, "accrual_months"),
        ("gsd_obf_cum_alpha", {"K": 4, "bounds": [3.5, 2.5, 2.0], "sides": 1}, "cum_alpha"),
        ("gsd_pocock", {"K": 3, "alpha": 0.05, "sides": 2, "typeOfDesign": "OF"}, "z_bound"),
        ("gsd_lan_demets_obf", {"K": 3, "alpha": 0.025, "sf": "Pocock"}, "z_bounds"),
        ("gsd_lan_demets_obf", {"K": 3, "alpha": 0.025, "drift": 2}, "z_bounds"),
        ("gsd_spending", {"K": 3, "alpha": 0.025}, "z_bounds"),
        ("gsd_design", {"k": 3, "test.type": 6, "sfu": "OF"}, "z_bounds"),
        ("gsd_events_two_look", {"hr": 0.7, "k": 2, "power": 0.9, "design": "rpact"}, "events"),
        ("cohort_count_RR", {"p1": 0.3, "p0": 0.15, "RR": 3, "power": 0.8}, "n_total"),
        ("vaccine_eldi", {"theta": 0.5, "pt": 0.001, "pc": 0.002, "beta": 0.2}, "n"),
        ("lachin_foulkes_n", {"median_control": 8, "hr": 0.7, "R": 12, "minfup": 16, "T": 40}, "n"),
        ("be_scabel_2x2x4", {"CVwR": 0.45, "n": 28, "theta1": 0.9}, "power"),
        ("two_props_score_test", {"x1": 18, "n1": 30, "x2": 10, "n2": 30, "adj": 1}, "z"),
    ],
)
def test_what_our_calculator_does_not_stand_for(
    method: str, inputs: dict[str, Any], output: str
) -> None:
    assert _status(method, inputs, output)[0] == "unsupported"


def test_an_input_is_heeded_when_another_value_changes_the_translation() -> None:
    given = {"a": 1, "b": "text", "c": [0.5, 1], "d": None, "e": True, "f": "20%"}
    kept = {"a", "b", "c", "e", "f"}

    def first(row: Any) -> dict[str, Any]:
        return {"a": row["a"]}

    assert unheeded(given, dict, ()) == []
    assert set(unheeded(given, first, ("f",))) == kept - {"a", "f"}


def test_a_check_that_raises_heeds() -> None:
    def exact(row: Any) -> dict[str, Any]:
        if row["looks"] != 3:
            raise ValueError
        return {}

    assert unheeded({"looks": 3}, exact, ()) == []


@pytest.mark.parametrize(
    "name",
    [
        "two_props_fisher_midp_n",
        "two_props_z_unpooled_bayesian",
        "two_means_z_cluster",
        "schoenfeld_competing_risks",
        "two_props_z_crossover",
        "gsd_bayes_bounds",
        "simon_three_stage_optimal",
        "two_props_odds_ratio_noninferiority_paired",
        "two_means_z_lognormal",
        "poisson_two_rates_exact",
    ],
)
def test_a_word_of_another_analysis(name: str) -> None:
    inputs = {"p1": 0.65, "p2": 0.85, "power": 0.8}
    status, note = _status(name, inputs, "n")
    assert status == "unsupported" and "no calculator of ours is for" in note


def test_a_word_that_the_rule_or_the_method_knows() -> None:
    assert strange("mcnemar_paired_props", "mcnemar", "mcnemar.*") == []
    assert strange("paired_t_n", "paired_means") == []
    assert strange("be_tost_parallel", "be_tost") == []
    assert strange("wilcoxon_mw", "rank_sum", "(wilcoxon|mann_whitney).*") == []
    assert strange("two_props_mid-p", "two_proportions") == ["mid-p"]


def test_a_choice_that_the_rule_sets_otherwise() -> None:
    unpooled = {"test": "unpooled"}
    any_name = "two_props?(_z)?(_.*)?"
    assert strange("two_props_score", "two_proportions", any_name, unpooled) == ["score"]
    assert strange("two_props_z_unpooled", "two_proportions", any_name, unpooled) == []
    named = "two_props?.*(MN|mn|miettinen)_.*test.*"
    chosen = {"test": "miettinen_nurminen"}
    assert strange("two_props_MN_score_test", "two_proportions_test", named, chosen) == []


def test_groups_are_not_comparisons() -> None:
    four = {"p1": 0.2, "p2": 0.4, "k": 4, "power": 0.8}
    pairs = {"p1": 0.2, "p2": 0.4, "tau": 6, "power": 0.8}
    rows = [GoldRow("A", "k_props_pairwise", each, "n", "1", 0) for each in (four, pairs)]
    first, second = verify(rows).rows
    assert first.got == second.got is not None
