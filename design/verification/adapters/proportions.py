"""Gold rows of proportions: the spellings of their sources put into our inputs."""

from __future__ import annotations

import math
from typing import Any

Given = dict[str, Any]

_NAMES = {
    "p1": ("pT", "pA", "p_T", "p_A", "pt", "p_treat", "p_trt", "treat", "p_test", "pE", "p_E"),
    "p2": ("pC", "pB", "p_C", "p_B", "pc", "p_control", "control", "p_ctrl", "pR"),
    "margin": ("margin_log", "log_margin", "delta0", "delta", "NIM", "ni_margin"),
    "ratio": ("kappa", "k", "n1_over_n2", "r", "allocation"),
    "n1": ("n_per_arm", "n_per_group", "nT", "nA"),
    "n2": ("nC", "nB"),
    "sides": ("sided", "tails"),
    "dropout": ("attrition", "drop_out", "loss"),
    "power": ("target_power",),
}


def two_groups(given: Given) -> Given:
    """Rates, sizes and allocation under any of their names."""
    found = _common(_named(given, _NAMES))
    if "n2_over_n1" in found:
        found["ratio"] = 1 / found.pop("n2_over_n1")
    if "n_total" in found:
        ratio = found.get("ratio", 1)
        total = found.pop("n_total")
        found |= {"n1": round(total * ratio / (1 + ratio)), "n2": round(total / (1 + ratio))}
        found.pop("ratio", None)
    if "margin" in found:
        found["margin"] = abs(found["margin"])
    return found


def pairwise(given: Given) -> Given:
    """All pairs of k groups, where a row names no number of comparisons."""
    rest = dict(given)
    groups = rest.pop("groups", None) or rest.pop("k", None)
    found = two_groups(rest)
    return found if groups is None else found | {"comparisons": groups * (groups - 1) // 2}


def farrington(given: Given) -> Given:
    """A difference under the null hypothesis with its sign, which says the aim."""
    margin = next((given[name] for name in ("margin", "delta0", "delta") if name in given), 0)
    found = two_groups(given)
    if not margin:
        found.pop("margin", None)
        return found | {"test": "farrington_manning", "aim": "equality"}
    aim = found.get("aim") or ("noninferiority" if margin < 0 else "superiority")
    return found | {"test": "farrington_manning", "aim": aim}


def farrington_ratio(given: Given) -> Given:
    """As ``farrington``, on the log scale of a ratio."""
    found = two_groups(given)
    if found.get("margin"):
        return log_margin(given)
    found.pop("margin", None)
    return found


def log_margin(given: Given) -> Given:
    """A margin on the log scale: above 0 superiority, below 0 non-inferiority."""
    named = _named(given, _NAMES)
    margin = float(named["margin"])
    found = two_groups(given) | {"margin": math.exp(margin)}
    if found.get("aim") != "equivalence":
        found["aim"] = "superiority" if margin > 0 else "noninferiority"
    return found


def arcsine(given: Given) -> Given:
    """An effect h as two rates that have it."""
    found = two_groups(given)
    if "h" in found:
        found |= _rates_of(float(found.pop("h")), "p1", "p2")
    return found


def same_rate(given: Given) -> Given:
    """One rate that both groups are assumed to have."""
    found = two_groups({("p1" if name == "p" else name): value for name, value in given.items()})
    found.setdefault("p2", found["p1"])
    if "p0" in found:
        found["p2"] = found.pop("p0")
    return found


_ONE = {
    "p": ("p1", "pT", "pA", "p_alt", "p_expected", "pt"),
    "p0": ("p_null", "target", "OPC", "pC", "p_target"),
    "margin": ("delta",),
    "dropout": ("attrition", "drop_out", "loss"),
    "sides": ("sided", "tails"),
    "n": ("nobs", "N"),
    "lower": ("low", "lo"),
    "upper": ("upp", "up", "high"),
}


def one_group(given: Given) -> Given:
    """A rate against a fixed value."""
    return _common(_named(given, _ONE))


def one_margin(given: Given) -> Given:
    """A margin with its sign in the names of a row with one group."""
    found = one_group(given)
    margin = float(found["margin"])
    return found | {"aim": "superiority" if margin > 0 else "noninferiority"}


def one_arcsine(given: Given) -> Given:
    """An effect h as two rates that have it."""
    found = one_group(given)
    if "h" in found:
        found |= _rates_of(float(found.pop("h")), "p", "p0")
    return found


def limits(given: Given) -> Given:
    """Limits of equivalence, given as they are or around p0."""
    found = one_group(given)
    if "margin" in found:
        middle, margin = found.pop("p0"), found.pop("margin")
        found |= {"lower": middle - margin, "upper": middle + margin}
    return found


def one_interval(given: Given) -> Given:
    """Level and counts of an interval."""
    found = dict(given)
    if "alpha" in found:
        found["level"] = round(1 - found.pop("alpha"), 12)
    return found


def counts(given: Given) -> Given:
    """Counts, or rates with the sizes of equal groups."""
    found = one_interval(given)
    if "n" in found:
        n = found.pop("n")
        found |= {"n1": n, "n2": n}
    if "n_per_arm" in found:
        n = found.pop("n_per_arm")
        found |= {"n1": n, "n2": n}
    if "n1" in found and "n2" not in found:  # presize: n2 = r n1
        found["n2"] = found["n1"] * found.pop("r", 1)
    if "delta0" in found:
        found["null"] = found.pop("delta0")
    scale = str(found.pop("scale", "")).lower()
    measures = {"rr": "ratio", "or": "odds_ratio"}
    if scale in measures:
        found["measure"] = measures[scale]
        if "null" in found:
            found["null"] = math.exp(found["null"])
    return found


def ratio_counts(given: Given) -> Given:
    """As :func:`counts`; rates as the counts that they are of."""
    found = counts(given)
    for group in ("1", "2"):
        if f"p{group}" in found and f"x{group}" not in found:
            count = found.pop(f"p{group}") * found[f"n{group}"]
            if not math.isclose(count, round(count), abs_tol=1e-6):
                raise ValueError(f"p{group} is no share of n{group} patients")
            found[f"x{group}"] = round(count)
    return found


def pairs(given: Given) -> Given:
    """Discordant shares, given as they are or as their sum and ratio."""
    found = _common(_named(given, {"sides": ("sided",), "n_pairs": ("n",)}))
    ratio = next((found.pop(name) for name in ("psi", "psai", "or") if name in found), None)
    total = next((found.pop(name) for name in ("paid", "pd", "p_disc") if name in found), None)
    if ratio is not None and total is not None:
        found["p10"] = total / (1 + ratio)
        found["p01"] = total - found["p10"]
    return found


def many(given: Given) -> Given:
    """Rates, doses and sizes of several groups."""
    named = {
        "proportions": ("p", "pi", "props", "probs", "rates"),
        "doses": ("d", "di", "x", "scores"),
        "weights": ("w", "ni", "n_i"),
        "n": ("n_total", "N"),
    }
    return _common(_named(given, named))


def strata(given: Given) -> Given:
    """A common odds ratio over strata."""
    named = {
        "p2": ("p0", "pC", "p_control"),
        "odds_ratio": ("OR", "theta", "or"),
        "strata": ("t", "weights"),
        "treated": ("s",),
        "n": ("n_total", "N"),
    }
    return _common(_named(given, named))


def series(given: Given) -> Given:
    """A relative incidence and the share of the risk period."""
    named = {
        "relative_incidence": ("p", "rho", "ri", "irr"),
        "risk_share": ("r",),
        "sides": ("sided",),
    }
    return _common(_named(given, named))


def case_control(given: Given) -> Given:
    """Exposure of controls, odds ratio, and controls for each case."""
    named = {
        "odds_ratio": ("OR", "or", "psi"),
        "controls": ("r", "m", "M", "ratio", "controls_per_case"),
        "phi": ("phi_coef", "phi.coef", "rho"),
        "continuity": ("fleiss",),
        "cases": ("n_cases", "n1"),
        "design_effect": ("design", "deff"),
    }
    found = _common(_named(given, named))
    exposed = found.pop("p1", None)
    if exposed is not None:
        odds = found["p0"] / (1 - found["p0"]) * found["odds_ratio"]
        _same("p1", exposed, odds / (1 + odds))
    total = found.pop("n_total", found.pop("n", None))
    if total is not None:
        found["cases"] = round(total / (1 + found.get("controls", 1)))
    return found


def cohort(given: Given) -> Given:
    """Risks of exposed and unexposed."""
    named = {
        "p1": ("irexp1", "pT", "p_exposed"),
        "p0": ("irexp0", "pC", "p2", "p_unexposed"),
        "risk_ratio": ("RR", "rr", "irr"),
        "ratio": ("r", "kappa", "k"),
        "design_effect": ("design", "deff"),
    }
    found = _common(_named(given, named))
    if "p1" in found and found.get("risk_ratio") is not None:
        _same("risk_ratio", found.pop("risk_ratio"), found["p1"] / found["p0"])
    total = found.pop("n_total", found.pop("n", None))
    if total is not None:
        found["n1"] = round(total * found.get("ratio", 1) / (1 + found.get("ratio", 1)))
    return found


def agreement(given: Given) -> Given:
    """Acceptable and expected agreement as pairs."""
    found = dict(given)
    for name in ("ppa", "npa"):
        if isinstance(found.get(name), list):
            found[f"{name}_target"], found[name] = found[name]
    return found


def stent(given: Given) -> Given:
    """The device of the guidance that the row's text belongs to."""
    device = str(given.get("device", ""))
    named = "stent" in device.lower() or "支架" in device
    return {"device": "bioresorbable_drug_eluting_stent" if named else device}


def _named(given: Given, names: dict[str, tuple[str, ...]]) -> Given:
    """The row with its names replaced, unless our own name is there already."""
    found = dict(given)
    for ours, theirs in names.items():
        for name in theirs:
            if name in found and ours not in found:
                found[ours] = found.pop(name)
    return found


def _common(given: Given) -> Given:
    """``beta`` as power, and what only the source's reader needs left out."""
    found = dict(given)
    if "beta" in found:
        found["power"] = round(1 - found.pop("beta"), 12)
    split = found.get("beta_split")
    if split == "beta/2":
        found["beta_split"] = "half"
    elif split == "beta":
        found["beta_split"] = "whole"
    return found


def _same(name: str, given: float, follows: float) -> None:
    """Refuse an input that the others contradict."""
    if not math.isclose(given, follows, rel_tol=0.01):
        raise ValueError(f"{name} {given:g} beside inputs that make it {follows:g}")


def _rates_of(h: float, first: str, second: str) -> Given:
    """Two rates around one half whose arcsine effect is h."""
    return {
        first: math.sin(math.pi / 4 + h / 4) ** 2,
        second: math.sin(math.pi / 4 - h / 4) ** 2,
    }
