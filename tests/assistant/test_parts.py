"""Splitting a question into the questions in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.parts import split_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # What is told around the question is no part.
        ("我们IND昨天刚受理。多久给结论？逾期怎么办？", ["多久给结论", "逾期怎么办"]),
        ("We run a trial. How long are records kept?", ["How long are records kept"]),
        # Clauses are parts when both ask.
        ("主要终点是什么，样本量多少？", ["主要终点是什么", "样本量多少"]),
        ("方案多久审完，谁来审", ["方案多久审完", "谁来审"]),
        # One that asks nothing belongs to its neighbour, before it or behind it.
        ("甲、乙两类，分别保存多久？", ["甲、乙两类，分别保存多久"]),
        ("多久保存一次，按甲类算？", ["多久保存一次，按甲类算"]),
        # A joined condition is asked about although it has no word that asks.
        ("多久给结论，如果逾期了？", ["多久给结论", "如果逾期了"]),
        # A condition ahead of its question is not.
        ("如果逾期，怎么办？", ["如果逾期，怎么办"]),
        # A comma inside a number ends nothing.
        ("1,200例行不行，要不要再加？", ["1,200例行不行", "要不要再加"]),
        # Nothing asks: then all of it is asked.
        ("样本库的温度记录", ["样本库的温度记录"]),
        ("样本库。温度记录", ["样本库", "温度记录"]),
        # The mark at the end asks, whatever the words.
        ("甲类样本库？乙类？", ["甲类样本库", "乙类"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert split_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "What does Announcement No. 28 of 2022 require?",
        "Is placebo better than open label, e.g. in a pilot?",
        "Drug vs. placebo: which is first?",
    ],
)
def test_the_point_of_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert split_parts(text) == [text.rstrip("?")]


@pytest.mark.parametrize("text", ["", "  ", "？", "。", ",,", ", ,,", "，"])
def test_a_text_without_words_is_one_part(text: str) -> None:
    assert split_parts(text) == [text.strip()]


@settings(max_examples=300, deadline=None)
@given(st.text("甲类多久谁吗呢如果abc 19.,，。？?;；!\n", max_size=40))
def test_every_part_is_a_piece_of_the_text(text: str) -> None:
    parts = split_parts(text)
    assert parts
    place = 0
    for part in parts:
        assert part or not text.strip()
        assert part == part.strip()
        place = text.index(part, place) + len(part)  # in the order of the text, none twice
