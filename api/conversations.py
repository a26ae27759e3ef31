"""Stored conversations: turns in the order they were asked, each durable before it is shown."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, or_, select

from api.answers import answer_from_json, insert_answer
from api.database import ANSWERS, CONVERSATIONS, FEEDBACK, TURNS, writing
from assistant import Answer

_TITLE = 60  # characters of the first question


class NoConversation(Exception):
    """There is no conversation with this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"no conversation has the id {conversation_id!r}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its turns; times are in UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime
    archived: bool
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn: its number, from 1, and the answer JSON as it was given."""

    number: int
    answer: dict[str, Any]


class ConversationStore:
    """Conversations of an opened database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, title: str = "") -> Conversation:
        """Begin a conversation; without a title it takes that of its first question."""
        now = datetime.now(UTC)
        conversation = Conversation(uuid.uuid4().hex, title.strip(), now, now, False, 0)
        with writing(self._engine) as connection:
            connection.execute(
                CONVERSATIONS.insert().values(
                    id=conversation.id,
                    title=conversation.title,
                    created=now,
                    updated=now,
                    archived=False,
                )
            )
        return conversation

    def add(self, conversation_id: str, answer: Answer) -> int:
        """Store an answer as the next turn and return its number.

        Raises:
            NoConversation: It was deleted meanwhile, or never was; nothing is stored.
        """
        with writing(self._engine) as connection:
            title = connection.execute(
                select(CONVERSATIONS.c.title)
                .where(CONVERSATIONS.c.id == conversation_id)
                .with_for_update()
            ).scalar_one_or_none()
            if title is None:
                raise NoConversation(conversation_id)
            last = select(func.max(TURNS.c.number)).where(TURNS.c.conversation == conversation_id)
            number = (connection.execute(last).scalar() or 0) + 1
            insert_answer(connection, answer)
            connection.execute(
                TURNS.insert().values(
                    conversation=conversation_id, number=number, answer_id=answer.answer_id
                )
            )
            connection.execute(
                CONVERSATIONS.update()
                .where(CONVERSATIONS.c.id == conversation_id)
                .values(updated=datetime.now(UTC), title=title or _title_of(answer.question))
            )
        return number

    def get(self, conversation_id: str) -> Conversation:
        """A conversation. Raises :class:`NoConversation`."""
        with self._engine.connect() as connection:
            return self._one(connection, conversation_id)

    def named(self, beginning: str) -> Conversation:
        """The one conversation whose id begins so. Raises :class:`NoConversation`."""
        starts = CONVERSATIONS.c.id.startswith(beginning, autoescape=True)
        with self._engine.connect() as connection:
            rows = connection.execute(_counted().where(starts).limit(2)).all()
        if not beginning or len(rows) != 1:
            raise NoConversation(beginning)
        return _conversation(rows[0])

    def turns(self, conversation_id: str) -> list[StoredTurn]:
        """All turns of a conversation, in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(TURNS.c.number, ANSWERS.c.answer)
                .join(ANSWERS, ANSWERS.c.answer_id == TURNS.c.answer_id)
                .where(TURNS.c.conversation == conversation_id)
                .order_by(TURNS.c.number)
            ).all()
        return [StoredTurn(number, json.loads(answer)) for number, answer in rows]

    def history(self, conversation_id: str, most: int) -> Sequence[Answer]:
        """The latest answers, oldest first. Raises :class:`NoConversation`."""
        with self._engine.connect() as connection:
            self._one(connection, conversation_id)
            rows = connection.execute(
                select(ANSWERS.c.answer)
                .join(TURNS, ANSWERS.c.answer_id == TURNS.c.answer_id)
                .where(TURNS.c.conversation == conversation_id)
                .order_by(TURNS.c.number.desc())
                .limit(most)
            ).scalars()
            return [answer_from_json(json.loads(answer)) for answer in reversed(rows.all())]

    def turn_of(self, answer_id: str) -> tuple[str, int] | None:
        """The conversation and turn an answer belongs to, or ``None``."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(TURNS.c.conversation, TURNS.c.number).where(TURNS.c.answer_id == answer_id)
            ).one_or_none()
        return (row.conversation, row.number) if row else None

    def find(
        self, text: str = "", *, archived: bool | None = False, limit: int = 50, offset: int = 0
    ) -> tuple[list[Conversation], int]:
        """Conversations, the latest first, and how many there are in all.

        Args:
            text: Words that the title, a question or an answer must hold; all of them.
            archived: Only archived ones, or only others; ``None`` for both.
            limit: How many at most.
            offset: How many to leave out.
        """
        found = _counted()
        for word in text.split():
            found = found.where(_holding(word))
        if archived is not None:
            found = found.where(CONVERSATIONS.c.archived == archived)
        total = select(func.count()).select_from(found.subquery())
        page = found.order_by(CONVERSATIONS.c.updated.desc(), CONVERSATIONS.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(page.limit(limit).offset(offset)).all()
            return [_conversation(row) for row in rows], connection.execute(total).scalar_one()

    def change(
        self, conversation_id: str, *, title: str | None = None, archived: bool | None = None
    ) -> Conversation:
        """Rename or archive a conversation. Raises :class:`NoConversation`."""
        given = {"title": title.strip() if title is not None else None, "archived": archived}
        values = {name: value for name, value in given.items() if value is not None}
        with writing(self._engine) as connection:
            self._one(connection, conversation_id)
            if values:
                connection.execute(
                    CONVERSATIONS.update()
                    .where(CONVERSATIONS.c.id == conversation_id)
                    .values(**values)
                )
            return self._one(connection, conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with its turns, their answers and the feedback on them.

        Raises:
            NoConversation: There is none.
        """
        answers = select(TURNS.c.answer_id).where(TURNS.c.conversation == conversation_id)
        with writing(self._engine) as connection:
            self._one(connection, conversation_id)
            ids = connection.execute(answers).scalars().all()
            connection.execute(FEEDBACK.delete().where(FEEDBACK.c.answer_id.in_(ids)))
            connection.execute(TURNS.delete().where(TURNS.c.conversation == conversation_id))
            connection.execute(ANSWERS.delete().where(ANSWERS.c.answer_id.in_(ids)))
            connection.execute(CONVERSATIONS.delete().where(CONVERSATIONS.c.id == conversation_id))

    def _one(self, connection: Connection, conversation_id: str) -> Conversation:
        row = connection.execute(
            _counted().where(CONVERSATIONS.c.id == conversation_id)
        ).one_or_none()
        if row is None:
            raise NoConversation(conversation_id)
        return _conversation(row)


def _title_of(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"


def _counted() -> Select[Any]:
    """Conversations with the number of their turns."""
    turns = (
        select(func.count())
        .where(TURNS.c.conversation == CONVERSATIONS.c.id)
        .correlate(CONVERSATIONS)
        .scalar_subquery()
        .label("turns")
    )
    return select(CONVERSATIONS, turns)


def _holding(word: str) -> Any:
    """Conversations whose title, or one of whose answers with its question, holds a word."""
    within = (
        select(TURNS.c.conversation)
        .join(ANSWERS, ANSWERS.c.answer_id == TURNS.c.answer_id)
        .where(
            ANSWERS.c.answer.icontains(json.dumps(word, ensure_ascii=False)[1:-1], autoescape=True)
        )
    )
    return or_(
        CONVERSATIONS.c.title.icontains(word, autoescape=True), CONVERSATIONS.c.id.in_(within)
    )


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        title=row.title,
        created=_utc(row.created),
        updated=_utc(row.updated),
        archived=row.archived,
        turns=row.turns,
    )


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; all are stored in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
