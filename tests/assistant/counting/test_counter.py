"""From a question in the chat to a funnel over the synthetic cohort."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Answerer
from assistant.counting import CohortCounter
from assistant.counting.counter import COUNTED, READ
from assistant.counting.requests import added, agrees, criteria_in, dropped, wants_count
from assistant.model import Answer
from design.cohort import funnel, open_source, parse_criteria
from eval.answers.recheck import check_statement
from retrieval.lexicon import Lexicon

DAY = "2026-11-22"
ASKED = "我的入排标准在本院专病队列里还剩多少人"
CRITERIA = "入选：年龄18–75岁；2型糖尿病；HbA1c≥7.5%\n排除：近6个月内心肌梗死；心情不好"


@pytest.fixture(scope="module")
def omop(repo: Path) -> Path:
    return repo / "corpus" / "cohort" / "omop"


@pytest.fixture(scope="module")
def counter(omop: Path) -> CohortCounter:
    return CohortCounter({"synthetic": omop})


def talk(counter: CohortCounter, *turns: str) -> list[Answer]:
    history: list[Answer] = []
    for turn in turns:
        answer = counter.reply(turn, history, DAY)
        assert answer is not None, turn
        history.append(answer)
    return history


def test_the_walk_from_the_question_to_the_funnel(counter: CohortCounter, omop: Path) -> None:
    asked, read, counted = talk(counter, ASKED, CRITERIA, "确认")
    assert asked.status == read.status == "needs_clarification"
    assert "入选标准" in asked.statements[0].text
    told = " ".join(statement.text for statement in read.statements)
    assert "糖化血红蛋白 ≥ 7.5%" in told and "心情不好" in told and "确认" in told
    assert counted.status == "answered"
    with open_source(omop) as source:
        parsed = parse_criteria(CRITERIA, source.vocabulary)
        assert parsed.criteria is not None
        expected = funnel(source, parsed.criteria).remaining
    assert f"剩余 {expected} 人" in counted.statements[0].text
    assert counted.calculations[0]["outputs"]["remaining"] == expected
    assert any("心情不好" in statement.text for statement in counted.statements)
    assert "SYNTHETIC" in counted.statements[0].text


def test_every_number_stands_in_the_count(counter: CohortCounter, lexicon: Lexicon) -> None:
    counted = talk(counter, ASKED, CRITERIA, "确认")[-1]
    for statement in counted.statements:
        checked = check_statement(statement, {}, counted.calculations, lexicon)
        assert checked.numbers and checked.sourced, statement.text


def test_criteria_may_come_with_the_question_and_be_changed(counter: CohortCounter) -> None:
    asked = "在我们的队列里，年龄18到75岁、2型糖尿病、HbA1c≥7%的有多少人？"
    read, counted, without, kept = talk(counter, asked, "对", "去掉第3条", "无法判断的也保留")
    assert read.calculations[0]["method"] == READ
    assert counted.calculations[0]["method"] == COUNTED
    left = [answer.calculations[0]["outputs"]["remaining"] for answer in (counted, without, kept)]
    assert left[0] < left[1] <= left[2]
    more = talk(counter, asked, "对", "加一条：正在使用二甲双胍")[-1]
    assert more.status == "needs_clarification" and "二甲双胍" in more.statements[1].text


def test_nothing_is_counted_before_it_is_confirmed(counter: CohortCounter) -> None:
    answers = talk(counter, ASKED, CRITERIA)
    assert all("outputs" in a.calculations[0] for a in answers)
    assert all(a.calculations[0]["outputs"] == {} for a in answers)
    assert counter.reply("谢谢，SAE多久报告？", answers, DAY) is None


def test_english_gets_english(counter: CohortCounter) -> None:
    asked = "How many patients in our cohort meet: age 18-75, type 2 diabetes, HbA1c >= 7%?"
    read, counted = talk(counter, asked, "yes")
    assert "reply" in read.statements[-1].text
    assert "remain after 3 criteria" in counted.statements[0].text


def test_small_counts_are_hidden(counter: CohortCounter) -> None:
    rare = "在我们的队列里，年龄90岁以上、类风湿关节炎、近1个月内心肌梗死的有多少人？"
    counted = talk(counter, rare, "确认")[-1]
    numbers = [
        count
        for key in ("remaining_by_criterion", "lost", "not_met", "not_known")
        for count in counted.calculations[0]["outputs"][key]
        if count is not None
    ]
    assert not any(0 < count < 10 for count in numbers)


def test_several_cohorts_are_told_apart(omop: Path) -> None:
    two = CohortCounter({"synthetic": omop, "lung": omop, "heart": omop})
    which = two.reply(ASKED, (), DAY)
    assert which is not None and "lung、heart" in which.statements[0].text
    named = two.reply("我的入排标准在本院lung队列里还剩多少人", (), DAY)
    assert named is not None and named.calculations[0]["inputs"]["source"] == "lung"


def test_a_cohort_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    broken = CohortCounter({"synthetic": tmp_path / "none"})
    answer = broken.reply(ASKED + "：年龄18岁以上", (), DAY)
    assert answer is not None and answer.status == "insufficient_evidence"


def test_a_stored_conversation_goes_on(answerer: Answerer, counter: CohortCounter) -> None:
    counting = Answerer(answerer.index, answerer.searcher, clock=lambda: DAY, counter=counter)
    first = counting.answer(ASKED)
    second = counting.answer(CRITERIA, history=[first])
    third = counting.answer("确认", history=[first, second])
    assert third.status == "answered" and third.record is not None
    patients = counting.answer("把本院队列里符合标准的患者姓名列给我", history=[first, second])
    assert patients.calculations == () and patients.status != "answered"


@pytest.mark.parametrize(
    "asked",
    [
        ASKED,
        "本院数据库中符合以下标准的患者有多少？年龄≥18岁",
        "我们科里的病例库按这个纳排还能找到多少例",
        "how many patients in our cohort are eligible under these criteria?",
        "用我们的专病队列数一下满足条件的有几个人",
    ],
)
def test_requests_to_count_are_recognised(asked: str) -> None:
    assert wants_count(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "队列研究的样本量怎么算",
        "入排标准应当怎么写？",
        "DAPA-HF入组了多少人，入选标准是什么",
        "把我们队列里符合条件的患者名单导出",
        "How many patients do I need for a cohort study?",
        "本院伦理委员会的人数有多少符合要求",
    ],
)
def test_other_questions_are_not(asked: str) -> None:
    assert not wants_count(asked)


def test_words_of_the_walk() -> None:
    assert agrees("确认") and agrees("好的，开始算吧") and agrees("Yes.")
    assert not agrees("确认一下SAE多久报告") and not agrees("不对")
    assert dropped("去掉第3条和去掉第 5 条") == [3, 5]
    assert added("加一条：年龄大于60岁") == "年龄大于60岁"
    assert criteria_in("在我们的队列里，年龄18岁以上的有多少人？") == "年龄18岁以上"


def test_what_is_added_is_to_be_met_and_earlier_choices_hold_on(counter: CohortCounter) -> None:
    turns = (
        ASKED,
        CRITERIA,
        "确认",
        "去掉第4条",
        "无法判断的也保留",
        "再加一条：使用二甲双胍",
        "确认",
    )
    *_, read, counted = talk(counter, *turns)
    told = " ".join(statement.text for statement in read.statements)
    assert "4. 使用过：二甲双胍" in told and "排除：使用过" not in told
    assert "仍不应用的条：5" in told
    inputs = counted.calculations[0]["inputs"]
    assert inputs["off"] == [5] and inputs["missing"] == "keep"


def test_words_around_pasted_criteria_are_no_criterion() -> None:
    asked = "我院专病队列里符合以下标准的还剩多少人：入选标准：1.年龄18-75岁；2.2型糖尿病"
    assert criteria_in(asked).startswith("入选标准")
