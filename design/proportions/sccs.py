"""Self-controlled case series: number of events and power."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.proportions.normal import Border, plan
from design.proportions.sizing import (
    carried_out_once,
    conventions,
    given_size,
    sentence_key,
    warnings,
)
from design.proportions.two_groups import arcsine_effect
from design.quantities import Alpha, Count, Positive, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up


@calculator(
    reference="Musonda P, Farrington CP, Whitaker HJ. Stat Med 2006;25:2618",
    formula="with q = rho r/(rho r + 1 - r): log: n = ((z_a + z_b (rho r + 1 - r)/sqrt(rho)) / "
    "(sqrt(r(1-r)) ln rho))^2; rate: ((z_a + z_b sqrt(rho) (rho r + 1 - r)) / (sqrt(r(1-r)) "
    "(rho - 1)))^2; arcsine: (z_a + z_b)^2 / (2 asin sqrt q - 2 asin sqrt r)^2; signed_root: "
    "(z_a + z_b sqrt(B))^2 / A, A = 2 (q ln rho - ln(rho r + 1 - r)), B = (ln rho)^2 q(1-q)/A",
)
def self_controlled_case_series(
    *,
    relative_incidence: Annotated[
        Positive, Field(description="Incidence in the risk period to that outside, rho. 相对发病率")
    ],
    risk_share: Annotated[
        Probability, Field(description="Risk period / observation period, r. 风险期占观察期比例")
    ],
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Annotated[Count, Field(description="Events in exposed subjects.")] | None = None,
    test: Annotated[
        Literal["log", "rate", "arcsine", "signed_root"],
        Field(
            description="Distribution of ln rho or of rho, arcsine of the binomial share, or "
            "signed root likelihood ratio (which the authors recommend). 检验方法"
        ),
    ] = "signed_root",
    exposed: Annotated[
        float, Field(gt=0, le=1, description="Share of subjects ever exposed. 曾暴露者比例")
    ] = 1.0,
) -> Outcome:
    """Number of events to detect a relative incidence by a self-controlled case series."""
    known = given_size(power, n)
    if relative_incidence == 1:
        raise BadDesign("a relative incidence of 1 is no effect to detect", "relative_incidence")
    rho, r = relative_incidence, risk_share
    made = plan((_BORDERS[test](rho, r),), alpha / sides)
    outputs = carried_out_once(made, power, known, 0.0)
    events = outputs["n"] if known is None else known
    if power is not None:
        factor = (1 + exposed * r * (rho - 1)) / (exposed * (rho * r + 1 - r))
        outputs["n_total"] = round_up(events * factor)
    said = [f"sccs_{test}", *(("one_round_up",) if power else ())]
    return Outcome(
        outputs,
        sentence_key(power is not None),
        conventions(sides, *said),
        warnings(alpha, sides, power or outputs["power"]),
        values={"n": events},
    )


def _log(rho: float, r: float) -> Border:
    inside = math.sqrt(r * (1 - r))
    return Border(abs(math.log(rho)), 1 / inside, (rho * r + 1 - r) / math.sqrt(rho) / inside)


def _rate(rho: float, r: float) -> Border:
    inside = math.sqrt(r * (1 - r))
    return Border(abs(rho - 1), 1 / inside, math.sqrt(rho) * (rho * r + 1 - r) / inside)


def _share(rho: float, r: float) -> float:
    return rho * r / (rho * r + 1 - r)


def _arcsine(rho: float, r: float) -> Border:
    return Border(abs(arcsine_effect(_share(rho, r), r)), 1.0, 1.0)


def _signed_root(rho: float, r: float) -> Border:
    q = _share(rho, r)
    a = 2 * (q * math.log(rho) - math.log(rho * r + 1 - r))
    if a < 1e-12:
        raise BadDesign(
            "the relative incidence is too close to 1 to plan for", "relative_incidence"
        )
    b = math.log(rho) ** 2 * q * (1 - q) / a
    return Border(math.sqrt(a), 1.0, math.sqrt(b))


_BORDERS: dict[str, Callable[[float, float], Border]] = {
    "log": _log,
    "rate": _rate,
    "arcsine": _arcsine,
    "signed_root": _signed_root,
}
