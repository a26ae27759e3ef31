"""The reviewed words and patterns of ``patterns.toml``, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ingest.privacy.triggers import Words

List = tuple[str, str]  # section and key
_PATTERNS = Path(__file__).with_name("patterns.toml")


@cache
def table() -> dict[str, Any]:
    """Return the parsed file."""
    with _PATTERNS.open("rb") as file:
        return tomllib.load(file)


@cache
def words(section: str, key: str) -> re.Pattern[str]:
    """Return one pattern that matches any of the words of a list, in any case."""
    return re.compile(alternatives(section, key), re.IGNORECASE)


@cache
def alternatives(section: str, key: str) -> str:
    """Return the words of a list as one group; the longest written ones are tried first."""
    found: list[str] = table()[section][key]
    return "(?:" + "|".join(sorted(found, key=len, reverse=True)) + ")"


def mentions(plain: str, *lists: List) -> bool:
    """Tell whether a pattern of the lists may match; ``plain`` is what ``triggers.plain`` gave."""
    return _needed(lists).stand_in(plain)


@cache
def _needed(lists: tuple[List, ...]) -> Words:
    return Words(word for section, key in lists for word in table()[section][f"{key}_need"])


def value(section: str, key: str) -> Any:
    """Return an entry as it is written."""
    return table()[section][key]


@cache
def labelled(label: str, held: str) -> re.Pattern[str]:
    """Return a pattern for ``held`` right after ``label``; group ``value`` is what is held.

    Between them may stand a colon, a cell border, an opening bracket or blanks. Labels match in
    any case; values as they are written.
    """
    return re.compile(
        rf"(?P<label>(?i:{label}))\s?(?:\([^()\n]{{0,12}}\)\s?)?"
        rf"\.?\s?(?P<separator>[:|#]|为|是)?[\s\"'(]{{0,4}}(?P<value>{held})"
    )
