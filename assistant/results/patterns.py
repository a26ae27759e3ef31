"""The reviewed patterns of ``patterns.toml``, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("patterns.toml")
Patterns = tuple[re.Pattern[str], ...]


@cache
def _content() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def readings() -> Patterns:
    """Readings of a question, the most telling first; named groups are its parts."""
    question = _content()["question"]
    shared = {name: text for name, text in question.items() if isinstance(text, str)}
    filled = question["readings"]
    for name, text in shared.items():
        filled = [reading.replace(f"{{{name}}}", text) for reading in filled]
    return _compile(filled)


@cache
def trims() -> Patterns:
    """What stands before or after a part of a question without belonging to it."""
    return _compile(_content()["question"]["trim"])


@cache
def measure_words() -> frozenset[str]:
    """Words that say how an outcome is told, not what it is."""
    return frozenset(_content()["question"]["measures"])


@cache
def sections() -> dict[str, Patterns]:
    """Headings by the name of the section, in the order in which they are tried."""
    named = _content()["sections"]
    return {name: _compile(texts) for name, texts in named.items() if name != "inline"}


@cache
def inline_label() -> re.Pattern[str]:
    """A section's label that opens a sentence."""
    return re.compile(_content()["sections"]["inline"], re.I)


@cache
def cues() -> dict[str, re.Pattern[str]]:
    """How sentences read, by the name of the cue."""
    # One pattern a cue: a paper has hundreds of sentences.
    return {
        name: re.compile("|".join(f"(?:{text})" for text in texts), re.I)
        for name, texts in _content()["sentence"].items()
    }


def any_found(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    """Whether one of the patterns occurs in a text."""
    return any(pattern.search(text) for pattern in patterns)


def _compile(texts: Sequence[str]) -> Patterns:
    return tuple(re.compile(text, re.I) for text in texts)
