"""What the corpus holds on a question: for whoever words the answer anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evidence import Sentence
from assistant.model import Answer
from assistant.question import Part, Question
from assistant.scoring import Scored
from retrieval import Hit


def _no_ranking(part: Part, hits: Sequence[Hit]) -> list[Scored]:
    return []


def _no_search(query: str) -> Sequence[Hit]:
    return ()


@dataclass(frozen=True, slots=True)
class Findings:
    """The answer without a language model and what it was chosen from.

    Attributes:
        question: As it was read.
        answer: What is shown without a language model.
        retrieved: Ids of the chunks that were found, citable or not.
        citable: Passages an answer may rest on: they hold what the question names. Empty when the
            answer is final: refused, asked back, or about something the corpus does not hold.
        chosen: Sentences the answer quotes, for each part of the question.
        rank: Scores the sentences of passages for a part: :func:`assistant.scoring.
            score_sentences`.
        search: Finds further citable passages for other words.
        abstain: The answer that says what was not found, instead of ``answer``.
        confidence: How likely the best evidence answers, 0 to 1; ``None`` without a search.
    """

    question: Question
    answer: Answer
    retrieved: tuple[str, ...] = ()
    citable: tuple[Hit, ...] = ()
    chosen: tuple[tuple[Sentence, ...], ...] = ()
    rank: Callable[[Part, Sequence[Hit]], list[Scored]] = _no_ranking
    search: Callable[[str], Sequence[Hit]] = _no_search
    abstain: Callable[[], Answer] | None = None
    confidence: float | None = None
