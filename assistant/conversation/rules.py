"""The reviewed patterns of ``followup.toml``, compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("followup.toml")


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind, each a pattern; ``alike``: two that differ in wording differ."""

    name: str
    members: tuple[re.Pattern[str], ...]
    modifies: bool = False
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something asked of a trial or document, and how the question for it reads."""

    pattern: re.Pattern[str]
    form: str


@cache
def table() -> dict[str, Any]:
    """The whole file."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that does not heed case; Latin words end where Chinese begins."""
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


@cache
def pattern(section: str, key: str) -> re.Pattern[str]:
    """One pattern of the file."""
    return compiled(table()[section][key])


@cache
def patterns(section: str, key: str) -> tuple[re.Pattern[str], ...]:
    """A list of patterns of the file."""
    return tuple(compiled(one) for one in table()[section][key])


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, those of the file first, then the contrasts that answering knows."""
    from assistant.question import contrast_groups

    own = [
        Kind(
            row["name"],
            tuple(compiled(member) for member in row["members"]),
            row.get("modifies", False),
            row.get("alike", False),
        )
        for row in table()["kind"]
    ]
    contrasts = [
        Kind(f"contrast{number}", tuple(compiled(member) for member in group))
        for number, group in enumerate(contrast_groups())
    ]
    return (*own, *contrasts)


@cache
def values() -> tuple[re.Pattern[str], ...]:
    """Things given with a value."""
    return tuple(compiled(row["pattern"]) for row in table()["value"])


@cache
def aspects() -> tuple[Aspect, ...]:
    """What is asked of a subject; the longest name first within each."""
    return tuple(
        Aspect(compiled("|".join(row["members"])), row["form"]) for row in table()["aspect"]
    )


def first_group(found: re.Match[str] | None) -> str | None:
    """The text of the first named group that took part in a match."""
    if found is None:
        return None
    return next((value.strip() for value in found.groupdict().values() if value), None)
