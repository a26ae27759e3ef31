"""Spellings of inputs in gold rows on regression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def denominator(row: Mapping[str, Any]) -> dict[str, Any]:
    """Denominator degrees of freedom ``v`` in place of the number of patients."""
    given = dict(row)
    given["n"] = given.pop("v") + given["tested"] + 1
    return given
