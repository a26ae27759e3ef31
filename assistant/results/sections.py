"""Which part of a paper a sentence belongs to: its abstract or body; methods, results and so on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.results.patterns import any_found, inline_label, sections

OTHER = "other"
RESULTS = "results"
_LABEL_PARTS = re.compile(r"[.:]\s*")
_LONGEST_LABEL = 80


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

    A heading that is no section's name (Pain scores) belongs to the section before it.
    """

    def __init__(self) -> None:
        self._place = Place()

    def under(self, headings: Sequence[str]) -> Place:
        """The place under a heading path, outermost first; call in reading order."""
        for heading in headings:
            for label in _labels(heading):
                named = section_named(label)
                if named == "abstract":
                    self._place = Place(OTHER, abstract=True)
                elif label.casefold() in {"body", "正文"}:
                    self._place = replace(self._place, abstract=False)
                elif named is not None:
                    inside = self._place.abstract and _names_abstract(headings)
                    self._place = Place(named, inside)
                    if len(headings) > 1 and named != "title":
                        return self._place
        return self._place

    def opened_by(self, sentence: str) -> Place | None:
        """The place a sentence opens by a label of its own (Results: …), if it does."""
        match = inline_label().match(sentence)
        named = section_named(match.group("label")) if match else None
        if named in {None, "abstract"}:
            return None
        self._place = replace(self._place, section=named or OTHER)
        return self._place


def section_named(heading: str) -> str | None:
    """The section a heading names, if it is the name of one."""
    if len(heading) > _LONGEST_LABEL:
        return None
    return next((name for name, found in sections().items() if any_found(found, heading)), None)


def _labels(heading: str) -> Iterable[str]:
    """Parts of a heading such as ABSTRACT.RESULTS: or 3. Results."""
    parts = (part.strip() for part in _LABEL_PARTS.split(heading))
    return [part for part in parts if part and not part.isdigit()]


def _names_abstract(headings: Sequence[str]) -> bool:
    return any(section_named(label) == "abstract" for h in headings for label in _labels(h))
