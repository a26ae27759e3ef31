"""What the calculators of two groups share: sizes given or found, and what is said of them."""

from __future__ import annotations

from typing import Any

from design.conventions import sides_key
from design.errors import BadDesign
from design.proportions.normal import Plan
from design.sizes import one_arm_sizes, power_or_size, round_up, two_arm_sizes, with_dropout

FEW = 5  # expected events or non-events in a group, below which z tests are doubted
ONE_SIDED = 0.025  # one-sided alpha of confirmatory trials
LOW_POWER = 0.8


def given_sizes(
    power: float | None, n1: int | None, n2: int | None, ratio: float
) -> tuple[float, float] | None:
    """The sizes of both groups when they are given, ``None`` when power is.

    Raises:
        BadDesign: Neither or both of power and n1 are given, or n2 is at odds with ratio.
    """
    power_or_size(power, n1=n1)
    if n1 is None:
        if n2 is not None:
            raise BadDesign("n2 goes with n1; for the sample size give ratio", "n2")
        return None
    if n2 is None:
        return float(n1), n1 / ratio
    if ratio not in (1, n1 / n2):
        raise BadDesign(f"n1/n2 = {n1 / n2:g} is not the ratio {ratio:g}; give one of both", "n2")
    return float(n1), float(n2)


def given_size(power: float | None, n: int | None, name: str = "n") -> float | None:
    """The size of one group when it is given, ``None`` when power is.

    Raises:
        BadDesign: Neither or both are given.
    """
    power_or_size(power, **{name: n})
    return None if n is None else float(n)


def sizes(n1_raw: float, ratio: float, dropout: float) -> dict[str, Any]:
    """:func:`design.sizes.two_arm_sizes`, with the total rounded once, as some packages do."""
    outputs = two_arm_sizes(n1_raw, ratio, dropout)
    return outputs | {"n_total_rounded_once": round_up(outputs["n_total_raw"])}


def carried_out(
    plan: Plan,
    power: float | None,
    known: tuple[float, float] | None,
    ratio: float,
    dropout: float,
) -> dict[str, Any]:
    """Outputs of a plan of two groups: the sizes for a power, or the power of the sizes."""
    if power is None:
        assert known is not None
        return {"power": plan.reach(known[0])}
    outputs = sizes(plan.size(power), ratio, dropout)
    return outputs | {"power_achieved": plan.reach(outputs["n1"])}


def carried_out_once(
    plan: Plan, power: float | None, known: float | None, dropout: float, name: str = "n"
) -> dict[str, Any]:
    """Outputs of a plan of one group or of pairs."""
    if power is None:
        assert known is not None
        return {"power": plan.reach(known)}
    outputs = one_arm_sizes(plan.size(power), dropout, name)
    return outputs | {"power_achieved": plan.reach(outputs[name])}


def counted_sizes(n1: int, n2: int, dropout: float) -> dict[str, Any]:
    """Outputs of sizes that were found by search and have no raw value."""
    outputs: dict[str, Any] = {"n1": n1, "n2": n2, "n_total": n1 + n2}
    names = ["n1", "n2"]
    if n1 == n2:
        outputs["n_per_arm"] = n1
        names.append("n_per_arm")
    if dropout:
        for name in names:
            outputs |= with_dropout(name, outputs[name], dropout)
        for suffix in ("with_dropout", "dropout_added"):
            outputs[f"n_total_{suffix}"] = outputs[f"n1_{suffix}"] + outputs[f"n2_{suffix}"]
    return outputs


def sentence_key(solved: bool, aim: str = "equality") -> str:
    """Key of the sentence: ``size`` or ``power``, and the aim when it has a margin."""
    key = "size" if solved else "power"
    return key if aim == "equality" else f"{key}_{aim}"


def conventions(
    sides: int, *said: str, ratio: float = 1.0, dropout: float = 0.0
) -> tuple[str, ...]:
    """Keys of the conventions in the order they are read."""
    keys = [sides_key(sides), *said]
    if ratio != 1:
        keys.append("allocation")
    if dropout:
        keys.append("dropout")
    return tuple(keys)


def warnings(
    alpha: float, sides: int, power: float, cells: tuple[float, ...] = ()
) -> tuple[str, ...]:
    """Keys of the warnings that these inputs deserve.

    Args:
        cells: Expected numbers of events and non-events in the groups, of a z test.
    """
    found = []
    if sides == 1 and alpha > ONE_SIDED:
        found.append("one_sided_alpha")
    if power < LOW_POWER:
        found.append("low_power")
    if cells and min(cells) < FEW:
        found.append("few_expected")
    return tuple(found)


def expected(*groups: tuple[float, float]) -> tuple[float, ...]:
    """Expected events and non-events of groups given as (n, rate)."""
    return tuple(count for n, p in groups for count in (n * p, n * (1 - p)))
