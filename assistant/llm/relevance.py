"""Which parts of a question a passage is about, by the same thresholds as without a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from assistant.evidence import Sentence
from assistant.findings import Findings
from assistant.selection import covers
from assistant.settings import AnswerSettings
from retrieval import Hit

_Place = tuple[str, int, int]  # chunk, block, offset


class Relevance:
    """What may be cited: a quote can be verbatim and still have nothing to do with the question.

    A passage *covers* a part of the question when it holds enough of its weighted words
    (``answer.min_coverage``). A sentence *answers* a part when its passage covers it and it is of
    the kind asked for (a time limit, an amount). Sentences that the answer without a model has
    chosen do both.
    """

    def __init__(self, findings: Findings, settings: AnswerSettings) -> None:
        self._findings = findings
        self._settings = settings
        self._covered: dict[str, set[int]] = defaultdict(set)
        self._answered: dict[_Place, set[int]] = defaultdict(set)
        for number, chosen in enumerate(findings.chosen):
            for sentence in chosen:
                self._covered[sentence.hit.chunk.id].add(number)
                self._answered[_place(sentence)].add(number)

    def judge(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the passages that cover a part of the question."""
        for number, part in enumerate(self._findings.question.parts):
            for scored in self._findings.rank(part, hits):
                if not covers(scored, self._settings):
                    continue
                self._covered[scored.sentence.hit.chunk.id].add(number)
                if scored.wants_met:
                    self._answered[_place(scored.sentence)].add(number)
        return [hit for hit in hits if self._covered.get(hit.chunk.id)]

    def covered(self, sentences: Iterable[Sentence]) -> bool:
        """Whether one of the sentences stands in a passage that covers a part."""
        return any(self._covered.get(sentence.hit.chunk.id) for sentence in sentences)

    def parts_answered(self, sentences: Iterable[Sentence]) -> set[int]:
        """Numbers of the parts that the sentences answer."""
        return {n for sentence in sentences for n in self._answered.get(_place(sentence), ())}


def _place(sentence: Sentence) -> _Place:
    return sentence.hit.chunk.id, sentence.block, sentence.start
