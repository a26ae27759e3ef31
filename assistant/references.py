"""From a note's reference to the text it refers to: 《药品管理法》第十九条 → that article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.anchors import documents_titled
from ingest.model import Chunk
from retrieval import Hit, View
from retrieval.normalise import fold

_REFERENCE = re.compile(
    r"《([^《》]{2,60})》(?:[（(][^（）()]*[)）])?\s*((?:第\d+条[、和及,，]?)+)"
)
_ARTICLE = re.compile(r"第\d+条")


def references_in(text: str) -> Iterator[tuple[str, str]]:
    """Titles and article labels (folded) that a text refers to."""
    for match in _REFERENCE.finditer(fold(text)):
        for label in _ARTICLE.findall(match.group(2)):
            yield match.group(1), label


def resolve_reference(view: View, title: str, label: str, as_of: str) -> tuple[Chunk, str] | None:
    """The article's chunk and its document's id, if a version in force is in the index."""
    for document in documents_titled(title, view.documents):
        if view.currency[document.id].status(as_of) != "effective":
            continue
        for chunk in view.document_chunks(document):
            if chunk.kind == "article" and fold(chunk.locator.section or "") == label:
                return chunk, document.id
    return None


def referred_hits(view: View, hit: Hit, text: str, as_of: str) -> list[Hit]:
    """The articles that a note's sentence refers to, as hits that rank like the note itself."""
    found: list[Hit] = []
    for title, label in references_in(text):
        resolved = resolve_reference(view, title, label, as_of)
        if resolved is None:
            continue
        chunk, document_id = resolved
        document = view.document(document_id)
        if document is None or document.id == hit.document.id:
            continue
        currency = view.currency[document.id]
        status = currency.status(as_of)
        found.append(Hit(chunk, document, hit.score, hit.lexical, hit.dense, status, currency))
    return found
