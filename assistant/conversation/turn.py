"""A follow-up and the conversation it stands in, as the rules that read it see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.model import Answer
from retrieval.lexicon import Lexicon

FollowUpKind = Literal["completed", "inputs", "again", "more", "basis", "language"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as it was understood.

    Attributes:
        kind: ``completed`` from an earlier question, ``inputs`` given for a computation, ``again``
            when the asker doubts the answer, ``more`` of it, its ``basis``, or its ``language``.
        question: The completed question, which is what is searched.
        claim: What the asker holds against the last answer; never searched for.
        language: ``zh`` or ``en`` when the asker chose one.
    """

    kind: FollowUpKind
    question: str
    claim: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known while one follow-up is read.

    ``text`` is the new question in plain form, ``core`` without lead and end; ``base`` the last
    question as it was understood, ``earlier`` all of them; ``root`` what the last was about before
    a follow-up was joined to it.
    """

    text: str
    core: str
    tied: bool
    base: str
    earlier: tuple[str, ...]
    root: str
    last: Answer
    lexicon: Lexicon | None
