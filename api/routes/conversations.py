"""``/v1/conversations``: begin, list, read, rename, export, delete."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.export import as_markdown
from api.routes.common import ServiceDep, errors
from api.schemas import (
    ConversationChange,
    ConversationInfo,
    ConversationList,
    ConversationRequest,
    ConversationTurns,
    Removed,
)
from api.service import Service

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])


@router.post("", status_code=201, responses=errors(422, 503))
def create(request: ConversationRequest, service: ServiceDep) -> ConversationInfo:
    """Begin a conversation; ask with its id to add turns."""
    return ConversationInfo.model_validate(service.conversations.create(request.title))


@router.get("", responses=errors(422, 503))
def list_conversations(
    service: ServiceDep,
    q: Annotated[
        str, Query(max_length=200, description="Words in title, questions or answers.")
    ] = "",
    archived: Annotated[bool, Query(description="The archived ones instead.")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> ConversationList:
    """Conversations, the latest first."""
    found, total = service.conversations.find(q, archived=archived, limit=limit, offset=offset)
    return ConversationList(
        conversations=[ConversationInfo.model_validate(one) for one in found], total=total
    )


@router.get("/{conversation_id}", responses=errors(404, 422, 503))
def read(conversation_id: str, service: ServiceDep) -> ConversationTurns:
    """A conversation with every turn exactly as it was given."""
    return _read(service, conversation_id)


def _read(service: Service, conversation_id: str) -> ConversationTurns:
    conversation = service.conversations.get(conversation_id)
    turns = service.conversations.turns(conversation_id)
    return ConversationTurns.model_validate(
        {
            "conversation": ConversationInfo.model_validate(conversation),
            "turns": [{"number": turn.number, "answer": turn.answer} for turn in turns],
        }
    )


@router.patch("/{conversation_id}", responses=errors(404, 422, 503))
def change(
    conversation_id: str, request: ConversationChange, service: ServiceDep
) -> ConversationInfo:
    """Rename or archive a conversation."""
    changed = service.conversations.change(
        conversation_id, title=request.title, archived=request.archived
    )
    return ConversationInfo.model_validate(changed)


@router.delete("/{conversation_id}", responses=errors(404, 422, 503))
def delete(conversation_id: str, service: ServiceDep) -> Removed:
    """Delete a conversation with its answers and the feedback on them, for good."""
    service.conversations.delete(conversation_id)
    return Removed(removed=conversation_id)


@router.get(
    "/{conversation_id}/export",
    response_model=ConversationTurns,
    responses={
        **errors(404, 422, 503),
        200: {
            "description": "The conversation with its sources, as a file.",
            "content": {"text/markdown": {"schema": {"type": "string"}}},
        },
    },
)
def export(
    conversation_id: str,
    service: ServiceDep,
    format: Annotated[Literal["markdown", "json"], Query(description="Which form.")] = "markdown",
) -> Response:
    """The whole conversation as Markdown or JSON."""
    if format == "json":
        found = _read(service, conversation_id)
        return _file(found.model_dump_json(indent=2), "application/json", conversation_id, "json")
    conversation = service.conversations.get(conversation_id)
    text = as_markdown(conversation, service.conversations.turns(conversation_id))
    return _file(text, "text/markdown", conversation_id, "md")


def _file(content: str, media_type: str, conversation_id: str, ending: str) -> Response:
    name = f"xinglin-{conversation_id[:8]}.{ending}"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
