"""Smaller effects by the names of inputs, and the number of patients of a result."""

from __future__ import annotations

import math

import pytest

from assistant.feasibility.effects import patients, power, power_of, smaller_effect
from design import BadDesign, calculate

SUPERIOR = {"p1": 0.8, "p2": 0.6, "power": 0.8, "dropout": 0.1}


def test_the_effect_is_made_smaller_where_it_is() -> None:
    assert smaller_effect("two_proportions", SUPERIOR, 0.5) == ("p1", SUPERIOR | {"p1": 0.7})
    assert smaller_effect("two_means", {"difference": 5, "sd": 9}, 0.8) == (
        "difference", {"difference": 4.0, "sd": 9},
    )  # fmt: skip
    changed = smaller_effect("logrank", {"hr": 0.64}, 0.5)
    assert changed is not None and math.isclose(changed[1]["hr"], 0.8, rel_tol=1e-5)


@pytest.mark.parametrize(("better", "p1"), [("higher", 0.78), ("lower", 0.82)])
def test_noninferiority_loses_a_share_of_its_margin(better: str, p1: float) -> None:
    given = {"p1": 0.8, "p2": 0.8, "aim": "noninferiority", "margin": 0.1, "better": better}
    assert smaller_effect("two_proportions", given, 0.8) == ("p1", given | {"p1": p1})


def test_what_has_no_known_effect_is_left_alone() -> None:
    assert smaller_effect("be_tost", {"cv": 0.3, "theta0": 0.95}, 0.8) is None
    assert smaller_effect("two_means", {"difference": 0, "aim": "equivalence"}, 0.8) is None


def test_patients_are_those_to_enrol_and_those_to_evaluate() -> None:
    result = calculate("two_proportions", SUPERIOR)
    found = patients(result)
    outputs = result.outputs
    assert found == (outputs["n_total_with_dropout"], outputs["n_total"])
    assert patients(result, "n1") == (outputs["n1"], outputs["n1"])
    with pytest.raises(BadDesign, match="nonsense"):
        patients(result, "nonsense")


def test_the_power_of_the_planned_size_is_that_of_the_calculator() -> None:
    result = calculate("two_proportions", SUPERIOR)
    found = power_of(result, SUPERIOR | {"p1": 0.76})
    n1 = result.outputs["n1"]
    direct = calculate("two_proportions", {"p1": 0.76, "p2": 0.6, "n1": n1}).outputs["power"]
    assert found is not None and power(found) == direct
