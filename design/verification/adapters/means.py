"""Spellings of inputs in gold rows on means, correlation and precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SPELLINGS = {
    "mean1": ("mu1", "mu_1", "muA", "mu_A", "mu_T", "muT", "m1", "mean_T", "treat", "mean_treat"),
    "mean2": (
        "mu2",
        "mu_2",
        "muB",
        "mu_B",
        "mu_C",
        "muC",
        "m2",
        "mean_C",
        "control",
        "mean_control",
    ),
    "mean": ("mu", "xbar"),
    "mean0": ("mu0", "mu_0"),
    "difference": (
        "delta",
        "diff",
        "d",
        "mean_diff",
        "meanDiff",
        "es",
        "effect",
        "effect_size",
        "cohen_d",
        "theta",
        "epsilon",
    ),
    "sd": ("sigma", "SD", "s"),
    "sd1": ("sigma1", "sdA", "sd_1", "sd_T"),
    "sd2": ("sigma2", "sdB", "sd_2", "sd_C"),
    "sd_difference": ("sd_diff", "sd_d"),
    "correlation": ("rho", "corr"),
    "comparisons": ("tau", "n_comparisons"),
    "both_tails": ("strict", "wrong_tail"),
}
_REVERSED = ("n2_over_n1", "ratio_n2_n1", "ratioN2toN1", "n2_n1")
_STRAIGHT = ("n1_over_n2", "ratio_n1_n2", "kappa", "k", "r", "allocation")
_BETA_RULES = {"beta/2": "split", "half": "split", "split": "split", "exact": "exact"}


def two_groups(row: Mapping[str, Any]) -> dict[str, Any]:
    """Two groups: allocation either way round, sizes per arm, beta for power."""
    given = _common(row)
    for name in _REVERSED:
        if name in given:
            given["ratio"] = 1 / given.pop(name)
    for name in _STRAIGHT:
        if name in given:
            given["ratio"] = given.pop(name)
    _size_as(given, "n1", ("n", "n_per_arm", "n_per_group"))
    return given


def superiority(row: Mapping[str, Any]) -> dict[str, Any]:
    """Two groups, superiority by a margin.

    Where a source expects no difference, the same formula and number are those of non-inferiority
    by that margin, which is the hypothesis that can be true.
    """
    given = two_groups(row)
    expected = given.get("difference", given.get("mean1", 0) - given.get("mean2", 0))
    return given | {"aim": "noninferiority"} if expected == 0 and given.get("margin") else given


def same_mean(row: Mapping[str, Any]) -> dict[str, Any]:
    """Two groups that are assumed alike where a row names no means (guidances)."""
    given = two_groups(row)
    return given if {"difference", "mean1"} & given.keys() else given | {"difference": 0.0}


def one_group(row: Mapping[str, Any]) -> dict[str, Any]:
    """One group against a value."""
    given = _common(row)
    _size_as(given, "n", ("n_total", "N"))
    return given


def pairs(row: Mapping[str, Any]) -> dict[str, Any]:
    """Pairs: the standard deviation is that of the differences unless a correlation is given."""
    given = _common(row)
    if "correlation" not in given and "sd" in given:
        given["sd_difference"] = given.pop("sd")
    _size_as(given, "n_pairs", ("n", "n_total", "pairs"))
    return given


def crossover(row: Mapping[str, Any]) -> dict[str, Any]:
    """2x2 cross-over: the standard deviation is that of the difference within patients (Chow)."""
    given = _common(row)
    if "correlation" not in given and "sd" in given:
        given["sd_difference"] = given.pop("sd")
    if "n_per_sequence" in given:
        given["n_total"] = 2 * given.pop("n_per_sequence")
    _size_as(given, "n_total", ("n", "N"))
    return given


def pairwise(row: Mapping[str, Any]) -> dict[str, Any]:
    """Pairwise comparisons: m or tau comparisons, or k groups."""
    given = _common(row, keep=("k",))
    if "m" in given:
        given["comparisons"] = given.pop("m")
    if "k" in given:
        given["groups"] = given.pop("k")
    return two_groups(given)


def _common(row: Mapping[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    given = dict(row)
    has_means = any(name in given for name in (*_SPELLINGS["mean1"], *_SPELLINGS["mean"], "mean1"))
    if has_means and given.get("aim", "equality") != "equality" and "margin" not in given:
        for name in ("delta", "limit"):  # epiR's name of the margin
            if name in given:
                given["margin"] = given.pop(name)
    for ours, spellings in _SPELLINGS.items():
        for name in spellings:
            if name in given and name not in keep:
                given[ours] = given.pop(name)
    if "beta" in given:
        given["power"] = round(1 - given.pop("beta"), 12)
    if "beta_split" in given:
        rule = str(given.pop("beta_split"))
        given["equivalence_power"] = _BETA_RULES.get(rule, rule)
    if "margin" in given:
        given["margin"] = _signed_margin(given)
    spreads = ("sd", "sd1", "sd_difference", "sd_within", "cv", "sd_log")
    if "difference" in given and not any(name in given for name in spreads):
        given["sd"] = 1.0  # the difference is in standard deviations
    for name in ("attrition", "drop_out", "loss"):
        if name in given:
            given["dropout"] = given.pop(name)
    return given


def _signed_margin(given: dict[str, Any]) -> float:
    """A margin without its sign; a negative one for superiority means noninferiority."""
    margin = float(given["margin"])
    if margin < 0 and given.get("aim") == "superiority":
        given["aim"] = "noninferiority"
    return abs(margin)


def _size_as(given: dict[str, Any], ours: str, spellings: tuple[str, ...]) -> None:
    for name in spellings:
        if name in given and name != ours:
            given[ours] = given.pop(name)
