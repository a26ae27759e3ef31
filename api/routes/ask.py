"""``POST /v1/ask``: an answer as JSON, or as server-sent events when the client asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.routes.common import ServiceDep, errors
from api.schemas import AnswerSources, AskedAnswer, AskRequest
from api.sources import check_sources
from retrieval import Filters

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post(
    "/ask",
    response_model=AskedAnswer,
    responses={
        **errors(400, 404, 422, 503),
        200: {
            "description": "The answer; with `Accept: text/event-stream` a stream of `statement` "
            "events and a final `answer` event that carries the whole answer.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def ask(
    request: AskRequest, service: ServiceDep, accept: Annotated[str | None, Header()] = None
) -> Any:
    """Answer a question from the index; every statement carries a verified citation.

    With `conversation_id` the answer is stored as the next turn before it is sent, and a follow-up
    is completed from the turns before; `understood` says how.
    """
    filters = Filters.parse(request.filters)
    as_of = request.as_of.isoformat() if request.as_of else None
    answer = await run_in_threadpool(
        service.ask, request.question, as_of, filters, request.conversation_id
    )
    if accept and "text/event-stream" in accept:
        return EventSourceResponse(_events(answer))
    return JSONResponse(answer.to_json())


def _events(answer: AskedAnswer) -> Iterator[dict[str, str]]:
    whole = answer.to_json()
    for statement in whole["statements"]:
        yield {"event": "statement", "data": json.dumps(statement, ensure_ascii=False)}
    yield {"event": "answer", "data": json.dumps(whole, ensure_ascii=False)}


@router.get("/answers/{answer_id}", response_model=AskedAnswer, responses=errors(404, 422, 503))
def stored_answer(answer_id: str, service: ServiceDep) -> Any:
    """A stored answer, exactly as it was given."""
    answer = service.stored_answer(answer_id)
    found = service.conversations.turn_of(answer_id)
    place = {"conversation_id": found[0], "turn": found[1]} if found else {}
    return JSONResponse({**answer, **place})


@router.get("/answers/{answer_id}/sources", responses=errors(404, 422, 503))
def sources(
    answer_id: str,
    service: ServiceDep,
    as_of: Annotated[
        date | None, Query(description="Day of the validity told; today if absent.")
    ] = None,
) -> AnswerSources:
    """Whether each citation of a stored answer still stands in the index, read anew."""
    answer = service.stored_answer(answer_id)
    day = as_of.isoformat() if as_of else service.today()
    with service.index.read() as view:
        return AnswerSources(
            answer_id=answer_id,
            snapshot=view.snapshot.id,
            as_of=day,
            sources=check_sources(answer, view, day),
        )
