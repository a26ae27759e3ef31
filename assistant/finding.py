"""From a question to evidence: search, keep what holds the things it names, score sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.anchors import apply_anchors, find_scope, within
from assistant.boundaries import reads_as_instruction
from assistant.evidence import ReadTable
from assistant.features import Asked, units_of_part
from assistant.question import Part, Question
from assistant.results import rank_results, wants_result, with_whole_papers
from assistant.scoring import Scored, score_sentences
from assistant.settings import AnswerSettings
from assistant.tables import table_lines
from assistant.units import Unit, content_units
from ingest.text import sentence_spans
from retrieval import Filters, Hit, Searcher, View
from retrieval.normalise import compare_form, fold

_NEAR = 6.0  # log-odds
_SHORT = 20  # passages


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known while one question is being answered.

    ``units`` are the content words a passage must cover, ``named`` the identifiers that already
    chose the documents, ``shown`` quotes (:func:`compare_form`) that are not to be shown again,
    ``doubted`` ids of documents that give orders to whoever answers: they speak last.
    """

    question: Question
    as_of: str
    view: View
    filters: Filters
    units: Sequence[Unit]
    named: Sequence[Unit]
    shown: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Passages found, those of them that may be cited, and what the index does not hold.

    ``allowed`` are the filters of the question, narrowed to the documents that it names.
    """

    reading: Reading
    retrieved: Sequence[Hit]
    hits: Sequence[Hit]
    missing: str | None
    notices: tuple[str, ...]
    allowed: Filters = field(default_factory=Filters)


class Finder:
    """Finds evidence for questions.

    Args:
        searcher: Finds passages; its embedder must be the index's.
        settings: Sizes.

    Example:
        found = Finder(searcher, settings).find(question, "2026-11-21", Filters(), view)
    """

    def __init__(self, searcher: Searcher, settings: AnswerSettings) -> None:
        self.searcher = searcher
        self.settings = settings

    def find(
        self,
        question: Question,
        as_of: str,
        filters: Filters,
        view: View,
        shown: frozenset[str] = frozenset(),
    ) -> Found:
        """Search for a question, and keep what belongs to the things that it names."""
        if (question.wants_older or question.version_years) and not filters.status:
            filters = replace(filters, status=frozenset({"any"}))
        units = content_units(question.text, self.searcher, view)
        scope = find_scope(question, units, self.searcher, view)
        named = tuple(unit for unit in units if unit.text in scope.settled)
        rest = tuple(unit for unit in units if unit not in named) or units
        reading = Reading(question, as_of, view, filters, rest, named, shown)
        allowed = within(filters, scope)
        retrieved = self._search(reading, allowed)
        if scope.missing is not None:
            return Found(reading, retrieved, retrieved, scope.missing, scope.notices, allowed)
        anchored = apply_anchors(question, rest, retrieved, view)
        reading = replace(reading, doubted=_giving_orders(anchored.hits, view))
        return Found(reading, retrieved, anchored.hits, anchored.missing, scope.notices, allowed)

    def search_again(self, found: Found, query: str) -> Sequence[Hit]:
        """Further passages for other words; what the question names must be there too."""
        reading, passages = found.reading, self.settings.passages
        hits = self.searcher.search(reading.view, query, passages, found.allowed, reading.as_of)
        return apply_anchors(reading.question, reading.units, hits, reading.view).hits

    def _search(self, reading: Reading, filters: Filters) -> list[Hit]:
        """Passages for the whole question and, when it has several parts, for each of them."""
        view, passages = reading.view, self.settings.passages
        question, as_of = reading.question, reading.as_of
        found = self.searcher.search(view, question.text, passages, filters, as_of)
        if len(question.parts) > 1:
            for part in question.parts:
                found += self.searcher.search(view, part.text, passages // 2, filters, as_of)
        unique: dict[str, Hit] = {}
        for hit in found:
            known = unique.get(hit.chunk.id)
            if known is None or hit.score > known.score:
                unique[hit.chunk.id] = hit
        return list(unique.values())

    def own_units(self, reading: Reading, part: Part) -> Sequence[Unit]:
        """Content words of one part, as far as they are still open."""
        if len(reading.question.parts) == 1:
            return reading.units
        known = {unit.text for unit in reading.units}
        found = content_units(part.text, self.searcher, reading.view)
        return [unit for unit in found if unit.text in known]

    def rank(
        self, reading: Reading, part: Part, own: Sequence[Unit], hits: Sequence[Hit]
    ) -> tuple[Asked, list[Scored]]:
        """What a part asks for, and the sentences of the hits, best first."""
        question = reading.question
        later = fold(" ".join(p.text for p in question.parts[question.parts.index(part) + 1 :]))
        asked = Asked(
            part=part,
            question=question.text,
            units=units_of_part(own, reading.units, later),
            whole=reading.units,
            named=reading.named,
            long=self.settings.max_statement_chars,
            older=question.wants_older or bool(question.version_years),
        )
        result = wants_result(part)
        hits = with_whole_papers(hits, reading.view) if result else hits
        ranked = score_sentences(hits, asked, table_reader(reading.view))
        if result:
            ranked = rank_results(ranked, part.text, self.searcher.lexicon, self.settings)
        fresh = [s for s in ranked if compare_form(s.sentence.text) not in reading.shown]
        return asked, _trusted(fresh, reading.doubted)


def table_reader(view: View) -> ReadTable:
    """Reads the tables of a view's documents."""
    return lambda hit, ordinal: table_lines(view.blocks(hit.document, ordinal, 1)[0][1])


def _giving_orders(hits: Sequence[Hit], view: View) -> frozenset[str]:
    """Documents that address whoever answers: what else they say may be planted, too.

    A short document is read whole, of a long one the passages found.
    """
    found = set()
    for document in {hit.document.id: hit.document for hit in hits}.values():
        if document.chunks <= _SHORT:
            chunks = view.document_chunks(document)
        else:
            chunks = [hit.chunk for hit in hits if hit.document.id == document.id]
        if any(_orders_in(chunk.text) for chunk in chunks):
            found.add(document.id)
    return frozenset(found)


@lru_cache(maxsize=8192)
def _orders_in(text: str) -> bool:
    return any(reads_as_instruction(text[start:end]) for start, end in sentence_spans(text))


def _trusted(ranked: list[Scored], doubted: frozenset[str]) -> list[Scored]:
    """Without doubted documents, unless nothing else comes near."""
    others = [s for s in ranked if s.sentence.hit.document.id not in doubted]
    near = others and others[0].score >= ranked[0].score - _NEAR
    return others if near else ranked
