from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis import Analyser, latin_terms, stem, strip_question_words
from retrieval.lexicon import Concept, Lexicon

NAME = "盲态独立中心审阅"
PLAIN = Analyser()  # its dictionary takes half a second to load
LEXICON = Lexicon([Concept("bicr", NAME, "blinded independent central review", (NAME,))])


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return PLAIN


def test_chinese_gives_overlapping_bigrams(analyser: Analyser) -> None:
    assert analyser.terms("中华人民共和国") == ["中华", "华人", "人民", "民共", "共和", "和国"]


def test_a_single_character_is_a_term(analyser: Analyser) -> None:
    assert analyser.terms("药") == ["药"]


def test_the_lexicon_does_not_change_the_terms() -> None:
    text = f"由{NAME}委员会判定"
    assert Analyser(LEXICON).terms(text) == Analyser().terms(text)


@pytest.mark.parametrize(
    ("question", "across"),
    [
        ("受试者签署", {"者签"}),
        ("临床试验", set()),  # one word of jieba's: all its bigrams are asked for
        ("随机化临床试验试验床", {"化临", "验试", "验床"}),
        ("受试者应签署什么", {"者应", "应签"}),  # the question word has gone before
        ("工作 日报", set()),  # a space is a border that no bigram crosses
        ("张玥珩", set()),  # characters left single are a name
        ("药", set()),
        ("SAE 15d", set()),
        ("", set()),
    ],
)
def test_bigrams_across_the_border_of_words_are_known(
    analyser: Analyser, question: str, across: set[str]
) -> None:
    assert analyser.border_terms(question) == across


def test_a_bigram_that_also_stands_within_a_word_is_no_border(analyser: Analyser) -> None:
    assert "签署" not in analyser.border_terms("标签署名后签署")  # 标签 | 署名 … 签署
    assert "签署" in analyser.border_terms("标签署名")


def test_the_lexicon_moves_the_borders() -> None:
    question = f"由{NAME}委员会判定"
    assert "态独" in Analyser().border_terms(question)
    assert Analyser(LEXICON).border_terms(question) == {"由盲", "阅委", "会判"}


def test_a_question_in_traditional_characters_has_the_same_borders(analyser: Analyser) -> None:
    assert analyser.border_terms("受試者簽署") == analyser.border_terms("受试者签署")


@given(st.text(alphabet="知情同意书由谁签署SAE15日？ 的", max_size=20))
@settings(deadline=None)
def test_border_bigrams_are_terms_of_the_question(question: str) -> None:
    assert PLAIN.border_terms(question) <= set(PLAIN.question_terms(question))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("应在60个工作日内", "60工作日"),
        ("应在六十個工作日内", "60工作日"),
        ("十五日内", "15日"),
        ("依照第十九条", "第19条"),
        ("入组 300 例", "300例"),
        ("2.5%", "2.5%"),
    ],
)
def test_a_quantity_with_its_unit_is_a_term(analyser: Analyser, text: str, term: str) -> None:
    assert term in analyser.terms(text)


def test_working_days_are_not_days(analyser: Analyser) -> None:
    assert "60日" not in analyser.terms("60个工作日")


@pytest.mark.parametrize(
    ("token", "terms"),
    [
        ("sae", ["sae"]),
        ("randomised", ["randomis"]),
        ("pd-l1", ["pdl1", "pd"]),
        ("e6(r3)", ["e6r3"]),
        ("nct03057977", ["nct03057977", "nct", "03057977"]),
        ("double-blind", ["doubleblind", "doubl", "blind"]),
        ("0.05", ["0.05"]),
        ("v1.2", ["v1.2", "1.2"]),
        ("1/2", ["12"]),
    ],
)
def test_codes_are_kept_whole_and_in_parts(token: str, terms: list[str]) -> None:
    assert list(latin_terms(token)) == terms


@pytest.mark.parametrize("one, other", [("PD-L1", "pdl1"), ("E6(R3)", "E6R3"), ("IND", "ind")])
def test_spellings_of_one_code_share_a_term(analyser: Analyser, one: str, other: str) -> None:
    assert set(analyser.terms(one)) & set(analyser.terms(other))


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("trials", "trial"), ("eligibility", "elig"), ("ITT", "ITT"), ("abc12s", "abc12s")],
)
def test_only_words_are_stemmed(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_a_question_loses_its_question_words(analyser: Analyser) -> None:
    assert analyser.question_terms("请问知情同意书怎么签署？") == analyser.terms("知情同意书 签署")
    assert analyser.question_terms("What is the SAE of a trial") == ["sae", "trial"]


@pytest.mark.parametrize("word", ["目的", "靶的", "的确", "自我", "进行性"])
def test_words_that_contain_a_question_word_stay(word: str) -> None:
    assert strip_question_words(word)[0] == word


def test_documents_keep_every_word(analyser: Analyser) -> None:
    assert "the" in analyser.terms("the trial")
    assert "怎么" in analyser.terms("怎么办")


def test_words_cover_the_text_without_ngrams(analyser: Analyser) -> None:
    assert analyser.words("中华人民共和国 sae") == ["中华人民共和国", "sae"]


@given(st.text(max_size=60))
def test_terms_hold_no_white_space_and_are_never_empty(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in PLAIN.terms(text))
