"""What a question takes for granted is held against the sources, also when the user insists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answerer
from assistant.messages import message
from assistant.model import Answer, Citation, Statement
from assistant.premises import insisted, read_premise, state_premise, told_of_sources
from assistant.verification import numbers_stand


def answer_with(*quotes: str, language: str = "zh") -> Answer:
    citations = tuple(
        Citation(
            number, "d", "某办法", None, "regulation", {}, quote, "effective", None, None, None,
            1.0, "d.md", 0, 0, len(quote), "c",
        )
        for number, quote in enumerate(quotes, start=1)
    )  # fmt: skip
    said = tuple(Statement(c.quote, (c.id,)) for c in citations)
    return Answer("a", "问", language, "2026-11-21", "answered", said, citations)


def stated(question: str, *quotes: str, covered: float = 1.0, language: str = "zh") -> str | None:
    """The statement that was put first, if one was."""
    premise = read_premise(question)
    assert premise is not None
    answer = answer_with(*quotes, language=language)
    found = state_premise(premise, answer, lambda text: covered)
    if len(found.statements) == len(answer.statements):
        return None
    first = found.statements[0]
    assert first.support == "verified"
    assert numbers_stand(first.text, *(quotes[number - 1] for number in first.citations))
    return first.text


@pytest.mark.parametrize(
    ("question", "written", "neutral"),
    [
        ("GCP要求SAE 48小时上报，对吧？", "48小时", "GCP要求SAE 多长时间上报？"),
        ("SAE是不是24小时内上报？", "24小时", "SAE多长时间内上报？"),
        ("审评要90个工作日，没错吧", "90个工作日", "审评要多少个工作日？"),
        ("伦理委员会至少9名委员，是吗？", "9名", "伦理委员会至少多少名委员？"),
        ("为什么IND要等90个工作日？", "90个工作日", "IND要等多少个工作日？"),
        ("SAE要在48小时内上报吗？", "48小时", "SAE要在多长时间内上报吗？"),
        (
            "A SUSAR must be reported within 15 days, right?",
            "15 days",
            "A SUSAR must be reported within how many days?",
        ),
        (
            "Is it true that approval takes 90 working days?",
            "90 working days",
            "approval takes how many working days?",
        ),
    ],
)
def test_what_is_asserted_is_asked_for_instead(question: str, written: str, neutral: str) -> None:
    premise = read_premise(question)
    assert premise is not None
    assert premise.value is not None
    assert premise.value.written == written
    assert premise.neutral == neutral


@pytest.mark.parametrize(
    "question",
    [
        "SAE多久上报？",
        "10岁孩子的个人信息，谁同意才算数？",
        "随访24周够不够",
        "一个患者可以同时参加2个试验吗",
        "How soon must a SUSAR be reported?",
        "2020年版GCP怎么规定，是吗",
    ],
)
def test_plain_questions_assert_no_quantity(question: str) -> None:
    premise = read_premise(question)
    assert premise is None or premise.value is None


@pytest.mark.parametrize(
    ("question", "quotes", "said"),
    [
        (
            "SAE 48小时上报，对吧？",
            ["研究者获知SAE后24小时内报告。"],
            "与来源不符：来源写的是24小时",
        ),
        ("SAE 48小时上报，对吧？", ["研究者获知SAE后应当立即报告。"], "与来源不符：来源写的是立即"),
        ("SAE 24小时上报，对吧？", ["研究者获知SAE后24小时内报告。"], "与来源一致：24小时"),
        ("SAE 1天内上报，对吧？", ["研究者获知SAE后24小时内报告。"], "与来源一致"),
        ("要60日，对吧？", ["自受理之日起60个工作日内决定。"], "与来源不符：来源写的是60个工作日"),
        ("要2年，对吧？", ["应当保存24个月。"], "与来源一致"),
        ("SAE 48小时上报写在哪条？", ["获知SAE后24小时内报告。"], "与来源不符"),
        ("占30%，对吗？", ["阳性不低于20%。"], "与来源不符：来源写的是20%"),
        (
            "SAE 48小时上报，对吧？",
            ["研究者24小时内报告。", "申办者7日内报告。"],
            "与来源不符：来源中没有问题所说的数，写的是24小时、7日",
        ),
        (
            "偏离不用报告，对吧？",
            ["研究者应当及时报告偏离。"],
            "与来源不符：来源写的是“应当及时报告",
        ),
    ],
)
def test_sources_answer_an_assertion(question: str, quotes: list[str], said: str) -> None:
    found = stated(question, *quotes)
    assert found is not None
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        # Each value has its own case: nothing clear can be said.
        ("SUSAR 15天内报，对吧？", ["致死的7日内，其他的15日内报告。"]),
        # The number is denied, not stated.
        ("SAE 48小时上报，对吧？", ["2020年版没有写24小时。"]),
        # Dates and versions are no time limits.
        ("SAE 48小时上报，对吧？", ["2020年7月1日起施行。"]),
        # Agreeing with what was taken for granted needs no words.
        ("为什么SAE要24小时内上报？", ["研究者24小时内报告。"]),
        # An exception is not the rule.
        ("紧急时可以不签字，对吧？", ["除紧急情况外，应当签字。"]),
        # How many patients depends on the design.
        ("Simon设计要入29例，对吧？", ["每阶段入10例。"]),
    ],
)
def test_nothing_is_said_where_the_sources_are_not_clear(question: str, quotes: list[str]) -> None:
    assert stated(question, *quotes) is None


def test_a_quote_on_something_else_corrects_nothing() -> None:
    quotes = ["伦理委员会应当在30日内答复。"]
    assert stated("SAE 48小时上报，对吧？", *quotes, covered=0.2) is None


def test_english() -> None:
    found = stated(
        "SAEs are reported within 48 hours, right?",
        "The investigator reports an SAE within 24 hours.",
        language="en",
    )
    assert found == "This does not agree with the source, which says 24 hours."


def test_what_is_not_answered_is_not_corrected() -> None:
    premise = read_premise("SAE 48小时上报，对吧？")
    assert premise is not None
    unanswered = replace(answer_with("24小时内报告。"), status="insufficient_evidence")
    assert state_premise(premise, unanswered, lambda text: 1.0) is unanswered


@pytest.mark.parametrize(
    ("text", "earlier", "asked"),
    [
        ("不对，我记得是48小时", "SAE 24小时内上报，对吧？", "SAE 48小时内上报，对吧？"),
        ("不对，我记得是48小时", "SAE要多久上报？", "SAE要多久上报？是48小时，对吧？"),
        ("你再确认一下", "SAE要多久上报？", "SAE要多久上报？"),
        ("Are you sure?", "How soon is an SAE reported?", "How soon is an SAE reported?"),
        ("那申办者呢？", "SAE要多久上报？", None),
        ("SAE由谁报告？", "SAE要多久上报？", None),
    ],
)
def test_insisting_asks_the_same_again(text: str, earlier: str, asked: str | None) -> None:
    assert insisted(text, earlier) == asked


def test_the_correction_stays_on_the_second_turn(answerer: Answerer) -> None:
    question = "医疗器械临床试验中，研究者应当在获知SAE后48小时内报告，对吗？"
    first = answerer.answer(question)
    assert first.statements[0].text.startswith("与来源不符：来源写的是24小时")
    assert first.question == question
    again = insisted("不对，我记得就是48小时", first.question)
    assert again is not None
    second = answerer.answer(again)
    assert second.statements[0].text == first.statements[0].text
    assert not any("48" in statement.text for statement in second.statements)


def test_a_true_premise_is_confirmed(answerer: Answerer) -> None:
    answer = answerer.answer("医疗器械临床试验的研究者获知SAE后24小时内报告，对吧？")
    assert answer.statements[0].text.startswith("与来源一致：24小时")
    assert answer.statements[0].citations


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    read_premise(text)
    insisted(text, "SAE要多久上报？")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verdict", ["agrees", "differs", "opposed", "several"])
def test_what_a_statement_says_of_the_sources_is_told_from_our_words(
    language: str, verdict: str
) -> None:
    said = message(language, f"premise_{verdict}", found="24小时")
    assert told_of_sources(said) == "24小时"
    assert told_of_sources(f"又{said}") == f"又{said}", "only whole statements of ours"
    assert told_of_sources("应当在24小时内报告。") == "应当在24小时内报告。"
