"""``POST /v1/ask``: an answer as JSON, or as server-sent events when the client asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.routes.common import ServiceDep, errors
from api.schemas import AskRequest
from api.service import NotFound
from assistant import Answer
from retrieval import Filters

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post(
    "/ask",
    response_model=Answer,
    responses={
        **errors(400, 422, 503),
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
    """Answer a question from the index; every statement carries a verified citation."""
    filters = Filters.parse(request.filters)
    as_of = request.as_of.isoformat() if request.as_of else None
    answer = await run_in_threadpool(service.ask, request.question, as_of, filters)
    if accept and "text/event-stream" in accept:
        return EventSourceResponse(_events(answer))
    return answer


def _events(answer: Answer) -> Iterator[dict[str, str]]:
    whole = answer.to_json()
    for statement in whole["statements"]:
        yield {"event": "statement", "data": json.dumps(statement, ensure_ascii=False)}
    yield {"event": "answer", "data": json.dumps(whole, ensure_ascii=False)}


@router.get("/answers/{answer_id}", response_model=Answer, responses=errors(404, 422))
def stored_answer(answer_id: str, service: ServiceDep) -> Any:
    """A stored answer, exactly as it was given."""
    answer = service.answers.get(answer_id)
    if answer is None:
        raise NotFound(f"no answer has the id {answer_id!r}")
    return answer
