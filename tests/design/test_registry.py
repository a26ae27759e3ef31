"""Declaring, finding and calling calculators."""

from __future__ import annotations

import pytest

from design import BadDesign, UnknownMethod, calculate, methods


def test_a_result_says_its_conventions_and_how_to_repeat_it() -> None:
    result = calculate("two-proportions", {"p1": 0.65, "p2": 0.85, "power": 0.8})
    assert result.outputs["n_per_arm"] == 70
    assert "70 例" in result.sentence.zh and "70" in result.sentence.en
    assert any("双侧" in text.zh for text in result.conventions)
    assert result.call.startswith("xinglin design two-proportions --p1 0.65 --p2 0.85 --alpha 0.05")


def test_bad_inputs_are_told_by_name() -> None:
    with pytest.raises(BadDesign, match="needs p2") as told:
        calculate("two_proportions", {"p1": 0.65, "power": 0.8})
    assert told.value.field == "p2"
    with pytest.raises(BadDesign, match="has no input p3"):
        calculate("two_proportions", {"p1": 0.65, "p2": 0.8, "p3": 1, "power": 0.8})
    with pytest.raises(BadDesign, match="p1 = 65"):
        calculate("two_proportions", {"p1": 65, "p2": 0.8, "power": 0.8})


def test_an_unknown_method_names_the_nearest() -> None:
    with pytest.raises(UnknownMethod, match="did you mean two_proportions"):
        calculate("two_proportion", {})


def test_every_method_has_its_texts_and_descriptions() -> None:
    for name, method in methods().items():
        assert method.title.zh and method.title.en, name
        assert method.reference and method.formula, name
        for field, info in method.inputs.model_fields.items():
            assert info.description, f"{name}: {field}"


def test_numbers_out_of_all_proportion_are_refused() -> None:
    with pytest.raises(BadDesign, match="no number of a trial is so"):
        calculate("group_sequential_means", {"difference": 1, "sd": 1e200, "power": 0.8})
    with pytest.raises(BadDesign, match="out of all proportion"):
        calculate("enrolment_single_rate", {"planned_n": 66, "planned_time": 5e-324})


def test_a_refused_input_is_clipped_and_named_without_its_type() -> None:
    with pytest.raises(BadDesign) as told:
        calculate("enrolment_time", {"target": 100, "sites": [0] * 150, "rate": 1})
    assert told.value.field == "sites.0" or told.value.field == "sites"
    assert len(str(told.value)) < 300 and "constrained" not in str(told.value)


def test_numbers_of_a_sentence_are_outputs() -> None:
    given = {"rate1": 0.3, "rate2": 0.5, "power": 0.9}
    assert calculate("two_poisson_rates", given).outputs["rate_ratio"] == pytest.approx(0.6)
    assert calculate("be_tost", {"cv": 0.3, "power": 0.8}).outputs["theta2"] == 1.25


def test_lists_and_intervals_are_joined_as_each_language_does() -> None:
    sentence = calculate("chi_square_proportions", {"proportions": [0.1, 0.2], "power": 0.8})
    assert "10%、20%" in sentence.sentence.zh and "10%, 20%" in sentence.sentence.en
