"""No input within the types gives anything but a result or a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design import method
from tests.design.drawn_inputs import answer, inputs_near

DESIGNS: list[tuple[str, dict[str, Any]]] = [
    ("two_poisson_rates", {"rate1": 0.3, "rate2": 0.5, "power": 0.9}),
    ("two_poisson_rates", {"rate1": 0.3, "rate2": 0.5, "power": 0.9, "test": "exact"}),
    (
        "two_poisson_rates",
        {"rate1": 0.5, "rate2": 0.5, "aim": "equivalence", "lower": 0.8, "upper": 1.25, "n1": 900},
    ),
    (
        "two_poisson_rates",
        {
            "rate1": 0.5,
            "rate2": 0.5,
            "aim": "noninferiority",
            "margin": 1.3,
            "power": 0.9,
            "test": "sqrt",
        },
    ),
    (
        "two_negative_binomial_rates",
        {"rate1": 0.35, "rate2": 0.5, "dispersion": 1.2, "exposure": 2, "power": 0.8},
    ),
    (
        "two_negative_binomial_rates",
        {
            "rate1": 0.5,
            "rate2": 0.5,
            "dispersion": 1.2,
            "aim": "equivalence",
            "lower": 0.8,
            "upper": 1.25,
            "power": 0.8,
            "variance": "score",
        },
    ),
    ("one_poisson_rate", {"rate": 2, "rate0": 1, "power": 0.9}),
    ("one_poisson_rate", {"rate": 0.5, "rate0": 1, "n": 40}),
    ("incidence_rates", {"rate1": 0.25, "rate2": 0.1, "followup": 5, "power": 0.8}),
    ("incidence_rates", {"rate1": 0.25, "rate2": 0.1, "n1": 30}),
    ("poisson_rate_interval", {"events": 10, "person_time": 100}),
    (
        "rate_ratio_interval",
        {"events1": 8, "person_time1": 2214, "events2": 162, "person_time2": 2222},
    ),
]


@pytest.mark.parametrize(("name", "base"), DESIGNS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_result_or_a_refusal(name: str, base: dict[str, Any], data: st.DataObject) -> None:
    calculator = method(name)
    answer(calculator, data.draw(inputs_near(calculator, base)))


@pytest.mark.parametrize(("name", "base"), DESIGNS)
def test_the_designs_themselves_are_answered(name: str, base: dict[str, Any]) -> None:
    assert answer(method(name), base) is not None
