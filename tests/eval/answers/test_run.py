"""Questions are asked as the file says: in turn, on their day, with their documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from assistant import Answer
from eval.answers.run import Asks, ask_all, follows_conversations
from tests.eval.answers.conftest import make_answer, make_question


class Fake:
    """Notes what it is asked."""

    index = cast(Any, None)

    def __init__(self, status: str = "answered") -> None:
        self.asked: list[tuple[str, str | None, int]] = []
        self.status = status

    def answer(
        self, question: str, as_of: str | None = None, *, history: Sequence[Answer] = ()
    ) -> Answer:
        self.asked.append((question, as_of, len(history)))
        return make_answer(self.status)


class WithoutHistory(Fake):
    """Follows no conversation."""

    def answer(self, question: str, as_of: str | None = None) -> Answer:  # type: ignore[override]
        return super().answer(question, as_of)


def conversation(name: str) -> list[Any]:
    return [
        make_question(id=f"{name}{turn}", question=f"{name}{turn}", conversation=name, turn=turn)
        for turn in (2, 1)
    ]


def test_conversations_are_asked_in_order_with_their_own_history() -> None:
    fake = Fake()
    single = make_question(id="s", question="s", as_of="2020-01-01")
    questions = [*conversation("a"), single, *conversation("b")]
    ids = [one.question.id for one in ask_all(fake, questions, "2026-01-01")]
    assert ids == ["a1", "a2", "s", "b1", "b2"]
    assert fake.asked == [
        ("a1", "2026-01-01", 0),
        ("a2", "2026-01-01", 1),
        ("s", "2020-01-01", 0),
        ("b1", "2026-01-01", 0),
        ("b2", "2026-01-01", 1),
    ]


def test_an_answerer_without_history_is_asked_all_the_same() -> None:
    fake = WithoutHistory()
    list(ask_all(cast(Asks, fake), conversation("a")))
    assert [history for _, _, history in fake.asked] == [0, 0]
    assert not follows_conversations(cast(Asks, fake))
    assert follows_conversations(Fake())


def test_documents_are_added_once_for_the_questions_that_share_them() -> None:
    plain, poisoned = Fake(), Fake("insufficient_evidence")
    entered: list[Sequence[Path]] = []

    @contextmanager
    def with_documents(documents: Sequence[Path]) -> Iterator[Fake]:
        entered.append(documents)
        yield poisoned

    bad = (Path("bad.md"),)
    questions = [
        make_question(id="p1", question="p1", documents=bad),
        make_question(id="s", question="s"),
        make_question(id="p2", question="p2", documents=bad),
    ]
    progress: list[tuple[int, int]] = []
    found = {
        one.question.id: one
        for one in ask_all(
            plain,
            questions,
            None,
            with_documents,
            lambda done, total: progress.append((done, total)),
        )
    }
    assert entered == [bad]
    assert [question for question, _, _ in poisoned.asked] == ["p1", "p2"]
    assert [question for question, _, _ in plain.asked] == ["s", "p1", "p2"]
    assert found["p1"].answer.status == "insufficient_evidence"
    assert (found["p1"].without, found["s"].without) == ("answered", None)
    assert progress == [(1, 3), (2, 3), (3, 3)]


def test_documents_need_a_copy_to_go_to() -> None:
    with pytest.raises(ValueError, match="documents"):
        list(ask_all(Fake(), [make_question(documents=(Path("bad.md"),))]))
