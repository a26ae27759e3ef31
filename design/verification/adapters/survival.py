"""Survival rows of gold files whose inputs a table of names cannot translate."""

from __future__ import annotations

import math
from typing import Any

_NAMES = {
    "eta": "dropout_hazard",
    "etaC": "dropout_hazard",
    "etaE": "dropout_hazard_treatment",
    "accrual": "accrual_duration",
    "T": "study_duration",
    "Ts": "study_duration",
    "Tr": "accrual_duration",
    "minfup": "min_followup",
    "followup": "min_followup",
    "R": "accrual_periods",
    "gamma": "accrual_rate",
    "gamma_rel": "accrual_rate",
    "lambdaC": "hazard_control",
    "lambda_control": "hazard_control",
    "lambda1": "hazard_control",
    "hr0": "null_hr",
    "HR": "hr",
    "r": "ratio",
}
_VARIANCES = {
    "schoenfeld": "schoenfeld",
    "freedman": "freedman",
    "lachinfoulkes": "lachin_foulkes",
    "bernsteinlagakos": "bernstein_lagakos",
}


def nsurv(given: dict[str, Any]) -> dict[str, Any]:
    """Names of gsDesign's ``nSurv`` and ``nSurvival``; one-sided, power 0.9, unless given.

    A rate is relative when the times are given and a power is sought; with neither power nor beta
    and an absolute ``gamma`` the power is sought.
    """
    absolute = "gamma" in given
    ours = {_NAMES.get(name, name): value for name, value in given.items() if name != "method"}
    ours.setdefault("sides", 1)
    if "beta" in ours:
        ours["power"] = round(1 - ours.pop("beta"), 12)
    if "method" in given:
        name = str(given["method"]).lower().replace("_", "").replace("-", "").replace(" ", "")
        ours["variance"] = _VARIANCES.get(name, given["method"])
    lambda2 = ours.pop("lambda2", None)
    if lambda2 is not None:
        ours["hr"] = lambda2 / ours["hazard_control"]
    known = sum(name in ours for name in ("study_duration", "accrual_duration", "min_followup"))
    if "power" not in ours and not (absolute and known == 2):
        ours["power"] = 0.9
    periods = ours.get("accrual_periods")
    if periods is not None and not isinstance(periods, list):
        del ours["accrual_periods"]
        ours["accrual_duration"] = periods
    names = ("accrual_duration", "min_followup", "study_duration")
    if all(name in ours for name in names):
        accrual, followup, study = (float(ours[name]) for name in names)
        if not math.isclose(accrual + followup, study):
            raise ValueError("accrual and follow-up do not make the study duration")
        del ours["study_duration"]
    return ours


def lrstat(given: dict[str, Any]) -> dict[str, Any]:
    """The inputs of the tests of R's lrstat that the rows name by ``see``."""
    followup, accrual = given.pop("min_followup", None), given.pop("accrual_duration", None)
    if "timing" in given:
        given["interim"], last = given.pop("timing")
        if last != 1:
            raise ValueError(f"the last look at information {last}, not 1")
    ours = {
        "hazard_control": 0.0533,
        "hr": [1.0, 0.0309 / 0.0533],
        "hr_times": [6.0],
        "stratum_shares": [0.2, 0.8],
        "stratum_factors": [1.0, 1.5],
        "accrual_rate": [26 / 9 * month for month in range(1, 10)],
        "accrual_periods": [1.0] * 8,
        "dropout": 0.05,
        "interim": 0.8,
        "sides": 1,
    } | given
    if accrual is not None:
        return ours | {"accrual_duration": accrual, "solve": "followup"}
    return ours | {"min_followup": 18.0 if followup is None else followup, "solve": "accrual"}


def freedman(given: dict[str, Any]) -> dict[str, Any]:
    """Patients of both groups with their probabilities of an event are a number of events."""
    n1, n2 = given.pop("nE", given.pop("n1", None)), given.pop("nC", given.pop("n2", None))
    if n1 is None or n2 is None:
        return given
    p1 = given.pop("event_probability_treatment")
    p2 = given.pop("event_probability_control")
    return given | {"events": n1 * p1 + n2 * p2, "ratio": n1 / n2}


def cox_margin(given: dict[str, Any]) -> dict[str, Any]:
    """Non-inferiority or superiority by the sign of the margin, for a hazard ratio that is better
    when it is higher (TrialSize); one-sided against a null hazard ratio of 1 without a margin."""
    null = given.pop("null_hr", None)
    margin = given.pop("margin_log", None)
    if margin is None and null is not None and null != 1:
        margin = math.log(null)
    if not margin:
        return {"sides": 1} | given | {"aim": "equality"}
    given.pop("sides", None)
    aim = "superiority" if margin > 0 else "noninferiority"
    return given | {"aim": aim, "margin_log": abs(margin), "better": "higher", "sides": 1}


def cox_covariate(given: dict[str, Any]) -> dict[str, Any]:
    """A variance given as a standard deviation; all patients with the event when no share is."""
    if "sd" in given:
        given["variance"] = given.pop("sd") ** 2
    if "sigma" in given:
        given["variance"] = given.pop("sigma") ** 2
    if "rho" in given:
        given["r_squared"] = given.pop("rho") ** 2
    return {"event_share": 1.0} | given
