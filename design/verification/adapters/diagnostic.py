"""Inputs of published numbers on diagnostic accuracy, spelled as in epiR and presize."""

from __future__ import annotations

from typing import Any

_NAMES = {
    "se": "sensitivity",
    "Se": "sensitivity",
    "sens": "sensitivity",
    "sp": "specificity",
    "Sp": "specificity",
    "spec": "specificity",
    "prev": "prevalence",
    "Py": "prevalence",
    "error": "abs_error",
    "absolute_error": "abs_error",
    "epsilon": "abs_error",
    "d": "abs_error",
    "delta": "abs_error",
    "relative_error": "rel_error",
    "conf_level": "level",
    "conf_width": "ci_width",
    "width": "ci_width",
    "N": "population",
}


def _named(given: dict[str, Any]) -> dict[str, Any]:
    return {_NAMES.get(k, k): v for k, v in given.items() if v is not None}


def precision(given: dict[str, Any]) -> dict[str, Any]:
    """An absolute or a relative error, or the full width of the interval.

    epiR names the accuracy ``test`` and says by ``type`` which it is.
    """
    given = dict(given)
    if given.get("type") in ("se", "sp") and isinstance(given.get("test"), (int, float)):
        given[given.pop("type")] = given.pop("test")
    for name in ("type", "test"):
        if given.get(name) in ("se", "sp") and {given[name], given[name].title()} & given.keys():
            del given[name]
    ours = _named(given)
    if ours.pop("relative", False):
        ours["rel_error"] = ours.pop("abs_error")
    if "ci_width" in ours:
        ours["abs_error"] = ours.pop("ci_width") / 2
    if "method" in ours:
        ours["interval"] = ours.pop("method")
    return ours


def likelihood(given: dict[str, Any]) -> dict[str, Any]:
    """Proportions positive among diseased and healthy, as presize spells them."""
    ours = _named(given)
    if "p1" in ours and "p2" in ours:
        first, second = ours.pop("p1"), ours.pop("p2")
        if first > second:
            ours |= {"sensitivity": first, "specificity": round(1 - second, 12)}
        else:
            ours |= {"sensitivity": round(1 - first, 12), "specificity": second}
            ours["kind"] = "negative"
    return ours


def detection(given: dict[str, Any]) -> dict[str, Any]:
    """Population and prevalence of one or two stages, one or two tests."""
    ours = _named(given)
    found = ours.get("sensitivity", 1.0)
    parallel = ours.pop("interpretation", "series") == "parallel"
    if isinstance(found, list):
        missed, both = 1.0, 1.0
        for one in found:
            missed *= 1 - one
            both *= one
        ours["sensitivity"] = 1 - missed if parallel else both
    for name, cluster in (("population", "clusters"), ("prevalence", "cluster_prevalence")):
        if isinstance(ours.get(name), list):
            ours[cluster], ours[name] = ours[name]
    covariance = ours.pop("covar", 0)
    if covariance not in (0, [0, 0]) or ours.pop("specificity", 1) not in (1, [1, 1]):
        raise ValueError("tests that depend on each other, or with false positives")
    return ours
