"""Inputs of published bioequivalence numbers, mostly spelled as in PowerTOST."""

from __future__ import annotations

import re
from typing import Any

_NAMES = {
    "CV": "cv",
    "targetpower": "power",
    "target_power": "power",
    "GMR": "theta0",
    "gmr": "theta0",
    "ratio": "theta0",
    "N": "n",
    "n_total": "n",
    "CVwR": "cv_wr",
    "CV_wR": "cv_wr",
    "cv_wR": "cv_wr",
    "CVwT": "cv_wt",
    "CV_wT": "cv_wt",
    "nsims": "simulations",
}
_RANGE = re.compile(r"\s*([\d.]+)\s*%?\s*(?:-|–|~|to|,)\s*([\d.]+)\s*(%?)\s*")


def sizes(given: dict[str, Any]) -> dict[str, Any]:
    """Subjects of the sequences: ``n1``, ``n2`` … or a list ``n``."""
    ours = {_NAMES.get(name, name): value for name, value in given.items()}
    single = sorted(name for name in ours if name[0] == "n" and name[1:].isdigit())
    if single:
        ours["n_sequences"] = [ours.pop(name) for name in single]
    if isinstance(ours.get("n"), list):
        ours["n_sequences"] = ours.pop("n")
    return ours


def tost(given: dict[str, Any]) -> dict[str, Any]:
    """Margins as a pair, scale as a truth value, 80% power where nothing is said."""
    ours = sizes(given)
    for name, bound in (("lower", "theta1"), ("upper", "theta2")):
        if name in ours:
            ours[bound] = ours.pop(name)
    for name in ("margins", "limits", "BE_limits"):
        if name in ours:
            ours["theta1"], ours["theta2"] = _pair(ours.pop(name))
    if "logscale" in ours:
        ours["scale"] = "log" if ours.pop("logscale") else "raw"
    if ours.get("scale") == "raw" and "cv" in ours:
        ours["sd"] = ours.pop("cv")
    return _powered(ours)


def _pair(limits: Any) -> Any:
    """Two limits, also as a text: ``80-125%``, ``0.80 to 1.25``."""
    found = _RANGE.fullmatch(limits) if isinstance(limits, str) else None
    if found is None:
        return limits
    share = 100 if found[3] else 1
    return float(found[1]) / share, float(found[2]) / share


def noninferiority(given: dict[str, Any]) -> dict[str, Any]:
    """As :func:`tost`, with one margin."""
    ours = sizes(given)
    if "theta1" in ours:
        ours["margin"] = ours.pop("theta1")
    if "logscale" in ours:
        ours["scale"] = "log" if ours.pop("logscale") else "raw"
    if ours.get("scale") == "raw" and "cv" in ours:
        ours["sd"] = ours.pop("cv")
    if ours.pop("sides", 1) != 1:
        raise ValueError("non-inferiority has one side")
    return _powered(ours)


def scaled(given: dict[str, Any]) -> dict[str, Any]:
    """One CV for both products, or a pair of test and reference."""
    ours = sizes(given)
    if "cv" in ours:
        both = ours.pop("cv")
        if isinstance(both, list):
            ours["cv_wt"], ours["cv_wr"] = both
        else:
            ours["cv_wr"] = both
    for name, usual in (("theta1", 0.8), ("theta2", 1.25), ("margins", [0.8, 1.25])):
        if ours.pop(name, usual) != usual:
            raise ValueError("the limits of the point estimate are 0.80 to 1.25")
    return _powered(ours)


def _powered(ours: dict[str, Any]) -> dict[str, Any]:
    if "beta" in ours:
        ours["power"] = round(1 - ours.pop("beta"), 12)
    if not {"n", "n_sequences"} & ours.keys():
        ours.setdefault("power", 0.8)
    return ours
