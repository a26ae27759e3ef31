"""Which part of a paper a sentence belongs to: its abstract or body; methods, results and so on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.results.patterns import any_found, inline_label, sections
from retrieval.lexicon import HAS_CJK

OTHER = "other"
RESULTS = "results"
_LABEL_PARTS = re.compile(r"[.:]\s*")
ABSTRACT = "abstract"
_ENDED_BY_ANY = {"title", "methods", "background", "back"}
_MOST_WORDS, _LONGEST_NAME, _LONGEST_CHINESE_NAME = 6, 60, 12


@dataclass(frozen=True, slots=True)
class Place:
    """Part of a paper.

    Attributes:
        section: ``results``, ``methods``, ``background``, ``discussion``, ``conclusions``,
            ``title``, ``back`` or ``other``.
        abstract: Whether it belongs to the abstract.
    """

    section: str = OTHER
    abstract: bool = False


class SectionReader:
    """Follows the headings of a paper in reading order.

    A heading that is no section's name (Pain scores) belongs to the results when it follows them;
    behind the methods it may belong to either, because many files leave out a heading that has no
    text of its own.
    """

    def __init__(self) -> None:
        self._place = Place()

    def under(self, headings: Sequence[str]) -> Place:
        """The place under a heading path, outermost first; call in reading order."""
        labels = [label for heading in headings for label in _labels(heading)]
        names = [section_named(label) for label in labels]
        named = next((name for name in names if name not in {None, ABSTRACT}), None)
        if named is not None:
            self._place = Place(named, abstract=ABSTRACT in names)
        elif ABSTRACT in names:
            self._place = Place(OTHER, abstract=True)
        elif labels and (self._place.section in _ENDED_BY_ANY or self._place.abstract):
            self._place = Place()
        return self._place

    def opened_by(self, sentence: str) -> Place | None:
        """The place a sentence opens by a label of its own (Results: …), if it does."""
        match = inline_label().match(sentence)
        named = section_named(match.group("label")) if match else None
        if named is None:
            return None
        self._place = replace(self._place, section=named)
        return self._place


def section_named(heading: str) -> str | None:
    """The section a heading names, if it is the name of one and no title of a paper."""
    if len(heading.split()) > _MOST_WORDS or len(heading) > _LONGEST_NAME:
        return None
    if HAS_CJK.search(heading) and len(heading) > _LONGEST_CHINESE_NAME:
        return None
    return next((name for name, found in sections().items() if any_found(found, heading)), None)


def _labels(heading: str) -> Iterable[str]:
    """Parts of a heading such as ABSTRACT.RESULTS: or 3. Results."""
    parts = (part.strip() for part in _LABEL_PARTS.split(heading))
    return [part for part in parts if part and not part.isdigit()]
