"""Feedback on answers, kept for the people who keep the corpus."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Engine, Row, Select, func, select

from api.database import ANSWERS, FEEDBACK, TURNS, writing
from ingest.errors import BadInput

Verdict = Literal["useful", "wrong", "missing_source", "other"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NoFeedback(Exception):
    """There is no feedback, or no answer to give it on, with this id."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said of an answer, or of one of its statements (``statement``, from 0).

    ``handled`` is when a curator dealt with it, in UTC. ``statement_text`` is empty for feedback
    on a whole answer; ``conversation_id`` is ``None`` for an answer outside a conversation.
    """

    id: int
    answer_id: str
    conversation_id: str | None
    question: str
    understood: str | None
    status: str
    statement: int | None
    statement_text: str
    verdict: str
    comment: str
    suggested_source: str
    created: datetime
    handled: datetime | None


class FeedbackStore:
    """Feedback in an opened database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        answer_id: str,
        verdict: Verdict,
        statement: int | None = None,
        comment: str = "",
        suggested_source: str = "",
    ) -> Feedback:
        """Store feedback; it is durable when this returns.

        Raises:
            NoFeedback: There is no such answer.
            BadInput: The answer has no such statement.
        """
        with writing(self._engine) as connection:
            stored = connection.execute(
                select(ANSWERS.c.answer).where(ANSWERS.c.answer_id == answer_id)
            ).scalar_one_or_none()
            if stored is None:
                raise NoFeedback(f"no answer has the id {answer_id!r}")
            statements = _json(stored)["statements"]
            if statement is not None and not 0 <= statement < len(statements):
                raise BadInput(
                    f"the answer has {len(statements)} statements, counted from 0; "
                    f"there is no statement {statement}"
                )
            added = connection.execute(
                FEEDBACK.insert().values(
                    answer_id=answer_id,
                    statement=statement,
                    verdict=verdict,
                    comment=comment.strip(),
                    suggested_source=suggested_source.strip(),
                    created=datetime.now(UTC),
                )
            )
            number = added.inserted_primary_key
            assert number is not None
            row = connection.execute(_joined().where(FEEDBACK.c.id == number[0])).one()
        return _feedback(row)

    def find(
        self,
        verdict: str | None = None,
        handled: bool | None = None,
        answer_id: str | None = None,
        limit: int | None = 100,
        offset: int = 0,
    ) -> tuple[list[Feedback], int]:
        """Feedback, the latest first, and how much there is in all.

        Args:
            verdict: Only this verdict.
            handled: Only what was dealt with, or only what was not.
            answer_id: Only on this answer.
            limit: How many at most; all when ``None``.
            offset: How many to leave out.
        """
        found = _joined()
        if verdict is not None:
            found = found.where(FEEDBACK.c.verdict == verdict)
        if answer_id is not None:
            found = found.where(FEEDBACK.c.answer_id == answer_id)
        if handled is not None:
            done = FEEDBACK.c.handled.is_not(None)
            found = found.where(done if handled else FEEDBACK.c.handled.is_(None))
        total = select(func.count()).select_from(found.subquery())
        page = found.order_by(FEEDBACK.c.id.desc()).limit(limit).offset(offset)
        with self._engine.connect() as connection:
            rows = connection.execute(page).all()
            return [_feedback(row) for row in rows], connection.execute(total).scalar_one()

    def handle(self, number: int, handled: bool = True) -> Feedback:
        """Mark feedback as dealt with, or as open again. Raises :class:`NoFeedback`."""
        with writing(self._engine) as connection:
            connection.execute(
                FEEDBACK.update()
                .where(FEEDBACK.c.id == number)
                .values(handled=datetime.now(UTC) if handled else None)
            )
            row = connection.execute(_joined().where(FEEDBACK.c.id == number)).one_or_none()
        if row is None:
            raise NoFeedback(f"there is no feedback with the number {number}")
        return _feedback(row)


def feedback_csv(items: list[Feedback]) -> str:
    """Feedback as CSV with a line of names, for a spreadsheet.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in fields(Feedback)])
    writer.writeheader()
    for item in items:
        writer.writerow({name: _cell(value) for name, value in asdict(item).items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _joined() -> Select[Any]:
    return (
        select(FEEDBACK, ANSWERS.c.answer, TURNS.c.conversation)
        .join(ANSWERS, ANSWERS.c.answer_id == FEEDBACK.c.answer_id)
        .outerjoin(TURNS, TURNS.c.answer_id == FEEDBACK.c.answer_id)
    )


def _json(stored: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(stored)
    return answer


def _feedback(row: Row[Any]) -> Feedback:
    answer = _json(row.answer)
    return Feedback(
        id=row.id,
        answer_id=row.answer_id,
        conversation_id=row.conversation,
        question=answer["question"],
        understood=answer.get("understood"),
        status=answer["status"],
        statement=row.statement,
        statement_text="" if row.statement is None else answer["statements"][row.statement]["text"],
        verdict=row.verdict,
        comment=row.comment,
        suggested_source=row.suggested_source,
        created=row.created if row.created.tzinfo else row.created.replace(tzinfo=UTC),
        handled=_utc(row.handled),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment
