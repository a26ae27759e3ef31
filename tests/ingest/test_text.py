from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text import count_tokens, join_lines, sentence_spans, squeeze

# Letters, marks and blanks that decide where sentences end, mixed at random.
PROSE = st.text(alphabet="aAbB19 .!?,;。！？；，、…”’」）)\"'\n中文第条《》", max_size=80)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["本法自公布之日起施行。", "原办法同时废止。"],
        ["可以开展吗？", "可以！", "应当备案。"],
        ["真的吗?", "是的!", "应当备案。"],  # half-width marks between Chinese characters
        ["什么？！", "不行。"],
        ["他说：“可以。”", "然后离开。"],
        ["「可以吗？」", "不可以。"],
        ["（详见附件。）", "其他情形除外。"],
        ["按照《药品管理法》第十九条执行。", "《药品注册管理办法》另有规定的除外。"],
        ["The trial met its endpoint.", "No deaths occurred."],
        ['He said "Stop!"', "Then he left."],
        ["She called it “safe.”", "We disagree."],
        ["Was it safe?", "(Mostly.)", "Yes."],
        ["The hazard ratio was 0.74.", "The P value was 0.001."],
        ["The dose was 2.5 mg.", "It was raised to 5 mg."],
        ["See Section 3.2.", "Then read on."],
        ["纳入 ITT 人群.", "其余排除."],
        ["第一行没有句号", "第二行也没有"],
    ],
)
def test_sentences_end_where_people_end_them(expected: list[str]) -> None:
    separator = "\n" if "行" in expected[0] and "。" not in expected[0] else " "
    assert sentences(separator.join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Anticoagulants, e.g. Warfarin, were stopped.",
        "Antidiabetics (i.e. Metformin) continued.",
        "See Fig. 2 and No. 5 of the list.",
        "Smith et al. Reported the opposite.",
        "Dr. Wang and Prof. Li signed it.",
        "The U.S. Food and Drug Administration agreed.",
        "3.2. Endpoints are listed here.",
        "1. Age of 18 years or older",
        "Include: 1. Age over 18 years 2. ECOG 0 or 1",
        "See https://example.org/a?id=5&v=1.2 for the list.",
        "The rate was 12.5% (95% CI 10.1 to 14.9), p<0.001.",
        "研究者应当报告；法律另有规定的除外。",
        "研究期间……均应记录。",
        "Wait... for the result.",
        "问“可以吗？”，答复应当书面作出。",
        "He asked “why?”, and left.",
        "版本号为V2.0的方案。",
    ],
)
def test_what_only_looks_like_an_end_is_not_one(text: str) -> None:
    assert sentences(text) == [text]


@given(PROSE)
@settings(max_examples=200)
def test_sentences_cover_everything_but_white_space_once_and_in_order(text: str) -> None:
    spans = sentence_spans(text)
    edges = [0, *itertools.chain.from_iterable(spans), len(text)]
    assert edges == sorted(edges)
    between = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert "".join(between).strip() == ""
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)


@pytest.mark.parametrize("unit", ["A. ", "1. ", "e.g. ", "? ", "\"'", "。”", "a.", ". "])
def test_time_grows_with_the_text_not_with_its_square(unit: str) -> None:
    started = time.perf_counter()
    sentence_spans(unit * 50_000)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("药品 2.5 mg", 6), ("ECOG 0-1", 4), ("第19条。", 4), ("  \n ", 0)],
)
def test_a_token_is_a_chinese_character_a_word_a_number_or_a_mark(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@given(PROSE, PROSE)
@settings(max_examples=50)
def test_tokens_of_lines_add_up(first: str, second: str) -> None:
    assert count_tokens(f"{first}\n{second}") == count_tokens(first) + count_tokens(second)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["药物临床试验", "应当备案"], "药物临床试验应当备案"),
        (["药物临床试验，", "应当备案"], "药物临床试验，应当备案"),
        (["the primary", "endpoint"], "the primary endpoint"),
        (["a randomi-", "sed trial"], "a randomised trial"),
        (["phase-", "III trial"], "phase- III trial"),
        (["开展 III", "期临床试验"], "开展 III 期临床试验"),
        (["  one ", "", "  ", "two"], "one two"),
        ([], ""),
    ],
)
def test_lines_are_joined_as_a_typesetter_broke_them(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("text", "squeezed"),
    [
        ("  a \t\u00a0\u3000 b  ", "a b"),
        ("a \n b", "a\nb"),
        ("a\x00\x07b\u200bc\ufeffd\u00ade", "abcde"),
        ("第一章　总则", "第一章 总则"),
        ("\n\n", ""),
    ],
)
def test_squeezing_keeps_line_breaks_and_drops_control_characters(text: str, squeezed: str) -> None:
    assert squeeze(text) == squeezed


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_squeezing_twice_changes_nothing(text: str) -> None:
    once = squeeze(text)
    assert squeeze(once) == once
