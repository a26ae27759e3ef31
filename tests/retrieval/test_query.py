"""What a question asks for."""

from __future__ import annotations

import pytest

from retrieval import SearchSettings
from retrieval.hashing import term_id
from retrieval.lexicon import Concept, Lexicon
from retrieval.query import Query, QueryAnalyser

SURVIVAL = ("总生存期", "overall survival", "OS", "全程生存")
LEXICON = Lexicon([Concept("os", *SURVIVAL[:2], SURVIVAL)])
SETTINGS = SearchSettings(border_weight=0.5, synonym_weight=0.2, translation_weight=0.4)


@pytest.fixture(scope="module")
def analyser() -> QueryAnalyser:
    return QueryAnalyser(LEXICON, SETTINGS)


def weights(query: Query, *terms: str) -> dict[str, float | None]:
    return {term: query.weights.get(term_id(term)) for term in terms}


def test_a_question_is_its_terms(analyser: QueryAnalyser) -> None:
    query = analyser.analyse("SAE多久报告？")
    assert query == Query(
        "SAE多久报告？", {term_id("sae"): 1.0, term_id("报告"): 1.0}, ("sae", "报告")
    )


def test_terms_are_distinct_and_in_order(analyser: QueryAnalyser) -> None:
    assert analyser.analyse("伦理 知情 伦理").terms == ("伦理", "知情")


def test_bigrams_across_words_weigh_less(analyser: QueryAnalyser) -> None:
    query = analyser.analyse("受试者签署")
    assert weights(query, *query.terms) == {"受试": 1.0, "试者": 1.0, "者签": 0.5, "签署": 1.0}


def test_equivalents_join_at_the_weight_of_their_script(analyser: QueryAnalyser) -> None:
    query = analyser.analyse("总生存期")
    assert {"overall survival", "os", "全程生存"} <= set(query.expansions)
    assert weights(query, "overal", "surviv", "os") == {"overal": 0.4, "surviv": 0.4, "os": 0.4}
    assert weights(query, "全程", "程生") == {"全程": 0.2, "程生": 0.2}
    assert query.terms == ("总生", "生存", "存期")  # only what was asked itself


def test_a_word_asked_keeps_its_weight_when_an_equivalent_has_it_too(
    analyser: QueryAnalyser,
) -> None:
    assert weights(analyser.analyse("总生存期"), "生存") == {"生存": 1.0}
    assert weights(analyser.analyse("overall survival"), "surviv") == {"surviv": 1.0}


@pytest.mark.parametrize("question", ["怎么办", "什么时候", "What is the"])
def test_a_question_of_question_words_alone_asks_for_them(
    analyser: QueryAnalyser, question: str
) -> None:
    assert analyser.analyse(question).terms


@pytest.mark.parametrize("question", ["", "  \n", "？？", "🙂"])
def test_a_question_without_words_asks_for_nothing(analyser: QueryAnalyser, question: str) -> None:
    query = analyser.analyse(question)
    assert (query.text, dict(query.weights), query.terms) == (question, {}, ())


def test_a_border_bigram_may_count_for_nothing() -> None:
    query = QueryAnalyser(Lexicon.empty(), SearchSettings(border_weight=0)).analyse("受试者签署")
    assert weights(query, "者签", "签署") == {"者签": 0.0, "签署": 1.0}
