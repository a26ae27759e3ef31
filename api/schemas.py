"""Requests and responses of the HTTP API. The answer itself is :class:`assistant.Answer`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.feedback import Feedback, Verdict
from api.sources import SourceStanding
from assistant import Answer


class Request(BaseModel):
    """Base of requests: unknown fields are refused, so that a typo is noticed."""

    model_config = ConfigDict(extra="forbid")


class AskRequest(Request):
    """A question."""

    question: str = Field(max_length=8000, description="Chinese, English or mixed.")
    as_of: date | None = Field(None, description="The day the answer must hold for; today if null.")
    filters: list[str] = Field(
        default=[],
        max_length=50,
        description="KEY=VALUE; KEY one of kind, issuer, jurisdiction, language, document, status, "
        "from, to.",
        examples=[["kind=law,regulation"]],
    )
    llm: bool | None = Field(
        None,
        description="Whether the configured language model words the answer; it does if null.",
    )
    show_unsupported: bool | None = Field(
        None,
        description="Show statements of the language model that failed the checks too, marked as "
        "unsupported; as llm.show_unsupported says if null.",
    )
    conversation_id: str | None = Field(
        None,
        max_length=64,
        description="The conversation this is the next turn of; a follow-up is completed from it.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAnswer(Answer):
    """An answer, and the turn of the conversation it was given in; outside one, without them."""

    conversation_id: str | None = None
    turn: int | None = None

    @classmethod
    def of(
        cls, answer: Answer, conversation_id: str | None = None, turn: int | None = None
    ) -> AskedAnswer:
        """An answer with its place."""
        values = {field.name: getattr(answer, field.name) for field in fields(Answer)}
        return cls(**values, conversation_id=conversation_id, turn=turn)

    def to_json(self) -> dict[str, Any]:
        """The answer JSON of the contract, with its place when it has one."""
        found = asdict(self)
        if self.conversation_id is None:
            del found["conversation_id"], found["turn"]
        return found


class ConversationRequest(Request):
    """A new conversation."""

    title: str = Field("", max_length=200, description="That of the first question if empty.")


class ConversationChange(Request):
    """What to change of a conversation; what is null stays."""

    title: str | None = Field(None, min_length=1, max_length=200)
    archived: bool | None = Field(None, description="Archived ones are listed apart.")


class ConversationInfo(BaseModel):
    """A conversation without its turns."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    created: datetime
    updated: datetime
    archived: bool
    turns: int


class ConversationList(BaseModel):
    """Conversations, the latest first, and how many match in all."""

    conversations: list[ConversationInfo]
    total: int


class Turn(BaseModel):
    """A turn with the answer exactly as it was given."""

    number: int
    answer: Answer


class ConversationTurns(BaseModel):
    """A conversation with all its turns, in order."""

    conversation: ConversationInfo
    turns: list[Turn]


class FeedbackRequest(Request):
    """Feedback on an answer or on one of its statements."""

    answer_id: str = Field(max_length=64)
    verdict: Verdict
    statement: int | None = Field(None, ge=0, description="Which statement, from 0; null for all.")
    comment: str = Field("", max_length=4000)
    suggested_source: str = Field("", max_length=2000, description="What should be cited instead.")


class FeedbackChange(Request):
    """Whether feedback was dealt with."""

    handled: bool


class FeedbackList(BaseModel):
    """Feedback, the latest first, and how much matches in all."""

    feedback: list[Feedback]
    total: int


class AnswerSources(BaseModel):
    """The citations of a stored answer, checked against the index as it is now."""

    answer_id: str
    snapshot: str = Field(description="The snapshot they were checked against.")
    as_of: str = Field(description="The day for which the validity now is told.")
    sources: list[SourceStanding]


class SearchRequest(Request):
    """A search."""

    query: str = Field(min_length=1, max_length=8000)
    k: int = Field(10, ge=1, le=200, description="How many passages.")
    as_of: date | None = None
    filters: list[str] = Field(default=[], max_length=50, description="As for asking.")


class SearchHit(BaseModel):
    """A found passage."""

    chunk_id: str
    document_id: str
    title: str
    path: str
    kind: str
    status: str
    effective_from: str | None
    effective_to: str | None
    superseded_by: str | None
    heading_path: list[str]
    locator: dict[str, Any]
    text: str
    flags: list[str] = Field(description="What its blocks are marked with: ocr, retracted, …")
    score: float = Field(description="Fused score, 0 to about 1.")
    lexical: float = Field(description="BM25 before normalisation.")
    dense: float = Field(description="Cosine of the vectors.")


class SearchResponse(BaseModel):
    """Found passages, best first."""

    query: str
    snapshot: str
    hits: list[SearchHit]


class DocumentInfo(BaseModel):
    """What is known of a document."""

    id: str
    path: str
    title: str
    title_en: str | None
    kind: str
    status: str = Field(description="effective, superseded, draft, not_yet_effective or current.")
    issuer: str | None
    document_number: str | None
    issued: str | None
    effective_from: str | None
    effective_to: str | None
    superseded_by: str | None
    notice: str | None
    jurisdiction: str | None
    language: str | None
    source: str | None
    verified: str | None
    summary: str | None
    keywords: list[str]
    media_type: str
    size: int
    pages: int | None
    blocks: int
    chunks: int
    sha256: str
    member: str | None = Field(description="The record of the file, when it holds several.")
    added: str
    warnings: list[str]


class DocumentList(BaseModel):
    """The documents of the index."""

    documents: list[DocumentInfo]
    total: int


class TableContent(BaseModel):
    """Cells of a table."""

    rows: list[list[str]]
    header_rows: int
    caption: str | None


class BlockInfo(BaseModel):
    """A block of a document with its place."""

    ordinal: int
    kind: str
    text: str
    level: int | None
    locator: dict[str, Any]
    table: TableContent | None
    flags: list[str]


class BlockList(BaseModel):
    """Some blocks of a document and how many it has."""

    blocks: list[BlockInfo]
    total: int


class UploadResult(BaseModel):
    """What happened to an uploaded file."""

    path: str
    outcome: str = Field(
        description="added, updated, unchanged, duplicate, quarantined, unsupported or failed."
    )
    id: str | None
    detail: str | None
    documents: int = Field(description="How many documents the file holds (records of an export).")
    blocks: int
    chunks: int
    warnings: list[str]


class UploadResponse(BaseModel):
    """One result for each uploaded file."""

    results: list[UploadResult]


class Removed(BaseModel):
    """What was removed."""

    removed: str


class Status(BaseModel):
    """What this server holds."""

    version: str
    documents: int
    chunks: int
    snapshot: str | None
    published: str | None
    embedder: str
    llm: str | None
    newest_source: str | None = Field(description="Latest version date among the documents.")


class Health(BaseModel):
    """Whether the server works."""

    status: str
    detail: str | None = None


class ErrorDetail(BaseModel):
    """A code for machines and a sentence for people."""

    code: str
    message: str


class ErrorResponse(BaseModel):
    """Body of every error."""

    error: ErrorDetail
