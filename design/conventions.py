"""Keys of the shared texts in ``conventions.toml`` that families choose alike."""

from __future__ import annotations


def sides_key(sides: int) -> str:
    """Key of the convention that says whether alpha is one-sided or two-sided."""
    return "two_sided" if sides == 2 else "one_sided"
