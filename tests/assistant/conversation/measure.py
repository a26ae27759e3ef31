"""Conversations of ours, and how many of their turns are understood as a person would.

``python -m tests.assistant.conversation.measure`` prints the turns that are not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Answer, Citation
from assistant.conversation import FollowUp, resolve
from retrieval.lexicon import Lexicon, load_lexicon

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn with what was made of it; ``wrong`` says in what it differs from what is right."""

    conversation: str
    ask: str
    found: FollowUp | None
    wrong: str | None


def make_answer(question: str, found: FollowUp | None, status: str = "answered") -> Answer:
    """An earlier answer, as far as follow-ups look at it."""
    citation = Citation(
        1, "d", "t", None, "law", {}, "q", "effective", None, None, None, 1.0, "p", 0, 0, 1, "c"
    )
    return Answer(
        answer_id="a",
        question=question,
        language="zh",
        as_of="2026-01-01",
        status=status,  # type: ignore[arg-type]
        citations=(citation,) if status == "answered" else (),
        understood=found.question if found else None,
    )


def run(lexicon: Lexicon) -> list[Turn]:
    """Every turn of every conversation, each after those before it."""
    turns = []
    for line in CONVERSATIONS.read_text(encoding="utf-8").splitlines():
        conversation = json.loads(line)
        history: list[Answer] = []
        for turn in conversation["turns"]:
            found = resolve(turn["ask"], history, lexicon)
            turns.append(Turn(conversation["id"], turn["ask"], found, _wrong(turn, found)))
            history.append(make_answer(turn["ask"], found, turn.get("status", "answered")))
    return turns


def _wrong(turn: dict[str, Any], found: FollowUp | None) -> str | None:
    if turn["kind"] is None:
        return None if found is None else "stands for itself"
    if found is None:
        return "not completed"
    if found.kind != turn["kind"]:
        return f"is {turn['kind']}"
    lost = [term for term in turn["has"] if term.casefold() not in found.question.casefold()]
    kept = [term for term in turn.get("lacks", ()) if term.casefold() in found.question.casefold()]
    if lost or kept:
        return f"lacks {lost}, keeps {kept}"
    if turn.get("claim") and turn["claim"] not in (found.claim or ""):
        return f"claims {turn['claim']}"
    if turn.get("language") != found.language:
        return f"wants {turn.get('language')}"
    return None


if __name__ == "__main__":
    measured = run(load_lexicon(Path("corpus/lexicon.csv")))
    for one in measured:
        if one.wrong:
            print(f"{one.conversation}: {one.ask} -> {one.found} ({one.wrong})")
    right = sum(one.wrong is None for one in measured)
    print(f"{right} of {len(measured)} turns")
