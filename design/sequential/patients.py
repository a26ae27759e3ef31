"""What a sequential design of one or two arms says of its patients, whatever the outcome is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from design.result import Outcome
from design.sequential import saying
from design.sequential.plan import Plan, characteristics
from design.sequential.sizing import size_outputs


@dataclass(frozen=True, slots=True)
class Arms:
    """The arms of a trial.

    Attributes:
        groups: 1 or 2.
        ratio: n1/n2.
        dropout: Share of patients without an outcome.
    """

    groups: int
    ratio: float
    dropout: float

    @property
    def per_first(self) -> float:
        """Patients of all arms for one of arm 1."""
        return 1.0 if self.groups == 1 else 1 + 1 / self.ratio


def outcome_of_patients(
    plan: Plan,
    arms: Arms,
    *,
    fixed: float,
    given: int | None,
    difference: tuple[float, float],
    bound: Callable[[float, float], float],
    keys: tuple[str, ...],
    centre: float | None = None,
) -> Outcome:
    """Numbers of patients, effects at the bounds, conventions and warnings.

    Args:
        plan: The design.
        arms: Its arms.
        fixed: Raw size of arm 1 without interim looks.
        given: Largest number of patients, of all arms, when it is given.
        difference: Expected, and under the null hypothesis.
        bound: How far from the null hypothesis a z bound is, with so many patients in arm 1.
        keys: Conventions of the test.
        centre: Where effects are measured from; the null difference if left out.
    """
    expected, null = difference
    n1 = fixed * plan.inflation if given is None else given / arms.per_first
    outputs = characteristics(plan) | size_outputs(plan, n1, arms.ratio, arms.groups, arms.dropout)
    outputs |= {"power": plan.options.power, "n_fixed_raw": fixed * arms.per_first}
    sign = math.copysign(1.0, expected - null)
    outputs["effect_bounds"] = [
        (null if centre is None else centre) + sign * bound(z, n1 * time)
        for z, time in zip(plan.upper, plan.options.timing, strict=True)
    ]
    beyond = saying.beyond_null(expected, null) if arms.groups == 2 else ()
    small = ("small_n",) if outputs["max_n"] / arms.groups < 30 else ()
    return Outcome(
        outputs,
        "two" if arms.groups == 2 else "one",
        (*saying.plan_conventions(plan), *keys, *(("dropout",) if arms.dropout else ())),
        (*saying.plan_warnings(plan), *beyond, *small),
        values=saying.plan_values(plan),
    )
