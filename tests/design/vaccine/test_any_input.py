"""No input within the types gives anything but a result or a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design import method
from tests.design.drawn_inputs import answer, inputs_near

DESIGNS: list[tuple[str, dict[str, Any]]] = [
    (
        "vaccine_efficacy",
        {"efficacy": 0.6, "null_efficacy": 0.3, "power": 0.9, "incidence_control": 0.01},
    ),
    ("vaccine_efficacy", {"efficacy": 0.6, "null_efficacy": 0.3, "cases": 150}),
    (
        "vaccine_efficacy",
        {"efficacy": 0.5, "power": 0.8, "test": "normal", "incidence_control": 0.002},
    ),
    (
        "vaccine_efficacy_interval",
        {"cases1": 8, "person_time1": 2214, "cases2": 162, "person_time2": 2222},
    ),
    ("vaccine_relative_efficacy", {"p1": 0.01, "p2": 0.02, "half_width": 0.2}),
    (
        "vaccine_composite",
        {
            "p1": 0.1,
            "p2": 0.2,
            "severity1": 0.2,
            "severity2": 0.3,
            "sd1": 0.4,
            "sd2": 0.4,
            "power": 0.8,
        },
    ),
    ("immunogenicity_gmt", {"sd": 0.4, "power": 0.9}),
    ("immunogenicity_gmt", {"sd": 0.4, "n1": 150, "aim": "equivalence"}),
    ("lot_consistency", {"sd": 0.4, "power": 0.9}),
    ("lot_consistency", {"sd": 0.4, "n_per_lot": 170}),
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
