"""History is bounded and summarised, the same way each time."""

from __future__ import annotations

from assistant import Answer, Statement
from assistant.conversation import ConversationSettings, bounded, history_summary
from tests.assistant.conversation.measure import make_answer


def turn(number: int, words: str = "答") -> Answer:
    base = make_answer(f"问题{number}？", None)
    return Answer(**{**_fields(base), "statements": (Statement(words, (1,)),)})


def _fields(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in Answer.__dataclass_fields__}


def test_only_the_latest_turns_are_kept() -> None:
    history = [turn(number) for number in range(30)]
    kept = bounded(history, ConversationSettings(history_turns=5))
    assert [one.question for one in kept] == [f"问题{n}？" for n in range(25, 30)]


def test_long_turns_push_out_earlier_ones_but_never_the_last() -> None:
    history = [turn(1, "长" * 900), turn(2), turn(3, "长" * 5000)]
    kept = bounded(history, ConversationSettings(history_chars=1000))
    assert [one.question for one in kept] == ["问题3？"]
    kept = bounded(history[:2], ConversationSettings(history_chars=1000))
    assert len(kept) == 2


def test_the_summary_says_what_was_asked_answered_and_cited() -> None:
    history = [turn(number, "六十个工作日") for number in range(4)]
    summary = history_summary(history, ConversationSettings(history_turns=2))
    lines = summary.splitlines()
    assert len(lines) == 3
    assert "2" in lines[0], "two turns are left out"
    assert lines[1].startswith("3. 问题2？ → answered: 六十个工作日 [d]")
    assert summary == history_summary(history, ConversationSettings(history_turns=2))
    assert history_summary([]) == ""
