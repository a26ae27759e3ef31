"""Negation, modality and direction."""

from __future__ import annotations

import pytest

from assistant.verification.polarity import direction, directions, polarity, significant


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("研究者应当报告", {"obligation"}),
        ("必须签署", {"obligation"}),
        ("不得参加", {"prohibition"}),
        ("不能使用", {"prohibition"}),
        ("无需审查", {"exemption"}),
        ("可以免除", {"permission"}),
        ("建议预先规定", {"recommendation"}),
        ("must not vote", {"prohibition"}),
        ("No procedure may be done", {"prohibition"}),
        ("may vote", {"permission"}),
        ("shall report", {"obligation"}),
        ("should report", {"should"}),
        ("is not required", {"exemption"}),
        ("is recommended", {"recommendation"}),
        ("the committee recommended stopping", set()),
        ("研究者报告", set()),
        ("可能的不良反应", set()),
        ("许可持有人", set()),
        ("适应证和反应", set()),
        ("May 2019", {"permission"}),  # a month is read as a date before this is asked
    ],
)
def test_modality(text: str, modality: set[str]) -> None:
    assert polarity(text).classes == modality


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("未经同意", True),
        ("未经同意不得开展", False),
        ("经同意可以开展", False),
        ("不良事件", False),
        ("非劣效", False),
        ("不超过60日", False),
        ("不少于5年", False),
        ("无需备案", True),
        ("被排除", True),
        ("not superior", True),
        ("non-inferior", False),
        ("no more than 28 days", False),
        ("excluded", True),
        ("must not start without consent", False),
        ("not later than May", False),
    ],
)
def test_negation(text: str, negated: bool) -> None:
    assert polarity(text).negated == negated


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Mortality was lower with treatment (P = 0.01).", "decreased"),
        ("Scores improved significantly.", "increased"),
        ("There was no significant difference (P = 0.4).", "no difference"),
        ("Pain was slightly higher (p = 0.30).", "no difference"),
        ("显著降低", "decreased"),
        ("升高了5 mmHg", "increased"),
        ("两组无显著差异", "no difference"),
        ("未见统计学差异", "no difference"),
        ("The trial was stopped.", None),
    ],
)
def test_direction(text: str, way: str | None) -> None:
    assert direction(text) == way


def test_the_clause_of_the_outcome_counts_first() -> None:
    text = "Weight decreased, blood pressure increased (P < 0.01)."
    assert direction(text, "blood pressure") == "increased"
    assert direction(text, "weight") == "decreased"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P < 0.001", True),
        ("p = 0.049", True),
        ("p=.04", True),
        ("P = 0.05", False),
        ("P < 0.05", True),
        ("P > 0.05", False),
        ("p = 0.01 and p = 0.6", None),
        ("HR 0.74", None),
    ],
)
def test_p_values(text: str, expected: bool | None) -> None:
    assert significant(text) is expected


def test_a_prohibited_change_is_no_finding() -> None:
    assert directions("The dose must not be reduced") == {"decreased"}
