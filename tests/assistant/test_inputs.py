"""Inputs of a computation, read as typed values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.contradictions import contradictions
from assistant.inputs import parse_inputs
from assistant.needs import missing_inputs


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "65%对85%，双侧0.05，把握度80%",
            {"treatment_rate": 0.65, "control_rate": 0.85, "sides": 2},
        ),
        ("0.65 vs 0.85", {"treatment_rate": 0.65, "control_rate": 0.85}),
        ("有效率65%和85%", {"treatment_rate": 0.65, "control_rate": 0.85}),
        ("对照组40%，试验组60%", {"treatment_rate": 0.6, "control_rate": 0.4, "arms_named": True}),
        ("40% on placebo and 60% on treatment", {"treatment_rate": 0.6, "control_rate": 0.4}),
        ("双侧0.05", {"alpha": 0.05, "sides": 2}),
        ("α=0.05（双侧）", {"alpha": 0.05, "sides": 2}),
        ("单侧α=0.025", {"alpha": 0.025, "sides": 1}),
        ("two-sided 5% alpha, 90% power", {"alpha": 0.05, "sides": 2, "power": 0.9}),
        ("one-sided significance level of 0.025", {"alpha": 0.025, "sides": 1}),
        ("把握度80%", {"power": 0.8}),
        ("把握度为0.9", {"power": 0.9}),
        ("90%的把握度", {"power": 0.9}),
        ("β=0.2", {"power": 0.8}),
        ("power of 85%", {"power": 0.85}),
        ("1:1随机", {"ratio": (1, 1)}),
        ("按2：1分配", {"ratio": (2, 1)}),
        ("失访10%", {"dropout": 0.1}),
        ("考虑15%的脱落", {"dropout": 0.15}),
        ("dropout rate of 20%", {"dropout": 0.2}),
        ("δ=5，σ=12", {"mean_difference": 5.0, "sd": 12.0}),
        ("均值差5标准差12", {"mean_difference": 5.0, "sd": 12.0}),
        ("mean difference 5, SD 12", {"mean_difference": 5.0, "sd": 12.0}),
        ("均值120对115，方差144", {"mean_difference": 5.0, "sd": 12.0}),
        ("HR 0.7", {"hazard_ratio": 0.7, "endpoint": "survival"}),
        ("hazard ratio of 0.75", {"hazard_ratio": 0.75}),
        ("中位生存12个月 vs 18个月", {"control_median": 12.0, "treatment_median": 18.0}),
        (
            "对照组中位PFS 1.5年，入组期24个月，随访36个月",
            {"control_median": 18.0, "accrual": 24.0},
        ),
        ("目标DLT率0.3", {"target_toxicity": 0.3}),
        ("p0=10% p1=30%", {"p0": 0.1, "p1": 0.3}),
        ("三次等间隔分析，O'Brien-Fleming", {"looks": 3, "spending": "obrien_fleming"}),
        ("2次期中分析", {"looks": 3}),
        ("ICC 0.02，每群20人", {"icc": 0.02, "cluster_size": 20.0}),
        ("20 patients per cluster", {"cluster_size": 20.0}),
        ("非劣效，界值10%", {"aim": "noninferiority", "margin": 0.1}),
        ("等效，δ=5", {"aim": "equivalence", "margin": 5.0, "mean_difference": None}),
        ("生物等效，CV 25%", {"aim": "bioequivalence", "cv": 0.25, "design": "crossover"}),
        ("非劣效，试验组比对照组低10%", {"rate_difference": -0.1, "treatment_rate": None}),
    ],
)
def test_values(text: str, values: dict[str, Any]) -> None:
    given_values = parse_inputs(text)
    assert {key: getattr(given_values, key) for key in values} == values


@given(st.text(max_size=60))
def test_any_text_can_be_parsed(text: str) -> None:
    given_values = parse_inputs(text)
    missing_inputs(given_values)
    contradictions(given_values)


@given(
    st.integers(1, 99), st.integers(1, 99), st.integers(50, 99), st.sampled_from(["对", "vs", "比"])
)
def test_rates_and_power_are_read_whatever_their_value(
    first: int, second: int, power: int, joined: str
) -> None:
    read = parse_inputs(f"两组率{first}%{joined}{second}%，双侧0.05，把握度{power}%，算样本量")
    assert (read.treatment_rate, read.control_rate) == (first / 100, second / 100)
    assert (read.power, read.alpha, read.sides) == (power / 100, 0.05, 2)
    assert missing_inputs(read) == ()
