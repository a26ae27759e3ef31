"""Observed counts as the tests and intervals take them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Share

Events = Annotated[
    float,
    Field(
        ge=0, le=10_000_000, description="Patients with the event; a fraction when planned. 例数"
    ),
]
Group = Annotated[int, Field(ge=1, le=10_000_000, description="Patients of the group. 组例数")]
Cell = Annotated[
    int, Field(ge=0, le=10_000_000, description="Pairs in a cell of the table. 对子数")
]


def events(x: float | None, p: Share | None, n: int, field: str = "x") -> float:
    """Events out of a count or, for a planned interval, out of a rate.

    Raises:
        BadDesign: Neither or both are given, or there are more events than patients.
    """
    if (x is None) == (p is None):
        raise BadDesign(f"give either {field} (events) or {field.replace('x', 'p')} (rate)", field)
    found = p * n if x is None and p is not None else x
    assert found is not None
    whole = round(found)
    found = float(whole) if abs(found - whole) < 1e-9 * max(1, n) else found
    if found > n:
        raise BadDesign(f"{field} = {found:g} events in {n} patients", field)
    return found


def whole(value: float, field: str, method: str) -> int:
    """A count that must be whole.

    Raises:
        BadDesign: It is not.
    """
    if not float(value).is_integer():
        raise BadDesign(f"{method} needs whole counts, not {field} = {value:g}", field)
    return int(value)
