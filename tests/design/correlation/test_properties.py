"""Whatever is put in: a sound result or a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import calculate, method
from tests.design.correlation.cases import CASES
from tests.design.drawn_inputs import answer, inputs_near


@pytest.mark.parametrize(("name", "base"), CASES)
def test_a_result_or_a_refusal(name: str, base: dict[str, Any]) -> None:
    calculator = method(name)
    assert answer(calculator, base) is not None

    @settings(max_examples=25, deadline=None)
    @given(inputs_near(calculator, base))
    def anything(drawn: dict[str, Any]) -> None:
        result = answer(calculator, drawn)
        if result is not None and "power_achieved" in result.outputs:
            assert result.outputs["power_achieved"] >= result.inputs["power"] - 1e-9

    anything()


@settings(max_examples=40, deadline=None)
@given(r=st.floats(0.05, 0.8), power=st.floats(0.5, 0.95), test=st.sampled_from(["t", "fisher"]))
def test_fewer_for_stronger_correlations_more_for_more_power(
    r: float, power: float, test: str
) -> None:
    def size(value: float, wanted: float) -> float:
        given = {"r": value, "power": wanted, "test": test}
        return float(calculate("correlation", given).outputs["n_raw"])

    assert size(r * 1.1, power) <= size(r, power) <= size(r, power + 0.04)
