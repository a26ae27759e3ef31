"""Aims with a margin: where the borders of the null hypothesis lie, and designs that cannot be."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign

Better = Annotated[
    Literal["higher", "lower"],
    Field(description="higher: the event is wanted (cure); lower: it is not. 高优或低优指标"),
]
BetaSplit = Annotated[
    Literal["exact", "half", "whole"],
    Field(
        description="Equivalence: solve the power of both tests together, or a closed formula "
        "with z(1-beta/2) or z(1-beta). 等效性中 β 的处理"
    ),
]
_NAMES = {"noninferiority": "non-inferiority", "superiority": "superiority by a margin"}


def borders(aim: str, margin: float | None, better: str) -> tuple[float, ...]:
    """Borders of the null hypothesis on a scale whose zero is no difference.

    Args:
        aim: As in :data:`design.quantities.Aim`.
        margin: Its size; the sign follows from the aim and ``better``.

    Returns:
        One border, or the lower and the upper one for equivalence.

    Raises:
        BadDesign: The margin is missing, zero, or given for a test of equality.
    """
    if aim == "equality":
        if margin:
            raise BadDesign(
                "a test of equality has no margin; say aim=noninferiority, superiority or "
                "equivalence",
                "margin",
            )
        return (0.0,)
    if not margin:
        raise BadDesign(f"aim={aim} needs a margin other than 0", "margin")
    size = abs(margin)
    if aim == "equivalence":
        return (-size, size)
    sign = 1 if (aim == "superiority") == (better == "higher") else -1
    return (sign * size,)


def distances(
    aim: str, effect: float, margins: tuple[float, ...], better: str, shown: str
) -> tuple[float, ...]:
    """How far the assumed effect lies inside the alternative, border by border.

    Args:
        shown: The effect as the message names it: ``difference 0.2``.

    Raises:
        BadDesign: The assumed effect lies under the null hypothesis, so that no number of
            patients can show the aim.
    """
    if aim == "equality":
        return (abs(effect),)
    if aim == "equivalence":
        found: tuple[float, ...] = (effect - margins[0], margins[1] - effect)
    else:
        found = ((effect - margins[0]) * (1 if better == "higher" else -1),)
    if min(found) <= 1e-12:
        if aim == "equivalence":
            raise BadDesign(
                f"the assumed {shown} is not within the equivalence margins "
                f"{margins[0]:.4g} to {margins[1]:.4g}: equivalence is false under these "
                "assumptions and no number of patients can show it; assume a smaller difference "
                "or justify a wider margin",
                "margin",
            )
        raise BadDesign(
            f"the assumed {shown} does not lie on the better side of the border "
            f"{margins[0]:.4g}: {_NAMES[aim]} is false under these assumptions and no number of "
            "patients can show it; check the rates, the margin and better=higher or lower",
            "margin",
        )
    return found


def log_borders(aim: str, margin: float | None, better: str) -> tuple[float, ...]:
    """Borders of a ratio on the log scale; the margin is a ratio such as 0.8 or 1.25.

    Raises:
        BadDesign: The margin is missing, not above 0, or 1.
    """
    if margin is not None and margin <= 0:
        raise BadDesign(f"the margin is a ratio, above 0, not {margin:g}", "margin")
    return borders(aim, None if margin is None else math.log(margin), better)


def refuse_hollow_margin(margin: float, control: float, better: str) -> None:
    """Refuse a non-inferiority margin that no treatment could fail.

    Raises:
        BadDesign: With it a treatment that helps nobody would be non-inferior.
    """
    room = control if better == "higher" else 1 - control
    if margin >= room - 1e-12:
        raise BadDesign(
            f"the margin {margin:g} is no smaller than {room:g}, all that the control group "
            "achieves: a treatment that helps nobody would be non-inferior; take a margin that is "
            "a part of the control's effect",
            "margin",
        )
