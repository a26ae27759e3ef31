"""``POST /v1/ask``: an answer as JSON, or as server-sent events when the client asks for them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.routes.common import ServiceDep, errors
from api.schemas import AskRequest
from api.service import NotFound
from api.streaming import stream, unless_gone
from assistant import Answer
from retrieval import Filters

router = APIRouter(prefix="/v1", tags=["ask"])
_GONE = 499  # what proxies write into their logs when a client left; nobody reads it here


@router.post(
    "/ask",
    response_model=Answer,
    responses={
        **errors(400, 422, 503),
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

    A client that leaves stops the work.
    """
    filters = Filters.parse(asked.filters)
    as_of = asked.as_of.isoformat() if asked.as_of else None
    service.check_llm(asked.llm)
    answering = partial(
        service.ask, asked.question, as_of, filters, asked.llm, asked.show_unsupported
    )
    if accept and "text/event-stream" in accept:
        # What is wrong with the index is told by the status, before the events begin.
        await run_in_threadpool(service.check_index)
        return EventSourceResponse(stream(answering))
    answer = await unless_gone(answering, request.receive)
    return answer if answer is not None else Response(status_code=_GONE)


@router.get("/answers/{answer_id}", response_model=Answer, responses=errors(404, 422))
def stored_answer(answer_id: str, service: ServiceDep) -> Any:
    """A stored answer, exactly as it was given."""
    answer = service.answers.get(answer_id)
    if answer is None:
        raise NotFound(f"no answer has the id {answer_id!r}")
    return answer
