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


def phrases(language: str, table: str) -> dict[str, str]:
    """A table of phrases by key: ``inputs``, ``values``, ``defaults`` or ``contradictions``."""
    found: dict[str, str] = _table()[language][table]
    return found
