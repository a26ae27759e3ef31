"""Negation, modality and direction: what turns a sentence into its opposite."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from assistant.verification import comparators
from assistant.verification.clauses import Clause, content_tokens, same_script, split, windows
from assistant.verification.entities import groups_named
from assistant.verification.failures import Finding
from assistant.verification.numbers import numbers_stand
from assistant.verification.numerals import plain_numbers
from assistant.verification.quantities import DATE, NAME, find_quantities
from assistant.verification.scope import is_exception
from retrieval.lexicon import HAS_CJK, Lexicon

Direction = Literal["increased", "decreased", "no difference"]
_TABLE = Path(__file__).with_name("polarity.toml")
_CLASSES = ("exemption", "prohibition", "recommendation", "obligation", "should", "permission")
_COVERED = 0.34  # share of a clause's words in a statement from which it is about it
_NEAR_VERBATIM = 0.8  # share of a statement's words in the quote from which it is in its words
_HEAD = 24  # characters after a negation in which its head stands


@dataclass(frozen=True, slots=True)
class Polarity:
    """How a stretch of text is meant.

    Attributes:
        modality: Classes of ``polarity.toml`` that it holds, each with the text after it; empty
            for a plain statement.
        negations: What it negates: the text after each negation.
    """

    modality: frozenset[tuple[str, str]]
    negations: tuple[str, ...]

    @property
    def classes(self) -> frozenset[str]:
        """The classes of modality."""
        return frozenset(name for name, _ in self.modality)

    @property
    def negated(self) -> bool:
        """Whether an odd number of negations stands in it."""
        return len(self.negations) % 2 == 1


def polarity(text: str) -> Polarity:
    """Modality and negations of a text.

    >>> polarity("不得开展").classes, polarity("未经同意不得开展").negated
    (frozenset({'prohibition'}), False)
    """
    plain = _masked(plain_numbers(text))
    modality: set[tuple[str, str]] = set()
    rest = plain
    for name in _CLASSES:
        pattern = _modality(name)
        for match in pattern.finditer(rest):
            modality.add((name, plain[match.end() : match.end() + _HEAD]))
        rest = pattern.sub(lambda m: " " * len(m.group(0)), rest)
    negations = tuple(
        plain[match.end() : match.end() + _HEAD] for match in _negation().finditer(plain)
    )
    return Polarity(frozenset(modality), negations)


def polarity_findings(
    statement: str, quotes: Sequence[str], lexicon: Lexicon | None = None
) -> Iterator[Finding]:
    """Clauses of a statement that negate, oblige or permit other than the quotes do."""
    for clause in split(statement):
        runs = [] if is_exception(clause.text) else windows(clause, quotes, lexicon)
        if not runs:
            continue
        said = polarity(clause.text)
        read = [(run, polarity(_joined(run))) for run in runs]
        shown = _joined(read[0][0])
        agreeing = [found for run, found in read if _same_negation(clause, said, run, found)]
        if not agreeing:
            yield Finding("negation_changed", clause.text, shown)
        elif not any(_rests_on(clause, said, found) for found in agreeing):
            yield Finding("modality_changed", clause.text, shown)


def direction(text: str, outcome: str = "") -> Direction | None:
    """Which way a finding points, ``None`` when the text does not say.

    Args:
        text: A sentence or a passage in English or Chinese.
        outcome: What was measured; clauses that name it count before others.

    >>> direction("Mortality was lower (P = 0.01)."), direction("no significant difference")
    ('decreased', 'no difference')
    """
    wanted = content_tokens(plain_numbers(outcome))
    clauses = split(text)
    about = [clause for clause in clauses if clause.tokens & wanted] if wanted else []
    for chosen in (about, clauses):
        found = [way for clause in chosen if (way := _direction(clause.text))]
        if found:
            return max(set(found), key=lambda way: (found.count(way), -found.index(way)))
    return None


def direction_findings(
    statement: str, quotes: Sequence[str], lexicon: Lexicon | None = None
) -> Iterator[Finding]:
    """Findings of a statement that point another way than those of the quotes."""
    for clause in split(statement):
        said = directions(clause.text)
        if not said:
            continue
        runs = windows(clause, quotes, lexicon)
        near = [way for run in runs for part in run for way in directions(part.text)]
        offered = near or [way for quote in quotes for way in directions(quote)]
        if not said & set(offered) and not _shown_by_numbers(statement, said, quotes):
            shown = _joined(runs[0]) if runs else ""
            yield Finding("direction_changed", clause.text, shown)


def _shown_by_numbers(statement: str, said: set[Direction], quotes: Sequence[str]) -> bool:
    """``71%, higher than the 64% of …``: two numbers of the quotes of which the first is higher."""
    amounts = [q for q in find_quantities(statement) if q.unit not in {DATE, NAME}]
    pairs = [
        (one, other)
        for one, other in pairwise(amounts)
        if one.unit == other.unit and _than(plain_numbers(statement)[one.end : other.start])
    ]
    if len(pairs) != 1 or not numbers_stand(statement, *quotes) or len(said) != 1:
        return False
    try:
        difference = Decimal(pairs[0][0].value) - Decimal(pairs[0][1].value)
    except InvalidOperation:
        return False
    return difference > 0 if said == {"increased"} else difference < 0 and said == {"decreased"}


def _than(between: str) -> bool:
    return re.search(r"[高低多少长短]于|\bthan\b", between) is not None


def directions(text: str) -> set[Direction]:
    """Every way that a text points."""
    plain = plain_numbers(text)
    same = _pattern("same")
    found: set[Direction] = {"no difference"} if same.search(plain) else set()
    rest = _masked(same.sub(" ", plain))
    if _pattern("up").search(rest):
        found.add("increased")
    if _pattern("down").search(rest):
        found.add("decreased")
    return found


def _direction(clause: str) -> Direction | None:
    found = directions(clause)
    if "no difference" in found:
        return "no difference"
    if len(found) == 1:
        return next(iter(found))
    if not found:
        return None
    plain = _masked(plain_numbers(clause))
    up, down = _pattern("up").search(plain), _pattern("down").search(plain)
    return "increased" if up and down and up.start() < down.start() else "decreased"


def _same_negation(
    clause: Clause, said: Polarity, run: tuple[Clause, ...], found: Polarity
) -> bool:
    if len(run) > 1 and same_script(clause.text, _joined(run)):
        # What the quote denies in these very words, the statement must deny too, and the reverse.
        if _affirms(clause.text, said.negations, found.negations):
            return False
        if _affirms(_joined(run), found.negations, said.negations):
            return False
    if said.negated == found.negated:
        return True
    return said.negated == _relevant(clause, run, found)


def _relevant(clause: Clause, run: tuple[Clause, ...], found: Polarity) -> bool:
    """Parity without the negations of what the statement says nothing of."""
    said_groups = set(groups_named(clause.text))
    if not same_script(clause.text, _joined(run)):
        # "not superior" is not about a statement on non-inferiority, in whatever language.
        counted = [
            after
            for after in found.negations
            if not (groups := set(groups_named(after)[:1])) or groups & said_groups
        ]
        return len(counted) % 2 == 1
    offered = frozenset[str]().union(*(part.tokens for part in run))
    near_verbatim = len(clause.tokens & offered) >= _NEAR_VERBATIM * len(clause.tokens)
    counted = []
    for part in run:
        covered = len(part.tokens & clause.tokens) / len(part.tokens) if part.tokens else 1
        for after in polarity(part.text).negations:
            mentioned = content_tokens(_reach(after)) & clause.tokens
            if mentioned or (covered >= _COVERED and not near_verbatim):
                counted.append(after)
    return len(counted) % 2 == 1


def _heads(negations: Sequence[str]) -> frozenset[str]:
    """The first content word after each negation."""
    return frozenset(head for after in negations if (head := _first_word(after)))


def _reach(after: str) -> str:
    """What a negation governs: an English word, two after an adverb, or four characters."""
    if HAS_CJK.match(after.strip()):
        return after.strip()[:4]
    words = [word for word in re.findall(r"[a-z][a-z-]*", after) if content_tokens(word)]
    return " ".join(words[: 2 if words and words[0].endswith("ly") else 1])


def _first_word(after: str) -> str:
    after = after.strip()
    if HAS_CJK.match(after):
        return after[:2]
    words = [word for word in re.findall(r"[a-z]{3,}", after) if content_tokens(word)]
    return words[0] if words and not HAS_CJK.search(after.split(words[0])[0]) else ""


def _affirms(text: str, own: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a text says, and does not deny itself, the head of a negation of the other."""
    denied = [_reach(after) for after in own]
    return any(
        head in text and not any(head in reach for reach in denied) for head in _heads(other)
    )


def _rests_on(clause: Clause, said: Polarity, found: Polarity) -> bool:
    table: dict[str, list[str]] = _tables()["modality_rests_on"]
    offered = set(found.classes)
    if not said.modality:
        # What the quote obliges or permits elsewhere in the clause is not what is stated.
        offered = {
            name
            for name, after in found.modality
            if not same_script(clause.text, after) or content_tokens(_reach(after)) & clause.tokens
        }
    if not offered:
        offered = {"bare", "bare_negative" if found.negated else "bare_positive"}
    return all(offered & set(table[name]) for name in said.classes or {"bare"})


def _joined(run: Sequence[Clause]) -> str:
    return "，".join(part.text for part in run) if run and HAS_CJK.search(run[0].text) else ", ".join(
        part.text for part in run
    )


def _masked(text: str) -> str:
    return comparators.masked(_masks().sub(lambda m: " " * len(m.group(0)), text))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


@cache
def _masks() -> re.Pattern[str]:
    return re.compile("|".join(_form(word) for word in _tables()["masks"]))


@cache
def _modality(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_form(word) for word in _tables()["modality"][name]))


@cache
def _negation() -> re.Pattern[str]:
    return re.compile("|".join(_form(word) for word in _tables()["negation"]["words"]))


@cache
def _pattern(way: str) -> re.Pattern[str]:
    return re.compile("|".join(_tables()["direction"][way]))


def _form(word: str) -> str:
    latin = word[0].isascii() and (word[0].isalpha() or word.startswith("(?:"))
    return rf"(?<![a-z])(?:{word})(?![a-z])" if latin and not word.startswith("n't") else word
