"""Checks that the designs for one arm share."""

from __future__ import annotations

from design.errors import BadDesign
from design.single_arm.two_stage_rule import Rule

_LARGE_ALPHA = 0.1
_USUAL_POWER = 0.8


def checked_rates(p0: float, p1: float) -> None:
    """Refuse a target that is not above the null.

    Raises:
        BadDesign: ``p1`` is not above ``p0``.
    """
    if p1 <= p0:
        raise BadDesign(
            f"p1 = {p1:g} must be above p0 = {p0:g}: p0 is the rate at which the treatment is of "
            "no interest, p1 the one worth finding; for a rate that should be low (toxicity), "
            "count those without the event",
            "p1",
        )


def checked_errors(alpha: float, power: float) -> None:
    """Refuse a power that a coin with chance alpha would have.

    Raises:
        BadDesign: ``power`` is not above ``alpha``.
    """
    if power <= alpha:
        raise BadDesign(f"power = {power:g} must be above alpha = {alpha:g}", "power")


def checked_rule(r1: int, n1: int, r: int, n: int, e1: int | None = None) -> Rule:
    """A two-stage rule whose thresholds fit its sizes.

    Raises:
        BadDesign: They do not; the message names the one at fault.
    """
    if n1 >= n:
        raise BadDesign(f"n1 = {n1} must be below n = {n}, which counts both stages", "n1")
    if r1 >= n1:
        raise BadDesign(f"r1 = {r1} must be below n1 = {n1}, or no trial goes on", "r1")
    if r >= n:
        raise BadDesign(f"r = {r} must be below n = {n}, or nothing is ever promising", "r")
    if r1 > r:
        raise BadDesign(f"r1 = {r1} must not be above r = {r}, which counts both stages", "r1")
    if e1 is not None and not r1 + 1 < e1 <= n1:
        raise BadDesign(f"e1 = {e1} must be above r1 + 1 = {r1 + 1} and at most n1 = {n1}", "e1")
    return Rule(r1, n1, r, n, e1)


def objections(alpha: float, power: float) -> tuple[str, ...]:
    """Keys of the warnings on error rates."""
    found = []
    if alpha > _LARGE_ALPHA:
        found.append("large_alpha")
    if power < _USUAL_POWER:
        found.append("low_power")
    return tuple(found)
