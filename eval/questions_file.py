"""The layout of questions files: one JSON object a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from eval.points import REGULAR_EXPRESSION, one_form, point_met
from ingest.errors import BadInput

__all__ = ["STATUS_OF", "EvalQuestion", "Expect", "point_met", "read_all", "read_questions"]

Expect = Literal["answer", "abstain", "ask_back", "refuse"]
Split = Literal["tune", "held_out"]
STATUS_OF: dict[str, str] = {
    "answer": "answered",
    "abstain": "insufficient_evidence",
    "ask_back": "needs_clarification",
    "refuse": "refused",
}


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with what a right answer holds.

    Attributes:
        key_points: Lists of accepted forms: a point is met when any of its forms occurs in the
            answer (:mod:`eval.points`).
        sources: Fragments of titles or paths of the documents it was written from.
        forbidden: Claims that a right answer does not make, written like forms.
        as_of: ISO date to answer for.
        conversation, turn: Lines of one conversation are asked in the order of their turns, from 1.
        pair: Names a question that is asked in Chinese and in English.
        documents: Documents with instructions inside, put into a copy of the index for this
            question.
        split: ``tune`` for what thresholds may be set on, ``held_out`` for what they may not.
    """

    id: str
    lang: str
    category: str
    question: str
    expect: Expect
    key_points: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    forbidden: tuple[str, ...]
    as_of: str | None
    conversation: str | None = None
    turn: int = 1
    pair: str | None = None
    documents: tuple[Path, ...] = ()
    split: Split | None = None

    @property
    def unit(self) -> str:
        """What is drawn as one when questions are resampled: turns and translations belong
        together."""
        return self.conversation or self.pair or self.id


def read_all(paths: Sequence[Path]) -> list[EvalQuestion]:
    """Read several questions files as one set.

    Raises:
        BadInput: As :func:`read_questions`; or an id occurs twice, a conversation lacks a turn or
            has one twice, or its turns name different documents; or a pair has two questions in one
            language.
    """
    questions = [question for path in paths for question in read_questions(path)]
    if not questions:
        raise BadInput(f"{', '.join(map(str, paths))}: no questions in it")
    _refuse_twice("the id", (question.id for question in questions))
    _refuse_twice("the pair and language", (f"{q.pair}/{q.lang}" for q in questions if q.pair))
    conversations: dict[str, list[EvalQuestion]] = {}
    for question in questions:
        if question.conversation:
            conversations.setdefault(question.conversation, []).append(question)
    for name, members in conversations.items():
        _check_conversation(name, members)
    return questions


def _check_conversation(name: str, members: Sequence[EvalQuestion]) -> None:
    turns = sorted(question.turn for question in members)
    if turns != list(range(1, len(turns) + 1)):
        raise BadInput(
            f"the conversation {name!r} has the turns {turns}; they must be 1 to {len(turns)}"
        )
    if len({question.documents for question in members}) > 1:
        raise BadInput(f"the turns of the conversation {name!r} must name the same documents")


def _refuse_twice(what: str, values: Iterable[str]) -> None:
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        raise BadInput(f"{what} {twice[0]!r} stands in more than one line; each needs its own")


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a questions file.

    Raises:
        BadInput: The file cannot be read, or a line is not JSON, lacks a field or has one of the
            wrong kind; the message names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8; save it again as UTF-8") from None
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line), path.parent))
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path}, line {number}: {_reason(error)}") from None
    return questions


def _reason(error: Exception) -> str:
    """What is wrong with a line, in words."""
    if isinstance(error, KeyError):
        return f"lacks the field {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"not a line of JSON ({error})"
    if isinstance(error, TypeError):
        return f"a field has the wrong type ({error})"
    return str(error)


def _question(data: Any, folder: Path) -> EvalQuestion:
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    if data["expect"] not in STATUS_OF:
        raise ValueError(f"expect must be one of {', '.join(STATUS_OF)}")
    return EvalQuestion(
        id=str(data["id"]),
        lang=_text("lang", data["lang"]),
        category=_text("category", data.get("category") or ""),
        question=_text("question", data["question"]),
        expect=data["expect"],
        key_points=tuple(_forms(forms) for forms in _list("key_points", data["key_points"])),
        sources=_texts("sources", data.get("sources")),
        forbidden=_forms(data.get("forbidden") or [], "forbidden"),
        as_of=_day(data.get("as_of")),
        conversation=_name(data.get("conversation")),
        turn=_turn(data),
        pair=_name(data.get("pair")),
        documents=_documents(folder, _texts("documents", data.get("documents"))),
        split=_split(data.get("split")),
    )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value


def _list(name: str, value: Any) -> list[Any]:
    # A text is a sequence too: taken for a list it would be one accepted form a character.
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    return tuple(_text(f"each of {name}", item) for item in _list(name, value or []))


def _forms(value: Any, name: str = "key_points") -> tuple[str, ...]:
    """Accepted forms, each of which can be looked for."""
    forms = _texts(f"each of {name}" if name == "key_points" else name, value)
    if name == "key_points" and not forms:
        raise ValueError("a key point has no accepted form")
    for form in forms:
        if form.startswith(REGULAR_EXPRESSION):
            try:
                re.compile(form[len(REGULAR_EXPRESSION) :])
            except re.error as error:
                raise ValueError(f"{form!r} is no regular expression ({error})") from None
        elif not one_form(form):
            raise ValueError(f"{name} holds an empty form, which every answer would meet")
    return forms


def _day(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(_text("as_of", value)).isoformat()
    except ValueError:
        raise ValueError(f"as_of {value!r} is not a date like 2026-01-31") from None


def _name(value: Any) -> str | None:
    return None if value is None else str(value) or None


def _turn(data: dict[str, Any]) -> int:
    turn = data.get("turn", 1)
    if data.get("conversation") is not None and (type(turn) is not int or turn < 1):
        raise ValueError("turn must be a whole number from 1")
    return turn if type(turn) is int else 1


def _documents(folder: Path, names: Sequence[str]) -> tuple[Path, ...]:
    paths = tuple(folder / name for name in names)
    for path in paths:
        if not path.exists():
            raise ValueError(f"there is no document {path}; documents are found from the file")
    return paths


def _split(value: Any) -> Split | None:
    if value is not None and value not in get_args(Split):
        raise ValueError(f"split must be one of {', '.join(get_args(Split))}")
    split: Split | None = value
    return split
