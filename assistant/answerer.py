"""Answer a question from an index, without a language model.

The path: read the question, search, keep what holds the things it names, score sentences, choose,
verify each against the stored document, and say what is missing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from typing import Any

from assistant.anchors import Anchored, apply_anchors, find_scope, within
from assistant.evidence import Sentence, passages_of, score_sentences, units_of_part
from assistant.messages import input_names, message
from assistant.model import Answer, Citation, Record, Statement
from assistant.question import Part, Question, missing_inputs, read_question
from assistant.references import referred_hits
from assistant.selection import select
from assistant.settings import AnswerSettings
from assistant.units import Unit, content_units
from assistant.verifier import verify
from ingest.model import Block, to_json
from retrieval import Filters, Hit, Index, Searcher, View
from retrieval.normalise import compare_form


@dataclass(frozen=True, slots=True)
class _PartAnswer:
    """What was found for one part, or what is missing."""

    sentences: tuple[Sentence, ...]
    missing: str | None = None


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
            if not asked.folded.strip():
                answer = self._reply(asked, as_of, "needs_clarification", "empty")
                retrieved: tuple[str, ...] = ()
            elif asked.boundary is not None:
                answer, retrieved = self._bounded(asked, as_of), ()
            else:
                answer, retrieved = self._from_corpus(asked, as_of, filters, view)
            snapshot = view.snapshot.id
        record = Record(
            snapshot=snapshot,
            embedder=self.searcher.embedder.name,
            llm=None,
            retrieved=retrieved,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
            version=version(),
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
        asked_for = tuple(Statement(names[key]) for key in missing)
        joined = ("；" if question.language == "zh" else "; ").join(names[key] for key in missing)
        return replace(
            answer,
            statements=answer.statements + asked_for,
            missing=f"{message(question.language, 'compute')}{joined}",
        )

    def _reply(self, question: Question, as_of: str, status: Any, key: str) -> Answer:
        """An answer in the assistant's own words, which needs no source."""
        text = message(question.language, key)
        return replace(_empty(question, as_of, status), statements=(Statement(text),), missing=text)

    def _from_corpus(
        self, question: Question, as_of: str, filters: Filters | None, view: View
    ) -> tuple[Answer, tuple[str, ...]]:
        filters = filters or Filters()
        if question.wants_older and not filters.status:
            filters = replace(filters, status=frozenset({"any"}))
        units = content_units(question.text, self.searcher, view)
        scope = find_scope(question, units, self.searcher, view)
        units = tuple(unit for unit in units if unit.text not in scope.settled) or units
        hits = self._search(question, view, within(filters, scope), as_of)
        anchored = apply_anchors(question, units, hits, view)
        if scope.missing:
            anchored = Anchored((), scope.missing)
        parts: list[_PartAnswer] = []
        for part in question.parts:
            if anchored.missing:
                parts.append(_PartAnswer((), anchored.missing))
            else:
                parts.append(self._part(question, part, units, anchored.hits, view, as_of))
        answer = self._compose(question, as_of, parts, hits, view)
        answer = replace(answer, notices=answer.notices + scope.notices)
        return answer, tuple(hit.chunk.id for hit in hits)

    def _search(self, question: Question, view: View, filters: Filters, as_of: str) -> list[Hit]:
        """Passages for the whole question and, when it has several parts, for each of them."""
        passages = self.settings.passages
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

    def _part(
        self,
        question: Question,
        part: Part,
        units: Sequence[Unit],
        hits: Sequence[Hit],
        view: View,
        as_of: str,
    ) -> _PartAnswer:
        own = self._own_units(question, part, units, view)
        ranked = score_sentences(hits, part, units_of_part(own, units), self.settings)
        chosen = select(ranked, part, self.settings, _block_reader(view))
        if not chosen:
            return _PartAnswer((), self._not_found(question, own or units, hits))
        return _PartAnswer(tuple(self._with_originals(chosen, part, own, units, view, as_of)))

    def _own_units(
        self, question: Question, part: Part, units: Sequence[Unit], view: View
    ) -> Sequence[Unit]:
        if len(question.parts) == 1:
            return units
        known = {unit.text for unit in units}
        found = content_units(part.text, self.searcher, view)
        return [unit for unit in found if unit.text in known]

    def _with_originals(
        self,
        chosen: list[Sentence],
        part: Part,
        own: Sequence[Unit],
        units: Sequence[Unit],
        view: View,
        as_of: str,
    ) -> list[Sentence]:
        """Put the article a note refers to ahead of the note, when the index holds it."""
        first = chosen[0]
        cited = {sentence.hit.chunk.id for sentence in chosen}
        referred = [
            hit
            for hit in referred_hits(view, first.hit, first.text, as_of)
            if hit.chunk.id not in cited
        ]
        ranked = score_sentences(referred, part, units_of_part(own, units), self.settings)
        originals = select(ranked, part, self.settings, _block_reader(view))
        return [*originals[:1], *chosen]

    def _not_found(self, question: Question, units: Sequence[Unit], hits: Sequence[Hit]) -> str:
        """Which words of the question no found passage covers."""
        prepared = [passages_of(hit) for hit in hits[:5]]
        open_words = [
            unit.text
            for unit in units
            if not any(unit.match(p) >= 0.8 or unit.match(h) >= 0.8 for p, h in prepared)
        ]
        words = open_words or [unit.text for unit in units]
        separator = "、" if question.language == "zh" else ", "
        return message(question.language, "not_found", terms=separator.join(words[:6]))

    def _compose(
        self,
        question: Question,
        as_of: str,
        parts: Sequence[_PartAnswer],
        hits: Sequence[Hit],
        view: View,
    ) -> Answer:
        composer = _Composer(view, question.language, as_of)
        for part in parts:
            for sentence in part.sentences:
                composer.add(sentence)
        missing = self._missing(question, as_of, parts, hits, view, bool(composer.statements))
        status: Any = "answered" if composer.statements else "insufficient_evidence"
        return replace(
            _empty(question, as_of, status),
            statements=tuple(composer.statements),
            citations=tuple(composer.citations),
            notices=tuple(dict.fromkeys(composer.notices)),
            missing=missing,
        )

    def _missing(
        self,
        question: Question,
        as_of: str,
        parts: Sequence[_PartAnswer],
        hits: Sequence[Hit],
        view: View,
        answered: bool,
    ) -> str | None:
        language = question.language
        open_parts = [
            (part, found)
            for part, found in zip(question.parts, parts, strict=True)
            if found.missing
        ]
        if answered and not open_parts:
            return None
        said: list[str] = []
        if answered:
            said += [message(language, "abstain_part", part=part.text) for part, _ in open_parts]
        else:
            said.append(message(language, "abstain"))
        said += dict.fromkeys(found.missing for _, found in open_parts if found.missing)
        said.append(message(language, "searched", documents=len(view.documents), as_of=as_of))
        titles = list(dict.fromkeys(hit.document.title for hit in hits))[:3]
        if titles and not answered:
            shown = "；".join(titles) if language == "zh" else "; ".join(titles)
            said.append(message(language, "nearest", titles=shown))
        said.append(message(language, "settle"))
        return ("" if language == "zh" else " ").join(said)


class _Composer:
    """Turns sentences into verified statements with numbered citations."""

    def __init__(self, view: View, language: str, as_of: str) -> None:
        self.statements: list[Statement] = []
        self.citations: list[Citation] = []
        self.notices: list[str] = []
        self._view = view
        self._language = language
        self._as_of = as_of

    def add(self, sentence: Sentence) -> None:
        """Verify a sentence and add it; one that fails is dropped."""
        hit = sentence.hit
        block = self._view.blocks(hit.document, sentence.block, 1)[0][1]
        notice = self._notice(hit)
        verdict = verify(
            sentence.text,
            sentence.text,
            block,
            sentence.start,
            sentence.end,
            hit.status,
            disclosed=notice is not None,
        )
        if not verdict.ok or self._known(sentence):
            return
        citation = self._citation(sentence, block, notice)
        self.citations.append(citation)
        self.statements.append(Statement(sentence.text, (citation.id,), "verified"))
        if notice:
            self.notices.append(notice)

    def _known(self, sentence: Sentence) -> bool:
        text = compare_form(sentence.text)
        return any(
            (
                c.document_id == sentence.hit.document.id
                and c.block == sentence.block
                and c.block_start < sentence.end
                and sentence.start < c.block_end
            )
            or compare_form(c.quote) == text
            for c in self.citations
        )

    def _citation(self, sentence: Sentence, block: Block, notice: str | None) -> Citation:
        hit = sentence.hit
        metadata = hit.document.metadata
        locator = to_json(block.locator)
        section = hit.chunk.locator.section or locator.get("section")
        if section:
            locator["section"] = section
        return Citation(
            id=len(self.citations) + 1,
            document_id=hit.document.id,
            title=hit.document.title,
            publisher=metadata.issuer,
            kind=metadata.kind or "other",
            locator=locator,
            quote=sentence.text,
            status=hit.status,
            effective_from=hit.currency.effective_from,
            effective_to=hit.currency.effective_to,
            superseded_by=hit.currency.superseded_by,
            score=round(hit.score, 4),
            path=hit.document.path,
            block=sentence.block,
            block_start=sentence.start,
            block_end=sentence.end,
            chunk_id=hit.chunk.id,
            source=metadata.source,
            verified=metadata.verified,
            notice=notice,
        )

    def _notice(self, hit: Hit) -> str | None:
        """What must be said about a source that is not simply in force."""
        title, currency = hit.document.title, hit.currency
        if hit.status == "superseded":
            by = f"《{currency.superseded_by}》" if currency.superseded_by else ""
            if currency.effective_to:
                return message(
                    self._language, "superseded", title=title, by=by, date=currency.effective_to
                )
            return message(self._language, "superseded_undated", title=title, by=by)
        if hit.status == "draft":
            return message(self._language, "draft", title=title)
        if hit.status == "not_yet_effective":
            return message(
                self._language, "not_yet_effective", title=title, date=currency.effective_from
            )
        if currency.notice:
            return message(self._language, "amended", title=title, notice=currency.notice)
        return None


def _block_reader(view: View) -> Callable[[Hit, int, int], list[tuple[int, Block]]]:
    return lambda hit, first, count: view.blocks(hit.document, first, count)


def _empty(question: Question, as_of: str, status: Any) -> Answer:
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
