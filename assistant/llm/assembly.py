"""An answer put together: what stands of the model's, and the other's where it is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.composer import Composer
from assistant.computing import Calculation
from assistant.evidence import Sentence
from assistant.findings import Findings
from assistant.llm.checking import Judged, sound_follow_up
from assistant.llm.draft import Draft
from assistant.llm.passages import Passages
from assistant.llm.relevance import Relevance
from assistant.llm.reply import Reply
from assistant.messages import message
from assistant.model import Answer, Citation, Statement
from assistant.progress import Progress
from retrieval import View

_MOST_FOLLOW_UPS = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One question, as far as it is known before the model is asked."""

    view: View
    findings: Findings
    progress: Progress
    show_unsupported: bool


@dataclass(frozen=True, slots=True)
class Assembly:
    """Puts an answer together: what stands of the model's, and the other's where it is silent."""

    task: Task
    relevance: Relevance
    passages: Passages
    calculations: dict[str, Calculation]
    draft: Draft
    reply: Reply

    def answer(self) -> Answer:
        """The answer of the statements that stand.

        A part of the question that the model's statements do not answer keeps the sentences that
        answer it without a model.
        """
        plain = self.task.findings.answer
        if self.reply.insufficient:
            return self._abstained()
        standing = self.draft.standing()
        quoted = [sentence for judged in standing for sentence in judged.sentences]
        if not self.relevance.may_answer(quoted) and not self._calculated(standing):
            return self._nothing_stands()
        statements, citations = _joined(standing, self._silent_parts(quoted))
        notices = [citation.notice for citation in citations if citation.notice]
        known = {citation.notice for citation in plain.citations}
        return replace(
            plain,
            status="answered",
            statements=(*statements, *self._unsupported()),
            citations=tuple(citations),
            calculations=tuple(c.to_json() for c in self._calculated(standing)),
            notices=(
                *dict.fromkeys(notices),
                *(notice for notice in plain.notices if notice not in known),
                *self._left_out(),
            ),
            missing=plain.missing if plain.status == "answered" else None,
            follow_up=self._follow_up(citations),
        )

    def _abstained(self) -> Answer:
        """The model found that the evidence does not answer: said in our words, not in its."""
        findings = self.task.findings
        plain = findings.answer
        if plain.status != "answered" or findings.abstain is None:
            return plain
        abstained = findings.abstain()
        notice = message(plain.language, "llm_insufficient")
        return replace(
            abstained,
            answer_id=plain.answer_id,
            question=plain.question,
            understood=plain.understood,
            record=plain.record,
            notices=(notice,),
        )

    def _nothing_stands(self) -> Answer:
        plain = self.task.findings.answer
        notice = message(plain.language, "llm_nothing_stands")
        unsupported = self._unsupported() if plain.status == "answered" else ()
        return replace(
            plain,
            statements=(*plain.statements, *unsupported),
            notices=(*plain.notices, notice),
        )

    def _silent_parts(
        self, quoted: Sequence[Sentence]
    ) -> list[tuple[Statement, tuple[Citation, ...]]]:
        """What answers the parts of the question that the model's statements leave out."""
        chosen = self.task.findings.chosen
        told = self.relevance.told(quoted) if len(chosen) > 1 else {0}
        plain = self.task.findings.answer
        composer = Composer(self.task.view, plain.language, plain.as_of)
        for number, sentences in enumerate(chosen):
            for sentence in sentences if number not in told else ():
                if sentence not in quoted:
                    composer.add(sentence)
        by_id = {citation.id: citation for citation in composer.citations}
        return [
            (statement, tuple(by_id[number] for number in statement.citations))
            for statement in composer.statements
        ]

    def _calculated(self, standing: Sequence[Judged]) -> list[Calculation]:
        keys = [c.key for judged in standing for c in judged.proposed.citations]
        return [self.calculations[key] for key in dict.fromkeys(keys) if key in self.calculations]

    def _failing(self) -> list[Judged]:
        return [self.draft.judged[place] for place in self.draft.failing()]

    def _unsupported(self) -> tuple[Statement, ...]:
        if not self.task.show_unsupported:
            return ()
        return tuple(Statement(j.proposed.text, (), "unsupported") for j in self._failing())

    def _left_out(self) -> list[str]:
        count = len(self._failing())
        if not count:
            return []
        key = "llm_unsupported_shown" if self.task.show_unsupported else "llm_left_out"
        return [message(self.task.findings.answer.language, key, count=count)]

    def _follow_up(self, citations: Sequence[Citation]) -> tuple[str, ...]:
        question = understood(self.task.findings.answer)
        quotes = [citation.quote for citation in citations]
        sound = [f for f in self.reply.follow_up if sound_follow_up(f, question, quotes)]
        return tuple(dict.fromkeys(sound))[:_MOST_FOLLOW_UPS]


def _joined(
    standing: Sequence[Judged], others: Sequence[tuple[Statement, tuple[Citation, ...]]]
) -> tuple[list[Statement], list[Citation]]:
    """Statements of both kinds, citations numbered in the order in which they are named."""
    numbers: dict[tuple[str, int, int, int], int] = {}
    citations: list[Citation] = []
    statements: list[Statement] = []
    named = [(j.statement, j.citations) for j in standing if j.statement]
    for statement, cited in [*named, *others]:
        known = []
        for citation in cited:
            place = (
                citation.document_id,
                citation.block,
                citation.block_start,
                citation.block_end,
            )
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                citations.append(replace(citation, id=numbers[place]))
            known.append(numbers[place])
        statements.append(replace(statement, citations=tuple(known)))
    return statements, citations


def understood(answer: Answer) -> str:
    """The question of an answer as it was understood."""
    return answer.understood or answer.question
