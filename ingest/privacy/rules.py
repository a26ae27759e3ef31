"""The reviewed rules of ``instructions.toml``, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.privacy.triggers import Words

_RULES = Path(__file__).with_name("instructions.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """The patterns of one rule as one pattern, and for each the words it cannot match without.

    Of each of the lists of words of a pattern one word must stand in the text.
    """

    name: str
    find: re.Pattern[str]
    needs: tuple[tuple[Words, ...], ...]

    def may_match(self, plain: str) -> bool:
        """Tell whether a pattern may match; ``plain`` is what ``triggers.plain`` returned."""
        return any(all(words.stand_in(plain) for words in needs) for needs in self.needs)


@cache
def rules(strength: str) -> tuple[Rule, ...]:
    """Return the rules that are ``clear`` or ``faint``."""
    return tuple(
        Rule(
            name,
            _any_of(entry["find"] for entry in entries),
            tuple(tuple(map(Words, entry["needs"])) for entry in entries),
        )
        for name, entries in rule_file()[strength].items()
    )


@cache
def rarest_words(strength: str) -> Words:
    """Return the first list of words of every pattern: without one of them no rule matches."""
    return Words(
        word for rule in rules(strength) for needs in rule.needs for word in needs[0].words
    )


@cache
def imperative() -> re.Pattern[str]:
    """Return what asks to have base64 decoded and followed."""
    return _any_of(rule_file()["encoded"]["imperative"])


@cache
def rule_file() -> dict[str, Any]:
    """Return the parsed file."""
    with _RULES.open("rb") as file:
        return tomllib.load(file)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)
