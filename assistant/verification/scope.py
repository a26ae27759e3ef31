"""Conditions and exceptions that a statement leaves out, and words by which it says too much."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.verification.clauses import Clause, content_tokens, same_script, sentences, split
from assistant.verification.failures import Failure, Finding
from assistant.verification.numerals import plain_numbers
from retrieval.lexicon import HAS_CJK

_TABLE = Path(__file__).with_name("scope.toml")
_TAKEN_OVER = 0.5  # share of a condition's words in the statement from which it was kept
_ADDED: dict[str, Failure] = {"widening": "scope_widened", "comparison": "comparison_not_in_quote"}
_GOVERNED = 0.3  # share of a clause's words in the statement from which it is what is stated


def scope_findings(statement: str, quotes: Sequence[str]) -> Iterator[Finding]:
    """What narrows the quotes and not the statement, and what widens the statement alone."""
    plain = plain_numbers(statement)
    for quote in quotes:
        sentence = _nearest(statement, quote)
        yield from _dropped(plain, sentence)
    whole = plain_numbers("\n".join(quotes))
    for name, failure in _ADDED.items():
        for match in _pattern(name).finditer(plain):
            if not _said_alike(name, match.group(0), whole):
                yield Finding(failure, match.group(0))


def _dropped(plain: str, sentence: list[Clause]) -> Iterator[Finding]:
    joined = ",".join(clause.text for clause in sentence) + ","
    narrowed = any(_pattern(name).search(plain) for name in ("exception", "condition"))
    for name in ("exception", "condition", "case"):
        for match in _pattern(name).finditer(joined):
            condition = match.group(0)
            if name == "case" and not same_script(condition, plain):
                continue
            if not narrowed and not _kept(condition, plain, joined, name):
                yield Finding("condition_dropped", quoted=match.group(0).strip(" ,"))


def _kept(condition: str, plain: str, joined: str, name: str) -> bool:
    """Whether the statement has the words of a condition, or is not of the clause it governs."""
    words = content_tokens(condition)
    if not same_script(condition, plain):
        return False
    if words and len(words & content_tokens(plain)) / len(words) >= _TAKEN_OVER:
        return True
    if name == "exception" or not HAS_CJK.search(condition):
        return False  # what it governs may stand ahead of it
    after = joined.split(condition, 1)[1].strip(", ")
    governed = content_tokens(after.split(",")[0]) if after else frozenset()
    return bool(governed) and len(governed & content_tokens(plain)) < _GOVERNED * len(governed)


def _nearest(statement: str, quote: str) -> list[Clause]:
    """The sentence of a quote with most words of the statement; the whole across languages."""
    found = sentences(quote)
    if not found or not same_script(statement, quote):
        return [clause for sentence in found for clause in sentence]
    words = frozenset[str]().union(*(clause.tokens for clause in split(statement)))
    return max(
        found, key=lambda sentence: len(words & frozenset().union(*(c.tokens for c in sentence)))
    )


def _said_alike(name: str, word: str, whole: str) -> bool:
    if word in whole:
        return True
    return any(
        any(other in whole for other in group)
        for group in _tables()[name]["alike"]
        if any(word.startswith(other) for other in group)
    )


def is_exception(clause: str) -> bool:
    """Whether a clause of :func:`plain_numbers` is nothing but an exception."""
    match = _pattern("exception").match(clause)
    return match is not None and len(clause) - match.end() <= 2


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = _tables()[name]["words"]
    return re.compile(
        "|".join(
            word if HAS_CJK.search(word) else rf"(?<![a-z])(?:{word})(?![a-z])" for word in words
        )
    )
