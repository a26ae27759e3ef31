"""Minimisation: totals by hand, and what it does to many patients."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate
from design.randomisation import Minimisation

FACTORS = {"sex": ["M", "F"], "age": ["<65", ">=65"]}
NEXT = {
    "arms": ["A", "B"],
    "factors": FACTORS,
    "patient": {"sex": "F", "age": "<65"},
    "history": [
        {"sex": "F", "age": ">=65", "arm": "A"},
        {"sex": "F", "age": "<65", "arm": "A"},
        {"sex": "M", "age": "<65", "arm": "B"},
    ],
    "seed": 1,
}


def test_totals_by_hand() -> None:
    """Women: 2 in A, 0 in B; under 65: 1 and 1. With A: 3 + 1; with B: 1 + 1."""
    found = calculate("minimisation_assignment", NEXT).outputs
    assert found["imbalance"] == [4, 2]
    assert found["preferred"] == ["B"] and found["number"] == 4
    assert found["chances"] == pytest.approx([0.2, 0.8])


def test_weights_and_variance() -> None:
    found = calculate("minimisation_assignment", NEXT | {"weights": {"age": 3.0}}).outputs
    assert found["imbalance"] == [3 + 3 * 1, 1 + 3 * 1]
    found = calculate("minimisation_assignment", NEXT | {"measure": "variance"}).outputs
    # variance of (3, 0) and (2, 1); of (2, 1) and (1, 2)
    assert found["imbalance"] == [4.5 + 0.5, 0.5 + 0.5]


def test_the_ratio_counts() -> None:
    """2:1 with 2 in A and 0 in B: A at 2/2, B at 0; one more in A is 1.5, one in B evens out."""
    history = [{"sex": "F", "age": "<65", "arm": "A"}] * 2
    found = calculate("minimisation_assignment", NEXT | {"history": history, "ratio": [2, 1]})
    assert found.outputs["imbalance"] == [3, 0]
    first = calculate("minimisation_assignment", NEXT | {"history": [], "ratio": [2, 1]}).outputs
    assert first["imbalance"] == [1, 2]  # half a patient too many in A, a whole one in B


def test_the_same_seed_and_history_give_the_same_arm() -> None:
    arms = {calculate("minimisation_assignment", NEXT).outputs["arm"] for _ in range(5)}
    assert len(arms) == 1


def test_a_preferred_arm_is_drawn_as_often_as_said() -> None:
    rule = calculate
    drawn = Counter(
        rule("minimisation_assignment", NEXT | {"seed": seed}).outputs["arm"]
        for seed in range(1000)
    )
    assert stats.binomtest(drawn["B"], 1000, 0.8).pvalue > 0.001


def test_margins_end_balanced() -> None:
    random = np.random.default_rng(3)
    rule = Minimisation(("A", "B", "C"), FACTORS, seed="trial")
    history: list[tuple[dict[str, str], str]] = []
    for _ in range(120):
        patient = {name: levels[random.integers(2)] for name, levels in FACTORS.items()}
        history.append((patient, rule.assign(patient, history).arm))
    for name, levels in FACTORS.items():
        for level in levels:
            counts = Counter(arm for patient, arm in history if patient[name] == level)
            assert max(counts.values()) - min(counts.values()) <= 5


def test_a_deterministic_rule_is_objected_to() -> None:
    assert calculate("minimisation_assignment", NEXT | {"probability": 1.0}).warnings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"patient": {"sex": "F"}}, "patient"),
        ({"patient": {"sex": "X", "age": "<65"}}, "patient"),
        ({"patient": {"sex": "F", "age": "<65", "site": "01"}}, "patient"),
        ({"history": [{"sex": "F", "age": "<65"}]}, "history"),
        ({"history": [{"sex": "F", "age": "<65", "arm": "D"}]}, "history"),
        ({"factors": {}}, "factors"),
        ({"probability": 0.4}, "probability"),
        ({"weights": {"site": 1.0}}, "weights"),
        ({"weights": {"sex": 0.0}}, "weights"),
        ({"ratio": [1, 1, 1]}, "ratio"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(BadDesign) as told:
        calculate("minimisation_assignment", NEXT | change)
    assert told.value.field == field


@settings(max_examples=40, deadline=None)
@given(
    arms=st.integers(2, 5),
    past=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 4)), max_size=20),
    probability=st.floats(0.5, 1),
    measure=st.sampled_from(["range", "variance"]),
)
def test_chances_add_up(
    arms: int, past: list[tuple[int, int, int]], probability: float, measure: str
) -> None:
    names = [f"arm {i}" for i in range(arms)]
    history = [
        {"sex": FACTORS["sex"][s], "age": FACTORS["age"][a], "arm": names[k % arms]}
        for s, a, k in past
    ]
    given = NEXT | {"arms": names, "history": history}
    given |= {"probability": probability, "measure": measure}
    found = calculate("minimisation_assignment", given).outputs
    assert sum(found["chances"]) == pytest.approx(1)
    assert min(found["imbalance"]) >= 0 and found["arm"] in names
