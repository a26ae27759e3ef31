"""Calculations of an answer are made again."""

from __future__ import annotations

from assistant.computing import Calculation
from design import calculate
from eval.answers.recalculate import calculated_texts

GIVEN = {"rate1": 0.8, "rate2": 1.2, "power": 0.9}


def told() -> dict[str, object]:
    return Calculation.of(calculate("two_poisson_rates", GIVEN), "zh").to_json()


def test_what_the_calculator_says_may_be_repeated() -> None:
    assert any("0.6667" in text for text in calculated_texts(told()))


def test_outputs_that_do_not_come_out_vouch_for_nothing() -> None:
    calculation = told()
    calculation["outputs"] = {**dict(calculation["outputs"]), "n1": 999}  # type: ignore[call-overload]
    assert calculated_texts(calculation) == ()


def test_neither_does_a_method_that_is_not_there() -> None:
    assert calculated_texts({**told(), "method": "made up (no_such_method)"}) == ()
    assert calculated_texts({**told(), "inputs": {"rate1": -1}}) == ()
