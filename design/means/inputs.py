"""What the inputs of a comparison of means amount to: difference, spread, sizes."""

from __future__ import annotations

from collections.abc import Mapping

from design.errors import BadDesign
from design.sizes import power_or_size


def expected_difference(
    difference: float | None,
    first: float | None,
    second: float | None,
    names: tuple[str, str] = ("mean1", "mean2"),
) -> float:
    """The difference as given, or of the two means.

    Raises:
        BadDesign: Neither or both are given.
    """
    if difference is not None:
        if first is not None or second is not None:
            raise BadDesign(f"give either difference, or {names[0]} and {names[1]}", "difference")
        return difference
    if first is None or second is None:
        raise BadDesign(f"give difference, or both {names[0]} and {names[1]}", "difference")
    return first - second


def spreads(sd: float | None, sd1: float | None, sd2: float | None) -> tuple[float, float]:
    """Standard deviations of the two groups.

    Raises:
        BadDesign: Neither the common one nor both of the groups' are given, or all.
    """
    if sd is not None:
        if sd1 is not None or sd2 is not None:
            raise BadDesign("give either sd for both groups, or sd1 and sd2", "sd")
        return sd, sd
    if sd1 is None or sd2 is None:
        raise BadDesign("give sd (both groups alike), or both sd1 and sd2", "sd")
    return sd1, sd2


def given_arms(
    power: float | None,
    n1: float | None,
    n2: float | None,
    n_total: float | None,
    ratio: float,
    least: float = 1.0,
) -> tuple[float, float] | None:
    """Sizes of the two arms when they are given; ``None`` when they are asked for.

    Raises:
        BadDesign: Not exactly one of power and size is given, the sizes contradict the ratio, or
            an arm is smaller than ``least``.
    """
    if n2 is not None and n1 is None:
        raise BadDesign("n2 is given without n1", "n1")
    power_or_size(power, n1=n1, n_total=n_total)
    if power is not None:
        return None
    if n_total is not None:
        first = n_total * ratio / (1 + ratio)
        arms = first, n_total - first
    else:
        assert n1 is not None
        if n2 is not None and ratio != 1 and abs(n1 / n2 - ratio) > 1e-6 * ratio:
            raise BadDesign(
                f"n1 / n2 is {n1 / n2:g} and ratio is {ratio:g}; leave one out", "ratio"
            )
        arms = n1, n2 if n2 is not None else n1 / ratio
    if min(arms) < least:
        raise BadDesign(f"each arm needs at least {least:g} patients", "n1")
    return arms


def refuse_given(said: str, inputs: Mapping[str, object]) -> None:
    """Refuse inputs that have no meaning here.

    Raises:
        BadDesign: One of them is given; ``said`` says why it must not be.
    """
    for name, value in inputs.items():
        if value is not None:
            raise BadDesign(f"{name} is given, but {said}", name)
