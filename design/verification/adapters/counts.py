"""Rows of gold files about counts whose inputs a table of names cannot translate."""

from __future__ import annotations

from typing import Any

_APPROACHES = {1: "reference", 2: "alternative", 3: "pooled"}
_NO_LIMIT = ("na", "nan", "inf", "infinity", "none", "lifetime", "life", "unlimited")
_KINDS = {"alt": "alternative", "ftotal": "pooled", "score": "score"}


def two_rates(given: dict[str, Any]) -> dict[str, Any]:
    """One number for both groups: a common rate, patients an arm, an allocation n2 : n1."""
    if "rate" in given:
        rate = given.pop("rate")
        given |= {"rate1": rate, "rate2": rate}
    if "RR" in given:
        given["rate1"] = given["rate2"] * given.pop("RR")
    for name in ("n_per_arm", "n_per_group", "n"):
        if name in given:
            given["n1"] = given.pop(name)
    for name in ("nobs_ratio", "n2_over_n1"):
        if name in given:
            given["ratio"] = 1 / given.pop(name)
    if "approach" in given:
        given["variance"] = _APPROACHES[given.pop("approach")]
    if "method_var" in given:
        kind = _KINDS[given.pop("method_var")]
        given["variance" if "dispersion" in given else "test"] = kind
    if "n1" not in given:
        given.setdefault("power", 0.8)
    return given


def one_margin(given: dict[str, Any]) -> dict[str, Any]:
    """The aim from the margin and the assumed ratio: a margin above 1 is to be undershot."""
    given = two_rates(given)
    margin = given.get("margin")
    alternative = given.pop("alternative", None)
    if margin is None or margin == 1:
        given.pop("margin", None)
        return given | {"aim": "equality", "sides": given.get("sides", 1)}
    if given.pop("sides", 1) == 2:
        given["alpha"] = given.get("alpha", 0.05) / 2
    below = alternative == "smaller" or (
        alternative is None and given["rate1"] / given["rate2"] < margin
    )
    better = "lower" if below else "higher"
    aim = "noninferiority" if (margin > 1) == below else "superiority"
    return given | {"aim": aim, "better": better, "sides": 1}


def cohorts(given: dict[str, Any]) -> dict[str, Any]:
    """Persons in all, split by the ratio, for the power; no follow-up when it is not limited."""
    followup = given.get("followup")
    if followup is None or str(followup).lower() in _NO_LIMIT:
        given.pop("followup", None)
    total = given.pop("n", given.pop("n_total", None))
    if total is not None:
        ratio = given.get("ratio", 1)
        given["n1"] = -(-total // (ratio + 1)) * ratio
    return given
