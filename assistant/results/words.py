"""Words of sentences and questions, and how far a sentence says what was asked.

A word counts the more, the fewer sentences of the paper hold it. It may be said by another name: an
equivalent of the lexicon, or an abbreviation that the paper itself defines.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.results.patterns import measure_words
from ingest.text import CJK
from retrieval.analysis import stem, strip_question_words
from retrieval.lexicon import Lexicon
from retrieval.normalise import fold

_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|[a-z0-9\u00c0-\u024f\u0370-\u03ff]+(?:[.·]\d+)?")
_LITTLE = 0.3  # a dose tells less than what is given, "mean score" less than of what

Words = tuple[str, ...]


def words_of(folded: str) -> Words:
    """Stems of Latin words, numbers, and pairs of neighbouring Chinese characters, in order.

    >>> words_of("systolic 血压水平")
    ('systol', '血压', '压水', '水平')
    """
    found: list[str] = []
    for match in _RUN.finditer(folded):
        run = match.group()
        if match.lastgroup == "cjk" and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(stem(run))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text prepared for being compared: its words in order, and without repetition."""

    words: Words
    held: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Prepared:
        """Prepare a text."""
        words = words_of(fold(text))
        return cls(words, frozenset(words))

    def with_words(self, other: Prepared) -> Prepared:
        """This text with another behind it."""
        return Prepared(self.words + other.words, self.held | other.held)

    def says(self, phrase: Words) -> bool:
        """Whether the words of a phrase stand side by side."""
        if not phrase or not self.held.issuperset(phrase):
            return False
        if len(phrase) == 1:
            return True
        size = len(phrase)
        return any(self.words[i : i + size] == phrase for i in range(len(self.words) - size + 1))


NOTHING = Prepared((), frozenset())


class Rarity:
    """How much words tell within one paper (Spärck Jones 1972, of sentences).

    Args:
        sentences: All sentences of the paper.
    """

    def __init__(self, sentences: Sequence[Prepared]) -> None:
        self._count = len(sentences)
        self._holding = Counter(word for sentence in sentences for word in sentence.held)
        lengths = [len(sentence.words) for sentence in sentences]
        self.mean_length = sum(lengths) / max(len(lengths), 1)

    def of(self, word: str) -> float:
        """Weight of a word; a word the paper does not know weighs as the rarest."""
        holding = max(self._holding[word], 1)
        weight = math.log1p((self._count - holding + 0.5) / (holding + 0.5))
        return weight * (_LITTLE if word[0].isdigit() or word in _measures() else 1.0)


@cache
def _measures() -> frozenset[str]:
    return frozenset(word for text in measure_words() for word in words_of(text))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a sentence should say.

    Attributes:
        weights: Words with their weights.
        names: Other names for some of the words: those words count where the name stands.
    """

    weights: Mapping[str, float]
    names: tuple[tuple[Words, frozenset[str]], ...]

    @property
    def total(self) -> float:
        """Weight of all words."""
        return sum(self.weights.values())

    def found(self, *texts: Prepared) -> frozenset[str]:
        """The words that one of the texts says, under any name."""
        said = {word for word in self.weights if any(word in text.held for text in texts)}
        for phrase, meant in self.names:
            if not meant <= said and any(text.says(phrase) for text in texts):
                said |= meant
        return frozenset(said)

    def share(self, said: Iterable[str]) -> float:
        """Share of the weight of some of the words, 0 to 1."""
        return sum(self.weights[word] for word in said) / self.total if self.total else 0.0

    def known(self, text: Prepared) -> float:
        """Share of the words that a text says, every word counted the same, 0 to 1."""
        return len(self.found(text)) / len(self.weights) if self.weights else 0.0

    def covered(self, *texts: Prepared) -> float:
        """Share of the topic's weight that the texts say together, 0 to 1."""
        return self.share(self.found(*texts))

    def matched(self, text: Prepared, mean_length: float) -> float:
        """The same with repetitions and length counted as BM25 does (k1 1.2, b 0.75), 0 to 2.2."""
        counts = Counter(text.words)
        damping = 1.2 * (0.25 + 0.75 * len(text.words) / max(mean_length, 1.0))
        total = 0.0
        for word in self.found(text):
            repeated = max(counts[word], 1)
            total += self.weights[word] * 2.2 * repeated / (repeated + damping)
        return total / self.total if self.total else 0.0


def make_topic(
    text: str, rarity: Rarity, lexicon: Lexicon, abbreviations: Mapping[Words, Words]
) -> Topic:
    """Words of a part of a question, with the names they may go by in a paper.

    Args:
        text: The part, as asked.
        rarity: Weights in the paper.
        lexicon: Equivalents, also of the other language.
        abbreviations: Short forms the paper defines, with the words they stand for.
    """
    folded, stop = strip_question_words(fold(text))
    words = words_of(folded)
    weights = {word: rarity.of(word) for word in words if word not in stop}
    names: dict[tuple[Words, frozenset[str]], None] = {}
    asked = Prepared(words, frozenset(words))
    for left, right in itertools.pairwise(words):
        if left.isascii() and right.isascii():
            names[(left + right,), frozenset({left, right}).intersection(weights)] = None  # HBVDNA
    for start, end in lexicon.name_spans(folded):
        meant = frozenset(words_of(folded[start:end])).intersection(weights)
        for name in lexicon.equivalents(folded[start:end]):
            names[words_of(name), meant] = None
    for short, long in abbreviations.items():
        if asked.says(long):
            names[short, frozenset(long).intersection(weights)] = None
        if asked.says(short):
            names[long, frozenset(short).intersection(weights)] = None
    kept = tuple((name, meant) for name, meant in names if name and meant)
    return Topic(weights, kept)
