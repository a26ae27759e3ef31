"""The same comparison of two proportions by the tests in use, side by side."""

from __future__ import annotations

from design.errors import BadDesign
from design.proportions.two_groups import two_proportions
from design.result import Result

TESTS = ("unpooled", "pooled", "continuity", "fisher")


def alternatives(
    p1: float,
    p2: float,
    alpha: float = 0.05,
    sides: int = 2,
    power: float = 0.8,
    ratio: float = 1.0,
    dropout: float = 0.0,
) -> list[Result]:
    """The number of patients by the unpooled and pooled z test, with continuity correction, and
    by Fisher's exact test, in this order.

    The exact test is left out where it cannot be enumerated.

    Raises:
        BadDesign: The inputs are no design.

    Example:
        >>> [result.outputs["n_per_arm"] for result in alternatives(0.65, 0.85)]
        [70, 73, 83, 81]
    """
    given = {
        "p1": p1, "p2": p2, "alpha": alpha, "sides": sides, "power": power, "ratio": ratio,
        "dropout": dropout,
    }  # fmt: skip
    found = []
    for test in TESTS:
        try:
            found.append(two_proportions(**given, test=test))
        except BadDesign as error:
            if test != "fisher" or error.field != "test":
                raise
    return found
