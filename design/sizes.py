"""From a raw number of patients to the one that is enrolled: rounding up and drop-out."""

from __future__ import annotations

import math
from typing import Any

from design.errors import BadDesign, NoSolution

_SLACK = 1e-9  # 70.0000000001 from floating point is 70 patients, not 71


def round_up(raw: float) -> int:
    """The next whole number, forgiving floating-point dust.

    Raises:
        NoSolution: The size is no number.
    """
    if not math.isfinite(raw):
        raise NoSolution("the size is no number")
    return math.ceil(raw - _SLACK * max(1.0, abs(raw)))


def two_arm_sizes(n1_raw: float, ratio: float, dropout: float = 0.0) -> dict[str, Any]:
    """Outputs of a two-arm design from the raw size of arm 1 (treatment).

    Each arm is rounded up by itself. ``n2_raw`` is ``n1_raw / ratio``.

    Returns:
        ``n1``, ``n2``, ``n_total``, their ``…_raw``; ``n_per_arm`` and ``n_per_arm_raw`` when the
        arms are equal; with drop-out ``…_with_dropout`` (n / (1 - d), rounded up) and
        ``…_dropout_added`` (n * (1 + d), the other convention in use, smaller).
    """
    raw = {"n1": n1_raw, "n2": n1_raw / ratio}
    sizes: dict[str, Any] = {name: round_up(value) for name, value in raw.items()}
    outputs = dict(sizes) | {f"{name}_raw": value for name, value in raw.items()}
    outputs["n_total"] = sizes["n1"] + sizes["n2"]
    outputs["n_total_raw"] = raw["n1"] + raw["n2"]
    names = ["n1", "n2"]
    if ratio == 1:
        outputs |= {"n_per_arm": sizes["n1"], "n_per_arm_raw": n1_raw}
        names.append("n_per_arm")
    if dropout:
        for name in names:
            outputs |= with_dropout(name, outputs[name], dropout)
        for suffix in ("with_dropout", "dropout_added"):
            outputs[f"n_total_{suffix}"] = outputs[f"n1_{suffix}"] + outputs[f"n2_{suffix}"]
    return outputs


def one_arm_sizes(n_raw: float, dropout: float = 0.0, name: str = "n") -> dict[str, Any]:
    """Outputs of a design with one group (``name``: ``n``, ``n_pairs``, ``clusters`` …)."""
    outputs: dict[str, Any] = {name: round_up(n_raw), f"{name}_raw": n_raw}
    if dropout:
        outputs |= with_dropout(name, outputs[name], dropout)
    return outputs


def with_dropout(name: str, n: int, dropout: float) -> dict[str, int]:
    """A size inflated by both conventions: divided by 1 - d (the usual one) and times 1 + d."""
    return {
        f"{name}_with_dropout": round_up(n / (1 - dropout)),
        f"{name}_dropout_added": round_up(n * (1 + dropout)),
    }


def checked_size(raw: float, most: float = 1e8, what: str = "patients") -> float:
    """A raw size that a trial can have.

    Raises:
        BadDesign: It is above ``most``, or 0 since the power asked for is not above alpha.
    """
    if not raw <= most:
        raise BadDesign(
            f"more than {most:g} {what} would be needed: the assumed effect is too small, or too "
            "near the margin"
        )
    if raw <= 0:
        raise BadDesign(f"no {what} are needed for a power that is not above alpha", "power")
    return raw


def power_or_size(power: float | None, **sizes: object) -> None:
    """Refuse unless exactly one is given: the power (for the size), or one size (for the power).

    Args:
        power: Power to reach.
        sizes: The inputs by which a size can be given.

    Raises:
        BadDesign: None or several are given.
    """
    if sum(value is not None for value in (power, *sizes.values())) != 1:
        names = " or ".join(sizes)
        raise BadDesign(
            f"give either power (for the sample size) or {names} (for the power)", "power"
        )
