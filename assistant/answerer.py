"""Answer a question from an index, without a language model.

The path: read the question, find evidence, decide whether it answers, choose sentences, verify each
against the stored document, and say what is missing.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from typing import Any

from assistant.attached import without_orders
from assistant.composer import Composer
from assistant.computing import computed, with_computed
from assistant.confidence import confidence
from assistant.conflicts import conflicting
from assistant.conversation.basis import answer_basis
from assistant.conversation.reading import in_conversation, read_in_conversation, shown_before
from assistant.counting import CohortCounter
from assistant.evidence import Sentence
from assistant.features import Asked, stands_alone
from assistant.finding import Finder, Found, Reading
from assistant.findings import Findings
from assistant.messages import message
from assistant.missing import explain, words_not_found
from assistant.model import Answer, AnswerStatus, Record
from assistant.premises import read_premise, state_premise
from assistant.question import Part, Question, in_other_language, read_question
from assistant.references import referred_hits
from assistant.replies import boundary_reply, own_words
from assistant.scoring import Scored
from assistant.selection import Selection, answers, covers, select
from assistant.settings import AnswerSettings
from assistant.units import Passage, Unit, content_units, coverage
from ingest.model import Block
from retrieval import Filters, Hit, Index, Searcher, View


@dataclass(frozen=True, slots=True)
class _PartAnswer:
    """What was found for one part, or what is missing.

    The first ``leading`` sentences are the answer, the others details.
    """

    sentences: tuple[Sentence, ...]
    missing: str | None = None
    confidence: float = 0.0
    leading: int = 0


class Answerer:
    """Answers questions from an index with verified citations.

    Args:
        index: The opened index.
        searcher: Finds passages; its embedder must be the index's.
        settings: Thresholds and sizes.
        counter: Counts in cohorts; without one, such requests are answered from the corpus.
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
        counter: CohortCounter | None = None,
    ) -> None:
        self.index = index
        self.searcher = searcher
        self.settings = settings or AnswerSettings()
        self.clock = clock
        self.counter = counter

    @property
    def finder(self) -> Finder:
        """Finds the evidence."""
        return Finder(self.searcher, self.settings)

    def answer(
        self,
        question: str,
        as_of: str | None = None,
        filters: Filters | None = None,
        history: Sequence[Answer] = (),
    ) -> Answer:
        """Answer one question.

        Args:
            question: As asked, Chinese or English or mixed.
            as_of: ISO date the answer must hold for; today when ``None``.
            filters: Which documents may be cited.
            history: Earlier answers of the conversation, oldest first; a follow-up is completed
                from them.
        """
        with self.index.read() as view:
            return self.find(view, question, as_of, filters, history).answer

    def find(
        self,
        view: View,
        question: str,
        as_of: str | None = None,
        filters: Filters | None = None,
        history: Sequence[Answer] = (),
    ) -> Findings:
        """Answer from one state of the index, and hand out what the answer was chosen from."""
        started = time.perf_counter()
        day, as_of = as_of, as_of or self.clock()
        asked, follow_up = read_in_conversation(question, history, self.searcher.lexicon)
        if not re.search(r"\w", asked.folded):
            findings = Findings(asked, own_words(asked, as_of, message(asked.language, "empty")))
        elif in_other_language(asked.text):
            words = message(asked.language, "other_language")
            findings = Findings(asked, own_words(asked, as_of, words))
        elif (counted := self._counted(asked, question, history, as_of)) is not None:
            findings, follow_up = Findings(asked, counted), None
        elif asked.boundary is not None:
            findings = Findings(asked, computed(asked, as_of) or boundary_reply(asked, as_of))
        elif follow_up is not None and follow_up.kind == "basis":
            as_of = day or history[-1].as_of
            empty, longest = _empty(asked, as_of, "answered"), self.settings.max_statement_chars
            findings = Findings(asked, *answer_basis(empty, history[-1], view, as_of, longest))
        else:
            shown = shown_before(follow_up, history)
            findings = self._answered(asked, as_of, filters or Filters(), view, shown)
            calculated = computed(asked, as_of)
            if calculated is not None:
                both = with_computed(findings.answer, calculated)
                findings = replace(findings, answer=both)
        sure = findings.confidence
        record = Record(
            snapshot=view.snapshot.id,
            embedder=self.searcher.embedder.name,
            llm=None,
            retrieved=findings.retrieved,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
            version=version(),
            filters=_shown_filters(filters),
            confidence=None if sure is None else round(sure, 4),
        )
        answer = in_conversation(findings.answer, question, follow_up)
        return replace(findings, answer=replace(answer, record=record))

    def evidence(self, question: str, as_of: str | None = None) -> list[tuple[Asked, list[Scored]]]:
        """What was asked in each part of a question and all its sentences, best first.

        Empty when the question is refused, or names something that the index does not hold.
        """
        asked = read_question(question)
        if asked.boundary is not None:
            return []
        finder = self.finder
        with self.index.read() as view:
            found = finder.find(asked, as_of or self.clock(), Filters(), view)
            if found.missing is not None:
                return []
            reading = found.reading
            return [
                finder.rank(reading, part, finder.own_units(reading, part), found.hits)
                for part in asked.parts
            ]

    def _counted(
        self, asked: Question, question: str, history: Sequence[Answer], as_of: str
    ) -> Answer | None:
        """The next step towards a count in a cohort; what is refused stays refused."""
        refused = asked.boundary is not None and asked.boundary.status == "refused"
        if self.counter is None or refused:
            return None
        return self.counter.reply(question, history, as_of)

    def _answered(
        self,
        asked: Question,
        as_of: str,
        filters: Filters,
        view: View,
        shown: frozenset[str],
    ) -> Findings:
        """Answer from the corpus, without orders on how to.

        What the question takes for granted is held against the sources.
        """
        alone = without_orders(asked.text)
        premise = read_premise(alone)
        if premise is None and alone == asked.text:
            return self._from_evidence(self.finder.find(asked, as_of, filters, view, shown))
        searched = alone if premise is None else premise.neutral
        neutral = replace(read_question(searched), boundary=None, language=asked.language)
        findings = self._from_evidence(self.finder.find(neutral, as_of, filters, view, shown))
        answer = findings.answer
        if premise is not None:
            units = content_units(searched, self.searcher, view)
            answer = state_premise(
                premise, answer, lambda text: coverage(units, (Passage(text), 1.0))
            )
        return replace(findings, answer=replace(answer, question=asked.text))

    def _from_evidence(self, found: Found) -> Findings:
        reading, question = found.reading, found.reading.question
        if found.missing is None:
            parts = self._parts(reading, found.hits)
        else:
            parts = [_PartAnswer((), found.missing) for _ in question.parts]
        answer = _compose(reading, parts, found.retrieved)
        answer = replace(answer, notices=answer.notices + found.notices)
        retrieved = [hit.chunk.id for hit in found.retrieved]
        retrieved += [citation.chunk_id for citation in answer.citations]
        return Findings(
            question,
            answer,
            tuple(dict.fromkeys(retrieved)),
            () if found.missing else tuple(found.hits),
            tuple(part.sentences for part in parts),
            partial(self._rank_for, reading),
            partial(self.finder.search_again, found),
            partial(_abstention, found),
            max(part.confidence for part in parts),
        )

    def _rank_for(self, reading: Reading, part: Part, hits: Sequence[Hit]) -> list[Scored]:
        return self.finder.rank(reading, part, self.finder.own_units(reading, part), hits)[1]

    def _parts(self, reading: Reading, hits: Sequence[Hit]) -> list[_PartAnswer]:
        """Answer each part. One that leans on what was asked before is no surer than that."""
        parts: list[_PartAnswer] = []
        for part in reading.question.parts:
            own = self.finder.own_units(reading, part)
            leans = bool(parts) and not stands_alone(own)
            at_most = parts[-1].confidence if leans else 1.0
            parts.append(self._part(reading, part, own, hits, at_most))
        return parts

    def _part(
        self,
        reading: Reading,
        part: Part,
        own: Sequence[Unit],
        hits: Sequence[Hit],
        at_most: float,
    ) -> _PartAnswer:
        asked, ranked = self.finder.rank(reading, part, own, hits)
        answering = [s for s in ranked if answers(s)]
        sure = min(at_most, confidence(asked, answering))
        chosen = Selection()
        if sure >= self.settings.min_confidence and covers(answering[0], self.settings):
            chosen = self._select(reading, asked, ranked)
        if not chosen.sentences:
            missing = words_not_found(reading.question.language, own or reading.units, hits)
            return _PartAnswer((), missing, sure)
        originals = self._originals(reading, part, own, chosen.sentences)
        return _PartAnswer(
            (*originals, *chosen.sentences),
            confidence=sure,
            leading=len(originals) + chosen.leading,
        )

    def _select(self, reading: Reading, asked: Asked, ranked: Sequence[Scored]) -> Selection:
        return select(ranked, asked, self.settings, _block_reader(reading.view))

    def _originals(
        self, reading: Reading, part: Part, own: Sequence[Unit], chosen: Sequence[Sentence]
    ) -> Sequence[Sentence]:
        """The article the best note refers to, quoted ahead of it when the index holds it."""
        first = chosen[0]
        cited = {sentence.hit.chunk.id for sentence in chosen}
        referred = referred_hits(reading.view, first.hit, first.text, reading.as_of)
        fresh = [
            hit
            for hit in referred
            if hit.chunk.id not in cited and reading.filters.allow(hit.document, hit.status)
        ]
        asked, ranked = self.finder.rank(reading, part, own, fresh)
        return self._select(reading, asked, ranked).sentences[:1]


def _abstention(found: Found) -> Answer:
    """The answer that says what was not found, whatever was."""
    reading = found.reading
    words = words_not_found(reading.question.language, reading.units, found.retrieved)
    none = _PartAnswer((), words)
    return _compose(reading, [none for _ in reading.question.parts], found.retrieved)


def _compose(reading: Reading, parts: Sequence[_PartAnswer], hits: Sequence[Hit]) -> Answer:
    question, as_of = reading.question, reading.as_of
    composer = Composer(reading.view, question.language, as_of)
    # The answer to every part first, what else is known of each after it.
    for part in parts:
        for sentence in part.sentences[: part.leading]:
            composer.add(sentence)
    for part in parts:
        for sentence in part.sentences[part.leading :]:
            composer.add(sentence, detail=True)
    for first, second in conflicting([s for part in parts for s in part.sentences]):
        composer.compare(first, second)
    for title in {
        c.document_id: c.title for c in composer.citations if c.document_id in reading.doubted
    }.values():
        composer.notices.append(message(question.language, "gives_orders", title=title))
    pairs = zip(question.parts, parts, strict=True)
    open_parts = [(part, found.missing) for part, found in pairs if found.missing]
    answered = bool(composer.statements)
    return replace(
        _empty(question, as_of, "answered" if answered else "insufficient_evidence"),
        statements=tuple(composer.statements),
        citations=tuple(composer.citations),
        notices=tuple(dict.fromkeys(composer.notices)),
        missing=explain(reading, open_parts, hits, answered=answered),
    )


def _shown_filters(filters: Filters | None) -> dict[str, Any]:
    """The filters that were set, as JSON."""
    found = asdict(filters or Filters())
    return {k: sorted(v) if isinstance(v, frozenset) else v for k, v in found.items() if v}


def _block_reader(view: View) -> Callable[[Hit, int, int], list[tuple[int, Block]]]:
    return lambda hit, first, count: view.blocks(hit.document, first, count)


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
