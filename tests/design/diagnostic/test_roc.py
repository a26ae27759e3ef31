"""Areas under the ROC curve against Hanley and McNeil, pROC and presize."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.diagnostic.roc import standard_error


def test_power_of_proc() -> None:
    """pROC tests/testthat/test-power.roc.test.R: 41 cases, 72 controls, AUC 0.73."""
    inputs = {"auc": 0.73, "n_cases": 41, "n_controls": 72, "variance": "obuchowski"}
    assert calculate("diagnostic_auc", inputs).outputs["power"] == pytest.approx(
        0.9897453, abs=1e-6
    )


def test_standard_errors_of_hanley_and_mcneil() -> None:
    """Hanley and McNeil 1982, by way of the tests of presize: AUC 0.85."""
    assert standard_error(0.85, 40, 40) == pytest.approx(0.0437, abs=5e-5)
    assert standard_error(0.85, 60, 60) == pytest.approx(0.0356, abs=5e-5)


def test_two_areas_of_hanley_and_mcneil() -> None:
    """Hanley and McNeil 1982, table III: 0.70 and 0.75, one-sided 5%, 80% power: 652 a group."""
    inputs = {"auc1": 0.7, "auc2": 0.75, "power": 0.8, "sides": 1}
    raw = calculate("diagnostic_auc_compare", inputs).outputs["n_cases_raw"]
    assert raw == pytest.approx(652, abs=1.5)


def test_width_and_number_turn_back() -> None:
    width = calculate("diagnostic_auc_precision", {"auc": 0.85, "n": 120}).outputs["ci_width"]
    outputs = calculate("diagnostic_auc_precision", {"auc": 0.85, "ci_width": width}).outputs
    assert outputs["n_raw"] == pytest.approx(120, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.501, 0.999),
    st.floats(0.5, 0.999),
    st.floats(0.02, 100),
    st.floats(0.01, 0.999),
    st.sampled_from(["hanley_mcneil", "obuchowski"]),
    st.floats(0, 0.999),
)
def test_numbers_or_a_reason(
    auc: float, other: float, ratio: float, power: float, variance: str, correlation: float
) -> None:
    common = {"ratio": ratio, "power": power, "variance": variance}
    for method, inputs in (
        ("diagnostic_auc", {"auc": auc, "auc0": other}),
        ("diagnostic_auc_compare", {"auc1": auc, "auc2": other, "correlation": correlation}),
    ):
        try:
            outputs = calculate(method, inputs | common).outputs
        except BadDesign:
            continue
        assert outputs["n_total"] >= 0


def test_a_larger_area_needs_fewer() -> None:
    sizes = [
        calculate("diagnostic_auc", {"auc": auc, "auc0": 0.6, "power": 0.8}).outputs["n_total"]
        for auc in (0.65, 0.7, 0.8, 0.9)
    ]
    assert sizes == sorted(sizes, reverse=True)
    with pytest.raises(BadDesign, match="does not exceed"):
        calculate("diagnostic_auc", {"auc": 0.7, "auc0": 0.7, "power": 0.8})
