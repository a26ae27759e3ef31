"""Rare events: how many patients to see one, and what it means that none was seen."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Dropout
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes

Incidence = Annotated[
    float,
    Field(gt=0, lt=1, description="Probability of the event in a patient. 事件发生率"),
]
Count = Annotated[int, Field(ge=1, le=10_000_000, description="Patients. 例数")]
Level = Annotated[
    float,
    Field(
        gt=0,
        lt=1,
        description="Probability of seeing at least one event; level of the upper limit. "
        "概率或置信水平",
    ),
]


@calculator(
    reference="Hanley JA, Lippman-Hand A. If nothing goes wrong, is everything all right? JAMA "
    "1983;249:1743-5 (rule of three)",
    formula="n = ln(1 - level) / ln(1 - p); upper limit when none of n is seen: 1 - (1 - "
    "level)^(1/n), about 3/n at 95%",
)
def rare_event(
    *,
    p: Incidence | None = None,
    n: Count | None = None,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to see at least one event, or what n patients without one rule out.

    Give ``p`` for the number of patients; ``n`` for the one-sided upper limit of the probability
    when no event is seen; both for the probability of seeing at least one.
    """
    if n is None:
        if p is None:
            raise BadDesign("give p (for the number of patients) or n (for the upper limit)", "p")
        raw = math.log1p(-level) / math.log1p(-p)
        if raw > 1e9:
            raise BadDesign("more than a billion patients would be needed", "p")
        outputs = one_arm_sizes(max(1.0, raw), dropout)
        keys = ("at_least_one", "round_up_one", *(("dropout",) if dropout else ()))
        return Outcome(outputs, "size", keys)
    if p is None:
        upper = -math.expm1(math.log1p(-level) / n)
        return Outcome({"upper": upper}, "limit", ("none_seen",))
    seen = -math.expm1(n * math.log1p(-p))
    return Outcome({"probability": seen}, "seen", ("at_least_one",))
