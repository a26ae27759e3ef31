"""Confidence interval of the difference of two proportions of the same subjects."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.proportions.counts import Cell
from design.proportions.intervals_one import interval
from design.proportions.normal import quantile
from design.quantities import Level
from design.registry import calculator
from design.result import Outcome
from design.solving import root


@calculator(
    reference="Tango T. Stat Med 1998;17:891; Newcombe RG. Stat Med 1998;17:2635 (method 10); "
    "Bonett DG, Price RM. Stat Med 2012;31:463",
    formula="tango: all d with |b-c-nd| <= z sqrt(n (2q + d(1-d))), q the constrained share of c; "
    "newcombe: Wilson distances squared and added with the correlation of the table; "
    "bonett_price: Wald with one pair added to b and c",
)
def paired_difference_ci(
    *,
    a: Annotated[Cell, Field(description="Pairs with the event both times. 两次均阳性")],
    b: Annotated[Cell, Field(description="Pairs with the event the first time only. 仅第一次阳性")],
    c: Annotated[
        Cell, Field(description="Pairs with the event the second time only. 仅第二次阳性")
    ],
    d: Annotated[Cell, Field(description="Pairs without the event. 两次均阴性")],
    level: Level = 0.95,
    method: Annotated[
        Literal["tango", "newcombe", "bonett_price", "wald"],
        Field(description="How the interval is built. 区间方法"),
    ] = "tango",
) -> Outcome:
    """Confidence interval of the first proportion less the second, (b - c)/n."""
    n = a + b + c + d
    if n == 0:
        raise BadDesign("the table is empty", "a")
    z = quantile((1 + level) / 2)
    if method == "tango":
        lower, upper = _tango(b, c, n, z)
    elif method == "newcombe":
        lower, upper = _newcombe(a, b, c, d, level)
    else:
        added = 1 if method == "bonett_price" else 0
        p, q, size = (b + added) / (n + 2 * added), (c + added) / (n + 2 * added), n + 2 * added
        half = z * math.sqrt(max(0.0, p + q - (p - q) ** 2) / size)
        lower, upper = max(-1.0, p - q - half), min(1.0, p - q + half)
    return Outcome(
        {"estimate": (b - c) / n, "lower": lower, "upper": upper, "ci_width": upper - lower},
        "interval",
        (f"ci_paired_{method}",),
        ("wald_interval",) if method == "wald" and min(b, c) < 5 else (),
        values={"n": n},
    )


def tango_z(b: int, c: int, n: int, at: float) -> float:
    """Tango's score statistic of a difference."""
    linear = -b - c + (2 * n - b + c) * at
    constant = -c * at * (1 - at)
    share = (math.sqrt(max(linear**2 - 8 * n * constant, 0.0)) - linear) / (4 * n)
    variance = n * (2 * share + at * (1 - at))
    gap = b - c - n * at
    if variance <= 1e-300:
        return 0.0 if gap == 0 else math.copysign(1e6, gap)
    return max(-1e6, min(1e6, gap / math.sqrt(variance)))


def _tango(b: int, c: int, n: int, z: float) -> tuple[float, float]:
    low, high = -1 + 1e-12, 1 - 1e-12

    def limit(target: float, end: float, beyond: float) -> float:
        if (tango_z(b, c, n, end) - target) * (tango_z(b, c, n, (b - c) / n) - target) >= 0:
            return beyond
        return root(lambda at: tango_z(b, c, n, at) - target, end, (b - c) / n, xtol=1e-12)

    return (
        -1.0 if b - c == -n else limit(z, low, -1.0),
        1.0 if b - c == n else limit(-z, high, 1.0),
    )


def _newcombe(a: int, b: int, c: int, d: int, level: float) -> tuple[float, float]:
    n = a + b + c + d
    first, second = a + b, a + c
    l1, u1 = interval(first, n, level, "wilson")
    l2, u2 = interval(second, n, level, "wilson")
    p1, p2 = first / n, second / n
    product = first * (n - first) * second * (n - second)
    phi = 0.0
    if product > 0:
        cross = a * d - b * c
        phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / math.sqrt(product)
    gap = p1 - p2

    def reach(x: float, y: float) -> float:
        return math.sqrt(max(0.0, x * x - 2 * phi * x * y + y * y))

    return gap - reach(p1 - l1, u2 - p2), gap + reach(u1 - p1, p2 - l2)
