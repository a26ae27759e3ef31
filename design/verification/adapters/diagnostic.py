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
    "abs_error": "error",
    "absolute_error": "error",
    "epsilon": "error",
    "d": "error",
    "delta": "error",
    "conf_level": "level",
    "conf_width": "width",
    "ci_width": "width",
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
    if "rel_error" in ours or "relative_error" in ours:
        ours["error"] = ours.pop("rel_error", None) or ours.pop("relative_error")
        ours["relative"] = True
    if "width" in ours:
        ours["error"] = ours.pop("width") / 2
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
