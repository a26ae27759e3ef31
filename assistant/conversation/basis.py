"""What the last answer rests on, read anew: 「依据是哪条？」"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import message
from assistant.model import Answer, Citation, Statement
from assistant.verification import quote_stands, verify
from ingest.model import Block
from retrieval import StoredDocument, View

_IN_FORCE = frozenset({"effective", "current"})


def answer_basis(
    empty: Answer, last: Answer, view: View, as_of: str, longest: int
) -> tuple[Answer, tuple[str, ...]]:
    """The passages that the last answer cites, as they stand in the index now.

    A short paragraph is quoted whole, so that an article shows its number. A quote that no longer
    stands is not shown; a notice names its source.

    Args:
        empty: An answer to the question without content.
        last: The answer whose basis is asked for.
        view: The snapshot in which the quotes must stand.
        as_of: The ISO day for which validity is told.
        longest: Longer paragraphs are quoted as they were.

    Returns:
        The answer, and the ids of the passages cited.
    """
    found: list[Citation] = []
    gone: list[str] = []
    for citation in last.citations:
        fresh = _anew(citation, view, as_of, longest, empty.language)
        if fresh is None:
            gone.append(citation.title)
        elif not any(_same_place(fresh, known) for known in found):
            found.append(replace(fresh, id=len(found) + 1))
    notices = [message(empty.language, "basis_changed", title=title) for title in gone]
    notices += [citation.notice for citation in found if citation.notice]
    answer = replace(
        empty,
        status="answered" if found else "insufficient_evidence",
        statements=tuple(Statement(citation.quote, (citation.id,)) for citation in found),
        citations=tuple(found),
        notices=tuple(dict.fromkeys(notices)),
        missing=None if found else message(empty.language, "basis_gone"),
    )
    return answer, tuple(citation.chunk_id for citation in found)


def _same_place(one: Citation, other: Citation) -> bool:
    return (one.document_id, one.block, one.block_start) == (
        other.document_id,
        other.block,
        other.block_start,
    )


def _anew(
    citation: Citation, view: View, as_of: str, longest: int, language: str
) -> Citation | None:
    """The citation with its quote and validity read again; ``None`` when it no longer stands."""
    document = view.document(citation.document_id)
    numbered = view.blocks(document, citation.block, 1) if document else []
    if document is None or not numbered:
        return None
    block = numbered[0][1]
    if not quote_stands(citation.quote, block, citation.block_start, citation.block_end):
        return None
    status = view.currency[document.id].status(as_of)
    notice = citation.notice or _notice(document, view, status, language)
    fresh = replace(_whole(citation, block, longest), status=status, notice=notice)
    verdict = verify(
        fresh.quote,
        fresh.quote,
        block,
        fresh.block_start,
        fresh.block_end,
        status,
        disclosed=notice is not None,
    )
    return fresh if verdict.ok else None


def _whole(citation: Citation, block: Block, longest: int) -> Citation:
    if block.kind not in {"paragraph", "list_item"} or len(block.text) > longest:
        return citation
    return replace(citation, quote=block.text, block_start=0, block_end=len(block.text))


def _notice(document: StoredDocument, view: View, status: str, language: str) -> str | None:
    """What must be said of a source that is not in force."""
    if status in _IN_FORCE:
        return None
    currency = view.currency[document.id]
    title = document.title
    if status == "superseded":
        by = f"《{currency.superseded_by}》" if currency.superseded_by else ""
        return message(language, "superseded_undated", title=title, by=by)
    if status == "draft":
        return message(language, "draft", title=title)
    return message(language, status, title=title, date=currency.effective_from)
