"""What the model is asked to write, and reading it from what models write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMA: dict[str, Any] = _object(
    statements={
        "type": "array",
        "items": _object(
            n={"type": "integer"},
            text=_TEXT,
            citations={"type": "array", "items": _object(key=_TEXT, quote=_TEXT)},
        ),
    },
    missing={"type": ["string", "null"]},
    follow_up={"type": "array", "items": _TEXT},
)
"""JSON schema of a reply, for endpoints that can be held to one."""

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_UNOPENED = re.compile(r"\A.*</think(?:ing)?>", re.S | re.I)  # some servers eat the opening tag
_LIST = re.compile(r'"statements"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_STRAY_COMMA = re.compile(r",(\s*[}\]])")
_MOST_OBJECTS = 50  # places in a reply where its JSON may begin
_DECODER = json.JSONDecoder(strict=False)  # line breaks inside strings are taken as they are


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote, and the key of the passage it is said to stand in."""

    key: str
    quote: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A statement as the model wrote it; ``number`` says which one it corrects."""

    text: str
    citations: tuple[Quoted, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. ``insufficient``: the model says that the evidence does not answer."""

    statements: tuple[Proposed, ...]
    insufficient: bool
    follow_up: tuple[str, ...] = ()


def read_reply(text: str) -> Reply | None:
    """The reply in a text: bare, fenced, after thoughts or chatter; ``None`` when there is none.

    >>> read_reply('Sure! ```json\\n{"statements": [], "missing": "no"}\\n```').insufficient
    True
    """
    text = _spoken(text)
    for data in _objects(text):
        if isinstance(data.get("statements"), list):
            return _reply(data)
    return None


def _reply(data: Mapping[str, Any]) -> Reply:
    statements = tuple(proposed(item) for item in data["statements"])
    follow_up = data.get("follow_up")
    asked = follow_up if isinstance(follow_up, list) else []
    return Reply(
        statements,
        insufficient=not any(statement.text for statement in statements),
        follow_up=tuple(item.strip() for item in asked if isinstance(item, str)),
    )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """JSON objects in a text, the outermost only."""
    for candidate in (text, _STRAY_COMMA.sub(r"\1", text)):
        at = candidate.find("{")
        for _ in range(_MOST_OBJECTS):
            if at < 0:
                break
            try:
                data, end = _DECODER.raw_decode(candidate, at)
            except (json.JSONDecodeError, RecursionError):
                end = at + 1
            else:
                yield data
            at = candidate.find("{", end)


def proposed(item: Any) -> Proposed:
    """A statement of a reply; one without text when it has none."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        return Proposed("")
    cited = item.get("citations")
    citations = tuple(
        Quoted(c["key"].strip(), c["quote"])
        for c in (cited if isinstance(cited, list) else [])
        if isinstance(c, dict) and isinstance(c.get("key"), str) and isinstance(c.get("quote"), str)
    )
    number = item.get("n")
    return Proposed(
        " ".join(item["text"].split()), citations, number if type(number) is int else None
    )


def _spoken(text: str) -> str:
    """A reply without the thoughts of a reasoning model."""
    return _UNOPENED.sub("", _THOUGHTS.sub("", text))


class StatementReader:
    """Finds the statements of a reply that is still being written, each as soon as it is whole."""

    def __init__(self) -> None:
        self._spoken = ""
        self._at = -1

    def feed(self, text: str) -> Iterator[Proposed]:
        """Statements that have become whole; ``text`` is the reply from its beginning."""
        spoken = _spoken(text)
        if not spoken.startswith(self._spoken[: max(self._at, 0)]):
            return  # thoughts turned out to be some; the whole reply is read at its end
        self._spoken = spoken
        if self._at < 0:
            opening = _LIST.search(spoken)
            if opening is None:
                return
            self._at = opening.end()
        while True:
            between = _BETWEEN.match(spoken, self._at)
            assert between is not None
            try:
                item, end = _DECODER.raw_decode(spoken, between.end())
            except (json.JSONDecodeError, RecursionError):
                return
            if not isinstance(item, dict):
                return  # a number may go on; only objects say where they end
            self._at = end
            yield proposed(item)
