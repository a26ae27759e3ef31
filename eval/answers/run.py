"""Ask the questions: conversations in order, poisoned documents in a copy of the index."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from assistant import Answer
from eval.questions_file import EvalQuestion
from retrieval import Index

OnAsked = Callable[[int, int], None]


class Asks(Protocol):
    """What is measured: :class:`assistant.Answerer`, and whatever answers as it does."""

    index: Index

    def answer(self, question: str, as_of: str | None = None) -> Answer:
        """Answer one question; an answerer that can follow a conversation takes ``history``."""


class Poisoning(Protocol):
    """Gives an answerer whose index holds further documents, for as long as it is entered."""

    def __call__(self, documents: Sequence[Path], /) -> Any:
        """A context manager of :class:`Asks`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its answer, and the answerer whose index the answer is checked against.

    ``without`` is the status of the answer from the index without the question's documents.
    """

    question: EvalQuestion
    answer: Answer
    milliseconds: float
    index: Index
    without: str | None = None


def ask_all(
    answerer: Asks,
    questions: Sequence[EvalQuestion],
    as_of: str | None = None,
    poisoned: Poisoning | None = None,
    on_asked: OnAsked = lambda done, total: None,
) -> Iterator[Asked]:
    """Ask every question; answers come conversation by conversation.

    Args:
        answerer: Answers from the index under test.
        questions: In any order; whole conversations.
        as_of: The day of questions that name none.
        poisoned: Makes an answerer whose index holds a question's documents as well.
        on_asked: Told how many questions of how many are done.
    """
    done = 0
    for documents, members in _by_documents(questions):
        if not documents:
            for asked in _ask_group(answerer, members, as_of):
                yield asked
                on_asked(done := done + 1, len(questions))
            continue
        if poisoned is None:
            raise ValueError("questions with documents need a way to add these to an index")
        plain = [asked.answer.status for asked in _ask_group(answerer, members, as_of)]
        with poisoned(documents) as other:
            for asked, without in zip(_ask_group(other, members, as_of), plain, strict=True):
                yield Asked(asked.question, asked.answer, asked.milliseconds, asked.index, without)
                on_asked(done := done + 1, len(questions))


def _by_documents(
    questions: Sequence[EvalQuestion],
) -> list[tuple[tuple[Path, ...], list[EvalQuestion]]]:
    """Questions by the documents they need; those that need none come first."""
    ordered = sorted(questions, key=lambda question: question.documents)
    return [
        (documents, list(members))
        for documents, members in groupby(ordered, lambda question: question.documents)
    ]


def _ask_group(
    answerer: Asks, questions: Sequence[EvalQuestion], as_of: str | None
) -> Iterator[Asked]:
    conversations: dict[str, list[EvalQuestion]] = {}
    for question in questions:
        name = f"c {question.conversation}" if question.conversation else f"q {question.id}"
        conversations.setdefault(name, []).append(question)
    for turns in conversations.values():
        history: list[Answer] = []
        for question in sorted(turns, key=lambda question: question.turn):
            asked = _ask(answerer, question, question.as_of or as_of, history)
            history.append(asked.answer)
            yield asked


def _ask(
    answerer: Asks, question: EvalQuestion, as_of: str | None, history: Sequence[Answer]
) -> Asked:
    more = {"history": tuple(history)} if history and follows_conversations(answerer) else {}
    started = perf_counter()
    answer = answerer.answer(question.question, as_of, **more)
    elapsed = (perf_counter() - started) * 1000
    return Asked(question, answer, round(elapsed, 1), answerer.index)


def follows_conversations(answerer: Asks) -> bool:
    """Whether an answerer takes the earlier answers of a conversation."""
    return "history" in inspect.signature(answerer.answer).parameters
