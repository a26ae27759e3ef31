"""Which parts of a question a passage is about, by the same thresholds as without a model."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from assistant.evidence import Sentence
from assistant.findings import Findings
from assistant.selection import answers
from retrieval import Hit

_Place = tuple[str, int, int]  # chunk, block, offset


class Relevance:
    """What is offered: a quote can be verbatim and still have nothing to do with the question.

    A passage *covers* a part of the question when it holds enough of its weighted words
    (``llm.min_coverage``). A sentence *may answer* a part when its passage covers it and it is
    of the kind asked for (a time limit, an amount); it *tells* the part when the answer without a
    model could have quoted it for that part (``answer.keep_within``), or has.
    """

    def __init__(self, findings: Findings, keep_within: float, min_coverage: float) -> None:
        self._findings = findings
        self._keep_within = keep_within
        self._min_coverage = min_coverage
        self._covered: dict[str, set[int]] = defaultdict(set)
        self._may_answer: dict[_Place, set[int]] = defaultdict(set)
        self._tells: dict[_Place, set[int]] = defaultdict(set)
        for number, chosen in enumerate(findings.chosen):
            for sentence in chosen:
                self._covered[sentence.hit.chunk.id].add(number)
                self._may_answer[_place(sentence)].add(number)
                self._tells[_place(sentence)].add(number)
        self._best: dict[int, float] = defaultdict(lambda: -math.inf)

    def judge(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the passages that cover a part of the question."""
        for number, part in enumerate(self._findings.question.parts):
            ranked = self._findings.rank(part, hits)
            good = [scored.score for scored in ranked if answers(scored)]
            self._best[number] = max([self._best[number], *good])
            bar = self._best[number] - self._keep_within
            for scored in ranked:
                if scored.features["passage"] < self._min_coverage:
                    continue
                self._covered[scored.sentence.hit.chunk.id].add(number)
                if answers(scored):
                    self._may_answer[_place(scored.sentence)].add(number)
                    if scored.score >= bar:
                        self._tells[_place(scored.sentence)].add(number)
        return [hit for hit in hits if self._covered.get(hit.chunk.id)]

    def may_answer(self, sentences: Iterable[Sentence]) -> bool:
        """Whether one of the sentences may answer a part."""
        return any(self._may_answer.get(_place(sentence)) for sentence in sentences)

    def told(self, sentences: Iterable[Sentence]) -> set[int]:
        """Numbers of the parts that the sentences tell."""
        return {n for sentence in sentences for n in self._tells.get(_place(sentence), ())}


def _place(sentence: Sentence) -> _Place:
    return sentence.hit.chunk.id, sentence.block, sentence.start
