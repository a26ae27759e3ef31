"""What a question names must be there: documents, articles, versions, identifiers, countries.

Being about the right subject is not enough. 「2027年新版药物GCP」 is not answered by the version in
force, nor a trial that is not in the index by one that resembles it, nor a question about Japan by
a Chinese rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.evidence import passages_of
from assistant.messages import message
from assistant.question import Question
from assistant.units import Unit
from ingest.metadata import base_title
from retrieval import Filters, Hit, Searcher, StoredDocument, View
from retrieval.normalise import fold

_JURISDICTIONS = Path(__file__).with_name("jurisdictions.toml")
_MANY_MENTIONS = 5  # chunks; a document that says a name so often is about it


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an answer may come from.

    Attributes:
        documents: Ids of the documents the question's identifiers stand for; empty for all.
        settled: Identifiers that the choice of documents has taken care of: their passages need
            not repeat them.
        missing: Set when the index has nothing under a name; the sentence that says so.
        notices: Files that bear a name of the question which their text never says.
    """

    documents: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    missing: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchored:
    """Hits that hold what the question names, or the sentence that says what is missing."""

    hits: tuple[Hit, ...]
    missing: str | None = None


def find_scope(question: Question, units: Sequence[Unit], searcher: Searcher, view: View) -> Scope:
    """Which documents the identifiers of a question (trial names, study codes) stand for."""
    language = question.language
    documents: frozenset[str] = frozenset()
    settled: set[str] = set()
    codes = [unit for unit in units if unit.code]
    notices = tuple(
        message(language, "doubtful_name", path=d.path, names=" ".join(names), code=unit.text)
        for unit in codes
        for d in view.documents
        if (names := _doubtful_parts(unit, d))
    )
    for unit in codes:
        about = _documents_about(unit, searcher, view)
        if about:
            # 「ZEBRA-7和GIRAFFE-2分别…」 names two; 「NCT… DAPA-HF」 names one twice.
            documents = (documents & about) or (documents | about)
            settled.add(unit.text)
        elif unit.unknown:
            missing = message(language, "not_found", terms=unit.text)
            return Scope(missing=missing, notices=notices)
    return Scope(documents, frozenset(settled), notices=notices)


def _doubtful_parts(unit: Unit, document: StoredDocument) -> list[str]:
    """Words of a file's name that are in the identifier but not in the file's text."""
    parts = set(re.split(r"[^a-z0-9]+", unit.text))
    return [name for name in document.metadata.doubtful_names if fold(name) in parts]


def _documents_about(unit: Unit, searcher: Searcher, view: View) -> frozenset[str]:
    """Documents that go by an identifier, or say it again and again."""
    text = searcher.mentions(view, unit.names)
    names = searcher.mentions(view, unit.names, "head")
    return frozenset(
        document.id
        for document in view.documents
        # What a document goes by stands above every one of its chunks.
        if text.get(document.key, 0) >= _MANY_MENTIONS
        or 0 < document.chunks <= names.get(document.key, 0)
    )


def within(filters: Filters, scope: Scope) -> Filters:
    """The filters, narrowed to the documents of a scope unless the asker chose documents."""
    if not scope.documents or filters.document:
        return filters
    return replace(filters, document=scope.documents)


def apply_anchors(
    question: Question, units: Sequence[Unit], hits: Sequence[Hit], view: View
) -> Anchored:
    """Keep the hits that belong to the documents, articles and versions a question names."""
    language = question.language
    kept = list(hits)
    if question.wants_results:
        kept = [hit for hit in kept if hit.document.metadata.kind != "protocol"]
        if not kept:
            return Anchored((), message(language, "no_results"))
    if question.wants_older:
        kept = [hit for hit in kept if hit.status == "superseded"] or kept
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
    for issued, number in question.numbers:
        kept = [hit for hit in kept if _numbered(issued, number, hit)]
        if not kept:
            return Anchored((), message(language, "not_found", terms=f"{issued}年第{number}号"))
    for jurisdiction in _jurisdictions():
        name = jurisdiction.name_in(question.folded)
        if name is None:
            continue
        kept = [hit for hit in kept if _of_jurisdiction(jurisdiction, hit)]
        if not kept:
            return Anchored((), message(language, "not_found", terms=name))
    for unit in (unit for unit in units if unit.code):
        kept = [hit for hit in kept if _holds(unit, hit)]
        if not kept:
            return Anchored((), message(language, "not_found", terms=unit.text))
    return _with_articles(question, kept)


def _with_articles(question: Question, hits: list[Hit]) -> Anchored:
    """第十九条 asked for: only that article, or a text that speaks of it."""
    for number in question.articles:
        label = f"第{number}条"
        exact = [h for h in hits if fold(h.chunk.locator.section or "") == label]
        holding = exact or [hit for hit in hits if _speaks_of(number, fold(hit.chunk.text))]
        if not holding:
            first = hits[0].document.title if hits else ""
            title = question.titles[0] if question.titles else first
            return Anchored(
                (), message(question.language, "no_article", title=title, article=label)
            )
        hits = holding
    return Anchored(tuple(hits))


def _speaks_of(article: int, folded: str) -> bool:
    """Whether a text speaks of an article; 「第28条至第30条」 and "Articles 28 and 29" count."""
    english = rf"\barticles?\b[^.;]{{0,24}}(?<!\d){article}(?!\d)"
    return f"第{article}条" in folded or re.search(english, folded) is not None


def _numbered(issued: int, number: int, hit: Hit) -> bool:
    """Whether a passage or its document goes by a document number."""
    metadata = hit.document.metadata
    texts = (metadata.document_number, metadata.title, metadata.source, hit.chunk.text)
    patterns = rf"{issued}年?[^。;]{{0,6}}?第{number}号|no\.? ?{number}(?: of|,) ?{issued}"
    return any(re.search(patterns, fold(text)) for text in texts if text)


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


@dataclass(frozen=True, slots=True)
class _Jurisdiction:
    """A country with its names; ``unless`` matches what holds one of them and means another."""

    code: str
    names: tuple[str, ...]
    unless: re.Pattern[str] | None

    def name_in(self, folded: str) -> str | None:
        """The name under which a folded text speaks of it."""
        text = self.unless.sub(" ", folded) if self.unless else folded
        return next((name for name in self.names if _named(name, text)), None)


@cache
def _jurisdictions() -> tuple[_Jurisdiction, ...]:
    with _JURISDICTIONS.open("rb") as file:
        rows = tomllib.load(file)["jurisdiction"]
    return tuple(
        _Jurisdiction(
            row["code"],
            tuple(row["names"]),
            re.compile(row["unless"]) if "unless" in row else None,
        )
        for row in rows
    )


def _named(name: str, folded: str) -> bool:
    if name.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", folded) is not None
    return name in folded


def _of_jurisdiction(jurisdiction: _Jurisdiction, hit: Hit) -> bool:
    if hit.document.metadata.jurisdiction == jurisdiction.code:
        return True
    return any(jurisdiction.name_in(passage.folded) for passage in passages_of(hit))


def _holds(unit: Unit, hit: Hit) -> bool:
    passage, head = passages_of(hit)
    return unit.match(passage) == 1.0 or unit.match(head) == 1.0
