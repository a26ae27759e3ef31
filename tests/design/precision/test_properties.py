"""Whatever is put in: a sound result or a refusal; and the width asked for is the width found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import calculate, method
from tests.design.drawn_inputs import answer, inputs_near
from tests.design.precision.cases import CASES


@pytest.mark.parametrize(("name", "base"), CASES)
def test_a_result_or_a_refusal(name: str, base: dict[str, Any]) -> None:
    calculator = method(name)
    assert answer(calculator, base) is not None

    @settings(max_examples=25, deadline=None)
    @given(inputs_near(calculator, base))
    def anything(drawn: dict[str, Any]) -> None:
        answer(calculator, drawn)

    anything()


@settings(max_examples=60, deadline=None)
@given(
    p=st.floats(0.02, 0.98),
    width=st.floats(0.03, 0.4),
    interval=st.sampled_from(["wald", "wilson", "exact", "agresti_coull"]),
)
def test_the_size_found_gives_the_width_asked_for(p: float, width: float, interval: str) -> None:
    given = {"p": p, "interval": interval}
    n = calculate("proportion_precision", {**given, "ci_width": width}).outputs["n"]
    reached = calculate("proportion_precision", {**given, "n": n}).outputs["ci_width"]
    assert reached <= width + 1e-9
    narrower = calculate("proportion_precision", {**given, "ci_width": width * 0.9}).outputs["n"]
    assert narrower >= n
