from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.results.words import Prepared, Rarity, make_topic, words_of
from retrieval.lexicon import Lexicon

SENTENCES = [
    "Body weight fell in the placebo group.",
    "HBVDNA was undetectable in both groups.",
    "BMI did not change.",
    "两组患者血压水平相似。",
]
RARITY = Rarity([Prepared.of(sentence) for sentence in SENTENCES])


def covered(part: str, sentence: str, short: dict[tuple[str, ...], tuple[str, ...]]) -> float:
    return make_topic(part, RARITY, Lexicon.empty(), short).covered(Prepared.of(sentence))


def test_an_abbreviation_of_the_paper_stands_for_its_words() -> None:
    short = {("bmi",): ("bodi", "mass", "index")}
    assert covered("body mass index", "BMI did not change.", short) == 1.0
    assert covered("BMI", "The body mass index fell.", short) == 1.0
    assert covered("body mass index", "BMI did not change.", {}) == 0.0


def test_words_written_together() -> None:
    assert covered("HBV DNA", "HBVDNA was undetectable.", {}) == 1.0


def test_how_an_outcome_is_told_counts_little() -> None:
    assert covered("mean pain score", "The pain was less.", {}) > 0.5
    assert covered("mean pain score", "The mean weight score was less.", {}) < 0.5


def test_chinese_is_compared_by_pairs() -> None:
    assert words_of("血压水平") == ("血压", "压水", "水平")
    assert covered("血压", SENTENCES[3], {}) == 1.0


def test_unknown_words_are_not_covered() -> None:
    assert covered("serum uric acid", SENTENCES[0], {}) == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_shares_are_between_0_and_1(part: str, sentence: str) -> None:
    topic = make_topic(part, RARITY, Lexicon.empty(), {})
    prepared = Prepared.of(sentence)
    assert 0.0 <= topic.covered(prepared) <= 1.0 + 1e-9
    assert 0.0 <= topic.known(prepared) <= 1.0
    assert 0.0 <= topic.matched(prepared, RARITY.mean_length) <= 2.2 + 1e-9


@pytest.mark.parametrize("phrase", [(), ("weight", "bodi")])
def test_a_phrase_stands_in_order(phrase: tuple[str, ...]) -> None:
    assert not Prepared.of("Body weight fell").says(phrase)
