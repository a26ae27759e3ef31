"""Group sequential number of events for the log-rank test, with calendar times."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Count, NotNegative, Positive, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential import saying
from design.sequential.accrual import Accrual
from design.sequential.fixed import event_number
from design.sequential.inputs import (
    AlphaOrNot,
    Binding,
    Boundary,
    Futility,
    FutilityBounds,
    FutilityShape,
    Looks,
    Shape,
    Spent,
    Timing,
)
from design.sequential.options import default_alpha
from design.sequential.plan import characteristics
from design.sequential.sizing import expected, sized
from design.sizes import round_up

HazardRatio = Annotated[
    float, Field(gt=0, le=100, description="Hazard ratio, treatment : control. 风险比")
]
Formula = Annotated[
    Literal["schoenfeld", "freedman"], Field(description="Formula of the number of events.")
]


@calculator(
    reference="Schoenfeld D. Biometrika 1981;68:316-9; Freedman LS. Stat Med 1982;1:121-9; "
    "Kim K, Tsiatis AA. Biometrics 1990;46:81-92 (expected events); Jennison C, Turnbull BW. "
    "Group Sequential Methods with Applications to Clinical Trials. 2000, chapters 3 and 13",
    formula="max d = (1+k)^2 (z_a + z_b)^2 / (k (ln HR - ln HR0)^2) * inflation; information "
    "fraction = share of the events",
)
def group_sequential_survival(
    *,
    hr: HazardRatio,
    null_hr: HazardRatio = 1.0,
    ratio: Ratio = 1.0,
    formula: Formula = "schoenfeld",
    looks: Looks | None = None,
    timing: Timing | None = None,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    power: Power | None = None,
    max_events: Count | None = None,
    boundary: Boundary = "obrien_fleming",
    shape: Shape | None = None,
    alpha_spent: Spent | None = None,
    futility: Futility = "none",
    futility_shape: FutilityShape | None = None,
    futility_bounds: FutilityBounds | None = None,
    beta_spent: Spent | None = None,
    binding: Binding = False,
    hazard_control: Positive | None = None,
    median_control: Positive | None = None,
    accrual_rate: Positive | None = None,
    accrual_duration: Positive | None = None,
    dropout_hazard: NotNegative = 0.0,
) -> Outcome:
    """Events at each analysis, bounds on the hazard ratio, and when the events are expected.

    ``null_hr`` is the margin of a non-inferiority trial. Give ``power`` for the events,
    ``max_events`` for the power. Calendar times need a control hazard or median, and accrual
    (rate of both arms together, and duration) in the same unit of time.
    """
    if abs(math.log(hr / null_hr)) < 1e-9:
        raise BadDesign("hr equals null_hr: there is nothing to detect", "hr")
    if formula == "freedman" and null_hr != 1:
        raise BadDesign("Freedman's formula is for null_hr 1; use schoenfeld", "formula")
    accrual = _accrual(
        hr, ratio, hazard_control, median_control, accrual_rate, accrual_duration, dropout_hazard
    )
    level = default_alpha(alpha, sides)

    def fixed(reached: float) -> float:
        return event_number(hr, null_hr, ratio, formula, alpha=level, sides=sides, power=reached)

    plan = sized(
        fixed,
        power,
        max_events,
        looks=looks,
        timing=timing,
        alpha=alpha,
        sides=sides,
        boundary=boundary,
        shape=shape,
        alpha_spent=alpha_spent,
        futility=futility,
        futility_shape=futility_shape,
        futility_bounds=futility_bounds,
        beta_spent=beta_spent,
        binding=binding,
    )
    largest = fixed(plan.options.power) * plan.inflation if max_events is None else max_events
    raw = [largest * time for time in plan.options.timing]
    events = [*(math.floor(d + 0.5) for d in raw[:-1]), round_up(largest)]
    outputs = characteristics(plan) | {
        "events": events,
        "events_raw": raw,
        "max_events": events[-1],
        "max_events_raw": largest,
        "events_fixed_raw": fixed(plan.options.power),
        "power": plan.options.power,
        **expected(plan, largest, "expected_events"),
        "hr_bounds": _hazard_ratios(plan.upper, raw, hr, null_hr, ratio),
    }
    if plan.lower is not None:
        outputs["futility_hr"] = _hazard_ratios(plan.lower[:-1], raw[:-1], hr, null_hr, ratio)
    said = (*saying.plan_conventions(plan), formula, "inflation")
    values: dict[str, Any] = saying.plan_values(plan)
    values |= saying.listed("events", events, "d")
    if accrual is not None:
        times = [accrual.time_of(d) for d in raw]
        outputs |= {
            "calendar_times": times,
            "enrolled_raw": [accrual.enrolled(time) for time in times],
            "n_enrolled": round_up(accrual.enrolled(times[-1])),
            "expected_duration_h1": sum(
                p * t for p, t in zip(outputs["stop_h1"], times, strict=True)
            ),
        }
        said = (*said, "calendar")
        values |= saying.listed("times", times, ".2f")
    beyond = saying.beyond_null(math.log(hr), math.log(null_hr))
    few = ("few_events",) if raw[0] < 20 else ()
    return Outcome(
        outputs,
        "events" if accrual is None else "calendar",
        said,
        (*saying.plan_warnings(plan), *beyond, *few),
        values=values,
    )


def _accrual(
    hr: float,
    ratio: float,
    hazard: float | None,
    median: float | None,
    rate: float | None,
    duration: float | None,
    dropout: float,
) -> Accrual | None:
    if hazard is not None and median is not None:
        raise BadDesign("give hazard_control or median_control, not both", "median_control")
    if median is not None:
        hazard = math.log(2) / median
    given = {"hazard_control": hazard, "accrual_rate": rate, "accrual_duration": duration}
    lacking = [name for name, value in given.items() if value is None]
    if len(lacking) == len(given):
        return None
    if hazard is None or rate is None or duration is None:
        raise BadDesign(f"calendar times need {' and '.join(lacking)} too", lacking[0])
    return Accrual(rate, duration, hazard, hr, ratio, dropout)


def _hazard_ratios(
    bounds: list[float], events: list[float], hr: float, null_hr: float, ratio: float
) -> list[float]:
    """Hazard ratios that stand at z bounds, on the side of the assumed effect."""
    sign = 1.0 if hr > null_hr else -1.0
    return [
        null_hr * math.exp(max(-50.0, min(50.0, sign * z * (1 + ratio) / math.sqrt(ratio * d))))
        for z, d in zip(bounds, events, strict=True)
    ]
