"""Sentences of the funnel in both languages, from ``texts.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from design.wording import Text, Wording

_FILE = Path(__file__).with_name("texts.toml")
_WORDING = Wording(_FILE)


def said(*keys: str, **values: Any) -> Text:
    """A text filled in; a value that is a :class:`Text` stands in its language."""
    zh = {name: getattr(value, "zh", value) for name, value in values.items()}
    en = {name: getattr(value, "en", value) for name, value in values.items()}
    return Text(_WORDING.text(*keys, values=zh).zh, _WORDING.text(*keys, values=en).en)


def heads(language: str) -> list[str]:
    """Heads of the table of the funnel."""
    found: list[str] = _table()["head"][language]
    return found


def words(language: str) -> dict[str, str]:
    """Single words of tables and drawings."""
    found: dict[str, str] = _table()["words"][language]
    return found


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["table"]
    return found
