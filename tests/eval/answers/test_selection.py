"""Which questions count, and which are asked only for what comes after them."""

from __future__ import annotations

import pytest

from eval.answers.selection import Selection, with_earlier_turns
from ingest.errors import BadInput
from tests.eval.answers.conftest import make_question

QUESTIONS = [
    make_question(id="a", category="safety", split="tune"),
    make_question(id="b", category="ethics", split="held_out"),
    make_question(id="c1", conversation="c", turn=1, split="tune"),
    make_question(id="c2", conversation="c", turn=2, split="tune"),
    make_question(id="c3", conversation="c", turn=3, split="tune"),
]


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(), ["a", "b", "c1", "c2", "c3"]),
        (Selection(split="held_out"), ["b"]),
        (Selection(categories=("ethics", "safety"), limit=2), ["a", "b"]),
        (Selection(ids=("c2", "a")), ["a", "c2"]),
    ],
)
def test_restrictions(selection: Selection, ids: list[str]) -> None:
    assert [question.id for question in selection.of(QUESTIONS)] == ids


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (Selection(split="tuned"), "no question has the split 'tuned'; there are: held_out, tune"),
        (Selection(categories=("x",)), "category 'x'"),
        (Selection(ids=("z",)), "id 'z'"),
        (Selection(split="held_out", ids=("a",)), "no question is left"),
    ],
)
def test_a_restriction_that_nothing_meets_is_named(selection: Selection, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        selection.of(QUESTIONS)


def test_a_follow_up_needs_the_turns_before_it() -> None:
    chosen = Selection(ids=("c2",)).of(QUESTIONS)
    assert [question.id for question in with_earlier_turns(chosen, QUESTIONS)] == ["c1", "c2"]
