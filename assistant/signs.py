"""The reviewed features of a question, and the boundaries they make (``boundaries.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

_REACH = 60
_MOST_PLACES = 8  # of one feature in one sentence: more say nothing new
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


@dataclass(frozen=True, slots=True)
class _Sign:
    all: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    within: int
    anywhere: bool
    longest: int | None

    def stands_in(self, text: str, pieces: Sequence[str]) -> bool:
        if self.longest is not None and len(text) > self.longest:
            return False
        if self.anywhere and not all(feature.search(text) for feature in self.all[:-1]):
            return False
        here = self.all[-1:] if self.anywhere else self.all
        return any(
            _near(piece, here, self.within)
            and not any(feature.search(piece) for feature in self.unless)
            for piece in pieces
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A boundary as it is written down: any of its signs is enough."""

    name: str
    status: str
    reply: str
    needs: tuple[str, ...]
    signs: tuple[_Sign, ...]

    def fits(self, text: str, pieces: Sequence[str]) -> bool:
        """Whether a surfaced text, or one of its sentences, shows one of the signs."""
        return any(sign.stands_in(text, pieces) for sign in self.signs)


def _near(piece: str, features: Sequence[re.Pattern[str]], within: int) -> bool:
    """Whether all features occur, each time as near to each other as ``within`` characters."""
    places = []
    for feature in features:
        found = [match.span() for match in feature.finditer(piece)][:_MOST_PLACES]
        if not found:
            return False
        places.append(found)
    return any(
        max(end for _, end in spans) - min(start for start, _ in spans)
        <= within + sum(end - start for start, end in spans)
        for spans in product(*places)
    )


def boundary_rule(name: str) -> Rule:
    """The boundary of that name."""
    return next(rule for rule in boundary_rules() if rule.name == name)


@cache
def boundary_rules() -> tuple[Rule, ...]:
    """The boundaries, in the order they are tried in."""
    return tuple(
        Rule(b["name"], b["status"], b["reply"], tuple(b.get("needs", ())), tuple(_signs(b)))
        for b in rules()["boundary"]
    )


def _signs(boundary: dict[str, Any]) -> Iterator[_Sign]:
    features = signs()
    for sign in boundary["signs"]:
        yield _Sign(
            all=tuple(features[name] for name in sign["all"]),
            unless=tuple(features[name] for name in sign.get("unless", ())),
            within=sign.get("within", _REACH),
            anywhere=sign.get("reach") == "text",
            longest=sign.get("longest"),
        )
