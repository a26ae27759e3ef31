"""Gold names and inputs that the rules for means, correlation and precision understand."""

from __future__ import annotations

import json

import pytest

from design import BadDesign, calculate
from design.verification import GoldRow, verify

ROWS = [
    # powersamplesize, epiR, TrialSize: z
    ("two_means_z_equality", {"muA": 5, "muB": 10, "sd": 10, "kappa": 1, "beta": 0.2}, "n", 63),
    ("two_means_z_equivalence", {"mu1": 5, "mu2": 4, "margin": 5, "sd": 10, "alpha": 0.05,
                                 "power": 0.8, "beta_split": "beta/2"}, "n_per_arm", 108),
    ("two_means_z_equivalence", {"mu_T": 94, "mu_C": 96, "delta": 5, "sd": 8, "power": 0.8},
     "n_total", 244),
    ("two_means_z_superiority", {"mu_T": 25, "mu_C": 20, "margin": 2, "sd": 10, "power": 0.8},
     "n_per_arm", 138),
    ("two_means_z_NIS", {"diff": 0, "margin": -5, "sigma": 10, "power": 0.8}, "n", 50),
    ("two_means_z_unequal_sd_n", {"delta": 0.8, "sd1": 1.6, "sd2": 1.25, "n2_over_n1": 2,
                                  "alpha": 0.025, "sides": 1, "power": 0.9}, "n1", 55),
    ("two_means_noninferiority", {"mu_T": 5, "mu_C": 5, "margin": 5, "sd": 10, "power": 0.8},
     "n_per_arm", 50),
    ("one_mean_z_noninferiority", {"mu": 2, "mu0": 1.5, "margin": -0.5, "sd": 1, "alpha": 0.05,
                                   "power": 0.8}, "n", 7),
    ("one_mean_z_equivalence", {"mu": 2, "mu0": 2, "margin": 0.05, "sd": 0.1, "beta": 0.2},
     "n", 35),
    # pwr, powerSurvEpi: t
    ("two_sample_t_n", {"d": 0.5, "power": 0.8}, "n_per_group", 64),
    ("welch_t_n", {"ratioN2toN1": "30/64", "meanDiff": 1, "sd1": 2, "sd2": 1,
                   "power": 0.8918191}, "n1;n2", "64;30"),
    ("paired_t_n", {"d": 0.32, "sides": 1, "power": 0.8}, "n", 62),
    # several groups
    ("k_means_pairwise_bonferroni", {"mu1": 5, "mu2": 10, "sd": 10, "tau": 1, "alpha": 0.05,
                                     "sides": 2, "power": 0.8}, "n_per_arm", 63),
    ("anova_pairwise_1sided", {"muA": 132.86, "muB": 127.44, "sdA": 15.34, "sdB": 18.23,
                               "n2_over_n1": 2, "tau": 1, "power": 0.8}, "n", 85),
    ("anova_repeated_measures", {"alpha": 0.05, "beta": 0.2, "sigma": 1.25, "delta": 1.5, "m": 3},
     "n", 15),
    ("anova_oneway_n", {"groups": 4, "between_var": 1, "within_var": 3, "power": 0.8}, "n", 12),
    # ranks, correlation, precision
    ("wilcoxon_signed_rank", {"beta": 0.2, "p2": 0.3, "p3": 0.4, "p4": 0.05}, "n", 383),
    ("nonparametric_independence", {"beta": 0.2, "p1": 0.6, "p2": 0.7}, "n", 135),
    ("regression_f2_n", {"u": 2, "f2": "3/7", "alpha": 0.001, "power": 0.8}, "v", 49.88971),
    ("regression_f2_power", {"u": 5, "v": 19, "f2": 0.09, "alpha": 0.1}, "power", 0.235454),
    ("mean_CI", {"mean": 10, "sd": 2, "n": 100, "level": 0.95}, "lower,upper",
     "9.603157;10.39684"),
    ("rate_CI_exact", {"rate": 0.2, "events": 10}, "lower,upper", "0.0959078;0.3678071"),
    ("prevalence_precision_n", {"Py": 0.15, "rel_error": 0.2, "se": 0.94, "sp": 0.88}, "n", 1168),
]  # fmt: skip


@pytest.mark.parametrize(("method", "given", "output", "expected"), ROWS)
def test_a_row_is_understood(
    method: str, given: dict[str, object], output: str, expected: object
) -> None:
    inputs = json.loads(json.dumps(given))
    checked = verify([GoldRow("X", method, inputs, output, str(expected), 5e-5)]).rows[0]
    assert checked.status == "agree", checked


def test_superiority_without_a_difference_is_checked_as_what_can_be_true() -> None:
    inputs = {"mu_T": 20, "mu_C": 20, "margin": 5, "sd": 10, "alpha": 0.05, "power": 0.8}
    checked = verify([GoldRow("X", "two_means_z_superiority", inputs, "n_total", "100", 0)]).rows[0]
    assert checked.status == "agree" and checked.call is not None
    assert "--aim noninferiority" in checked.call and "epiR" in checked.note
    # Asked directly, the calculator refuses it.
    with pytest.raises(BadDesign, match="margin"):
        calculate(
            "two_means",
            {"mean1": 20, "mean2": 20, "sd": 10, "margin": 5, "aim": "superiority", "power": 0.8},
        )
