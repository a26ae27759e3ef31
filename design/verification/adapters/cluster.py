"""Inputs of published numbers on clustered studies, spelled as in epiR and clusterPower."""

from __future__ import annotations

from typing import Any

_NAMES = {
    "rho": "icc",
    "ICC": "icc",
    "b": "m",
    "nbar": "m",
    "nsubjects": "m",
    "Py": "p",
    "prev": "p",
    "xbar": "mean",
    "xsigma": "sd",
    "sigma": "sd",
    "error": "abs_error",
    "absolute_error": "abs_error",
    "epsilon": "abs_error",
    "relative_error": "rel_error",
    "conf_level": "level",
    "N_psu": "population",
    "N.psu": "population",
    "nclusters": "clusters",
    "n_clusters": "clusters",
    "d": "difference",
    "delta": "difference",
    "CV": "size_cv",
    "cv": "size_cv",
    "CVB": "k",
    "cvb": "k",
    "py": "person_time",
    "tdist": "correction",
    "I": "clusters",
    "J": "steps",
    "K": "m",
    "mu1": "mean1",
    "mu2": "mean2",
    "r1": "rate1",
    "r2": "rate2",
}


def _named(given: dict[str, Any]) -> dict[str, Any]:
    return {_NAMES.get(k, k): v for k, v in given.items() if v is not None}


def survey(given: dict[str, Any]) -> dict[str, Any]:
    """Persons a cluster as a mean, or as mean and SD; absolute or relative error."""
    given = dict(given)
    kind = given.pop("error", None)
    if isinstance(kind, str):
        given["error_type"] = kind
    elif kind is not None:
        given["error"] = kind
    ours = _named(given)
    if isinstance(ours.get("m"), list):
        mean, spread = ours["m"]
        ours |= {"m": mean, "size_cv": spread / mean}
    if "sd_size" in ours:
        ours["size_cv"] = ours.pop("sd_size") / ours["m"]
    if ours.pop("relative", False) or ours.pop("error_type", "") == "relative":
        ours["rel_error"] = ours.pop("abs_error")
    return ours


def arms(given: dict[str, Any]) -> dict[str, Any]:
    """Two arms; a power of 80% where neither it nor the clusters are given."""
    ours = _named(given)
    if "k" in ours and "m" in ours and "person_time" not in ours and "rate1" in ours:
        ours["person_time"] = ours.pop("m")
    if "vart" in ours:
        ours["sd"] = ours.pop("vart") ** 0.5
    if isinstance(ours.get("correction"), bool):
        ours["correction"] = "t" if ours["correction"] else "none"
    return _powered(ours)


def wedge(given: dict[str, Any]) -> dict[str, Any]:
    """As :func:`arms`, over periods."""
    return _powered(_named(given))


def _powered(ours: dict[str, Any]) -> dict[str, Any]:
    if "beta" in ours:
        ours["power"] = round(1 - ours.pop("beta"), 12)
    if "clusters" not in ours:
        ours.setdefault("power", 0.8)
    return ours
