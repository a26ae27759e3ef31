"""The answer contract: what every surface shows, stores and re-runs.

The field names are those of the answer JSON that other tools rely on; add fields, never rename.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.tables import CitedTable

AnswerStatus = Literal["answered", "insufficient_evidence", "needs_clarification", "refused"]
Support = Literal["verified", "calculated", "unsupported"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands.

    ``block``, ``block_start`` and ``block_end`` point into the document's blocks: the quote is
    exactly ``blocks[block].text[block_start:block_end]`` (Unicode code points). ``notice`` says
    what a reader must know about the source's validity. ``table`` holds the quoted rows under
    their header when the block is a table; ``figure`` says that the block is a figure, whose
    picture ``/v1/documents/{document_id}/blocks/{block}/picture`` gives.
    """

    id: int
    document_id: str
    title: str
    publisher: str | None
    kind: str
    locator: dict[str, Any]
    quote: str
    status: str
    effective_from: str | None
    effective_to: str | None
    superseded_by: str | None
    score: float
    path: str
    block: int
    block_start: int
    block_end: int
    chunk_id: str
    source: str | None = None
    verified: str | None = None
    notice: str | None = None
    table: CitedTable | None = None
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer, with the numbers of its citations.

    ``detail`` tells what follows the answer itself, to be shown after it or folded away.
    """

    text: str
    citations: tuple[int, ...] = ()
    support: Support = "verified"
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What was asked of which state of the index: with the question and date, enough to re-run.

    ``llm`` names the language model that wrote the statements, ``None`` without one; ``prompt`` is
    the SHA-256 of its instructions and ``usage`` the tokens it read and wrote. ``confidence`` is
    how likely the best evidence answers, 0 to 1, whether it was shown or not; ``None`` when
    nothing was searched.
    """

    snapshot: str | None
    embedder: str | None
    llm: str | None
    retrieved: tuple[str, ...]
    elapsed_ms: float
    version: str
    filters: dict[str, Any] = field(default_factory=dict)
    prompt: str | None = None
    usage: dict[str, int] | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question.

    ``understood`` is a follow-up as it was completed from the conversation, and what was searched;
    ``None`` when the question stands for itself.
    """

    answer_id: str
    question: str
    language: str
    as_of: str
    status: AnswerStatus
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    calculations: tuple[dict[str, Any], ...] = ()
    missing: str | None = None
    follow_up: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    record: Record | None = field(default=None)
    understood: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer JSON of the contract."""
        return asdict(self)
