"""What exactly is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.focus import focus_of
from tests.assistant.made_up import unit


def focus(text: str, *words: str) -> set[str]:
    return {u.text for u in focus_of(text, [unit(word) for word in words])}


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        # Chinese: right before the interrogative …
        ("ZEBRA试验的主要终点是什么", ("zebra", "试验", "主要终点"), {"主要终点"}),
        ("随机分层因素有哪些", ("随机", "分层因素"), {"随机", "分层因素"}),
        ("样本库的温度记录怎么核对", ("样本库", "温度记录", "核对"), {"温度记录"}),
        # … or right behind it.
        ("申请要递交哪些资料", ("申请", "资料"), {"资料"}),
        ("一共入组多少例患者", ("入组", "患者"), {"入组"}),
        # English: up to the next preposition or verb.
        (
            "What is the primary endpoint of the trial?",
            ("primary endpoint", "trial"),
            {"primary endpoint"},
        ),
        ("Which documents must the sponsor keep?", ("documents", "sponsor"), {"documents"}),
        ("How many patients are enrolled?", ("patients", "enrolled"), {"patients"}),
        (
            "List the stratification factors of the trial",
            ("stratification factors", "trial"),
            {"stratification factors"},
        ),
    ],
)
def test_what_is_asked_for(text: str, words: tuple[str, ...], found: set[str]) -> None:
    assert focus(text, *words) == found


@pytest.mark.parametrize("text", ["样本库的温度记录", "Records of the sample bank", ""])
def test_nothing_is_asked_for_by_name(text: str) -> None:
    assert focus(text, "样本库", "温度记录", "records", "sample bank") == set()


def test_a_word_that_tells_nothing_is_never_asked_for() -> None:
    dull = unit("内容", telling=False)
    assert focus_of("方案的内容是什么", [dull]) == ()
    assert focus_of("方案的内容是什么", [unit("内容")]) == (unit("内容"),)


@given(st.text("主要终点是什么哪些the endpoint whatis?,", max_size=30))
def test_what_is_asked_for_is_one_of_the_words(text: str) -> None:
    words = [unit("主要终点"), unit("终点"), unit("endpoint")]
    found = focus_of(text, words)
    assert set(found) <= set(words)
    assert all(word.text in text for word in found)
