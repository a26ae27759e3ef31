"""Drop-out and screening failure: from evaluable patients to those enrolled and screened."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Count, Dropout
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

_LARGE = 0.2


@calculator(
    reference="Lachin JM. Introduction to sample size determination and power analysis for "
    "clinical trials. Control Clin Trials 1981;2:93-113",
    formula="enrolled = n / (1 - dropout), rounded up; the other convention: n (1 + dropout); "
    "screened = enrolled / (1 - screen failure)",
)
def dropout_inflation(
    *,
    n: Annotated[
        float, Field(gt=0, le=10_000_000, description="Patients with an outcome needed. 有效例数")
    ],
    dropout: Dropout,
    screen_failure: Dropout = 0.0,
    arms: Annotated[int, Field(ge=1, le=20, description="Arms of n patients each. 组数")] = 1,
) -> Outcome:
    """Patients to enrol (and to screen) so that ``n`` an arm have an outcome, by both conventions.

    A fractional ``n``, as it comes from a formula, is rounded up first; ``n_enrol_unrounded``
    is for those who divide first and round once.
    """
    whole = round_up(n)
    enrol = round_up(whole / (1 - dropout))
    total = enrol * arms
    outputs = {
        "n_evaluable": whole,
        "n_enrol": enrol,
        "n_with_dropout": enrol,
        "n_enrol_unrounded": round_up(n / (1 - dropout)),
        "n_dropout_added": round_up(whole * (1 + dropout)),
        "n_total": total,
        "expected_evaluable": enrol * (1 - dropout),
    }
    said = ["dropout_divides"]
    if screen_failure:
        outputs["n_screen"] = round_up(total / (1 - screen_failure))
        said.append("screening")
    warnings = ("large_dropout",) if dropout > _LARGE else ()
    key = ("screened" if screen_failure else "enrolled") + ("_arms" if arms > 1 else "")
    return Outcome(outputs, key, tuple(said), warnings)


@calculator(
    reference="Fitzmaurice GM, Laird NM, Ware JH. Applied Longitudinal Analysis. 2nd ed. 2011, "
    "chapter 20",
    formula="after period k the share (1 - r_1) … (1 - r_k) is left",
)
def attrition(
    *,
    n: Count,
    rates: Annotated[
        list[Annotated[float, Field(ge=0, lt=1)]],
        Field(
            min_length=1,
            max_length=200,
            description="Share lost in each period, of those still there at its start. 各期脱落率",
        ),
    ],
    aim: Annotated[
        Literal["remain", "enrol"],
        Field(description="n is to remain at the end, or is enrolled."),
    ] = "remain",
) -> Outcome:
    """Patients left after each visit or period, and how many to enrol for ``n`` at the end."""
    left = 1.0
    shares = []
    for rate in rates:
        left *= 1 - rate
        shares.append(left)
    if n / left > 1e9:
        raise BadDesign("almost nobody is left at the end: the rates are too high", "rates")
    enrol = round_up(n / left) if aim == "remain" else n
    outputs = {
        "n_enrol": enrol,
        "n_end": n if aim == "remain" else enrol * left,
        "shares_left": shares,
        "expected_left": [enrol * share for share in shares],
        "dropout_total": 1 - left,
    }
    values = {"periods": len(rates), "left": left}
    warnings = ("large_attrition",) if 1 - left > _LARGE else ()
    return Outcome(outputs, aim, ("of_those_left",), warnings, values)
