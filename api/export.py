"""A conversation as Markdown, to keep or to pass on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from api.conversations import Conversation, StoredTurn
from assistant.messages import message

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def as_markdown(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """A conversation with every statement, its support, and the sources under each answer."""
    lines = [f"# {_plain(conversation.title)}", ""]
    for turn in turns:
        lines += _turn(turn)
    return "\n".join(lines).rstrip() + "\n"


def _turn(turn: StoredTurn) -> Iterator[str]:
    answer = turn.answer
    language = answer["language"]
    yield f"## {turn.number}. {_plain(answer['question'])}"
    yield ""
    if answer.get("understood"):
        yield message(language, "export_understood", text=_plain(answer["understood"]))
        yield ""
    status = message(language, f"export_{answer['status']}")
    yield f"**{status}** · {message(language, 'export_as_of', date=answer['as_of'])}"
    yield ""
    for statement in answer["statements"]:
        yield _statement(statement, language, answer)
    for notice in answer.get("notices") or ():
        yield f"> {_plain(notice)}"
    own_words = answer["status"] in {"refused", "needs_clarification"} and answer["statements"]
    if answer.get("missing") and not own_words:
        yield ""
        yield _plain(answer["missing"])
    yield ""
    yield from _sources(answer, language)
    yield f"`{answer['answer_id']}`"
    yield ""


def _statement(statement: dict[str, Any], language: str, answer: dict[str, Any]) -> str:
    marks = "".join(f"\\[{number}\\]" for number in statement["citations"])
    unsupported = statement["support"] == "unsupported" and answer["status"] == "answered"
    doubt = f"**({message(language, 'export_unsupported')})**" if unsupported else ""
    return " ".join(filter(None, ("-", _plain(statement["text"]), marks, doubt)))


def _sources(answer: dict[str, Any], language: str) -> Iterator[str]:
    if not answer["citations"]:
        return
    yield f"{message(language, 'export_sources')}"
    yield ""
    for citation in answer["citations"]:
        place = citation["locator"]
        facts = [
            place.get("section"),
            f"p. {place['page']}" if place.get("page") else None,
            citation["status"],
            citation["effective_from"],
        ]
        shown = " · ".join(_plain(str(fact)) for fact in facts if fact)
        yield f"{citation['id']}. {_plain(citation['title'])} — {shown}  "
        yield f"   > {_plain(citation['quote'])}  "
        yield f"   `{citation['path']}`"
    yield ""


def _plain(text: str) -> str:
    """Text of others is text: no markup of it becomes ours, no line of it a heading."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
