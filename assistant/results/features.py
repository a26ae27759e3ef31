"""What is measured of a sentence that may tell a result; ``weights.toml`` says what it is worth.

All features lie between 0 and about 1, so that a weight tells what a feature is worth. ``a*b`` in
the weights is the product of two features.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from assistant.results.asked import Asked
from assistant.results.paper import Paper, PaperSentence
from assistant.results.sections import OTHER
from assistant.results.words import Topic, make_topic
from retrieval.lexicon import Lexicon
from retrieval.soft_match import SoftMatcher
from retrieval.tokens import TokenLists

Floats = npt.NDArray[np.float64]

MATCHES: Mapping[str, str] = {
    "outcome": "share of the outcome's words that the sentence says, by how rare they are",
    "outcome_whole": "1 when the sentence says every word of the outcome",
    "outcome_bm25": "BM25 of the outcome's words, as a share of the best sentence's",
    "outcome_soft": "how near the nearest word of the sentence is to each of the outcome's",
    "outcome_before": "what the sentence before adds to the outcome's words",
    "outcome_paragraph": "what all sentences before in the paragraph add beyond that",
    "outcome_heading": "what the heading adds to the outcome's words",
    "arms": "share of the words of intervention and of comparator, the smaller of the two",
    "question_bm25": "BM25 of the whole question, as a share of the best sentence's",
}
REPORTS: Mapping[str, str] = {
    "statistic": "gives a P value, a confidence interval, a ratio or a difference",
    "significance": "speaks of significance",
    "no_difference": "says that there was no difference",
    "direction": "says higher, lower, reduced, improved …",
    "comparison": "compares (than, versus, between groups)",
    "groups": "speaks of groups or of treated patients",
    "table_or_figure": "refers to a table or figure",
    "numbers": "how many numbers it gives; 1 for six and more",
    "abstract_results": "stands among the results of the abstract",
    "results": "stands among the results of the body",
    "unnamed": "stands in the body under a heading that names no section",
}
SPEAKS_AGAINST: Mapping[str, str] = {
    "within": "compares with baseline, within a group",
    "aim": "says what was to be found out",
    "plan": "says how something was measured or analysed",
    "other_studies": "speaks of other studies",
    "hedged": "explains or supposes",
    "caption": "is the caption of a table or figure",
    "enrolment": "tells who took part, or baseline characteristics",
    "discussion": "stands in the discussion",
    "back": "stands behind the paper: references, funding",
}
FEATURES: Mapping[str, str] = {**MATCHES, **REPORTS, **SPEAKS_AGAINST}
_NUMBER = re.compile(r"(?<![\w.])[-−–]?\d+(?:[.·,]\d+)*")
_MOST_NUMBERS = 6
_WHOLE = 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a paper's sentences for one question.

    Attributes:
        features: By name, each of shape ``(sentences,)``.
        told: Share of the outcome's words that a sentence says together with the one before it and
            its heading; shape ``(sentences,)``.
        arms: Share of the words of the intervention that the paper says anywhere; of comparator,
            when no intervention is known; 1 when neither is.
    """

    features: Mapping[str, Floats]
    told: Floats
    arms: float


def measure(asked: Asked, paper: Paper, lexicon: Lexicon) -> Measured:
    """Measure the sentences of a paper for a question."""
    sentences = paper.sentences
    outcome, intervention, comparator, question = (
        make_topic(text, paper.rarity, lexicon, paper.abbreviations)
        for text in (asked.outcome or asked.text, asked.intervention, asked.comparator, asked.text)
    )
    arms = [arm for arm in (intervention, comparator) if arm.total]
    rows = [_row(sentence, outcome, arms) for sentence in sentences]
    features = {name: np.array([row.get(name, 0.0) for row in rows]) for name in FEATURES}
    features["outcome_bm25"] = _share_of_best(outcome, paper)
    features["question_bm25"] = _share_of_best(question, paper)
    features["outcome_soft"] = _soft(asked.outcome or asked.text, sentences)
    return Measured(
        features=features,
        told=np.array([row["told"] for row in rows]),
        arms=arms[0].known(paper.everything) if arms else 1.0,
    )


def _row(sentence: PaperSentence, outcome: Topic, arms: Sequence[Topic]) -> dict[str, float]:
    """Features of one sentence; those left out are 0. ``told`` as in :class:`Measured`."""
    said = outcome.found(sentence.words)
    before = said | outcome.found(sentence.before)
    paragraph = before | outcome.found(sentence.paragraph)
    heading = outcome.found(sentence.heading)
    own, with_before = outcome.share(said), outcome.share(before)
    numbers = len(_NUMBER.findall(sentence.line.text))
    found = {
        "told": outcome.share(before | heading),
        "outcome": own,
        "outcome_whole": float(own >= _WHOLE),
        "outcome_before": with_before - own,
        "outcome_paragraph": outcome.share(paragraph) - with_before,
        "outcome_heading": outcome.share(said | heading) - own,
        "arms": min((arm.covered(sentence.words) for arm in arms), default=0.0),
        "numbers": min(numbers, _MOST_NUMBERS) / _MOST_NUMBERS,
        _section(sentence): 1.0,
    }
    found.update(dict.fromkeys(sentence.cues, 1.0))
    return found


def _section(sentence: PaperSentence) -> str:
    """The sentence's place as a feature's name; some places are no feature."""
    section = sentence.place.section
    if section == OTHER and not sentence.place.abstract:
        return "unnamed"
    return f"abstract_{section}" if sentence.place.abstract else section


def _share_of_best(topic: Topic, paper: Paper) -> Floats:
    length = paper.rarity.mean_length
    scores = np.array([topic.matched(sentence.words, length) for sentence in paper.sentences])
    best = scores.max(initial=0.0)
    share: Floats = scores / best if best else scores
    return share


def _soft(text: str, sentences: Sequence[PaperSentence]) -> Floats:
    if not sentences:
        return np.zeros(0)
    matcher = _matcher()
    tokens = TokenLists.build(matcher.tokens([sentence.line.text for sentence in sentences]))
    found: Floats = matcher.compare(text, tokens).soft.astype(np.float64)
    return found


@cache
def _matcher() -> SoftMatcher:
    return SoftMatcher()


def combine(name: str, features: Mapping[str, Floats]) -> Floats:
    """A feature, or the product of several (``a*b``), shape ``(sentences,)``."""
    first, *others = name.split("*")
    product = features[first]
    for other in others:
        product = product * features[other]
    return product
