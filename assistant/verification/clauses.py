"""Clauses of texts, and which of the quotes' clauses a statement's clause is about."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from assistant.verification.entities import groups_named
from assistant.verification.numerals import plain_numbers
from ingest.text import CJK, sentence_spans
from retrieval.lexicon import HAS_CJK, Lexicon

_STOP = Path(__file__).with_name("stopwords.toml")
_BREAK = re.compile(
    r"[,，;；:：。!?！？\n]+(?!\d{3}(?!\d))|\.(?=\s|$)|(?=\b(?:but|whereas|while|however|although)\b)|(?=但)"
)
_WORD = re.compile(rf"[a-z][a-z0-9-]*[a-z0-9]|[a-z]|[{CJK}]+")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_WINDOW = 4  # clauses
_NEARLY_BEST = 0.12


@dataclass(frozen=True)
class Clause:
    """A clause in the form of :func:`plain_numbers`."""

    text: str

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Content words: stemmed English words, bigrams of Chinese characters."""
        return content_tokens(self.text)


def split(text: str) -> list[Clause]:
    """The clauses of a text, in order.

    >>> [clause.text for clause in split("60日内决定，逾期未通知的，视为同意。")]
    ['60日内决定', '逾期未通知的', '视为同意']
    """
    plain = plain_numbers(text)
    return [Clause(part) for raw in _BREAK.split(plain) if (part := raw.strip(" .()、"))]


def sentences(text: str) -> list[list[Clause]]:
    """The clauses of each sentence of a text."""
    found = [split(text[start:end]) for start, end in sentence_spans(text)]
    return [clauses for clauses in found if clauses]


def same_script(one: str, other: str) -> bool:
    """Whether both texts are Chinese or neither is: only then can words be compared."""
    return bool(HAS_CJK.search(one)) == bool(HAS_CJK.search(other))


def windows(
    clause: Clause, quotes: Sequence[str], lexicon: Lexicon | None = None
) -> list[tuple[Clause, ...]]:
    """The shortest runs of clauses of the quotes that cover a clause nearly best.

    Across languages words in common are names, numbers, terms of the lexicon and the groups of
    ``contrasts.toml``. They are few, so longer runs are candidates as well, and without any of them
    every sentence is.
    """
    scored: list[tuple[float, tuple[Clause, ...]]] = []
    for quote in quotes:
        for sentence in sentences(quote):
            for start in range(len(sentence)):
                for end in range(start + 1, min(len(sentence), start + _LONGEST_WINDOW) + 1):
                    run = tuple(sentence[start:end])
                    scored.append((_coverage(clause, run, lexicon), run))
    if not scored:
        return []
    best = max(score for score, _ in scored)
    if best == 0:
        return [tuple(sentence) for quote in quotes for sentence in sentences(quote)]
    near = [run for score, run in scored if score >= best - _NEARLY_BEST]
    return [
        run
        for run in near
        if not same_script(clause.text, run[0].text)
        or not any(_within(other, run) for other in near)
    ]


def content_tokens(text: str) -> frozenset[str]:
    """Content words of a text that went through :func:`plain_numbers`."""
    found: set[str] = set()
    for word in _WORD.findall(_DIGITS.sub(" ", text)):
        if HAS_CJK.match(word):
            for piece in _chinese_stop().split(word):
                found.update(piece[i : i + 2] for i in range(len(piece) - 1))
                if len(piece) == 1:
                    found.add(piece)
        elif word not in _english_stop():
            found.add(_stem(word))
    return frozenset(found)


def shared_marks(text: str, lexicon: Lexicon | None) -> frozenset[str]:
    """What can be compared across languages: groups of words, terms, Latin names, numbers."""
    marks = {f"{name}:{group}" for name, group in groups_named(text)}
    marks.update(f"#{number}" for number in _DIGITS.findall(text))
    if lexicon is not None:
        marks.update(concept.id for concept in lexicon.find(text))
    return frozenset(marks)


def _coverage(clause: Clause, run: tuple[Clause, ...], lexicon: Lexicon | None) -> float:
    joined = " ".join(part.text for part in run)
    if same_script(clause.text, joined):
        offered = frozenset[str]().union(*(part.tokens for part in run))
        return _share(clause.tokens, offered)
    return _share(shared_marks(clause.text, lexicon), shared_marks(joined, lexicon))


def _share(wanted: frozenset[str], offered: frozenset[str]) -> float:
    return len(wanted & offered) / len(wanted) if wanted else 0.0


def _within(inner: tuple[Clause, ...], outer: tuple[Clause, ...]) -> bool:
    if len(inner) >= len(outer):
        return False
    return any(
        all(a is b for a, b in zip(inner, outer[at : at + len(inner)], strict=True))
        for at in range(len(outer) - len(inner) + 1)
    )


@cache
def _stemmer() -> object:
    from Stemmer import Stemmer

    return Stemmer("english")


@cache
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)  # type: ignore[attr-defined]
    return stemmed


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(_STOP.read_text("utf-8"))


@cache
def _english_stop() -> frozenset[str]:
    return frozenset(_words()["english"])


@cache
def _chinese_stop() -> re.Pattern[str]:
    longest = sorted(_words()["chinese"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))
