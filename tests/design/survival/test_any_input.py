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
        "logrank",
        {
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "min_followup": 16,
            "dropout": 0.05,
            "power": 0.9,
        },
    ),
    (
        "logrank",
        {
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "min_followup": 16,
            "dropout": 0.05,
            "n_total": 400,
            "variance": "schoenfeld",
            "interim": 0.6,
        },
    ),
    (
        "logrank",
        {
            "median_control": 8,
            "hr": 0.7,
            "accrual_rate": 20,
            "min_followup": 12,
            "power": 0.9,
            "variance": "freedman",
        },
    ),
    (
        "logrank",
        {
            "hazard_control": [0.08, 0.05],
            "hazard_times": [6],
            "hr": [1, 0.6],
            "hr_times": [4],
            "accrual_rate": [10, 40],
            "accrual_periods": [3, 9],
            "accrual_duration": 20,
            "power": 0.8,
            "interim": 0.7,
            "stratum_shares": [0.4, 0.6],
            "stratum_factors": [1, 2],
        },
    ),
    (
        "logrank",
        {
            "median_control": 12,
            "hr": 1,
            "null_hr": 1.3,
            "accrual_duration": 24,
            "min_followup": 12,
            "power": 0.9,
        },
    ),
    ("logrank_events", {"hr": 0.7, "power": 0.9}),
    (
        "logrank_events",
        {
            "survival_treatment": 0.45,
            "survival_control": 0.3,
            "power": 0.9,
            "event_probability_treatment": 0.4,
            "event_probability_control": 0.5,
            "formula": "freedman",
        },
    ),
    ("logrank_events", {"hr": 0.7, "events": 200}),
    ("hazard_ratio_z", {"hr": 0.73, "events": 125}),
    ("hazard_ratio_z", {"z": 1.96, "events": 125}),
    ("hazard_ratio_z", {"hr": 0.73, "z": 1.96}),
    ("cox_groups", {"hr": 2, "event_share": 0.8, "power": 0.8}),
    (
        "cox_groups",
        {"hr": 1, "event_share": 0.8, "aim": "equivalence", "margin_log": 0.5, "n_total": 200},
    ),
    (
        "cox_covariate",
        {"hr": 2, "event_share": 0.5, "prevalence": 0.4, "r_squared": 0.1, "power": 0.8},
    ),
    (
        "cox_interaction",
        {
            "hr_ratio": 3,
            "p00": 0.25,
            "p01": 0.25,
            "p10": 0.25,
            "p11": 0.25,
            "event_share": 0.7,
            "power": 0.8,
        },
    ),
    (
        "survival_difference",
        {
            "measure": "rmst",
            "time": 18,
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "min_followup": 16,
            "dropout": 0.05,
            "power": 0.9,
        },
    ),
    (
        "survival_difference",
        {
            "measure": "survival",
            "time": 12,
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "min_followup": 16,
            "dropout": 0.05,
            "shape": 1.5,
            "n_total": 300,
        },
    ),
    (
        "one_arm_survival",
        {
            "median0": 9,
            "hr": 0.57,
            "shape": 1.22,
            "accrual_duration": 5,
            "min_followup": 3,
            "power": 0.8,
        },
    ),
    (
        "one_arm_survival",
        {
            "survival0": 0.4,
            "survival": 0.55,
            "time": 6,
            "accrual_duration": 12,
            "min_followup": 6,
            "power": 0.8,
            "test": "milestone",
        },
    ),
    (
        "one_arm_survival",
        {
            "median0": 6,
            "median": 10,
            "accrual_duration": 12,
            "min_followup": 6,
            "n": 60,
            "test": "exponential",
        },
    ),
    (
        "event_timeline",
        {
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "n_total": 300,
            "times": [6, 12, 24],
        },
    ),
    (
        "event_timeline",
        {
            "median_control": 8,
            "hr": 0.7,
            "accrual_duration": 12,
            "n_total": 300,
            "events": [50, 200],
        },
    ),
    ("hazard_rate", {"median": 10}),
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
