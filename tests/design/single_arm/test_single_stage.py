"""Exact single-stage designs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("p0", "p1", "alpha", "power", "needed", "n"),
    [
        # A'Hern RP. Stat Med 2001;20:859-866, responses needed / patients
        (0.1, 0.3, 0.05, 0.8, 6, 25),
        (0.2, 0.4, 0.05, 0.8, 12, 35),
        (0.2, 0.4, 0.05, 0.9, 15, 47),
        (0.3, 0.5, 0.05, 0.8, 17, 39),
        (0.3, 0.5, 0.05, 0.9, 22, 53),
        # CMDE guidance on ophthalmic femtosecond lasers (2018): 142, 140 to be reached
        (0.95, 0.99, 0.025, 0.8, 140, 142),
    ],
)
def test_published_designs(
    p0: float, p1: float, alpha: float, power: float, needed: int, n: int
) -> None:
    found = calculate(
        "single_stage_exact", {"p0": p0, "p1": p1, "alpha": alpha, "power": power}
    ).outputs
    assert (found["responses_needed"], found["n"]) == (needed, n)
    assert found["alpha_achieved"] <= alpha and found["power_achieved"] >= power


def test_dropout_by_both_conventions() -> None:
    given = {"p0": 0.95, "p1": 0.99, "alpha": 0.025, "dropout": 0.1}
    found = calculate("single_stage_exact", given).outputs
    assert found["n_with_dropout"] == 158 and found["n_dropout_added"] == 157


@settings(max_examples=40, deadline=None)
@given(
    p0=st.floats(0.01, 0.9),
    gap=st.floats(0.005, 0.6),
    alpha=st.floats(0.001, 0.4),
    power=st.floats(0.01, 0.99),
)
def test_a_design_or_a_reason(p0: float, gap: float, alpha: float, power: float) -> None:
    given = {"p0": p0, "p1": min(p0 + gap, 0.995), "alpha": alpha, "power": power}
    try:
        found = calculate("single_stage_exact", given).outputs
    except BadDesign:
        return
    assert found["alpha_achieved"] <= alpha + 1e-9
    assert found["power_achieved"] >= power - 1e-9
    assert found["n_lasting"] is None or found["n_lasting"] >= found["n"]


def test_fewer_patients_for_a_larger_difference() -> None:
    sizes = [
        calculate("single_stage_exact", {"p0": 0.2, "p1": p1}).outputs["n"]
        for p1 in (0.3, 0.35, 0.4, 0.5, 0.6)
    ]
    assert sizes == sorted(sizes, reverse=True)
