"""Which calculators a question needs, by the family of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.inputs import ParsedInputs
from assistant.needs import family


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a calculator; the first of a plan answers, the others stand beside it."""

    method: str
    inputs: Mapping[str, Any]


def plan(inputs: ParsedInputs) -> tuple[Call, ...]:
    """The calls that answer a request; empty when no calculator fits.

    Example:
        >>> from assistant.inputs import parse_inputs
        >>> calls = plan(parse_inputs("两组率65%对85%，双侧0.05，把握度80%，每组多少例"))
        >>> [call.inputs["test"] for call in calls]
        ['unpooled', 'pooled', 'continuity', 'fisher']
    """
    find = _PLANS.get(family(inputs))
    return tuple(find(inputs)) if find else ()


def _proportion(given: ParsedInputs) -> list[Call]:
    common = _common(given) | {"p1": given.treatment_rate, "p2": given.control_rate}
    return [
        Call("two_proportions", common | {"test": test})
        for test in ("unpooled", "pooled", "continuity", "fisher")
    ]


def _common(given: ParsedInputs) -> dict[str, Any]:
    """What most two-arm methods take; what was not said is left to the method's default."""
    values = {
        "alpha": given.alpha,
        "sides": given.sides,
        "power": given.power,
        "ratio": given.ratio[0] / given.ratio[1] if given.ratio else None,
        "dropout": given.dropout,
    }
    return {name: value for name, value in values.items() if value is not None}


_PLANS: dict[str, Callable[[ParsedInputs], list[Call]]] = {"proportion": _proportion}
