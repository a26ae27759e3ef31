"""Efficacy bounds: from error spent look by look, or of a given shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from scipy import special

from design.errors import BadDesign
from design.sequential.options import Options
from design.sequential.walk import Walk, exits
from design.solving import root

_SMALL = 1e-14  # below it a bound is that of its own error: earlier looks take nothing from it
_TINIEST = 1e-300
HIGHEST = 40.0


def efficacy(options: Options, lower: Sequence[float] | None = None) -> list[float]:
    """z bounds of all looks that keep alpha.

    Args:
        options: The design.
        lower: Futility bounds of the interim looks, when they are binding.

    Raises:
        BadDesign: No bounds of this kind keep alpha.
    """
    if options.alpha_spent is not None:
        return spending_bounds(options.timing, options.alpha_spent, options.sides, lower)
    if options.boundary == "bonferroni":
        looks = len(options.timing)
        return [-float(special.ndtri(options.alpha / options.sides / looks))] * looks
    if options.boundary == "haybittle_peto":
        return _haybittle_peto(options, lower)
    delta = {"obrien_fleming": 0.0, "pocock": 0.5}.get(options.boundary, options.shape)
    assert delta is not None
    forms = [time ** (delta - 0.5) for time in options.timing]
    return _scaled(lambda constant: [constant * form for form in forms], options, lower)


def spending_bounds(
    timing: Sequence[float],
    spent: Sequence[float],
    sides: int,
    lower: Sequence[float] | None = None,
    past: Sequence[float] = (),
) -> list[float]:
    """z bounds that spend the error given up to each look (in all tails).

    ``past`` are bounds of the first looks that are kept as they are; the error they have truly
    used is taken into account, as in :func:`next_bound`.
    """
    walk, bounds, used = Walk.start(), [], 0.0
    for look, time in enumerate(timing):
        if look < len(past):
            bound = past[look]
            used += sides * walk.above(bound, time)
        else:
            bound = next_bound(walk, time, (spent[look] - used) / sides)
            used = spent[look]
        bounds.append(bound)
        if look + 1 < len(timing):
            floor = -bound if sides == 2 else -math.inf
            if lower is not None and look < len(lower):
                floor = min(lower[look], bound)
            walk = walk.go_on(floor, bound, time, timing[look + 1])
    return bounds


def next_bound(walk: Walk, time: float, error: float) -> float:
    """The z bound above which a trial ends at ``time`` with probability ``error`` (one tail)."""
    if error < _SMALL:
        return -float(special.ndtri(max(error, _TINIEST)))
    if error >= walk.above(-HIGHEST, time):
        return -HIGHEST
    # A trial that went on is no likelier above a value than one without looks.
    high = -float(special.ndtri(error)) + 1e-9
    return root(lambda z: walk.above(z, time) - error, -HIGHEST, high, xtol=1e-12, rtol=1e-13)


def _haybittle_peto(options: Options, lower: Sequence[float] | None) -> list[float]:
    early = options.shape
    assert early is not None
    interim = [early] * (len(options.timing) - 1)
    used = _error(options, [*interim, HIGHEST], lower)
    if used >= options.alpha:
        raise BadDesign(
            f"interim bounds of {early:g} use {used:.4g} of alpha {options.alpha:g} and leave "
            "nothing for the final analysis: give a higher early bound as shape",
            "shape",
        )
    return _scaled(lambda final: [*interim, final], options, lower)


def _scaled(
    bounds: Callable[[float], list[float]], options: Options, lower: Sequence[float] | None
) -> list[float]:
    """The bounds of a family with one constant that keep alpha."""
    if _error(options, bounds(0.0), lower) <= options.alpha:
        raise BadDesign("these binding futility bounds leave less than alpha", "futility_bounds")
    constant = root(
        lambda c: _error(options, bounds(c), lower) - options.alpha,
        0.0,
        HIGHEST,
        xtol=1e-11,
        rtol=1e-12,
    )
    return bounds(constant)


def _error(options: Options, upper: list[float], lower: Sequence[float] | None) -> float:
    floors = [-z for z in upper] if options.sides == 2 else None
    if lower is not None:
        floors = [min(a, b) for a, b in zip((*lower, -math.inf), upper, strict=True)]
    return options.sides * float(exits(options.timing, upper, floors).above.sum())
