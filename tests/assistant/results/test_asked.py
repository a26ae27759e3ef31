from __future__ import annotations

import pytest

from assistant.results import read_comparison

PARTS = [
    ("In a randomized trial, what is the effect of yoga compared with usual care on back pain?",
     "yoga", "usual care", "back pain"),
    ("With respect to back pain, how does yoga compare with usual care?",
     "yoga", "usual care", "back pain"),
    ("Did yoga reduce back pain compared with usual care?", "yoga", "usual care", "back pain"),
    ("Compared with usual care, does yoga reduce back pain?", "yoga", "usual care", "back pain"),
    ("Was mortality lower with atorvastatin than with placebo?",
     "atorvastatin", "placebo", "mortality"),
    ("Was there a difference in pain between yoga and usual care?", "yoga", "usual care", "pain"),
    ("Is there any difference between yoga and usual care in back pain?",
     "yoga", "usual care", "back pain"),
    ("Does aspirin prevent stroke?", "aspirin", "", "stroke"),
    ("与安慰剂相比，二甲双胍对血糖有什么影响？", "二甲双胍", "安慰剂", "血糖"),
    ("阿托伐他汀与安慰剂相比能否降低死亡率？", "阿托伐他汀", "安慰剂", "死亡率"),
    ("试验组与对照组的血压有差异吗？", "试验组", "对照组", "血压"),
    ("甲药和乙药对肝硬化患者的转阴率有差异吗？", "甲药", "乙药", "转阴率"),
    ("二甲双胍能降低血糖吗？", "二甲双胍", "", "血糖"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "intervention", "comparator", "outcome"), PARTS)
def test_parts_of_a_comparison(
    question: str, intervention: str, comparator: str, outcome: str
) -> None:
    asked = read_comparison(question)
    assert (asked.intervention, asked.comparator, asked.outcome) == (
        intervention, comparator, outcome,
    )  # fmt: skip


@pytest.mark.parametrize("question", ["SAE多久报告？", "Who signs the consent form?", ""])
def test_other_questions_have_no_outcome(question: str) -> None:
    assert not read_comparison(question).told


def test_html_entities_are_characters() -> None:
    assert read_comparison("Does salt &amp;amp; water reduce pain?").intervention == "salt & water"
