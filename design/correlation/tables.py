"""Chi-square tests of counts (goodness of fit, association): sample size and power."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.correlation.common import SampleSize, warnings_for
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.solving import smallest_size

W = Annotated[float, Field(ge=1e-6, le=100, description="Cohen's w. 效应量 w")]
Df = Annotated[int, Field(ge=1, le=100_000, description="Degrees of freedom. 自由度")]
Cell = Annotated[float, Field(ge=0, le=1)]
Cells = Annotated[
    list[Cell],
    Field(min_length=2, max_length=1000, description="Probabilities of the categories. 各类概率"),
]
Table = Annotated[
    list[Annotated[list[Cell], Field(max_length=100)]],
    Field(
        min_length=2,
        max_length=100,
        description="Expected joint probabilities of a table, row by row, all adding up to 1. "
        "列联表各格概率",
    ),
]
_ALIKE = 1e-6  # by how much probabilities may miss adding up to 1
_FEW = 5  # expected count below which the chi-square distribution is a poor approximation


@calculator(
    reference="Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, "
    "chapter 7",
    formula="P(chi2_df > chi2_alpha | noncentrality n w^2) = power; w^2 = sum (p1 - p0)^2 / p0",
)
def chi_square(
    *,
    w: W | None = None,
    df: Df | None = None,
    p0: Cells | None = None,
    p1: Cells | None = None,
    table: Table | None = None,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: SampleSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for a chi-square test of counts, or the power of a number.

    The effect is ``w`` with ``df``; or the probabilities ``p0`` under the null hypothesis and
    ``p1`` expected (goodness of fit); or an expected ``table`` (association). Give ``power`` for
    the number of patients, ``n`` for the power.
    """
    effect, freedom, smallest = _effect(w, df, p0, p1, table)
    power_or_size(power, n=n)
    critical = special.chdtri(freedom, alpha)

    def power_of(size: float) -> float:
        return float(1 - special.chndtr(critical, freedom, size * effect**2))

    shared: dict[str, Any] = {"w": effect}
    said: tuple[str, ...] = ("omnibus", "chi_square")
    values = {"df": freedom}
    if power is None:
        assert n is not None
        found = power_of(n)
        warned = _warned(alpha, found, n, smallest)
        return Outcome({"power": found, **shared}, "power", said, warned, values)
    raw = smallest_size(power_of, power, low=1.0, field="w")
    outputs = one_arm_sizes(raw, dropout)
    outputs |= {"power_achieved": power_of(outputs["n"]), **shared}
    said = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, _warned(alpha, power, outputs["n"], smallest), values)


def _warned(alpha: float, power: float, n: float, smallest: float | None) -> tuple[str, ...]:
    few = ("few_expected",) if smallest is not None and n * smallest < _FEW else ()
    return (*warnings_for(alpha / 2, power), *few)


def _effect(
    w: float | None,
    df: int | None,
    p0: list[float] | None,
    p1: list[float] | None,
    table: list[list[float]] | None,
) -> tuple[float, int, float | None]:
    """w, degrees of freedom, and the smallest probability under the null hypothesis if known."""
    ways = {"w": w, "p1": p1, "table": table}
    if sum(value is not None for value in ways.values()) != 1:
        raise BadDesign("give one of: w with df; p0 with p1; a table", "w")
    if w is not None:
        if df is None or p0 is not None:
            raise BadDesign("w goes with df, the degrees of freedom, alone", "df")
        return w, df, None
    if p1 is not None:
        null = p0 if p0 is not None else [1 / len(p1)] * len(p1)
        if len(null) != len(p1):
            raise BadDesign(f"p0 has {len(null)} categories, p1 has {len(p1)}", "p0")
        freedom = len(p1) - 1
        expected = p1
    else:
        assert table is not None
        if p0 is not None:
            raise BadDesign("a table is tested for association; p0 goes with p1", "p0")
        null, expected, freedom = _independence(table)
    return _w(null, expected), freedom if df is None else df, min(null)


def _independence(table: list[list[float]]) -> tuple[list[float], list[float], int]:
    width = len(table[0])
    if width < 2 or any(len(row) != width for row in table):
        raise BadDesign(
            "every row of the table needs the same number of columns, two or more", "table"
        )
    rows = [sum(row) for row in table]
    columns = [sum(row[i] for row in table) for i in range(width)]
    if min(rows) == 0 or min(columns) == 0:
        raise BadDesign("a row or column of the table is empty; leave it out", "table")
    null = [row * column for row in rows for column in columns]
    return null, [cell for row in table for cell in row], (len(rows) - 1) * (width - 1)


def _w(null: list[float], expected: list[float]) -> float:
    for name, cells in (("null hypothesis", null), ("expectation", expected)):
        if abs(sum(cells) - 1) > _ALIKE:
            raise BadDesign(
                f"the probabilities of the {name} add up to {sum(cells):g}, not 1", "p1"
            )
    if min(null) == 0:
        raise BadDesign("a category has probability 0 under the null hypothesis", "p0")
    w2 = float(sum((b - a) ** 2 / a for a, b in zip(null, expected, strict=True)))
    if w2 < 1e-20:
        raise BadDesign("the expectation equals the null hypothesis: nothing to detect", "p1")
    return math.sqrt(w2)
