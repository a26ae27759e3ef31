"""Which questions of a set are asked and which count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.questions_file import EvalQuestion
from ingest.errors import BadInput


@dataclass(frozen=True, slots=True)
class Selection:
    """What to choose; what is empty chooses everything.

    Attributes:
        split: ``tune`` or ``held_out``.
        categories: Names of categories.
        ids: Ids of questions.
        limit: Only so many, from the beginning.
    """

    split: str | None = None
    categories: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    limit: int | None = None

    def of(self, questions: Sequence[EvalQuestion]) -> list[EvalQuestion]:
        """The questions that count.

        Raises:
            BadInput: A name that no question has, or nothing is left.
        """
        _refuse_unknown("split", [self.split] if self.split else [], {q.split for q in questions})
        _refuse_unknown("category", self.categories, {q.category for q in questions})
        _refuse_unknown("id", self.ids, {q.id for q in questions})
        chosen = [
            question
            for question in questions
            if (not self.split or question.split == self.split)
            and (not self.categories or question.category in self.categories)
            and (not self.ids or question.id in self.ids)
        ][: self.limit]
        if not chosen:
            raise BadInput("no question is left; choose fewer restrictions")
        return chosen


def _refuse_unknown(what: str, wanted: Sequence[str], known: set[str | None]) -> None:
    for name in wanted:
        if name not in known:
            there = ", ".join(sorted(value for value in known if value)[:20]) or "none"
            raise BadInput(f"no question has the {what} {name!r}; there are: {there}")


def with_earlier_turns(
    chosen: Sequence[EvalQuestion], questions: Sequence[EvalQuestion]
) -> list[EvalQuestion]:
    """The chosen questions, with the earlier turns of their conversations: these are asked too."""
    last: dict[str, int] = {}
    for question in chosen:
        if question.conversation:
            last[question.conversation] = max(question.turn, last.get(question.conversation, 0))
    ids = {question.id for question in chosen}
    return [
        question
        for question in questions
        if question.id in ids
        or (question.conversation and question.turn <= last.get(question.conversation, 0))
    ]
