"""Stored answers: each one given over HTTP can be read again exactly as it was shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, select

from api.database import ANSWERS, open_database, writing
from assistant import Answer


class AnswerStore:
    """Answers in a database; an answer is durable when ``add`` returns.

    Args:
        place: An opened database, or the folder of its SQLite file.
    """

    def __init__(self, place: Path | Engine) -> None:
        self._engine = open_database(place) if isinstance(place, Path) else place

    def add(self, answer: Answer) -> None:
        """Store an answer."""
        with writing(self._engine) as connection:
            insert_answer(connection, answer)

    def get(self, answer_id: str) -> dict[str, Any] | None:
        """The answer JSON, or ``None``."""
        with self._engine.connect() as connection:
            found = connection.execute(
                select(ANSWERS.c.answer).where(ANSWERS.c.answer_id == answer_id)
            ).scalar_one_or_none()
        if found is None:
            return None
        answer: dict[str, Any] = json.loads(found)
        return answer


def insert_answer(connection: Connection, answer: Answer) -> None:
    """Store an answer within a transaction."""
    connection.execute(
        ANSWERS.insert().values(
            answer_id=answer.answer_id,
            created=datetime.now(UTC),
            question=answer.question,
            answer=json.dumps(answer.to_json(), ensure_ascii=False),
        )
    )


@cache
def _reader() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def answer_from_json(stored: dict[str, Any]) -> Answer:
    """A stored answer as the object it was; fields of later versions are passed over."""
    return _reader().validate_python(stored)
