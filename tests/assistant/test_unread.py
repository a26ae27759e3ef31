"""Numbers and features of a question that a calculation does not take up are named."""

from __future__ import annotations

import pytest

from assistant.computing import computed
from assistant.inputs import parse_inputs
from assistant.question import read_question

RATES = "有效率60%对75%，双侧0.05，把握度80%，每组多少例"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        (RATES, ()),
        ("标准差5到8，均值差3，双侧0.05，把握度80%，每组多少？", ("8",)),
        ("有效率60%对75%，双侧0.05，把握度80%和90%各要多少例", ("90%",)),
        (f"筛选失败率30%，{RATES}", ("30%",)),
        # No inputs: times, ages, names, words for a number
        (f"III期，PD-1单抗，18～75岁，12周，每天10mg，30家中心，{RATES}", ()),
        (f"PD-L1≥50%，收缩压>140mmHg，{RATES}", ()),
        ("p1=0.12 p2=0.2 单侧α=0.05 power=0.8 n=?", ()),
    ],
)
def test_numbers_that_nothing_was_read_from(text: str, unread: tuple[str, ...]) -> None:
    assert parse_inputs(text).unread == unread


@pytest.mark.parametrize(
    ("added", "feature"),
    [
        ("期中重新估计样本量", "样本量再估计"),
        ("按中心分层", "分层"),
        ("两个主要终点", "多重性"),
        ("筛选失败率30%", "30%"),
    ],
)
def test_the_answer_names_what_it_left_aside(added: str, feature: str) -> None:
    plain = computed(read_question(RATES), "2026-11-22")
    answer = computed(read_question(f"{added}，{RATES}"), "2026-11-22")
    assert plain is not None and plain.notices == ()
    assert answer is not None and any(feature in notice for notice in answer.notices)


def test_an_interim_analysis_that_is_computed_is_not_left_aside() -> None:
    text = "均值差5，SD 12，双侧0.05，把握度90%，一次期中分析（信息量50%），OBF，总样本量多少？"
    answer = computed(read_question(text), "2026-11-22")
    assert answer is not None and answer.notices == ()
    assert answer.calculations[0]["call"].startswith("xinglin design group-sequential-means")


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("双侧改单侧0.025", 1),
        ("单侧改成双侧0.05", 2),
        ("不用双侧，单侧0.025", 1),
        ("双侧单侧", None),
    ],
)
def test_a_side_that_takes_the_place_of_the_other(text: str, sides: int | None) -> None:
    assert parse_inputs(text).sides == sides
