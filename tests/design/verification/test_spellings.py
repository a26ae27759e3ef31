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
