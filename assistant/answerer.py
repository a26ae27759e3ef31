"""Answer a question from an index, without a language model.

The path: read the question, search, keep what holds the things it names, score sentences, choose,
verify each against the stored document, and say what is missing.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from typing import Any

from assistant.anchors import apply_anchors, find_scope, within
from assistant.composer import Composer
from assistant.evidence import ReadTable, Sentence, passages_of, score_sentences, units_of_part
from assistant.messages import input_names, message
from assistant.model import Answer, AnswerStatus, Record, Statement
from assistant.question import MOST_PARTS, Part, Question, missing_inputs, read_question
from assistant.references import referred_hits
from assistant.results import rank_results, wants_result, with_whole_papers
from assistant.selection import select
from assistant.settings import AnswerSettings
from assistant.tables import table_lines
from assistant.units import Unit, content_units
from ingest.model import Block
from retrieval import Filters, Hit, Index, Searcher, View


@dataclass(frozen=True, slots=True)
class _PartAnswer:
    """What was found for one part, or what is missing."""

    sentences: tuple[Sentence, ...]
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is known while one question is being answered.

    ``units`` are the content words a passage must cover, ``named`` the identifiers that already
    chose the documents.
    """

    question: Question
    as_of: str
    view: View
    filters: Filters
    units: Sequence[Unit]
    named: Sequence[Unit]


class Answerer:
    """Answers questions from an index with verified citations.

    Args:
        index: The opened index.
        searcher: Finds passages; its embedder must be the index's.
        settings: Thresholds and sizes.
        clock: Returns today's date as ISO text; replaced in tests.

    Example:
        answer = Answerer(index, searcher).answer("器械临床试验SAE多久报告？")
    """

    def __init__(
        self,
        index: Index,
        searcher: Searcher,
        settings: AnswerSettings | None = None,
        clock: Callable[[], str] = lambda: date.today().isoformat(),
    ) -> None:
        self.index = index
        self.searcher = searcher
        self.settings = settings or AnswerSettings()
        self.clock = clock

    def answer(
        self, question: str, as_of: str | None = None, filters: Filters | None = None
    ) -> Answer:
        """Answer one question.

        Args:
            question: As asked, Chinese or English or mixed.
            as_of: ISO date the answer must hold for; today when ``None``.
            filters: Which documents may be cited.
        """
        started = time.perf_counter()
        as_of = as_of or self.clock()
        asked = read_question(question)
        with self.index.read() as view:
            if not re.search(r"\w", asked.folded):
                answer = self._reply(asked, as_of, "needs_clarification", "empty")
                retrieved: tuple[str, ...] = ()
            elif asked.boundary is not None:
                answer, retrieved = self._bounded(asked, as_of), ()
            else:
                answer, retrieved = self._from_corpus(asked, as_of, filters or Filters(), view)
            snapshot = view.snapshot.id
        record = Record(
            snapshot=snapshot,
            embedder=self.searcher.embedder.name,
            llm=None,
            retrieved=retrieved,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
            version=version(),
            filters=_shown_filters(filters),
        )
        return replace(answer, record=record)

    def _bounded(self, question: Question, as_of: str) -> Answer:
        """A question that is refused or needs more input."""
        boundary = question.boundary
        assert boundary is not None
        if boundary.name != "compute":
            return self._reply(question, as_of, "refused", boundary.reply)
        missing = missing_inputs(question)
        if not missing:
            answer = _empty(question, as_of, "insufficient_evidence")
            return replace(answer, missing=message(question.language, "compute_not_available"))
        names = input_names(question.language)
        answer = self._reply(question, as_of, "needs_clarification", "compute")
        asked_for = tuple(Statement(names[key], support="unsupported") for key in missing)
        joined = ("；" if question.language == "zh" else "; ").join(names[key] for key in missing)
        return replace(
            answer,
            statements=answer.statements + asked_for,
            missing=f"{message(question.language, 'compute')}{joined}",
        )

    def _reply(self, question: Question, as_of: str, status: AnswerStatus, key: str) -> Answer:
        """A reply in the assistant's own words: no source supports it, and none is needed."""
        text = message(question.language, key)
        statement = Statement(text, support="unsupported")
        return replace(_empty(question, as_of, status), statements=(statement,), missing=text)

    def _from_corpus(
        self, question: Question, as_of: str, filters: Filters, view: View
    ) -> tuple[Answer, tuple[str, ...]]:
        if (question.wants_older or question.version_years) and not filters.status:
            filters = replace(filters, status=frozenset({"any"}))
        units = content_units(question.text, self.searcher, view)
        scope = find_scope(question, units, self.searcher, view)
        named = tuple(unit for unit in units if unit.text in scope.settled)
        rest = tuple(unit for unit in units if unit not in named) or units
        reading = _Reading(question, as_of, view, filters, rest, named)
        hits = self._search(reading, within(filters, scope))
        missing = scope.missing
        if missing is None:
            anchored = apply_anchors(question, rest, hits, view)
            missing = anchored.missing
        if missing is None:
            parts = [self._part(reading, part, anchored.hits) for part in question.parts]
        else:
            parts = [_PartAnswer((), missing) for _ in question.parts]
        answer = self._compose(reading, parts, hits)
        answer = replace(answer, notices=answer.notices + scope.notices)
        retrieved = [hit.chunk.id for hit in hits]
        retrieved += [citation.chunk_id for citation in answer.citations]
        return answer, tuple(dict.fromkeys(retrieved))

    def _search(self, reading: _Reading, filters: Filters) -> list[Hit]:
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

    def _part(self, reading: _Reading, part: Part, hits: Sequence[Hit]) -> _PartAnswer:
        own = self._own_units(reading, part)
        chosen = self._choose(reading, part, own, hits)
        if not chosen:
            return _PartAnswer((), self._not_found(reading, own or reading.units, hits))
        originals = self._originals(reading, part, own, chosen)
        return _PartAnswer((*originals, *chosen))

    def _own_units(self, reading: _Reading, part: Part) -> Sequence[Unit]:
        """Content words of one part, as far as they are still open."""
        if len(reading.question.parts) == 1:
            return reading.units
        known = {unit.text for unit in reading.units}
        found = content_units(part.text, self.searcher, reading.view)
        return [unit for unit in found if unit.text in known]

    def _choose(
        self, reading: _Reading, part: Part, own: Sequence[Unit], hits: Sequence[Hit]
    ) -> list[Sentence]:
        asked = units_of_part(own, reading.units)
        tables = _table_reader(reading.view)
        result = wants_result(part)
        hits = with_whole_papers(hits, reading.view) if result else hits
        ranked = score_sentences(hits, part, asked, self.settings, reading.named, tables)
        if result:
            ranked = rank_results(ranked, part.text, self.searcher.lexicon, self.settings)
        return select(ranked, part, self.settings, _block_reader(reading.view))

    def _originals(
        self, reading: _Reading, part: Part, own: Sequence[Unit], chosen: Sequence[Sentence]
    ) -> list[Sentence]:
        """The article the best note refers to, quoted ahead of it when the index holds it."""
        first = chosen[0]
        cited = {sentence.hit.chunk.id for sentence in chosen}
        referred = referred_hits(reading.view, first.hit, first.text, reading.as_of)
        fresh = [
            hit
            for hit in referred
            if hit.chunk.id not in cited and reading.filters.allow(hit.document, hit.status)
        ]
        return self._choose(reading, part, own, fresh)[:1]

    def _not_found(self, reading: _Reading, units: Sequence[Unit], hits: Sequence[Hit]) -> str:
        """Which words of the question no found passage covers."""
        prepared = [passages_of(hit) for hit in hits[:5]]
        open_words = [
            unit.text
            for unit in units
            if not any(unit.match(p) >= 0.8 or unit.match(h) >= 0.8 for p, h in prepared)
        ]
        words = open_words or [unit.text for unit in units]
        language = reading.question.language
        separator = "、" if language == "zh" else ", "
        return message(language, "not_found", terms=separator.join(words[:6]))

    def _compose(
        self, reading: _Reading, parts: Sequence[_PartAnswer], hits: Sequence[Hit]
    ) -> Answer:
        question, as_of = reading.question, reading.as_of
        composer = Composer(reading.view, question.language, as_of)
        for part in parts:
            for sentence in part.sentences:
                composer.add(sentence)
        status: AnswerStatus = "answered" if composer.statements else "insufficient_evidence"
        return replace(
            _empty(question, as_of, status),
            statements=tuple(composer.statements),
            citations=tuple(composer.citations),
            notices=tuple(dict.fromkeys(composer.notices)),
            missing=_missing(reading, parts, hits, answered=bool(composer.statements)),
        )


def _missing(
    reading: _Reading, parts: Sequence[_PartAnswer], hits: Sequence[Hit], *, answered: bool
) -> str | None:
    """What was not answered, where it was looked for, and what would settle it."""
    language = reading.question.language
    pairs = zip(reading.question.parts, parts, strict=True)
    open_parts = [(part, found.missing) for part, found in pairs if found.missing]
    unread = reading.question.more_parts
    if answered and not open_parts and not unread:
        return None
    if answered:
        said = [message(language, "abstain_part", part=part.text) for part, _ in open_parts]
        said += [message(language, "too_many_parts", count=MOST_PARTS)] if unread else []
    else:
        said = [message(language, "abstain")]
    said += dict.fromkeys(missing for _, missing in open_parts)
    count = sum(
        reading.filters.allow(d, reading.view.currency[d.id].status(reading.as_of))
        for d in reading.view.documents
    )
    said.append(message(language, "searched", documents=count, as_of=reading.as_of))
    titles = list(dict.fromkeys(hit.document.title for hit in hits))[:3]
    if titles and not answered:
        separator = "；" if language == "zh" else "; "
        said.append(message(language, "nearest", titles=separator.join(titles)))
    said.append(message(language, "settle"))
    return ("" if language == "zh" else " ").join(said)


def _shown_filters(filters: Filters | None) -> dict[str, Any]:
    """The filters that were set, as JSON."""
    found = asdict(filters or Filters())
    return {k: sorted(v) if isinstance(v, frozenset) else v for k, v in found.items() if v}


def _block_reader(view: View) -> Callable[[Hit, int, int], list[tuple[int, Block]]]:
    return lambda hit, first, count: view.blocks(hit.document, first, count)


def _table_reader(view: View) -> ReadTable:
    return lambda hit, ordinal: table_lines(view.blocks(hit.document, ordinal, 1)[0][1])


def _empty(question: Question, as_of: str, status: AnswerStatus) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question.text,
        language=question.language,
        as_of=as_of,
        status=status,
    )


def version() -> str:
    """Version of the installed distribution."""
    try:
        return package_version("xinglin")
    except PackageNotFoundError:
        return "0"
