"""Calculators that a question in words does not reach, by the design it speaks of."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("elsewhere.toml")


def methods_elsewhere(key: str) -> tuple[str, ...]:
    """Names of the methods for a design that ``inputs.toml`` lists under ``elsewhere``."""
    return tuple(_table()[key])


@cache
def _table() -> dict[str, list[str]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
