"""What whoever waits for an answer is told, and how they say that they wait no longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.model import Citation, Statement

Stage = Literal["searching", "reading", "checking"]


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Progress:
    """Told what goes on; this one tells nobody. Called from the thread that answers."""

    @property
    def stopped(self) -> bool:
        """Whether the answer is wanted no longer; looked at several times a second."""
        return False

    def stage(self, stage: Stage) -> None:
        """What is being done now."""

    def statement(self, statement: Statement, citations: Sequence[Citation]) -> None:
        """A statement that stood its checks, with the citations it names.

        The answer has the last word: it may order statements anew, or leave one out.
        """

    def check(self) -> None:
        """Raise :class:`Stopped` when nobody waits any more."""
        if self.stopped:
            raise Stopped
