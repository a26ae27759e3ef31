"""How much a word says about the subject of a question."""

from __future__ import annotations

import pytest

from assistant.salience import part_of_speech, salience


def plain(word: str, *, unknown: bool = False) -> float:
    return salience(word, in_lexicon=False, is_code=False, unknown=unknown)


@pytest.mark.parametrize(
    ("subject", "talk"),
    [("冠军", "昨天"), ("冠军", "已经"), ("审批", "怎么"), ("天气", "自己"), ("血压", "如果")],
)
def test_subject_words_weigh_more_than_words_that_carry_the_talk(subject: str, talk: str) -> None:
    assert plain(subject) >= 2 * plain(talk)


def test_an_identifier_weighs_most_and_a_lexicon_name_fully() -> None:
    code = salience("nct01234567", in_lexicon=False, is_code=True)
    known = salience("伦理委员会", in_lexicon=True, is_code=False)
    assert code > known == 1.0
    assert known >= plain("天气")


def test_a_bare_number_and_an_english_word_weigh_less_than_a_term() -> None:
    assert plain("30") < plain("randomised") < salience("sae", in_lexicon=True, is_code=False)


def test_an_unknown_noun_keeps_its_weight_and_an_unknown_verb_loses_it() -> None:
    assert plain("冠军", unknown=True) == plain("冠军")
    assert plain("奔跑", unknown=True) < plain("奔跑")


def test_part_of_speech_comes_from_the_dictionary() -> None:
    assert str(part_of_speech("天气")).startswith("n")
    assert part_of_speech("临川羡鱼癿") is None


def test_a_word_is_looked_up_whole() -> None:
    """Neither the beginning nor the end of a longer entry is the word."""
    assert part_of_speech("天") != part_of_speech("天气预报员")
    assert part_of_speech("气预") is None


@pytest.mark.parametrize("word", ["天气", "昨天", "randomised", "3.5", "癿癿", "奔跑", "，", ""])
@pytest.mark.parametrize("unknown", [False, True])
def test_weights_lie_between_nothing_and_the_weight_of_an_identifier(
    word: str, unknown: bool
) -> None:
    assert 0 <= plain(word, unknown=unknown) <= 1
