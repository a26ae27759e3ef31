"""Spellings of R packages and SAS for group sequential designs, as gold files carry them."""

from __future__ import annotations

import math
import re
from typing import Any

Inputs = dict[str, Any]

_SPENDING = {
    "obrienfleming": "obrien_fleming",
    "landemetsobf": "lan_demets_obf",
    "landemetsobrienfleming": "lan_demets_obf",
    "landemetspocock": "lan_demets_pocock",
    "wangtsiatis": "wang_tsiatis",
    "haybittlepeto": "haybittle_peto",
    "hwangshihdecani": "hwang_shih_decani",
    "kimdemets": "kim_demets",
    "of": "obrien_fleming",
    "obf": "obrien_fleming",
    "p": "pocock",
    "pocock": "pocock",
    "wt": "wang_tsiatis",
    "hp": "haybittle_peto",
    "ldof": "lan_demets_obf",
    "sfldof": "lan_demets_obf",
    "asof": "lan_demets_obf",
    "ldp": "lan_demets_pocock",
    "ldpocock": "lan_demets_pocock",
    "sfldpocock": "lan_demets_pocock",
    "asp": "lan_demets_pocock",
    "hsd": "hwang_shih_decani",
    "sfhsd": "hwang_shih_decani",
    "ashsd": "hwang_shih_decani",
    "bonferroni": "bonferroni",
    "kd": "kim_demets",
    "askd": "kim_demets",
    "power": "kim_demets",
    "sfpower": "kim_demets",
    "asuser": "user_spending",
}
_NAMES = {
    "looks": ("looks", "K", "k", "kMax", "k_max", "kmax", "n_looks", "stages", "n_stages"),
    "timing": (
        "timing",
        "t",
        "informationRates",
        "information_rates",
        "times",
        "info",
        "info_frac",
    ),
    "shape": (
        "shape",
        "WT_delta",
        "deltaWT",
        "wt_delta",
        "gamma",
        "gammaA",
        "rho",
        "phi",
        "sfupar",
    ),
    "boundary": ("boundary", "sf", "sfu", "typeOfDesign", "type_of_design", "type", "spending"),
    "alpha_spent": ("alpha_spent", "userAlphaSpending", "user_alpha"),
    "futility_shape": ("futility_shape", "gammaB", "gamma_beta", "sflpar"),
    "futility": ("futility", "sfl", "typeBetaSpending", "beta_spending"),
    "futility_bounds": ("futility_bounds", "futilityBounds", "lower"),
    "binding": ("binding", "bindingFutility"),
    "sides": ("sides", "sided"),
    "alpha": ("alpha",),
    "power": ("power",),
    "n_fixed": ("n_fixed", "n_fix", "n.fix"),
}
_DEFAULT_GS = {  # gsDesign() without more: see its manual
    "boundary": "hwang_shih_decani",
    "shape": -4,
    "futility": "hwang_shih_decani",
    "futility_shape": -2,
}


def planned(inputs: Inputs) -> Inputs:
    """Inputs of :func:`design.sequential.group_sequential`."""
    ours, rest = _shared(inputs)
    for name in ("drift", "theta", "mean", "mu"):
        if rest.pop(name, 0) != 0:
            raise ValueError(f"{name} is of the power, not of the bounds")
    return ours


def spent(inputs: Inputs) -> Inputs:
    """As :func:`planned`, for the spending functions of Lan and DeMets by the name of what they
    approach: O'Brien-Fleming, Pocock."""
    ours = planned(inputs)
    spending = {"obrien_fleming": "lan_demets_obf", "pocock": "lan_demets_pocock"}
    if "boundary" not in ours:
        raise ValueError("no spending function is named")
    return ours | {"boundary": spending.get(ours["boundary"], ours["boundary"])}


def given_bounds(inputs: Inputs) -> Inputs:
    """Inputs of ``group_sequential_probabilities``."""
    names = {"bounds": "upper", "up": "upper", "crit": "upper", "lo": "lower", "tau": "timing"}
    names |= {"mean": "drift", "mu": "drift", "theta": "drift"}
    names |= dict.fromkeys(_NAMES["timing"], "timing")
    ours = {names.get(key, key): value for key, value in inputs.items()}
    for key in _NAMES["looks"]:
        if key in ours and ours.pop(key) != len(ours["upper"]):
            raise ValueError(f"{key} is not the number of bounds")
    if ours.get("timing") == "equal":
        del ours["timing"]
    if ours.get("lower") is not None and ours["lower"] == [-z for z in ours["upper"]]:
        ours = {key: value for key, value in ours.items() if key != "lower"} | {"sides": 2}
    return ours


def observed(inputs: Inputs) -> Inputs:
    """Inputs of ``group_sequential_estimate``."""
    names = {"bounds": "upper", "t": "timing", "se": "standard_error", "conf_level": "level"}
    return {names.get(key, key): value for key, value in inputs.items()}


def means(inputs: Inputs) -> Inputs:
    """Inputs of ``group_sequential_means``."""
    ours, rest = _shared(inputs)
    found = _first(rest, "alternative", "alt", "difference", "delta", "diff", "mu1")
    base = _first(rest, "H0", "thetaH0", "null", "mu0")
    if "mu1" in rest and "mu2" in rest:
        found = rest["mu1"] - rest["mu2"]
    ours |= {"difference": found, "sd": _first(rest, "sd", "stDev", "sigma")}
    if base is not None:
        ours["null"] = base
    if "t_adj" in rest or "t_test" in rest or "normalApproximation" in rest:
        ours["t_test"] = bool(
            _first(rest, "t_adj", "t_test") or rest.get("normalApproximation") is False
        )
    return ours | {key: rest[key] for key in ("groups", "ratio", "dropout") if key in rest}


def proportions(inputs: Inputs) -> Inputs:
    """Inputs of ``group_sequential_proportions``."""
    ours, rest = _shared(inputs)
    ours |= {
        "p1": _first(rest, "p1", "pi1", "pT", "pE", "p"),
        "p2": _first(rest, "p2", "pi2", "pC", "p0", "thetaH0"),
    }
    return ours | {k: rest[k] for k in ("groups", "ratio", "test", "null", "dropout") if k in rest}


def survival(inputs: Inputs) -> Inputs:
    """Inputs of ``group_sequential_survival``; bounds are those of gsDesign() when not named."""
    ours, rest = _shared(inputs)
    told = str(rest.get("design", "gsDesign default")).lower()
    if not ("gsdesign" in told and "default" in told):
        raise ValueError(f"design {rest['design']!r} is not the default of gsDesign")
    if "boundary" not in ours:
        ours = _DEFAULT_GS | ours
    names = {
        "hr": ("hr", "HR", "hazard_ratio", "hazardRatio"),
        "hazard_control": ("hazard_control", "control_hazard", "lambdaC", "lambda2", "lambda_c"),
        "median_control": ("median_control", "control_median", "median_c", "median2", "medianC"),
        "accrual_rate": ("accrual_rate", "accrate", "rate"),
        "accrual_duration": ("accrual_duration", "accrual", "R", "accrual_time"),
        "dropout_hazard": ("dropout_hazard", "eta"),
        "null_hr": ("null_hr", "hr0", "thetaH0"),
        "ratio": ("ratio", "allocationRatioPlanned", "allocation_ratio"),
        "formula": ("formula",),
        "max_events": ("max_events",),
    }
    for name, spellings in names.items():
        value = _first(rest, *spellings)
        if value is not None:
            ours[name] = value
    return ours


def combination(inputs: Inputs) -> Inputs:
    """Inputs of ``fisher_combination``."""
    ours: Inputs = {"looks": _first(inputs, *_NAMES["looks"])}
    names = {
        "alpha": ("alpha",),
        "alpha0": ("alpha0", "alpha0Vec"),
        "timing": ("timing", "informationRates"),
        "weights": ("weights",),
        "p_values": ("p_values", "p"),
        "method": ("method",),
    }
    for name, spellings in names.items():
        value = _first(inputs, *spellings)
        if value is not None and value != "equal":
            ours[name] = value
    method = {"equalAlpha": "equal_alpha", "fullAlpha": "full_alpha"}
    if "method" in ours:
        ours["method"] = method.get(ours["method"], ours["method"])
    return ours


def conditional(inputs: Inputs) -> Inputs:
    """Inputs of ``conditional_power`` and ``predictive_power``."""
    names = {
        "z": ("z", "z1", "Z"),
        "fraction": ("fraction", "t", "timing", "info", "info_frac", "information_fraction"),
        "drift": ("drift", "theta"),
        "final_bound": ("final_bound", "crit", "bound", "critical_value", "z_final"),
        "alpha": ("alpha",),
        "sides": ("sides",),
        "power": ("power",),
        "prior_drift": ("prior_drift", "prior_mean"),
        "prior_sd": ("prior_sd",),
    }
    found = {name: _first(inputs, *spellings) for name, spellings in names.items()}
    return {name: value for name, value in found.items() if value is not None}


def _shared(inputs: Inputs) -> tuple[Inputs, Inputs]:
    """Inputs that all planned designs share, and what is left."""
    ours: Inputs = {}
    rest = dict(inputs)
    for name, spellings in _NAMES.items():
        value = _first(rest, *spellings)
        for spelling in spellings:
            rest.pop(spelling, None)
        if value is not None:
            ours[name] = value
    if ours.get("timing") == "equal":
        del ours["timing"]
    if "allocationRatioPlanned" in rest:
        rest["ratio"] = rest.pop("allocationRatioPlanned")
    if "test_type" in rest:
        ours |= _test_type(rest.pop("test_type"), ours)
    if "beta" in rest:
        ours.setdefault("power", round(1 - rest.pop("beta"), 12))
    for name in ("boundary", "futility"):
        if isinstance(ours.get(name), str):
            ours[name] = _boundary(ours[name])
    for spelling in _NAMES["boundary"]:
        if spelling in inputs and not _alike(_boundary(inputs[spelling]), ours["boundary"]):
            raise ValueError(f"{spelling} {inputs[spelling]} beside the name of the method")
    if "boundary" not in ours and any(key in inputs for key in ("WT_delta", "deltaWT", "wt_delta")):
        ours["boundary"] = "wang_tsiatis"
    if "boundary" not in ours and any(key in inputs for key in ("gamma", "gammaA")):
        ours["boundary"] = "hwang_shih_decani"
    if ours.get("boundary") == "wang_tsiatis" and "shape" not in ours and "delta" in rest:
        ours["shape"] = rest.pop("delta")
    if ours.get("boundary") == "haybittle_peto":
        early = _first(rest, "early", "early_bound", "constant", "z_interim", "interim")
        ours |= {} if early is None else {"shape": early}
    if ours.get("boundary") == "user_spending" and "alpha_spent" in ours:
        ours["alpha"] = ours["alpha_spent"][-1]
    if "futility_bounds" in ours:
        ours["futility"] = "bounds"
    elif "futility_shape" in ours:
        ours.setdefault("futility", "hwang_shih_decani")
    if isinstance(ours.get("looks"), float) and math.isclose(ours["looks"] % 1, 0):
        ours["looks"] = int(ours["looks"])
    return ours, rest


def _boundary(name: Any) -> str:
    """A boundary by the name of a package: ``OF``, ``sfLDOF``, ``O'Brien-Fleming``."""
    plain = re.sub(r"[^a-z0-9]+", "", str(name).lower())
    return _SPENDING.get(re.sub(r"^bs", "as", plain), str(name))


def _alike(said: str, taken: str) -> bool:
    """Whether one of two boundaries may be meant by the name of the other: a Lan-DeMets spending
    function is called by what it approaches."""
    approached = {"lan_demets_obf": "obrien_fleming", "lan_demets_pocock": "pocock"}
    return taken in (said, *(spent for spent, exact in approached.items() if exact == said))


def _test_type(kind: int, ours: Inputs) -> Inputs:
    """What ``test.type`` of gsDesign says; its alpha is that of one side."""
    if kind == 1:
        return {"sides": 1}
    if kind == 2:
        return {"sides": 2, "alpha": 2 * ours.get("alpha", 0.025)}
    if kind in (3, 4):
        return {"sides": 1, "binding": kind == 3}
    raise ValueError(f"test.type {kind}: lower bounds that spend alpha are not known")


def _first(inputs: Inputs, *names: str) -> Any:
    return next((inputs[name] for name in names if inputs.get(name) is not None), None)
