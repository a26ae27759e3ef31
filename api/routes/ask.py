"""``POST /v1/ask``: an answer as JSON, or as server-sent events when the client asks for them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.routes.common import ServiceDep, errors
from api.schemas import AnswerSources, AskedAnswer, AskRequest
from api.sources import check_sources
from api.streaming import stream, unless_gone
from retrieval import Filters

router = APIRouter(prefix="/v1", tags=["ask"])
_GONE = 499  # what proxies write into their logs when a client left; nobody reads it here


@router.post(
    "/ask",
    response_model=AskedAnswer,
    responses={
        **errors(400, 404, 422, 503),
        200: {
            "description": "The answer; with `Accept: text/event-stream` events instead. `status`: "
            "`{stage}`, one of searching, reading, checking. `statement`: a statement that passed "
            "its checks, with the citations it names as `cited`. `answer`: the whole answer, which "
            "has the last word about statements and their order. `error`: there is no answer; the "
            "body of an error.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def ask(
    asked: AskRequest,
    service: ServiceDep,
    request: Request,
    accept: Annotated[str | None, Header()] = None,
) -> Any:
    """Answer a question from the index; every statement carries a verified citation.

    With `conversation_id` the answer is stored as the next turn before it is sent, and a follow-up
    is completed from the turns before; `understood` says how. A client that leaves stops the work.
    """
    filters = Filters.parse(asked.filters)
    as_of = asked.as_of.isoformat() if asked.as_of else None
    service.check_llm(asked.llm)
    answering = partial(
        service.ask,
        asked.question,
        as_of,
        filters,
        asked.conversation_id,
        asked.llm,
        asked.show_unsupported,
    )
    if accept and "text/event-stream" in accept:
        # What is wrong with the request or the index is told by the status, before the events.
        await run_in_threadpool(service.check_index, asked.conversation_id)
        return EventSourceResponse(stream(answering))
    answer = await unless_gone(answering, request.receive)
    return JSONResponse(answer.to_json()) if answer else Response(status_code=_GONE)


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
