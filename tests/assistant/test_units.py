"""Content words of a question, and how well a text covers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.units import Passage, Unit, content_units, coverage, identifiers
from retrieval import Index, Searcher

Cut = Callable[[str], tuple[Unit, ...]]


def unit(*names: str, weight: float = 1.0) -> Unit:
    return Unit(names[0], names, weight, unknown=False, code=False)


@pytest.fixture(scope="module")
def cut(rules_index: Path, searcher: Searcher) -> Iterator[Cut]:
    with Index(rules_index).read() as view:
        yield lambda text: content_units(text, searcher, view)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ADAURA和NCT03036124的two-sided检验", {"adaura", "nct03036124"}),
        ("EMPEROR-Preserved试验", {"emperor-preserved"}),
        ("E6(R3)什么时候施行", {"e6(r3)"}),
        ("CheckMate-9ER的PFS", {"checkmate-9er"}),
        ("two-arm phase 3 trial of the year 2024", set()),
        ("SAE怎么报", set()),
        ("ＮＣＴ０３０３６１２４的终点", {"nct03036124"}),
        ("ICH E9 怎么规定", {"e9"}),
        ("ICH E9怎么规定，ICH E2A呢", {"e9", "e2a"}),
        ("ICH-E6、ICHQ10", {"ich-e6", "e6", "ichq10", "q10"}),
        ("ICH E9(R1)", {"e9", "e9(r1)"}),
        ("WHICH E9 applies, and what does ICH say on phase E", {"which"}),
    ],
)
def test_identifiers(text: str, found: set[str]) -> None:
    assert identifiers(text) == found


def test_question_words_are_no_content(cut: Cut) -> None:
    texts = {u.text for u in cut("请问甲类样本库应该在多久之内答复申请人呢？")}
    assert "样本库" in texts or "甲类样本库" in texts
    assert not texts & {"请问", "应该", "多久", "呢", "在"}


def test_a_word_is_counted_once_and_not_again_as_part_of_another(cut: Cut) -> None:
    texts = [u.text for u in cut("临床试验的试验方案和临床试验")]
    assert len(texts) == len(set(texts))
    assert not any(a != b and a in b for a in texts for b in texts)


def test_lexicon_names_are_one_word_with_their_other_names(cut: Cut) -> None:
    [found] = [u for u in cut("SAE由谁上报") if u.text == "sae"]
    assert "严重不良事件" in found.names
    assert not found.code


def test_what_the_index_never_mentions_is_unknown(cut: Cut) -> None:
    by_text = {u.text: u for u in cut("世界杯的冠军和离心机")}
    assert by_text["离心机"].unknown is False
    assert by_text["世界杯"].unknown is True


def test_an_identifier_is_a_code_and_a_lexicon_term_is_not(cut: Cut) -> None:
    by_text = {u.text: u for u in cut("ZEBRA-7的RECIST评价")}
    assert by_text["zebra-7"].code
    assert not by_text["recist"].code


@pytest.mark.parametrize("name", ["PACIFIC-6", "DAPA-HF-2"])
def test_a_longer_identifier_is_not_the_trial_it_begins_with(name: str, cut: Cut) -> None:
    assert name.lower() in {u.text for u in cut(f"{name}试验的主要终点")}


@pytest.mark.parametrize(
    "text",
    ["How should I select the control group?", "who can deliver the drug", "the leader of a site"],
)
def test_an_english_word_is_not_the_trial_of_that_name(text: str, cut: Cut) -> None:
    assert not any(u.code for u in cut(text))


def test_rare_words_weigh_more_than_common_ones(cut: Cut) -> None:
    by_text = {u.text: u for u in cut("离心机和样本库")}
    assert by_text["离心机"].weight > by_text["样本库"].weight


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("样本库", "甲类样本库应当答复", 1.0),
        ("样本库", "甲類樣本庫應當答覆", 1.0),
        ("sae", "获知SAE后24小时", 1.0),
        ("sae", "the disease", 0.0),
        ("event", "All events are reported.", 1.0),
        ("os", "dose", 0.0),
        ("primary endpoint", "The primary endpoints were", 1.0),
        ("primary endpoint", "endpoint that is primary", 0.0),
        ("冠军", "样本库", 0.0),
        ("e6", "ICH E6(R3)", 1.0),
        ("zebra-7", "ZEBRA-77", 0.0),
    ],
)
def test_match(name: str, text: str, match: float) -> None:
    assert unit(name).match(Passage(text)) == match


def test_half_of_a_chinese_word_counts_for_less_than_the_whole() -> None:
    assert 0 < unit("伦理审查委员会").match(Passage("伦理委员会审查")) < 1


def test_any_name_of_a_thing_will_do() -> None:
    assert unit("sae", "严重不良事件").match(Passage("严重不良事件的报告")) == 1.0


def test_coverage_is_the_covered_share_of_the_weight() -> None:
    units = [unit("样本库", weight=3), unit("冠军", weight=1)]
    assert coverage(units, (Passage("样本库"), 1.0)) == 0.75
    assert coverage(units, (Passage("样本库"), 0.5)) == 0.375
    assert coverage(units, (Passage("样本库"), 0.5), (Passage("样本库"), 0.8)) == pytest.approx(0.6)


def test_nothing_covers_no_words() -> None:
    assert coverage([], (Passage("样本库"), 1.0)) == 0.0


_words = st.sampled_from(["样本库", "冠军", "sae", "严重不良事件", "温度记录", "event"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_words, st.floats(0.1, 10)), min_size=1, max_size=5),
    st.text(alphabet="样本库冠军温度记录sae event", max_size=30),
    st.text(alphabet="样本库冠军温度记录sae event", max_size=30),
)
def test_coverage_is_a_share_and_more_text_covers_no_less(
    weighted: list[tuple[str, float]], first: str, second: str
) -> None:
    units = [unit(name, weight=weight) for name, weight in weighted]
    one = coverage(units, (Passage(first), 1.0))
    both = coverage(units, (Passage(first), 1.0), (Passage(second), 1.0))
    assert 0 <= one <= both <= 1 + 1e-9
