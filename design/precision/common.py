"""What the calculators of precision share: the width asked for, and the size that gives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.solving import smallest_size
from design.wording import Wording

Width = Annotated[
    float,
    Field(ge=1e-9, le=1e9, description="Width of the interval, upper minus lower. 置信区间宽度"),
]
HalfWidth = Annotated[
    float,
    Field(
        ge=1e-9, le=1e9, description="Half the width: the absolute error allowed. 允许误差（绝对）"
    ),
]
RelativeError = Annotated[
    float,
    Field(
        ge=1e-6,
        le=100,
        description="Half the width as a share of the estimate: the relative error. 允许相对误差",
    ),
]
Fold = Annotated[
    float,
    Field(ge=1.000001, le=1e6, description="Upper limit / lower limit. 置信上限与下限之比"),
]
Size = Annotated[float, Field(ge=1, le=1e7, description="Patients. 例数")]
Population = Annotated[
    int, Field(ge=2, le=10**10, description="Size of a finite population sampled. 总体例数")
]

_WORDING = Wording(Path(__file__).with_name("precision.toml"))


def z_of(level: float) -> float:
    """Two-sided normal quantile of a confidence level.

    Raises:
        BadDesign: The level is so near 1 that it has none.
    """
    z = float(special.ndtri((1 + level) / 2))
    if z > 8:
        raise BadDesign(f"level {level:g} is too near 1 for an interval", "level")
    return z


def size_for_width(width_of: Callable[[float], float], width: float, *, low: float) -> float:
    """The smallest size at which a width that falls with the size is reached."""
    return smallest_size(lambda n: -width_of(n), -width, low=low, field="ci_width")


def corrected(n: float, population: int | None) -> float:
    """A size corrected for a finite population (Cochran 1977): n / (1 + (n - 1) / N)."""
    return n if population is None else n / (1 + (n - 1) / population)


def expanded(n: float, population: int | None) -> float:
    """The reverse of :func:`corrected`: how much a sample of a finite population is worth.

    Raises:
        BadDesign: The sample is the population, or more.
    """
    if population is None:
        return n
    if n >= population:
        raise BadDesign(f"n {n:g} is not below the population of {population}", "n")
    return n * (population - 1) / (population - n)


def population_keys(population: int | None) -> tuple[str, ...]:
    """Key of the convention on a finite population, when there is one."""
    return () if population is None else ("finite_population",)


def aim_phrase(half: float, rel_error: float | None, ci_width: float | None) -> dict[str, str]:
    """The width asked for as it was asked for, as template values ``aim_zh`` and ``aim_en``."""
    key = "relative" if rel_error is not None else "width" if ci_width is not None else "absolute"
    values = {"half": half, "rel_error": rel_error, "ci_width": ci_width}
    return phrase("aim", key, values)


def phrase(name: str, key: str, values: dict[str, Any]) -> dict[str, str]:
    """The phrase ``[phrases.KEY]`` as template values ``NAME_zh`` and ``NAME_en``."""
    return _WORDING.named(name, "phrases", key, values=values)


def limits(lower: float, upper: float) -> dict[str, float]:
    """Outputs of an interval."""
    return {
        "lower": lower,
        "upper": upper,
        "ci_width": upper - lower,
        "half_width": (upper - lower) / 2,
    }
