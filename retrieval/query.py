"""What a question asks for: weighted terms, with the lexicon's equivalents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.analysis import Analyser
from retrieval.hashing import term_id
from retrieval.lexicon import HAS_CJK, Lexicon
from retrieval.normalise import fold
from retrieval.settings import SearchSettings


@dataclass(frozen=True, slots=True)
class Query:
    """An analysed question.

    Attributes:
        text: As it was asked.
        weights: Weight of each term id, those of equivalents included.
        terms: The question's own terms, distinct, in order.
        expansions: Names the lexicon added.
    """

    text: str
    weights: Mapping[int, float]
    terms: tuple[str, ...]
    expansions: tuple[str, ...] = ()


class QueryAnalyser:
    """Turns questions into queries.

    Args:
        lexicon: Equivalents, and words for finding word borders.
        settings: Weights.
    """

    def __init__(self, lexicon: Lexicon, settings: SearchSettings) -> None:
        self.terms = Analyser(lexicon)
        self._lexicon = lexicon
        self._settings = settings

    def analyse(self, question: str) -> Query:
        """Terms of a question with weights; lexicon equivalents join at lower weights.

        A translation weighs more than a synonym: documents in the other language cannot hold the
        word that was asked, those in the same language mostly would.
        """
        terms = self.terms.question_terms(question) or self.terms.terms(question)
        across = self.terms.border_terms(question)
        weights: dict[int, float] = {}
        for term in terms:
            weights[term_id(term)] = self._settings.border_weight if term in across else 1.0
        expansions: list[str] = []
        folded = fold(question)
        for start, end in self._lexicon.name_spans(folded):
            asked = folded[start:end]
            for name in self._lexicon.equivalents(asked):
                expansions.append(name)
                weight = self._expansion_weight(asked, name)
                for term in self.terms.terms(name):
                    key = term_id(term)
                    weights[key] = max(weights.get(key, 0.0), weight)
        return Query(question, weights, tuple(dict.fromkeys(terms)), tuple(expansions))

    def _expansion_weight(self, asked: str, name: str) -> float:
        same_script = bool(HAS_CJK.search(asked)) == bool(HAS_CJK.search(name))
        return self._settings.synonym_weight if same_script else self._settings.translation_weight
