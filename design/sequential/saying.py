"""How sequential methods tell their numbers: lists, names of bounds, shared conventions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from design.sequential.plan import Plan
from design.wording import Wording, shortest

_TEXTS = Wording(Path(__file__).with_name("sequential.toml"))


def listed(name: str, numbers: Sequence[float], form: str = ".3f") -> dict[str, str]:
    """``{name}_zh`` and ``{name}_en`` with the numbers one after the other."""
    words = [shortest(n) if form == "g" else format(n, form) for n in numbers]
    return {f"{name}_zh": "、".join(words), f"{name}_en": ", ".join(words)}


def percent(share: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{100 * share:.2f}%"


def named(name: str, *keys: str, **values: Any) -> dict[str, str]:
    """``{name}_zh`` and ``{name}_en`` from the family's texts."""
    return _TEXTS.named(name, *keys, values=values)


def tails(sides: int) -> dict[str, str]:
    """``tails_zh`` and ``tails_en``."""
    return named("tails", "tails", "one" if sides == 1 else "two")


def plan_values(plan: Plan) -> dict[str, Any]:
    """Values that the sentences of planned designs name."""
    options = plan.options
    said: dict[str, Any] = {
        "looks": len(options.timing),
        "alpha": options.alpha,
        **tails(options.sides),
        **named("boundary", "boundary", options.boundary, shape=options.shape),
        **listed("timing", options.timing, "g"),
        **listed("z", plan.upper),
    }
    return said | (listed("low", plan.lower[:-1]) if plan.lower is not None else {})


def plan_conventions(plan: Plan) -> tuple[str, ...]:
    """Keys of the conventions of a planned design."""
    options = plan.options
    keys = ["two_sided" if options.sides == 2 else "one_sided"]
    if options.boundary == "bonferroni":
        keys.append("bonferroni_looks")
    else:
        keys.append("exact_shape" if options.alpha_spent is None else "spending")
    if options.sides == 2:
        keys.append("symmetric")
    if options.has_futility:
        keys.append("futility_binding" if options.binding else "futility_nonbinding")
    return tuple(keys)


def beyond_null(effect: float, null: float) -> tuple[str, ...]:
    """Key of the warning of an effect that lies beyond a null value other than 0, on its side.

    Such a design shows superiority by a margin; who meant non-inferiority has the signs wrong.
    """
    return ("beyond_null",) if effect * null > 0 and abs(effect) > abs(null) else ()


def plan_warnings(plan: Plan) -> tuple[str, ...]:
    """Keys of the warnings of a planned design."""
    options = plan.options
    keys = []
    if options.sides == 1 and options.alpha > 0.025:
        keys.append("alpha_large")
    if options.power < 0.8 - 1e-9:
        keys.append("power_low")
    if options.binding:
        keys.append("binding")
    return tuple(keys)
