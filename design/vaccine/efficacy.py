"""Vaccine efficacy above a limit, from the share of cases that are of the vaccine group."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.counts.exact import largest
from design.counts.intervals import odds, share_limits
from design.counts.quantities import EventCount, PersonTime
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Level, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, power_or_size, round_up, two_arm_sizes
from design.vaccine import quantities as q

Test = Annotated[
    Literal["exact", "normal"],
    Field(description="exact conditional binomial, or its normal approximation. 检验方法"),
]
Interval = Annotated[
    Literal["exact", "score", "log"],
    Field(description="exact (Clopper-Pearson), score (Wilson), log (Wald). 区间方法"),
]
_MOST_CASES = 20_000


@calculator(
    reference="Chan ISF, Bohidar NR. Commun Stat Theory Methods 1998;27:1305-1322 (exact); Chow "
    "SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. 2008, section "
    "15.6 (extremely low incidence)",
    formula="cases of the vaccine group given D in all: binomial with theta = k(1-VE)/(k(1-VE)+1); "
    "normal: D = (z_a sqrt(t0(1-t0)) + z_b sqrt(t(1-t)))^2 / (t - t0)^2; n = D / (k pV + pC)",
)
def vaccine_efficacy(
    *,
    efficacy: q.Efficacy,
    null_efficacy: q.NullEfficacy = 0.0,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    cases: q.Cases | None = None,
    ratio: Ratio = 1.0,
    incidence_control: q.Incidence | None = None,
    dropout: Dropout = 0.0,
    test: Test = "exact",
) -> Outcome:
    """Cases, and persons, that show an efficacy above a limit; or the power of a number of cases.

    The lower limit of the confidence interval of 1 - ``alpha`` (``sides`` 2) must exceed
    ``null_efficacy``. Persons follow from the incidence in the control group over the trial.
    """
    if efficacy <= null_efficacy:
        raise BadDesign(
            f"the assumed efficacy {efficacy:g} is not above the limit {null_efficacy:g}, so H1 "
            "would be false; lower null_efficacy or assume a better vaccine",
            "null_efficacy",
        )
    power_or_size(power, cases=cases)
    level = alpha / sides
    shares = (_share(null_efficacy, ratio), _share(efficacy, ratio))
    said: tuple[str, ...] = (sides_key(sides), f"cases_{test}")
    said += ("allocation",) if ratio != 1 else ()
    if power is None:
        assert cases is not None
        outputs = _at(cases, shares, level, test)
        weak = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, weak)
    outputs = _needed(shares, level, power, test)
    warnings: tuple[str, ...] = ("few_cases",) if test == "normal" and outputs["cases"] < 30 else ()
    if incidence_control is None:
        if dropout:
            raise BadDesign("drop-out needs persons: give incidence_control", "incidence_control")
        return Outcome(outputs, "cases", said, warnings)
    per_control = incidence_control * (1 + ratio * (1 - efficacy))
    persons = (outputs["cases_raw"] if test == "normal" else outputs["cases"]) / per_control
    checked_size(persons * max(ratio, 1), what="persons")
    outputs |= two_arm_sizes(persons * ratio, ratio, dropout)
    said += ("round_up", *(("dropout",) if dropout else ()))
    warnings += ("frequent",) if incidence_control > 0.1 else ()
    return Outcome(outputs, "persons", said, warnings)


@calculator(
    reference="Clopper CJ, Pearson ES. Biometrika 1934;26:404-413 and Chan ISF, Bohidar NR. 1998 "
    "(exact); Graham PL, Mengersen K, Morton AP. Stat Med 2003;22:2071-2083 (score)",
    formula="VE = 1 - (x1/T1)/(x2/T2); limits from those of the share x1/(x1+x2), adjusted for the "
    "person-time",
)
def vaccine_efficacy_interval(
    *,
    cases1: EventCount,
    person_time1: PersonTime,
    cases2: EventCount,
    person_time2: PersonTime,
    level: Level = 0.95,
    method: Interval = "exact",
) -> Outcome:
    """Vaccine efficacy and its confidence interval; group 1 is the vaccine group.

    ``person_time`` is surveillance time, or persons when all are followed alike.
    """
    if cases2 == 0:
        raise BadDesign("without cases in the control group the efficacy is not defined", "cases2")
    if cases1 == 0 and method == "log":
        raise BadDesign("without cases the log interval does not exist; use exact", "method")
    times = person_time2 / person_time1
    rate_ratio = cases1 / cases2 * times
    tail = (1 - level) / 2
    if method == "log":
        spread = -float(special.ndtri(tail)) * math.sqrt(1 / cases1 + 1 / cases2)
        ratios = [rate_ratio * math.exp(side * spread) for side in (-1, 1)]
    else:
        limits = share_limits(cases1, cases1 + cases2, tail, method)
        ratios = [odds(limit) * times for limit in limits]
    outputs = {"efficacy": 1 - rate_ratio, "lower": 1 - ratios[1], "upper": 1 - ratios[0]}
    return Outcome(outputs, "interval", (f"interval_{method}",))


def _share(efficacy: float, ratio: float) -> float:
    """Of the cases, those of the vaccine group."""
    return ratio * (1 - efficacy) / (ratio * (1 - efficacy) + 1)


def _at(cases: int, shares: tuple[float, float], level: float, test: str) -> dict[str, Any]:
    """Power, and for the exact test the most cases of the vaccine group that succeed."""
    null, true = shares
    if test == "normal":
        spread = math.sqrt(null * (1 - null)), math.sqrt(true * (1 - true))
        z = ((null - true) * math.sqrt(cases) + special.ndtri(level) * spread[0]) / spread[1]
        return {"power": float(special.ndtr(z))}
    most = int(largest(np.array([cases]), null, level)[0])
    if most < 0:
        return {"power": 0.0, "critical_cases": -1, "alpha_achieved": 0.0}
    return {
        "power": float(special.bdtr(most, cases, true)),
        "critical_cases": most,
        "alpha_achieved": float(special.bdtr(most, cases, null)),
    }


def _needed(shares: tuple[float, float], level: float, power: float, test: str) -> dict[str, Any]:
    """The cases, and for the exact test also those from which the power never falls below."""
    null, true = shares
    z = -special.ndtri(level) * math.sqrt(null * (1 - null)) + special.ndtri(power) * math.sqrt(
        true * (1 - true)
    )
    if null - true < 1e-9:
        raise BadDesign("the efficacy is too near its limit for any number of cases", "efficacy")
    raw = checked_size(float((max(z, 0.0) / (null - true)) ** 2), what="cases")
    if test == "normal":
        cases = round_up(raw)
        return {"cases": cases, "cases_raw": raw, **_achieved(cases, shares, level, test)}
    if raw > _MOST_CASES / 2:
        raise BadDesign(
            f"about {raw:.0f} cases would be needed; the exact search ends at {_MOST_CASES}, use "
            "test normal",
            "test",
        )
    # the exact power is saw-toothed: all numbers up to twice the normal guess are looked at
    counts = np.arange(1, 2 * math.ceil(raw) + 100)
    most = largest(counts, null, level)
    reached = np.where(most < 0, 0.0, special.bdtr(np.maximum(most, 0), counts, true))
    enough = np.flatnonzero(reached >= power)
    if not len(enough):
        raise BadDesign("no number of cases reaches this power within the search", "power")
    short = np.flatnonzero(reached < power)
    stable = int(counts[short[-1]]) + 1 if len(short) else 1
    cases = int(counts[enough[0]])
    found = {"cases": cases, "cases_raw": float(cases), "cases_stable": stable}
    return found | _achieved(cases, shares, level, test)


def _achieved(cases: int, shares: tuple[float, float], level: float, test: str) -> dict[str, Any]:
    found = _at(cases, shares, level, test)
    return {"power_achieved": found.pop("power"), **found}
