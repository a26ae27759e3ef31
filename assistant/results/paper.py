"""The sentences of one paper in reading order, with all that is measured of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.results.abbreviations import abbreviations
from assistant.results.patterns import cues
from assistant.results.sections import RESULTS, Place, SectionReader
from assistant.results.words import NOTHING, Prepared, Rarity, Words

_NO_RESULTS = {"methods", "background", "back"}
_OWN = {RESULTS, "conclusions"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as the paper has it.

    Attributes:
        text: The sentence; for a table's row, the row under its headers.
        block: Ordinal of its block.
        headings: Headings above it, outermost first.
    """

    text: str
    block: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperSentence:
    """A sentence of a paper, prepared.

    Attributes:
        line: The sentence.
        words: Its words.
        heading: Words of the heading right above it.
        before: Words of the sentence before it in the same block.
        paragraph: Words of all sentences before it in the same block.
        place: The section.
        cues: Names of the patterns that occur in it (``patterns.toml``, ``sentence``).
    """

    line: Line
    words: Prepared
    heading: Prepared
    before: Prepared
    paragraph: Prepared
    place: Place
    cues: frozenset[str]

    @property
    def of_this_study(self) -> bool:
        """Whether it may tell a result of this study: by its place, and not of other studies."""
        if self.place.section in _NO_RESULTS:
            return False
        told_here = self.place.abstract or self.place.section in _OWN
        return told_here or "other_studies" not in self.cues


class Paper:
    """A paper as far as its sentences are known.

    Args:
        lines: Its sentences in reading order.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.sentences: list[PaperSentence] = _prepare(lines)
        self.rarity = Rarity([sentence.words for sentence in self.sentences])

    @cached_property
    def abbreviations(self) -> Mapping[Words, Words]:
        """Short forms the paper defines, with the words they stand for."""
        return abbreviations(sentence.line.text for sentence in self.sentences)

    @cached_property
    def everything(self) -> Prepared:
        """All its words, headings included, as one text."""
        words: list[str] = []
        for sentence in self.sentences:
            words += sentence.words.words
            words += sentence.heading.words
        return Prepared(tuple(words), frozenset(words))

    @property
    def has_results(self) -> bool:
        """Whether some sentence stands in a section of results."""
        return any(sentence.place.section == RESULTS for sentence in self.sentences)


def _prepare(lines: Sequence[Line]) -> list[PaperSentence]:
    reader = SectionReader()
    prepared: list[PaperSentence] = []
    headings: dict[str, Prepared] = {}
    for number, line in enumerate(lines):
        above = line.headings[-1] if line.headings else ""
        if number == 0 or line.headings != lines[number - 1].headings:
            place = reader.under(line.headings)
        place = reader.opened_by(line.text) or place
        same_block = bool(prepared) and prepared[-1].line.block == line.block
        paragraph = prepared[-1].paragraph.with_words(prepared[-1].words) if same_block else NOTHING
        prepared.append(
            PaperSentence(
                line=line,
                words=Prepared.of(line.text),
                heading=headings.setdefault(above, Prepared.of(above)),
                before=prepared[-1].words if same_block else NOTHING,
                paragraph=paragraph,
                place=place,
                cues=found_cues(line.text),
            )
        )
    return prepared


def found_cues(text: str) -> frozenset[str]:
    """Names of the ways of wording that occur in a sentence.

    >>> sorted(found_cues("Pain fell (P = 0.02)."))
    ['direction', 'statistic']
    """
    return frozenset(name for name, pattern in cues().items() if pattern.search(text))
