"""How well a row of a table is the one a question asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.designators import asked_kinds, designators, names_kind
from assistant.tables import Row
from assistant.units import Passage, Unit
from ingest.text import CJK
from retrieval.analysis import stem
from retrieval.normalise import fold

_WORD = re.compile(rf"[a-z0-9]+(?:\.\d+)?|[{CJK}]+")
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])", re.ASCII)
_TELLING = 4  # letters of a label that say enough by themselves; two Chinese characters do
_EMPTY = frozenset({"of", "the", "and", "or", "in", "for", "to", "a", "an"})


@dataclass(frozen=True, slots=True)
class RowFit:
    """Shares from 0 to 1.

    Attributes:
        label: Of the row's label that the question says.
        numbers: Of the question's plain numbers that the row holds; 0 when it gives none.
        told: 1 when the label alone tells the row, else 0.
    """

    label: float
    numbers: float
    told: float


def fit_of(row: Row, question: str, units: Sequence[Unit], named: Sequence[Unit]) -> RowFit:
    """Compare a row with a question.

    Args:
        row: The row.
        question: The part of the question that is to be answered.
        units: Its content words, with their other names.
        named: The identifiers that chose the document; their digits are no numbers.
    """
    kinds = asked_kinds(question)
    if kinds and names_kind(row.label, kinds):
        return RowFit(1.0, 0.0, 1.0)
    asked = Passage("\n".join([question, *(name for unit in units for name in unit.names)]))
    label = _label_share(fold(row.label), asked)
    return RowFit(label, _number_share(row, question, named), float(label == 1.0 and _tells(row)))


def _label_share(label: str, asked: Passage) -> float:
    """The share of a label's words that the question says under any of their names."""
    words = [word for word in _WORD.findall(label) if word not in _EMPTY]
    if not words:
        return 0.0
    said = sum(_said(word, asked) for word in words)
    return said / len(words)


def _said(word: str, asked: Passage) -> bool:
    if word[0] > "\u2e80":
        return word in asked.folded
    return f" {stem(word)} " in asked.stems


def _tells(row: Row) -> bool:
    letters = re.sub(r"[^a-z]", "", fold(row.label))
    return len(letters) >= _TELLING or len(re.findall(f"[{CJK}]", row.label)) >= 2


def _number_share(row: Row, question: str, named: Sequence[Unit]) -> float:
    text = _digits(question)
    for unit in named:
        text = text.replace(unit.text, " ")
    of_things = {number for _, number in designators(question)}
    numbers = [number for number in _NUMBER.findall(text) if number not in of_things]
    if not numbers:
        return 0.0
    held = set(_NUMBER.findall(_digits(row.spelled)))
    return sum(number in held for number in numbers) / len(numbers)


def _digits(text: str) -> str:
    """Lower case and half width; 哪一期 stays, which folding would make a number."""
    return unicodedata.normalize("NFKC", text).lower()
