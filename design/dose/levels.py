"""Dose levels of an escalation: modified Fibonacci or equal steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Positive
from design.registry import calculator
from design.result import Outcome

_FIBONACCI = (1.0, 0.67, 0.5, 0.4)  # then a third each
_LAST = 0.33


@calculator(
    reference="Penel N, Kramar A. What does a modified-Fibonacci dose-escalation actually "
    "correspond to? BMC Med Res Methodol 2012;12:103",
    formula="modified Fibonacci: each dose is the one before plus 100%, 67%, 50%, 40%, then 33% "
    "of it; factor: each is factor times the one before",
)
def dose_levels(
    *,
    start: Annotated[
        float, Field(gt=0, le=1e9, description="The first dose, in any unit. 起始剂量")
    ],
    levels: Annotated[int, Field(ge=1, le=20, description="Number of dose levels. 剂量水平数")],
    scheme: Annotated[
        Literal["modified_fibonacci", "factor"], Field(description="How the dose goes up.")
    ] = "modified_fibonacci",
    factor: Annotated[float, Field(gt=1, le=10, description="Step of scheme factor.")] = 2.0,
    maximum: Positive | None = None,
) -> Outcome:
    """Dose levels from a starting dose, in the unit of the starting dose; unrounded.

    Levels above ``maximum`` are left out.
    """
    doses = [start]
    while len(doses) < levels:
        at = len(doses) - 1
        rise = _FIBONACCI[at] if at < len(_FIBONACCI) else _LAST
        doses.append(doses[-1] * (1 + rise if scheme == "modified_fibonacci" else factor))
    if maximum is not None:
        doses = [dose for dose in doses if dose <= maximum * (1 + 1e-12)]
        if not doses:
            raise BadDesign(f"the starting dose {start:g} is above maximum {maximum:g}", "maximum")
    outputs = {
        "doses": [_plain(dose) for dose in doses],
        "increments": [_plain(b / a - 1) for a, b in pairwise(doses)],
        "times_start": [_plain(dose / start) for dose in doses],
    }
    warnings = ("steep",) if scheme == "factor" and factor > 2 else ()
    values = {"count": len(doses)}
    return Outcome(outputs, scheme, ("unrounded",), warnings, values)


def _plain(value: float) -> float:
    """Without the dust of floating point: 50.1, not 50.099999999999994."""
    return float(f"{value:.12g}")
