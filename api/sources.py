"""Whether the citations of a stored answer still stand in the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.verification import quote_stands
from retrieval import StoredDocument, View
from retrieval.normalise import compare_form

Standing = Literal["stands", "changed", "removed"]
_BLOCKS = 2000  # read at a time when a quote is looked for


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """One citation, checked anew.

    Attributes:
        citation: Its number in the answer.
        title: Title of the source, as it was cited.
        standing: ``stands`` word for word at its place; ``changed`` when the document was since
            updated, or the quote is no longer there; ``removed`` when it left the index.
        document_id: The document that is there now under the path cited, or ``None``.
        block: The block that holds the quote now, if any does.
        status_then: Validity of the source when it was cited.
        status_now: Its validity on the day asked about, if it is there.
    """

    citation: int
    title: str
    standing: Standing
    document_id: str | None
    block: int | None
    status_then: str
    status_now: str | None


def check_sources(answer: dict[str, Any], view: View, day: str) -> list[SourceStanding]:
    """Check every citation of a stored answer against a snapshot.

    Args:
        answer: The answer JSON.
        view: The snapshot.
        day: ISO day for which the validity now is told.
    """
    return [_check(citation, view, day) for citation in answer.get("citations", ())]


def _check(citation: dict[str, Any], view: View, day: str) -> SourceStanding:
    same = view.document(citation["document_id"])
    document = same or next((d for d in view.documents if d.path == citation["path"]), None)
    block = None
    standing: Standing = "removed"
    if document is not None:
        at_place = same is not None and _at_place(citation, view, document)
        standing = "stands" if at_place else "changed"
        block = citation["block"] if at_place else _elsewhere(citation["quote"], view, document)
    return SourceStanding(
        citation=citation["id"],
        title=citation["title"],
        standing=standing,
        document_id=document.id if document else None,
        block=block,
        status_then=citation["status"],
        status_now=view.currency[document.id].status(day) if document else None,
    )


def _at_place(citation: dict[str, Any], view: View, document: StoredDocument) -> bool:
    numbered = view.blocks(document, citation["block"], 1)
    return bool(numbered) and quote_stands(
        citation["quote"], numbered[0][1], citation["block_start"], citation["block_end"]
    )


def _elsewhere(quote: str, view: View, document: StoredDocument) -> int | None:
    """The first block of a document that holds a quote word for word."""
    wanted = compare_form(quote)
    for start in range(0, document.blocks, _BLOCKS):
        for ordinal, block in view.blocks(document, start, _BLOCKS):
            if wanted and wanted in compare_form(block.text):
                return ordinal
    return None
