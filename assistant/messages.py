"""The assistant's own words, from ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("messages.toml")


@cache
def _table() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def message(language: str, key: str, **values: object) -> str:
    """A phrase in ``zh`` or ``en`` with its blanks filled in."""
    text: str = _table()[language][key]
    return text.format(**values) if values else text


def input_names(language: str) -> dict[str, str]:
    """Names of the inputs a sample-size calculation needs, by key."""
    names: dict[str, str] = _table()[language]["inputs"]
    return names
