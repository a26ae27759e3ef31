"""Confidence intervals of one proportion."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.proportions.counts import Events, Group, events
from design.proportions.normal import quantile
from design.quantities import Level, Share
from design.registry import calculator
from design.result import Outcome

Method = Annotated[
    Literal["wilson", "wilson_continuity", "clopper_pearson", "agresti_coull", "jeffreys", "wald"],
    Field(description="How the interval is built. 区间方法"),
]


@calculator(
    reference="Wilson EB. JASA 1927;22:209; Clopper CJ, Pearson ES. Biometrika 1934;26:404; "
    "Newcombe RG. Stat Med 1998;17:857 (Wilson with continuity correction); Brown LD, Cai TT, "
    "DasGupta A. Stat Sci 2001;16:101 (Agresti-Coull, Jeffreys)",
    formula="wilson: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n); clopper_pearson: "
    "Beta(a/2; x, n-x+1) to Beta(1-a/2; x+1, n-x); jeffreys: Beta quantiles at x+1/2, n-x+1/2; "
    "agresti_coull: Wald with z^2/2 events and non-events added",
)
def proportion_ci(
    *,
    n: Group,
    x: Events | None = None,
    p: Share | None = None,
    level: Level = 0.95,
    method: Method = "wilson",
) -> Outcome:
    """Confidence interval of one proportion; give the events ``x`` or, when planning, ``p``."""
    count = events(x, p, n)
    lower, upper = interval(count, n, level, method)
    few = count < 5 or n - count < 5
    return Outcome(
        {"estimate": count / n, "lower": lower, "upper": upper, "ci_width": upper - lower},
        "interval",
        (f"ci_{method}",),
        ("wald_interval",) if method == "wald" and few else (),
        values={"x": count},
    )


def interval(x: float, n: float, level: float, method: str) -> tuple[float, float]:
    """Lower and upper limit, within 0 and 1."""
    lower, upper = _METHODS[method](x, n, quantile((1 + level) / 2), level)
    return max(0.0, lower), min(1.0, upper)


def _wilson(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    p = x / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (0.0 if x == 0 else (middle - half) / scale, 1.0 if x == n else (middle + half) / scale)


def _wilson_continuity(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    p = x / n
    scale = 2 * (n + z * z)

    def root(sign: int) -> float:
        inside = z * z - sign * 2 - 1 / n + 4 * p * (n * (1 - p) + sign)
        return z * math.sqrt(max(inside, 0.0)) + 1

    lower = 0.0 if x == 0 else (2 * n * p + z * z - root(1)) / scale
    upper = 1.0 if x == n else (2 * n * p + z * z + root(-1)) / scale
    return lower, upper


def _clopper_pearson(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    lower = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return lower, upper


def _jeffreys(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    lower = 0.0 if x == 0 else float(special.betaincinv(x + 0.5, n - x + 0.5, tail))
    upper = 1.0 if x == n else float(special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail))
    return lower, upper


def _agresti_coull(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    return _wald(x + z * z / 2, n + z * z, z, level)


def _wald(x: float, n: float, z: float, level: float) -> tuple[float, float]:
    p = x / n
    half = z * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


_METHODS: dict[str, Callable[[float, float, float, float], tuple[float, float]]] = {
    "wilson": _wilson,
    "wilson_continuity": _wilson_continuity,
    "clopper_pearson": _clopper_pearson,
    "agresti_coull": _agresti_coull,
    "jeffreys": _jeffreys,
    "wald": _wald,
}
