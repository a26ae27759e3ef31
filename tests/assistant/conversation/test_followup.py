"""Follow-ups completed from the conversation, and questions that must stay as they are."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer
from assistant.conversation import FollowUp, resolve
from retrieval.lexicon import Lexicon
from tests.assistant.conversation.measure import CONVERSATIONS, make_answer, run


def talk(lexicon: Lexicon | None, *questions: str) -> FollowUp | None:
    """What is made of the last of some questions, all answered."""
    history: list[Answer] = []
    found = None
    for question in questions:
        found = resolve(question, history, lexicon)
        history.append(make_answer(question, found))
    return found


def understood(lexicon: Lexicon | None, *questions: str) -> str | None:
    found = talk(lexicon, *questions)
    return found.question if found else None


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (
            ("药物临床试验申请受理后多少个工作日内决定？", "那器械呢？"),
            "器械临床试验申请受理后多少个工作日内决定？",
        ),
        (
            ("器械临床试验SAE，研究者多久报告申办者？", "申办者呢？"),
            "器械临床试验SAE，申办者多久报告？",
        ),
        (("DAPA-HF的主要终点是什么？", "样本量呢？"), "DAPA-HF的样本量是多少？"),
        (("DAPA-HF的主要终点是什么？", "它提前终止了吗？"), "DAPA-HF提前终止了吗？"),
        (("方案里访视5的窗口期是几天？", "访视6呢？"), "方案里访视6的窗口期是几天？"),
        (("《药品管理法》第19条说了什么？", "第二十条呢"), "《药品管理法》第20条说了什么？"),
        (
            ("What was the primary endpoint of PARAGON-HF?", "And the sample size?"),
            "What was the sample size of PARAGON-HF?",
        ),
        (
            ("What was the primary endpoint of PARAGON-HF?", "Who sponsored the trial?"),
            "Who sponsored PARAGON-HF?",
        ),
        (
            ("How long does the authority review a drug trial?", "What about devices?"),
            "How long does the authority review a devices trial?",
        ),
    ],
)
def test_a_follow_up_is_completed(
    lexicon: Lexicon, questions: Sequence[str], expected: str
) -> None:
    assert understood(lexicon, *questions) == expected


def test_a_chain_keeps_its_subject_and_does_not_grow(lexicon: Lexicon) -> None:
    asked = ["药物临床试验申请受理后多少个工作日内决定？", "逾期呢？", "那器械呢？", "谁来审批？"]
    assert understood(lexicon, *asked) == "器械临床试验申请受理后决定，谁来审批？"


def test_the_conversations_are_understood(lexicon: Lexicon) -> None:
    turns = run(lexicon)
    conversations = CONVERSATIONS.read_text(encoding="utf-8").splitlines()
    assert len(conversations) >= 25
    assert len(turns) >= 60
    wrong = [f"{turn.conversation}: {turn.ask}: {turn.wrong}" for turn in turns if turn.wrong]
    assert len(wrong) <= 0.03 * len(turns), wrong


def test_self_contained_questions_stay_as_they_are(lexicon: Lexicon, repo: Path) -> None:
    questions = [
        json.loads(line)["question"]
        for path in sorted((repo / "eval" / "questions").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and "conversation" not in json.loads(line)
    ]
    order = random.Random(1)
    changed = []
    for _ in range(2):
        order.shuffle(questions)
        for before, question in itertools.pairwise(questions):
            found = resolve(question, [make_answer(before, None)], lexicon)
            if found:
                changed.append((before, question, found.question))
    assert len(changed) < 0.02 * 2 * len(questions), changed


def test_without_earlier_turns_nothing_is_completed(lexicon: Lexicon) -> None:
    assert talk(lexicon, "那器械呢？") is None
    assert talk(lexicon, "？", "那器械呢？") is None, "an empty turn is no earlier turn"


def test_without_a_lexicon_patterns_still_work() -> None:
    found = understood(None, "药物临床试验申请受理后多少个工作日内决定？", "器械呢？")
    assert found == "器械临床试验申请受理后多少个工作日内决定？"


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("不对吧，我记得是48小时", "48小时"),
        ("我听说应该是15天", "15天"),
        ("不是7天吗？", "7天"),
        ("I thought it was 48 hours", "48 hours"),
        ("你确定吗？", None),
    ],
)
def test_a_claim_is_kept_apart_from_what_is_searched(
    lexicon: Lexicon, claim: str, kept: str | None
) -> None:
    found = talk(lexicon, "器械SAE研究者几小时内报告？", claim)
    assert found is not None
    assert (found.kind, found.claim) == ("again", kept)
    assert found.question == "器械SAE研究者几小时内报告？"


def test_the_basis_is_asked_only_of_an_answer_with_sources(lexicon: Lexicon) -> None:
    asked = make_answer("伦理多久审查？", None, "insufficient_evidence")
    found = resolve("依据是哪条？", [asked], lexicon)
    assert found is None or found.kind != "basis"


def test_inputs_complete_only_what_was_asked_back_for(lexicon: Lexicon) -> None:
    reply = "两组率比较，65%对85%，双侧0.05，把握度80%"
    asked_back = make_answer("帮我算一下样本量", None, "needs_clarification")
    found = resolve(reply, [asked_back], lexicon)
    assert found is not None and found.kind == "inputs"
    assert found.question == f"帮我算一下样本量，{reply}"
    assert resolve(reply, [make_answer("什么是样本量？", None)], lexicon) is None


@given(st.text(max_size=40), st.text(max_size=40))
@settings(deadline=None, max_examples=150)
def test_any_text_is_read_without_failing(before: str, question: str) -> None:
    found = resolve(question, [make_answer(before, None)])
    assert found is None or found.question
