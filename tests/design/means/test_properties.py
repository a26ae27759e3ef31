"""Whatever is put in: a sound result or a refusal; and sizes move as they must."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import calculate, method
from tests.design.drawn_inputs import answer, inputs_near
from tests.design.means.cases import CASES


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
@given(
    test=st.sampled_from(["t", "welch", "z"]),
    effect=st.floats(0.2, 2),
    power=st.floats(0.5, 0.95),
    ratio=st.sampled_from([0.5, 1, 2]),
)
def test_fewer_for_larger_effects_more_for_more_power(
    test: str, effect: float, power: float, ratio: float
) -> None:
    def size(d: float, wanted: float) -> float:
        given = {"difference": d, "sd1": 1, "sd2": 1, "test": test, "ratio": ratio}
        return float(calculate("two_means", {**given, "power": wanted}).outputs["n_total_raw"])

    assert size(effect * 1.2, power) <= size(effect, power) <= size(effect, power + 0.04)


@settings(max_examples=40, deadline=None)
@given(
    aim=st.sampled_from(["equality", "superiority", "noninferiority", "equivalence"]),
    n=st.integers(6, 400),
    name=st.sampled_from(["two_means", "one_mean", "paired_means", "crossover_means"]),
)
def test_power_given_for_a_size_is_the_power_of_that_size(aim: str, n: int, name: str) -> None:
    spread = {"two_means": "sd", "one_mean": "sd", "paired_means": "sd_difference"}
    size = {"two_means": "n1", "one_mean": "n", "paired_means": "n_pairs"}
    margin = {"equality": None, "superiority": 0.1, "noninferiority": 0.4, "equivalence": 1.5}[aim]
    asked = {"difference": 0.4, spread.get(name, "sd_within"): 1, "aim": aim}
    asked |= {} if margin is None else {"margin": margin}
    power = calculate(name, {**asked, size.get(name, "n_total"): n}).outputs["power"]
    if 0.05 < power < 0.999:
        raw = calculate(name, {**asked, "power": power}).outputs
        assert raw[f"{size.get(name, 'n_total')}_raw"] == pytest.approx(n, rel=1e-4)
