"""Server-sent events of one answer, from the thread that answers to the client that waits."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive

from api.schemas import AskedAnswer
from assistant import Citation, Statement
from assistant.progress import Progress, Stage, Stopped

Event = dict[str, str]


class Channel(Progress):
    """Progress of one answer as events."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._given_up = threading.Event()
        self._sent: set[str] = set()

    @property
    def stopped(self) -> bool:
        """The client has gone."""
        return self._given_up.is_set()

    def stop(self) -> None:
        """The client has gone: answering ends at the next look."""
        self._given_up.set()

    def stage(self, stage: Stage) -> None:
        """Send ``status``."""
        self._send("status", {"stage": stage})

    def statement(self, statement: Statement, citations: Sequence[Citation]) -> None:
        """Send ``statement``, each once."""
        if statement.text in self._sent:
            return
        self._sent.add(statement.text)
        cited = [asdict(citation) for citation in citations]
        self._send("statement", {**asdict(statement), "cited": cited})

    def answer(self, answer: AskedAnswer) -> None:
        """Send the statements that were not sent yet, and the whole answer."""
        by_id = {citation.id: citation for citation in answer.citations}
        for statement in answer.statements:
            self.statement(statement, [by_id[number] for number in statement.citations])
        self._send("answer", answer.to_json())

    def error(self, code: str, text: str) -> None:
        """Send ``error``: there will be no answer."""
        self._send("error", {"error": {"code": code, "message": text}})

    def close(self) -> None:
        """Nothing more will be sent."""
        self._loop.call_soon_threadsafe(self._events.put_nowait, None)

    async def events(self) -> AsyncIterator[Event]:
        """Events until the channel is closed. Whoever stops reading stops the answer."""
        try:
            while (event := await self._events.get()) is not None:
                yield event
        finally:
            self.stop()

    def _send(self, name: str, data: dict[str, Any]) -> None:
        event = {"event": name, "data": json.dumps(data, ensure_ascii=False)}
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)


def stream(answering: Callable[[Progress], AskedAnswer]) -> AsyncIterator[Event]:
    """Events of an answer that is made in another thread while they are read."""
    channel = Channel()

    def work() -> None:
        try:
            channel.answer(answering(channel))
        except Stopped:
            pass
        except Exception as error:  # the headers are out: only an event can tell
            logging.getLogger("xinglin").error("unexpected error", exc_info=error)
            channel.error("internal_error", "an unexpected error; see the log of the server")
        finally:
            channel.close()

    async def events() -> AsyncIterator[Event]:
        working = asyncio.ensure_future(run_in_threadpool(work))
        async for event in channel.events():
            yield event
        await working

    return events()


async def unless_gone(
    answering: Callable[[Progress], AskedAnswer], receive: Receive
) -> AskedAnswer | None:
    """An answer made in another thread; ``None`` when the client left before it was there."""
    channel = Channel()
    working = asyncio.ensure_future(run_in_threadpool(answering, channel))
    # Waited for, not polled: below a middleware a poll never sees the client leave.
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            channel.stop()
        return await working
    except Stopped:
        return None
    finally:
        channel.stop()
        leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
