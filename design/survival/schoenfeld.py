"""Events of a log-rank test without a timetable, and what a hazard ratio is as a z value."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Level, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, power_or_size, round_up, two_arm_sizes
from design.survival import quantities as q

Formula = Annotated[
    Literal["schoenfeld", "freedman"], Field(description="Formula for the events. 公式")
]


@calculator(
    reference="Schoenfeld DA. Biometrika 1981;68:316-319; Freedman LS. Stat Med 1982;1:121-129; "
    "Therneau TM, Grambsch PM. Modeling Survival Data. 2000, p. 61-65; Rosner B. Fundamentals of "
    "Biostatistics. 6th ed. 2006, section 14.12 (patients)",
    formula="d = (z_a + z_b)^2 (1+k)^2 / (k (log HR - log HR0)^2) (schoenfeld); "
    "d = (z_a + z_b)^2 (1 + k HR)^2 / (k (1 - HR)^2) (freedman)",
)
def logrank_events(
    *,
    hr: q.HazardRatio | None = None,
    survival_treatment: q.Survival | None = None,
    survival_control: q.Survival | None = None,
    median_treatment: q.Median | None = None,
    median_control: q.Median | None = None,
    null_hr: q.NullHazardRatio = 1.0,
    better: q.Better = "lower",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    events: q.Events | None = None,
    ratio: Ratio = 1.0,
    event_probability_treatment: q.Share | None = None,
    event_probability_control: q.Share | None = None,
    dropout: Dropout = 0.0,
    formula: Formula = "schoenfeld",
) -> Outcome:
    """Events for a power, the power of a number of events, or the detectable hazard ratio.

    The hazard ratio is given as such, or by the survival of both groups at one time, or by their
    medians. With the probability of an event in both groups the patients follow.
    """
    said = [sides_key(sides), f"variance_{formula}"]
    said += ["allocation"] if ratio != 1 else []
    said += ["null_ratio"] if null_hr != 1 else []
    effect = _hazard_ratio(
        hr, (survival_treatment, survival_control), (median_treatment, median_control)
    )
    z_alpha = -float(special.ndtri(alpha / sides))
    if effect is None:
        return _detectable(z_alpha, power, events, ratio, formula, null_hr, said)
    power_or_size(power, events=events)
    unit = _z_per_root_event(effect, null_hr, ratio, formula, better)
    warnings = ["wide_one_sided"] if sides == 1 and alpha > 0.025 else []
    if power is None:
        assert events is not None
        reached = float(special.ndtr(math.sqrt(events) * unit - z_alpha))
        outputs: dict[str, Any] = {"power": reached, "hr": effect}
        outputs["critical_hr"] = _critical(z_alpha, events, ratio, null_hr, effect)
        warnings += ["low_power"] if reached < 0.8 else []
        return Outcome(outputs, "power", tuple(said), tuple(warnings))
    raw = (max(z_alpha + float(special.ndtri(power)), 0.0) / unit) ** 2
    checked_size(raw, what="events")
    outputs = {
        "events": round_up(raw),
        "events_raw": raw,
        "events_by_arm": round_up(raw * ratio / (1 + ratio)) + round_up(raw / (1 + ratio)),
        "hr": effect,
    }
    outputs["critical_hr"] = _critical(z_alpha, outputs["events"], ratio, null_hr, effect)
    warnings += ["few_events"] if outputs["events"] < 20 else []
    shares = (event_probability_treatment, event_probability_control)
    if None in shares:
        if any(share is not None for share in shares) or dropout:
            raise BadDesign(
                "patients need event_probability_treatment and event_probability_control",
                "event_probability_control",
            )
        return Outcome(outputs, "events", tuple(said), tuple(warnings))
    assert shares[0] is not None and shares[1] is not None
    if (effect - 1) * (shares[0] - shares[1]) < 0:
        few, many = ("fewer", "more") if effect < 1 else ("more", "fewer")
        raise BadDesign(
            f"a hazard ratio of {effect:g} means {few} patients with the event in the treatment "
            f"group, but {shares[0]:g} against {shares[1]:g} are {many}",
            "event_probability_treatment",
        )
    n2_raw = raw / (ratio * shares[0] + shares[1])
    outputs |= two_arm_sizes(ratio * n2_raw, ratio, dropout)
    said += ["round_up", *(["dropout"] if dropout else [])]
    return Outcome(outputs, "patients", tuple(said), tuple(warnings))


@calculator(
    reference="Schoenfeld DA. Biometrika 1981;68:316-319",
    formula="z = log(HR) sqrt(k d) / (1 + k); CI exp(log HR -+ z (1 + k) / sqrt(k d))",
)
def hazard_ratio_z(
    *,
    hr: q.HazardRatio | None = None,
    z: Annotated[float, Field(ge=-40, le=40, description="z value.")] | None = None,
    events: q.Events | None = None,
    ratio: Ratio = 1.0,
    level: Level = 0.95,
) -> Outcome:
    """Of hazard ratio, z value and events the one that is not given.

    A z above 0 found from ``hr`` and ``events`` means a hazard ratio above 1. A hazard ratio found
    from ``z`` is the one below 1 that a test in favour of the treatment needs (``hr_above`` is its
    reciprocal).
    """
    if sum(value is not None for value in (hr, z, events)) != 2:
        raise BadDesign("give two of hr, z and events", "hr")
    if events is None:
        assert hr is not None and z is not None
        if hr == 1 or z == 0:
            raise BadDesign("a hazard ratio of 1 or a z of 0 takes no number of events", "hr")
        raw = (z * (1 + ratio) / math.log(hr)) ** 2 / ratio
        checked_size(raw, what="events")
        outputs: dict[str, Any] = {"events": round_up(raw), "events_raw": raw}
        events_used, key = raw, "events"
    else:
        events_used = events
        outputs, key = {}, "z"
    spread = (1 + ratio) / math.sqrt(ratio * events_used)
    if hr is None:
        assert z is not None
        if abs(z) * spread > 600:
            raise BadDesign("so few events leave no finite hazard ratio for this z", "events")
        below = math.exp(-abs(z) * spread)
        outputs |= {"hr": below, "hr_above": 1 / below}
        key = "hr"
    else:
        below = hr
    if z is None:
        outputs["z"] = math.log(below) / spread
    half = float(special.ndtri((1 + level) / 2)) * spread
    if half > 600:
        raise BadDesign("so few events leave no finite interval", "events")
    found = outputs["z"] if z is None else z
    outputs["p_one_sided"] = float(special.ndtr(-abs(found)))
    outputs |= {"lower": below * math.exp(-half), "upper": below * math.exp(half)}
    said = ("events_variance", *(("allocation",) if ratio != 1 else ()))
    return Outcome(outputs, key, said)


def _hazard_ratio(
    hr: float | None,
    survival: tuple[float | None, float | None],
    medians: tuple[float | None, float | None],
) -> float | None:
    given = [hr is not None, any(survival), any(medians)]
    if sum(given) > 1:
        raise BadDesign("give the effect by one of hr, two survival shares, or two medians", "hr")
    for pair, name in ((survival, "survival"), (medians, "median")):
        if any(pair) and None in pair:
            raise BadDesign(f"give {name}_treatment and {name}_control", f"{name}_treatment")
    if any(survival):
        found = math.log(survival[0] or 0.5) / math.log(survival[1] or 0.5)
    elif any(medians):
        found = (medians[1] or 1.0) / (medians[0] or 1.0)
    else:
        return hr
    if not 0.01 <= found <= 100:
        raise BadDesign(f"the hazard ratio is {found:.3g}; it must lie between 0.01 and 100", "hr")
    return found


def _z_per_root_event(hr: float, null: float, ratio: float, formula: str, better: str) -> float:
    """Expected z of one event; it grows with the square root of the events."""
    if hr == null:
        raise BadDesign(f"hr equals the null hazard ratio {null:g}: no difference to show", "hr")
    if formula == "freedman":
        if null != 1:
            raise BadDesign("Freedman's formula is for a null hazard ratio of 1", "formula")
        return math.sqrt(ratio) * abs(1 - hr) / (1 + ratio * hr)
    if null != 1 and (hr > null) == (better == "lower"):
        raise BadDesign(
            f"the assumed hazard ratio {hr:g} lies on the wrong side of the margin {null:g}, so H1 "
            "would be false; change hr, null_hr or better",
            "null_hr",
        )
    return abs(math.log(hr / null)) * math.sqrt(ratio) / (1 + ratio)


def _critical(z_alpha: float, events: float, ratio: float, null: float, hr: float) -> float:
    """The observed hazard ratio at which the test is just significant."""
    exponent = math.copysign(z_alpha * (1 + ratio) / math.sqrt(ratio * events), hr - null)
    return null * math.exp(min(max(exponent, -600.0), 600.0))


def _detectable(
    z_alpha: float,
    power: float | None,
    events: float | None,
    ratio: float,
    formula: str,
    null: float,
    said: list[str],
) -> Outcome:
    if power is None or events is None:
        raise BadDesign(
            "give the effect (hr, two survival shares or two medians), or power and events for the "
            "detectable hazard ratio",
            "hr",
        )
    if formula != "schoenfeld" or null != 1:
        raise BadDesign(
            "the detectable hazard ratio is by Schoenfeld's formula, H0 of 1", "formula"
        )
    z = max(z_alpha + float(special.ndtri(power)), 0.0)
    exponent = z * (1 + ratio) / math.sqrt(ratio * events)
    if exponent > 600:
        raise BadDesign("so few events detect no finite hazard ratio", "events")
    outputs = {"hr": math.exp(-exponent), "hr_above": math.exp(exponent)}
    return Outcome(outputs, "detectable", tuple(said))
