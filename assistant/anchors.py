"""What a question names must be there: documents, articles, versions, identifiers.

Being about the right subject is not enough. 「2027年新版药物GCP」 is not answered by the version in
force, nor a trial that is not in the index by one that resembles it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import passages_of
from assistant.messages import message
from assistant.question import Question
from assistant.units import Unit
from ingest.metadata import base_title
from retrieval import Hit, StoredDocument, View
from retrieval.normalise import fold


@dataclass(frozen=True, slots=True)
class Anchored:
    """Hits that hold what the question names, or the sentence that says what is missing."""

    hits: tuple[Hit, ...]
    missing: str | None = None


def apply_anchors(
    question: Question, units: Sequence[Unit], hits: Sequence[Hit], view: View
) -> Anchored:
    """Keep the hits that belong to the documents, articles and versions a question names."""
    language = question.language
    kept = list(hits)
    for title in question.titles:
        matching = documents_titled(title, view.documents)
        ids = {document.id for document in matching}
        mentions = [h for h in kept if h.document.id in ids or _mentions(title, h)]
        if not mentions and not matching:
            return Anchored((), message(language, "no_document", title=title))
        kept = mentions or kept
    for year in question.version_years:
        kept = [hit for hit in kept if _of_year(year, hit)]
        if not kept:
            return Anchored((), message(language, "no_year", year=year))
    unknown = [unit.text for unit in units if unit.code and unit.unknown]
    if unknown:
        terms = "、".join(unknown) if language == "zh" else ", ".join(unknown)
        return Anchored((), message(language, "not_found", terms=terms))
    codes = [unit for unit in units if unit.code]
    for unit in codes:
        holding = [hit for hit in kept if _holds(unit, hit)]
        if not holding:
            return Anchored((), message(language, "not_found", terms=unit.text))
        kept = holding
    return _with_articles(question, kept)


def _with_articles(question: Question, hits: list[Hit]) -> Anchored:
    """第十九条 asked for: only that article, or a text that speaks of it."""
    for number in question.articles:
        label = f"第{number}条"
        holding = [
            hit
            for hit in hits
            if fold(hit.chunk.locator.section or "") == label or label in fold(hit.chunk.text)
        ]
        if not holding:
            title = question.titles[0] if question.titles else (hits[0].document.title if hits else "")
            return Anchored(
                (), message(question.language, "no_article", title=title, article=label)
            )
        exact = [h for h in holding if fold(h.chunk.locator.section or "") == label]
        hits = exact or holding
    return Anchored(tuple(hits))


def documents_titled(title: str, documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Documents whose title is the given one, or contains it when none is equal."""
    wanted = fold(base_title(title))
    equal = [d for d in documents if fold(base_title(d.title)) == wanted]
    return equal or [d for d in documents if wanted in fold(base_title(d.title))]


def _mentions(title: str, hit: Hit) -> bool:
    wanted = fold(base_title(title))
    texts = (hit.chunk.text, hit.document.metadata.source or "", hit.document.title)
    return any(wanted in fold(text) for text in texts)


def _of_year(year: str, hit: Hit) -> bool:
    metadata = hit.document.metadata
    dates = (
        metadata.version_date,
        metadata.issued,
        metadata.effective_from,
        metadata.document_number,
        metadata.title,
        metadata.label,
    )
    if any(year in value for value in dates if value):
        return True
    return re.search(rf"(?<!\d){year}(?!\d)", hit.chunk.text) is not None


def _holds(unit: Unit, hit: Hit) -> bool:
    passage, head = passages_of(hit)
    return unit.match(passage) == 1.0 or unit.match(head) == 1.0
