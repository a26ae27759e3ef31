"""Inputs that the group sequential methods share, and the design they add up to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from design.errors import BadDesign
from design.sequential.spending import Spending, spent

CLASSICAL = ("obrien_fleming", "pocock", "wang_tsiatis", "haybittle_peto", "bonferroni")
_LEAST_GAP = 0.001  # closer looks would need grids of thousands of nodes
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Options:
    """A group sequential design as asked for, its parts checked against each other.

    Attributes:
        timing: Information fractions, the last 1.
        alpha: Type I error of all tails together.
        sides: 1, or 2 with symmetric bounds.
        power: Power to reach.
        alpha_spent: Error spent by each look, in all tails; ``None`` for the classical shapes.
        boundary: Kind of the efficacy bound.
        shape: Its parameter.
        beta_spent: Error of the second kind spent by each look; ``None`` without beta spending.
        futility_z: Given futility bounds of the interim looks.
        binding: Whether the efficacy bounds count on the futility bounds being obeyed.
    """

    timing: tuple[float, ...]
    alpha: float
    sides: int
    power: float
    boundary: str
    shape: float | None = None
    alpha_spent: tuple[float, ...] | None = None
    beta_spent: tuple[float, ...] | None = None
    futility_z: tuple[float, ...] | None = None
    binding: bool = False

    @property
    def has_futility(self) -> bool:
        """Whether a look can end the trial for futility."""
        return self.beta_spent is not None or self.futility_z is not None


def options(
    *,
    looks: int | None,
    timing: Sequence[float] | None,
    alpha: float | None,
    sides: int,
    power: float,
    boundary: str,
    shape: float | None,
    alpha_spent: Sequence[float] | None,
    futility: str,
    futility_shape: float | None,
    futility_bounds: Sequence[float] | None,
    beta_spent: Sequence[float] | None,
    binding: bool,
) -> Options:
    """The design of a method's inputs.

    Raises:
        BadDesign: Inputs that are missing or at odds with each other.
    """
    times = information_fractions(looks, timing)
    level = default_alpha(alpha, sides)
    if power <= level:
        raise BadDesign(f"power = {power:g} is not above alpha = {level:g}", "power")
    if futility != "none" and sides == 2:
        raise BadDesign(
            "a futility bound is for a one-sided test: use sides 1 with half the alpha", "futility"
        )
    if futility != "none" and len(times) == 1:
        raise BadDesign("a futility bound needs an interim analysis", "futility")
    used = _used_shape(boundary, shape)
    return Options(
        timing=times,
        alpha=level,
        sides=sides,
        power=power,
        boundary=boundary,
        shape=used,
        alpha_spent=_spending(boundary, "alpha_spent", times, level, sides, used, alpha_spent),
        beta_spent=_beta(futility, futility_shape, times, 1 - power, beta_spent),
        futility_z=_given_futility(futility, futility_bounds, len(times)),
        binding=binding and futility != "none",
    )


def default_alpha(alpha: float | None, sides: int) -> float:
    """0.025 for each tail, when nothing else is asked for."""
    return alpha if alpha is not None else 0.025 * sides


def information_fractions(
    looks: int | None, timing: Sequence[float] | None, *, whole: bool = True
) -> tuple[float, ...]:
    """Information times in ascending order; equally spaced when only their number is given.

    Raises:
        BadDesign: They do not ascend, lie too close, or (``whole``) do not end at 1.
    """
    if timing is None:
        if looks is None:
            raise BadDesign(
                "give looks (equally spaced) or timing (information fractions)", "looks"
            )
        return tuple(look / looks for look in range(1, looks + 1))
    if looks is not None and looks != len(timing):
        raise BadDesign(f"looks = {looks}, but timing has {len(timing)} values", "timing")
    before = 0.0
    for time in timing:
        if not time - before >= _LEAST_GAP - _DUST:
            raise BadDesign(
                f"timing must ascend from above 0 in steps of at least {_LEAST_GAP}: "
                f"{time:g} follows {before:g}",
                "timing",
            )
        before = time
    if whole and abs(before - 1) > _DUST:
        raise BadDesign(
            f"timing ends at {before:g}, not at 1: divide by the information of the final analysis",
            "timing",
        )
    return (*timing[:-1], 1.0) if whole else tuple(timing)


def _used_shape(boundary: str, shape: float | None) -> float | None:
    if boundary == "haybittle_peto":
        return _within(3.0 if shape is None else shape, 1.0, 8.0, "shape", "the early z bound")
    if boundary == "wang_tsiatis":
        return _within(shape, -0.5, 1.0, "shape", "Delta of wang_tsiatis")
    if boundary == "kim_demets":
        return _within(shape, 0.01, 30.0, "shape", "rho of kim_demets")
    if boundary == "hwang_shih_decani":
        return _within(shape, -40.0, 40.0, "shape", "gamma of hwang_shih_decani")
    if shape is not None:
        raise BadDesign(f"boundary {boundary} has no shape; leave it out", "shape")
    return None


def _within(value: float | None, low: float, high: float, field: str, what: str) -> float:
    if value is None:
        raise BadDesign(f"give {what} as {field}", field)
    if not low <= value <= high:
        raise BadDesign(f"{what} = {value:g} is not between {low:g} and {high:g}", field)
    return value


def _spending(
    boundary: str,
    field: str,
    times: tuple[float, ...],
    total: float,
    sides: int,
    shape: float | None,
    given: Sequence[float] | None,
) -> tuple[float, ...] | None:
    """Error spent up to each look in all tails; ``None`` when the kind is no spending function."""
    if boundary == "user_spending":
        return _given_spending(given, field, len(times), total)
    if given is not None:
        raise BadDesign(f"{field} is for user_spending; leave it out", field)
    if boundary in CLASSICAL:
        return None
    kind = cast(Spending, boundary)
    return tuple(sides * spent(kind, time, total / sides, shape) for time in times)


def _given_spending(
    given: Sequence[float] | None, field: str, looks: int, total: float
) -> tuple[float, ...]:
    if given is None:
        raise BadDesign(f"give {field}: the error spent up to each analysis", field)
    if len(given) != looks:
        raise BadDesign(f"{field} has {len(given)} values for {looks} analyses", field)
    if min(given) < 0 or any(b < a for a, b in itertools.pairwise(given)):
        raise BadDesign(f"{field} must not fall and not be below 0: {list(given)}", field)
    if not math.isclose(given[-1], total, rel_tol=1e-9):
        raise BadDesign(f"{field} ends at {given[-1]:g}, but {total:g} is to be spent", field)
    return tuple(given)


def _beta(
    futility: str,
    shape: float | None,
    times: tuple[float, ...],
    total: float,
    given: Sequence[float] | None,
) -> tuple[float, ...] | None:
    if futility in ("none", "bounds"):
        for field, value in (("futility_shape", shape), ("beta_spent", given)):
            if value is not None:
                raise BadDesign(f"{field} is for beta spending; leave it out", field)
        return None
    if futility == "kim_demets":
        shape = _within(shape, 0.01, 30.0, "futility_shape", "rho of the beta spending")
    elif futility == "hwang_shih_decani":
        shape = _within(shape, -40.0, 40.0, "futility_shape", "gamma of the beta spending")
    elif shape is not None:
        raise BadDesign(f"futility {futility} has no shape; leave it out", "futility_shape")
    return _spending(futility, "beta_spent", times, total, 1, shape, given)


def _given_futility(
    futility: str, given: Sequence[float] | None, looks: int
) -> tuple[float, ...] | None:
    if futility != "bounds":
        if given is not None:
            raise BadDesign("futility_bounds needs futility = bounds", "futility_bounds")
        return None
    if given is None or len(given) != looks - 1:
        raise BadDesign(
            f"give futility_bounds: {looks - 1} z values, one an interim analysis",
            "futility_bounds",
        )
    if not all(-50 <= z <= 8 for z in given):
        raise BadDesign("futility_bounds are z values between -50 and 8", "futility_bounds")
    return tuple(given)
