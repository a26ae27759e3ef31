"""Reviewed features of a question: who it is about, what is wanted, of what.

They stand in ``boundaries.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("boundaries.toml")


@cache
def rules() -> dict[str, Any]:
    """Everything in ``boundaries.toml``."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def signs() -> dict[str, re.Pattern[str]]:
    """The features by name, as patterns over a surfaced text."""
    return {
        name: re.compile("|".join(f"(?:{p})" for p in patterns), re.ASCII)
        for name, patterns in rules()["features"].items()
    }


def signs_in(surfaced: str) -> frozenset[str]:
    """Names of the features that a text shows.

    Example:
        >>> sorted(signs_in("编造数据怎么处罚"))
        ['asks_rule', 'evidence', 'make_up', 'question']
    """
    return frozenset(name for name, sign in signs().items() if sign.search(surfaced))
