"""Sentences of different notes that say the same thing with different numbers.

Two sentences are held against each other when their words, numbers apart, are nearly the same
(Jaccard similarity of character bigrams) and each has numbers of one and the same unit. What is
known to be right stands in ``accepted_claims.toml`` with the reason.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.verification import quantities
from eval.corpus.notes import Note

ACCEPTED = Path(__file__).with_name("accepted_claims.toml")
_ALIKE = 0.5
_FEWEST = 12  # bigrams; shorter sentences are alike by chance
_COMMON = 60  # sentences a bigram stands in before it says too little to look for
_DATE = re.compile(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:第\d+号)?|令?第\d+号")
_ABOUT_THE_NOTE = re.compile(r"全文|请[^。；]*(?:查阅|核对)")
_CITED = re.compile(
    r"（[^（）]*(?:（[^（）]*）[^（）]*)*）|《[^》]*》|第[零一二三四五六七八九十百]+条"
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*%?|[零一二三四五六七八九十百千]+(?=个|日|天|年|月|例|名|项|种)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with numbers.

    Attributes:
        slug: The note it stands in.
        text: As it stands there.
        shape: Its bigrams without numbers.
        names: Its Latin words and abbreviations, by which look-alikes are told apart (E9, E10).
        amounts: Numbers with their units.
    """

    slug: str
    text: str
    shape: frozenset[str]
    names: frozenset[str]
    amounts: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two claims alike in words and different in numbers."""

    first: Claim
    second: Claim
    likeness: float


def claims(notes: Iterable[Note]) -> Iterator[Claim]:
    """The sentences of notes that state amounts with a unit."""
    for note in notes:
        for line in note.chinese:
            for sentence in filter(None, re.split(r"[。；]", line)):
                if _ABOUT_THE_NOTE.search(sentence):
                    continue
                plain = _DATE.sub("", _CITED.sub("", sentence.removeprefix("- ")))
                amounts = frozenset((n, u) for n, u in quantities(plain) if u)
                words = re.sub(r"[\W_]+", "", _NUMBER.sub("", plain))
                shape = frozenset(words[i : i + 2] for i in range(len(words) - 1))
                if amounts and len(shape) >= _FEWEST:
                    names = frozenset(re.findall(r"[A-Za-z][A-Za-z0-9()-]*", plain))
                    yield Claim(note.slug, sentence, shape, names, amounts)


def conflicts(notes: Sequence[Note]) -> list[Conflict]:
    """Claims of different notes that are alike in words and differ in amounts of one unit."""
    found = list(claims(notes))
    places: dict[str, list[int]] = defaultdict(list)
    for number, claim in enumerate(found):
        for bigram in claim.shape:
            places[bigram].append(number)
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for where in places.values():
        if len(where) <= _COMMON:
            for n, a in enumerate(where):
                for b in where[n + 1 :]:
                    pairs[a, b] += 1
    conflicting = []
    for (a, b), shared in pairs.items():
        one, two = found[a], found[b]
        if one.slug == two.slug or one.names != two.names or shared < 3:
            continue
        likeness = len(one.shape & two.shape) / len(one.shape | two.shape)
        if likeness >= _ALIKE and _differ(one.amounts, two.amounts):
            conflicting.append(Conflict(one, two, round(likeness, 2)))
    return sorted(conflicting, key=lambda c: -c.likeness)


def _differ(one: frozenset[tuple[str, str]], two: frozenset[tuple[str, str]]) -> bool:
    for unit in {u for _, u in one} & {u for _, u in two}:
        a = {n for n, u in one if u == unit}
        b = {n for n, u in two if u == unit}
        if not (a <= b or b <= a):
            return True
    return False


def accepted(path: Path = ACCEPTED) -> set[frozenset[str]]:
    """Pairs of sentences that somebody has looked at and found both right."""
    if not path.exists():
        return set()
    found = tomllib.loads(path.read_text("utf-8")).get("pair", [])
    for item in found:
        if not item.get("why"):
            raise ValueError(f"{path.name}: a pair without the reason why it is right: {item}")
    return {frozenset((item["one"], item["two"])) for item in found}


def open_conflicts(notes: Sequence[Note]) -> list[Conflict]:
    """Conflicts that nobody has accepted."""
    known = accepted()
    return [c for c in conflicts(notes) if frozenset((c.first.text, c.second.text)) not in known]
