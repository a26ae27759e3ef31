"""Vaccine rows of gold files whose inputs a table of names cannot translate."""

from __future__ import annotations

import math
from typing import Any

_VACCINE = ("p_vaccine", "pt", "pT", "p_T")
_CONTROL = ("p_control", "pc", "pC", "p_C")


def shares(given: dict[str, Any]) -> dict[str, Any]:
    """The share of cases of the vaccine group, under H0 and H1, as efficacies; one-sided."""
    p1 = next((given.pop(name) for name in _VACCINE if name in given), None)
    p2 = next((given.pop(name) for name in _CONTROL if name in given), None)
    null, true = given.pop("theta0", 0.5), given.pop("theta", None)
    if p1 is not None and p2 is not None:
        share = p1 / (p1 + p2)
        if true is not None and not math.isclose(true, share, rel_tol=0.01):
            raise ValueError(f"theta {true:g} beside incidences that make it {share:g}")
        true = share
    ours = {"sides": 1} | given | {"null_efficacy": _efficacy(null)}
    if true is not None:
        ours["efficacy"] = _efficacy(true)
    return ours if p2 is None else ours | {"incidence_control": p2}


def _efficacy(share: float) -> float:
    return 1 - share / (1 - share)
