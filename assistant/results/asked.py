"""Read a question for the result of a comparison: which outcome, of what, compared with what."""

from __future__ import annotations

import html
from dataclasses import dataclass

from assistant.results.patterns import readings, trims

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question compares; a part the wording does not tell is empty.

    Attributes:
        text: The question.
        outcome: What was measured.
        intervention, comparator: The arms. Which is which does not matter for finding sentences.
    """

    text: str
    outcome: str = ""
    intervention: str = ""
    comparator: str = ""

    @property
    def told(self) -> bool:
        """Whether the outcome is known apart from the arms."""
        return bool(self.outcome)


def read_comparison(question: str) -> Asked:
    """The parts of a question for a result.

    Example:
        >>> asked = read_comparison("Does yoga reduce back pain compared with usual care?")
        >>> asked.intervention, asked.outcome, asked.comparator
        ('yoga', 'back pain', 'usual care')
    """
    text = " ".join(html.unescape(html.unescape(question)).split())
    for reading in readings():
        match = reading.search(text)
        if match is None:
            continue
        found = {name: _trimmed(value or "") for name, value in match.groupdict().items()}
        if len(found["outcome"]) >= _SHORTEST and len(found["intervention"]) >= _SHORTEST:
            return Asked(text, **found)
    return Asked(text)


def _trimmed(part: str) -> str:
    """A part without the words around it that belong to the question."""
    part = part.strip(" ,，;；:：")
    for trim in trims():
        part = trim.sub("", part).strip(" ,，;；:：")
    return part
