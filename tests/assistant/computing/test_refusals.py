"""Refusals of calculators read in Chinese."""

from __future__ import annotations

import re

import pytest

from assistant.computing.elsewhere import _table as elsewhere
from assistant.computing.refusals import reason
from assistant.inputs.reader import rules
from design import BadDesign, calculate, methods

REFUSED = [
    ("two_proportions", {"p1": 0.5, "p2": 0.5, "power": 0.8}),
    ("two_proportions", {"p1": 0.5, "p2": 1.5, "power": 0.8}),
    ("two_means", {"difference": 1e-7, "sd": 12, "power": 0.9}),
    ("be_tost", {"cv": 0.3, "theta0": 0.7, "power": 0.8}),
    ("diagnostic_target", {"expected": 0.8, "target": 0.85, "power": 0.8}),
    ("icc_test", {"icc0": 0.8, "icc1": 0.6, "power": 0.8}),
    ("dose_decision", {"target": 0.3, "n": 3, "dlt": 4}),
    ("boin_boundaries", {"target": 0.9}),
    ("enrolment_sites", {"target": 60000, "time": 0.1, "rate": 0.1}),
    ("logrank_events", {"hr": 1.4, "null_hr": 1.3, "power": 0.8}),
    ("simon_two_stage", {"p0": 0.4, "p1": 0.3}),
    ("icc_precision", {"icc": 0.8}),
    ("diagnostic_precision", {"sensitivity": 0.8}),
]


@pytest.mark.parametrize(("method", "inputs"), REFUSED)
def test_a_refusal_is_said_in_chinese(method: str, inputs: dict[str, float]) -> None:
    with pytest.raises(BadDesign) as caught:
        calculate(method, inputs)
    said = reason(caught.value, "zh")
    assert re.search("[\u4e00-\u9fff]", said) and not re.search("[a-z]{4,}", said), said
    assert reason(caught.value, "en") == str(caught.value).rstrip(". ")


def test_an_unknown_refusal_names_the_input_and_quotes_the_calculator() -> None:
    said = reason(BadDesign("something new is wrong", "sd"), "zh")
    assert "标准差" in said and "something new is wrong" in said


def test_designs_of_their_own_name_methods_that_exist() -> None:
    assert set(elsewhere()) == set(rules()["elsewhere"])
    assert {name for names in elsewhere().values() for name in names} <= set(methods())
