"""Content words of a question, their weights, and how well a text covers them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.salience import salience
from ingest.text import CJK
from retrieval import Searcher, View
from retrieval.analysis import stem, strip_question_words
from retrieval.hashing import term_id
from retrieval.normalise import fold

_HAS_CJK = re.compile(f"[{CJK}]")
_LATIN_WORD = re.compile(r"[a-z0-9\u00c0-\u024f\u0370-\u03ff]+(?:\.\d+)?")
_PARTIAL = 0.5  # a Chinese word counts in part when at least half of its bigrams are there
_PARTIAL_TERM = 0.7  # a term of the field stands for one thing: more of it must be there
_PARTIAL_WORTH = 0.8
_TELLING = 0.4
# Identifiers, read off the question as it was typed: letters with digits (NCT01234567, E6(R3)), or
# capitals (ADAURA, EMPEROR-Preserved). Names the lexicon knows are terms, not identifiers.
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*(?:\(R\d\))?")
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9()_./-]{4,}")
_GUIDELINE = re.compile(r"(?<![A-Za-z])ICH[ -]?([EQSM]\d{1,2}[A-F]?)(?![A-Za-z0-9])")
_CAPITALS = re.compile(r"[A-Z]{4,}(?:[-_][A-Za-z0-9]+)*|[A-Z]{2,}[-_]\w*[A-Z0-9]\w*")


class Passage:
    """A text prepared for covering tests."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)

    @cached_property
    def stems(self) -> str:
        """Stems of the Latin words, separated and enclosed by single spaces."""
        words = [stem(word) for word in _LATIN_WORD.findall(self.folded)]
        return f" {' '.join(words)} "


@dataclass(frozen=True, slots=True)
class Unit:
    """A content word.

    Attributes:
        text: As in the folded question.
        names: The same thing under all its names, ``text`` first.
        weight: Inverse document frequency in the index, times how much the word says about
            the subject (:mod:`assistant.salience`).
        unknown: No name of it occurs anywhere in the index.
        code: An identifier (NCT01234567, EMPEROR-Reduced), where nearly right is wrong.
        telling: Says something about the subject, unlike 昨天 or 怎么.
        term: A name the lexicon knows.
    """

    text: str
    names: tuple[str, ...]
    weight: float
    unknown: bool
    code: bool
    telling: bool = True
    term: bool = False

    def speaks(self, language: str | None) -> bool:
        """Whether the word has a name in a language; only then can a text in it be judged by it."""
        if language == "en":
            return any(not _HAS_CJK.search(name) for name in self.names)
        return True

    def match(self, passage: Passage) -> float:
        """How far a text covers the word: 1 under any of its names, less for a part of it."""
        for name in self.names:
            if not _HAS_CJK.search(name):
                if _latin_in(name, passage):
                    return 1.0
            elif name in passage.folded:
                return 1.0
        # Only the word that was asked counts in part: half of a long synonym is something else.
        if _HAS_CJK.search(self.text):
            least = _PARTIAL_TERM if self.term else _PARTIAL
            return _partial(self.text, passage.folded, least)
        return 0.0


def _latin_in(name: str, passage: Passage) -> bool:
    words = " ".join(stem(word) for word in _LATIN_WORD.findall(name))
    return bool(words) and f" {words} " in passage.stems


def _partial(name: str, folded: str, least: float) -> float:
    if len(name) < 3:
        return 0.0
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    share = sum(pair in folded for pair in pairs) / len(pairs)
    return _PARTIAL_WORTH * share if share >= least else 0.0


def content_units(text: str, searcher: Searcher, view: View) -> tuple[Unit, ...]:
    """Content words of a question, in order of appearance, without repetition."""
    folded, stop = strip_question_words(fold(text))
    codes = identifiers(text)
    names = dict.fromkeys(_cut(folded, stop, searcher))
    # A word that is part of another (试验 in 临床试验) adds nothing.
    distinct = [n for n in names if not any(n != other and n in other for other in names)]
    return tuple(_unit(name, name in codes, searcher, view) for name in distinct)


def identifiers(text: str) -> frozenset[str]:
    """Folded identifiers in a question as it was typed.

    >>> sorted(identifiers("ADAURA和NCT03036124的two-sided检验"))
    ['adaura', 'nct03036124']
    """
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(
        fold(token)
        for token in _TOKEN.findall(plain)
        if _MIXED.fullmatch(token) or _CAPITALS.fullmatch(token)
    ) | frozenset(fold(code) for code in _GUIDELINE.findall(plain))


def _cut(folded: str, stop: frozenset[str], searcher: Searcher) -> Iterable[str]:
    """Names the lexicon knows, and between them jieba's words and Latin tokens."""
    place = 0
    for start, end in [*searcher.lexicon.name_spans(folded), (len(folded), len(folded))]:
        for word in searcher.analyser.words(folded[place:start]):
            if _HAS_CJK.search(word):
                if len(word) >= 2:
                    yield word
            elif word not in stop and stem(word) not in stop and len(word) > 1:
                yield word
        if end > start:
            yield folded[start:end]
        place = end


def _unit(name: str, is_code: bool, searcher: Searcher, view: View) -> Unit:
    equivalents = searcher.lexicon.equivalents(name)
    if searcher.lexicon.is_trial(name) and not is_code and name.isalpha():
        equivalents = ()  # "select" is a word, SELECT a trial
    names = tuple(dict.fromkeys((name, *equivalents)))
    weight, unknown = _weight(names, searcher, view)
    is_code = (is_code and not equivalents) or _is_trial(name, equivalents, searcher)
    worth = salience(name, in_lexicon=bool(equivalents), is_code=is_code, unknown=unknown)
    return Unit(
        name,
        names,
        weight * worth,
        unknown,
        is_code,
        worth >= _TELLING,
        searcher.lexicon.is_term(name),
    )


def _is_trial(name: str, equivalents: Sequence[str], searcher: Searcher) -> bool:
    return bool(equivalents) and searcher.lexicon.is_trial(name)


def _weight(names: Sequence[str], searcher: Searcher, view: View) -> tuple[float, bool]:
    """Weight of the commonest name; a word the index does not know weighs as the rarest."""
    by_name = {name: [term_id(t) for t in searcher.analyser.terms(name)] for name in names}
    every = [term for terms in by_name.values() for term in terms]
    statistics = searcher.statistics(view, every)
    body, head = statistics["body"], statistics["head"]
    rarest = body.idf_of_frequency(1)
    weights: list[float] = []
    for terms in by_name.values():
        known = [max(body.frequencies[t], head.frequencies[t]) for t in terms]
        if known and all(known):
            weights.append(sum(body.idf_of_frequency(f) for f in known) / len(known))
    if not weights:
        return rarest, True
    return min(weights), False


def coverage(units: Sequence[Unit], *passages: tuple[Passage, float]) -> float:
    """Share of the units' weight that the passages cover, each passage with its own worth."""
    total = sum(unit.weight for unit in units)
    if total == 0:
        return 0.0
    covered = sum(
        unit.weight * max(worth * unit.match(passage) for passage, worth in passages)
        for unit in units
    )
    return covered / total
