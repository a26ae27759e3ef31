"""Stored answers: each one given over HTTP can be read again exactly as it was shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, create_engine, event, select

from assistant import Answer

_METADATA = MetaData()
_ANSWERS = Table(
    "answers",
    _METADATA,
    Column("answer_id", String(64), primary_key=True),
    Column("created", DateTime(timezone=True), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
)


class AnswerStore:
    """Answers in a SQLite file below ``folder``; an answer is durable when ``add`` returns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{folder / 'answers.sqlite'}")
        event.listen(self._engine, "connect", _durable)
        _METADATA.create_all(self._engine)

    def add(self, answer: Answer) -> None:
        """Store an answer."""
        with self._engine.begin() as connection:
            connection.execute(
                _ANSWERS.insert().values(
                    answer_id=answer.answer_id,
                    created=datetime.now(UTC),
                    question=answer.question,
                    answer=json.dumps(answer.to_json(), ensure_ascii=False),
                )
            )

    def get(self, answer_id: str) -> dict[str, Any] | None:
        """The answer JSON, or ``None``."""
        with self._engine.connect() as connection:
            found = connection.execute(
                select(_ANSWERS.c.answer).where(_ANSWERS.c.answer_id == answer_id)
            ).scalar_one_or_none()
        if found is None:
            return None
        answer: dict[str, Any] = json.loads(found)
        return answer


def _durable(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
