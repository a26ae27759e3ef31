"""How likely it is that what was found answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import confidence as model
from assistant.confidence import FEATURES, confidence, confidence_weights, evidence_features
from assistant.scoring import Scored
from assistant.units import Unit
from tests.assistant.made_up import asked, make_hit, measured, sentence_of, unit

ASKED = asked("样本库多久答复", unit("样本库"), unit("答复"))
# Those that are what was measured of the best sentences, under the same name.
MEASURED = ["headed", "focus", "measure", "asked", "whole"]


def one(
    score: float = 1.0, document: str = "a", text: str = "样本库应当答复。", **marks: float
) -> Scored:
    return Scored(measured(sentence_of(document, text), **marks), score)


def features(*ranked: Scored, about: Any = ASKED) -> Mapping[str, float]:
    return evidence_features(about, ranked)


def test_without_evidence_there_is_no_confidence() -> None:
    assert confidence(ASKED, []) == 0.0


def test_the_features_are_those_with_a_meaning() -> None:
    assert features(one()).keys() == FEATURES.keys() >= confidence_weights().keys()


@pytest.mark.parametrize("name", MEASURED)
def test_more_of_what_counts_for_it_makes_surer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "confidence_weights", lambda: {name: 1.0, "bias": -0.5})
    rising = [confidence(ASKED, [one(**{name: value})]) for value in (0.0, 0.3, 0.6, 0.9)]
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]
    monkeypatch.setattr(model, "confidence_weights", lambda: {name: -1.0})
    assert confidence(ASKED, [one(**{name: 0.9})]) < confidence(ASKED, [one(**{name: 0.1})])


def test_the_logistic_function_of_the_weighted_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "confidence_weights", lambda: {"score": 10.0, "bias": 0.0})
    assert confidence(ASKED, [one(0.0)]) == 0.5
    assert confidence(ASKED, [one(1.0)]) == pytest.approx(0.7310586)
    assert confidence(ASKED, [one(1.0)]) + confidence(ASKED, [one(-1.0)]) == pytest.approx(1)


_marks = st.fixed_dictionaries({name: st.floats(0, 1) for name in MEASURED})


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(-60, 60), _marks), min_size=1, max_size=6))
def test_it_is_a_likelihood_with_the_weights_that_ship(
    found: list[tuple[float, dict[str, float]]],
) -> None:
    found.sort(key=lambda pair: -pair[0])
    ranked = [one(score, **marks) for score, marks in found]
    assert 0 <= confidence(ASKED, ranked) <= 1


@settings(max_examples=60, deadline=None)
@given(_marks, st.sampled_from(["asked", "whole", "headed"]))
def test_with_the_weights_that_ship_a_mark_moves_it_the_way_of_its_weight(
    marks: dict[str, float], name: str
) -> None:
    low, high = (confidence(ASKED, [one(**(marks | {name: mark}))]) for mark in (0.0, 1.0))
    weight = confidence_weights().get(name, 0.0)
    assert (high - low) * weight >= 0


# --- what is measured -----------------------------------------------------------------------------


def test_most_marks_are_the_best_of_three() -> None:
    marks = ((4.0, 0.1), (3.0, 0.2), (2.0, 0.7), (1.0, 0.9))
    ranked = [one(score, asked=mark) for score, mark in marks]
    assert features(*ranked)["asked"] == 0.7
    assert features(*ranked)["score"] == 0.4


def test_what_stands_around_is_that_of_the_best_alone() -> None:
    found = features(one(whole=0.2, headed=0.3), one(whole=0.9, headed=0.9))
    assert (found["whole"], found["headed"]) == (0.2, 0.3)


def test_agreeing_is_the_share_of_the_near_ones_in_the_same_document() -> None:
    assert features(one())["agreeing"] == 1.0
    assert features(*(one(document=name) for name in "aabaa"))["agreeing"] == 0.8
    # beyond the fifth nobody is asked
    assert features(*(one(document=name) for name in "aabaabbb"))["agreeing"] == 0.8


def covering(text: str, *words: Unit) -> Mapping[str, float]:
    return features(one(text=text), about=asked("样本库多久答复", *words))


def test_words_that_the_best_passage_leaves_open() -> None:
    words = [unit("样本库", weight=3.0), unit("答复", weight=1.0), unit("离心机", weight=1.0)]
    assert covering("样本库应当答复，见离心机。", *words)["open"] == 0.0
    assert covering("样本库。", *words)["open"] == pytest.approx(0.4)
    assert covering("无关内容。", *words)["open"] == 1.0


def test_a_word_in_the_headings_or_names_is_covered() -> None:
    hit, _ = make_hit("a", "应当答复。", path=("样本库",), title="离心机说明")
    sentence = sentence_of("a", "应当答复。")
    ranked = [Scored(measured(type(sentence)(hit, 0, 0, 5, "应当答复。")), 1.0)]
    words = [unit("样本库"), unit("离心机"), unit("答复")]
    assert evidence_features(asked("样本库多久答复", *words), ranked)["open"] == 0.0


def test_what_other_passages_cover_stays_open() -> None:
    about = asked("样本库多久答复", unit("样本库"), unit("离心机"))
    found = features(one(text="样本库。"), one(document="b", text="离心机。"), about=about)
    assert found["open"] == 0.5


def test_the_share_of_words_that_the_index_holds_nowhere() -> None:
    words = [unit("样本库", weight=3.0), unit("冠军", weight=1.0, unknown=True)]
    assert covering("样本库。", *words)["unknown"] == 0.25
    assert covering("样本库。")["unknown"] == 0.0


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("我院的样本库多久答复", 1.0),
        ("我们科本周入组几例", 1.0),
        ("How many patients did our hospital enrol?", 1.0),
        ("How many were enrolled last month?", 1.0),
        ("样本库多久答复", 0.0),
        ("How many sites does the trial have?", 0.0),
    ],
)
def test_facts_of_one_place_or_day(text: str, local: float) -> None:
    assert features(one(), about=asked(text, unit("样本库")))["local"] == local


def test_a_name_counts_only_when_the_question_has_one() -> None:
    code = unit("zebra-7", code=True)
    plain = asked("主要终点是什么", unit("主要终点"))
    named = asked("ZEBRA-7的主要终点是什么", unit("主要终点"), named=(code,))
    within = asked("ZEBRA-7的主要终点是什么", unit("主要终点"), code)
    assert features(one(focus=0.25), about=plain)["named_open"] == 0.0
    assert features(one(focus=0.25), about=named)["named_open"] == 0.75
    assert features(one(focus=0.25), about=within)["named_open"] == 0.75


def test_the_kind_that_was_asked_for() -> None:
    wanting, plain = asked("多久答复", unit("答复")), asked("样本库", unit("样本库"))
    assert wanting.part.wants and not plain.part.wants
    assert features(one(wants=0.5), about=wanting)["wanted"] == 1.0
    assert features(one(wants=0.0), about=wanting)["wanted"] == 0.0
    assert features(one(wants=0.0), about=plain)["wanted"] == 1.0
