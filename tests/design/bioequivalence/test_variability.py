"""Variability of earlier studies against the manual of PowerTOST 1.5-1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("inputs", "cv", "digits"),
    [
        ({"lower": 0.91, "upper": 1.15, "n": 22}, 0.2279405, 5e-8),
        ({"lower": 0.89, "upper": 1.15, "n": 24}, 0.263, 5e-4),
        ({"lower": 0.89, "upper": 1.15, "n_sequences": [16, 8]}, 0.247, 5e-4),
    ],
)
def test_cv_from_an_interval(inputs: dict[str, object], cv: float, digits: float) -> None:
    assert calculate("be_cv_from_ci", inputs).outputs["cv"] == pytest.approx(cv, abs=digits)


def test_pooled_cv() -> None:
    robust = calculate("be_cv_pooled", {"cv": [0.2, 0.3], "n": [24, 12], "robust": True}).outputs
    assert robust["df"] == 32
    assert robust["cv"] == pytest.approx(0.235, abs=5e-4)
    assert robust["upper"] == pytest.approx(0.266, abs=5e-4)
    mixed = calculate("be_cv_pooled", {"cv": [0.212, 0.157, 0.148], "df": [22, 50, 24]}).outputs
    assert mixed["cv"] == pytest.approx(0.169, abs=5e-4)
    assert mixed["upper"] == pytest.approx(0.181, abs=5e-4)


def test_limits_of_a_cv() -> None:
    outputs = calculate("be_cv_limits", {"cv": 0.2, "df": 14, "alpha": 0.2}).outputs
    assert outputs["upper"] == pytest.approx(0.2443631, abs=5e-8)
    both = calculate("be_cv_limits", {"cv": 0.2, "df": 14, "alpha": 0.4, "side": "both"}).outputs
    assert both["upper"] == pytest.approx(outputs["upper"])
    assert both["lower"] < 0.2 < both["upper"]


@given(st.floats(1e-3, 10))
def test_conversions_turn_back(cv: float) -> None:
    outputs = calculate("be_cv", {"cv": cv}).outputs
    assert calculate("be_cv", {"mse": outputs["mse"]}).outputs["cv"] == pytest.approx(cv)
    assert calculate("be_cv", {"sd": outputs["sd"]}).outputs["cv"] == pytest.approx(cv)


@given(
    st.floats(1e-4, 1e4),
    st.floats(1e-4, 1e4),
    st.integers(1, 10**6),
    st.floats(0.001, 0.499),
)
def test_an_interval_gives_a_cv_or_a_reason(
    lower: float, upper: float, n: int, alpha: float
) -> None:
    try:
        outputs = calculate(
            "be_cv_from_ci", {"lower": lower, "upper": upper, "n": n, "alpha": alpha}
        ).outputs
    except BadDesign:
        return
    assert outputs["cv"] >= 0


@given(st.floats(1e-6, 10), st.floats(1e-3, 1e7), st.floats(1e-9, 0.999999))
def test_a_limit_or_a_reason(cv: float, df: float, alpha: float) -> None:
    try:
        outputs = calculate("be_cv_limits", {"cv": cv, "df": df, "alpha": alpha}).outputs
    except BadDesign:
        return
    assert outputs["upper"] > 0
