from __future__ import annotations

import pytest

from assistant import Answerer
from assistant.question import read_question
from assistant.results import wants_result


def first(papers: Answerer, question: str) -> str:
    answer = papers.answer(question)
    assert answer.status == "answered", answer.missing
    return answer.statements[0].text


def test_the_sentence_that_reports_is_quoted(papers: Answerer) -> None:
    for question in (
        "Did yoga reduce back pain compared with usual care?",
        "In a randomized trial, what is the effect of yoga compared with usual care on back pain?",
    ):
        assert first(papers, question).startswith("Back pain fell more with yoga")


def test_the_sentence_before_may_name_the_outcome(papers: Answerer) -> None:
    text = first(papers, "Did quality of life differ between yoga and usual care?")
    assert text.startswith("There was no significant difference")


def test_chinese_paper(papers: Answerer) -> None:
    text = first(papers, "针刺组与对照组的疼痛评分有差异吗？")
    assert text.endswith("差异有统计学意义(P<0.05)。")


@pytest.mark.parametrize(
    "question",
    [
        "Did yoga reduce blood glucose compared with usual care?",
        "Did yoga reduce stroke mortality compared with usual care?",
        "Did ketamine reduce back pain compared with ibuprofen?",
        "针刺组与对照组的血糖水平有差异吗？",
    ],
)
def test_what_the_papers_do_not_report_is_not_answered(papers: Answerer, question: str) -> None:
    assert papers.answer(question).status == "insufficient_evidence"


def test_methods_and_other_studies_are_no_result(papers: Answerer) -> None:
    answer = papers.answer("Did yoga reduce back pain compared with usual care?")
    shown = " ".join(statement.text for statement in answer.statements)
    assert "Previous studies" not in shown
    assert "was measured" not in shown
    assert "may reduce" not in shown


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does X reduce Y compared with Z?", True),
        ("What is the effect of X versus Z on Y?", True),
        ("甲组与乙组的血压有差异吗？", True),
        ("与安慰剂相比，甲能否降低死亡率？", True),
        ("SAE多久报告？", False),
        ("谁批准伦理审查？", False),
        ("How long are the records kept?", False),
        ("知情同意书要写什么？", False),
    ],
)
def test_which_questions_want_a_result(question: str, expected: bool) -> None:
    assert any(wants_result(part) for part in read_question(question).parts) is expected
