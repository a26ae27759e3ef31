"""Treatment not taken, or taken in the control arm: the effect is diluted, more patients needed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

_SMALLEST = 0.1
_LARGE = 2.0


@calculator(
    reference="Lachin JM. Control Clin Trials 1981;2:93-113; Friedman LM, Furberg CD, DeMets DL. "
    "Fundamentals of Clinical Trials. 4th ed. 2010, chapter 8",
    formula="effect left = 1 - drop-outs - drop-ins; n / (1 - drop-outs - drop-ins)^2",
)
def adherence_dilution(
    *,
    n: Annotated[
        float, Field(gt=0, le=10_000_000, description="Patients needed with full adherence. 例数")
    ],
    drop_out: Annotated[
        float,
        Field(ge=0, lt=1, description="Share of the treatment arm that goes without. 停用试验药"),
    ] = 0.0,
    drop_in: Annotated[
        float,
        Field(ge=0, lt=1, description="Share of the control arm that takes it. 对照组换用试验药"),
    ] = 0.0,
) -> Outcome:
    """Number of patients by intention to treat, when some do not take the arm they are in.

    All patients keep an outcome; for those lost altogether see ``dropout_inflation``. Who stops
    or switches is taken to respond as the other arm does, from the start.
    """
    left = 1 - drop_out - drop_in
    if left < _SMALLEST:
        raise BadDesign(
            f"drop_out + drop_in = {drop_out + drop_in:g} leave less than a tenth of the effect: "
            "no trial of this size would find it",
            "drop_out",
        )
    factor = 1 / left**2
    outputs = {
        "n": round_up(n * factor),
        "before": round_up(n),
        "n_raw": n * factor,
        "factor": factor,
        "effect_left": left,
    }
    warnings = ("large_dilution",) if factor > _LARGE else ()
    return Outcome(outputs, "diluted", ("intention_to_treat",), warnings)
