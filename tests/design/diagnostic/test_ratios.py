"""Likelihood ratios against Simel 1991, predictive values by counting, detection by epiR."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("inputs", "output", "raw"),
    [
        # Simel 1991, problems 1 to 3, as in the tests of presize
        ({"sensitivity": 0.8, "specificity": 0.73, "limit": 2.0}, "n_diseased_raw", 73.4),
        (
            {"sensitivity": 0.9, "specificity": 0.5, "limit": 0.4, "kind": "negative"},
            "n_diseased_raw",
            79.9,
        ),
        (
            {"sensitivity": 0.8, "specificity": 0.73, "limit": 2.0, "prevalence": 1 / 6},
            "n_healthy_raw",
            98.3,
        ),
    ],
)
def test_numbers_of_simel(inputs: dict[str, object], output: str, raw: float) -> None:
    found = calculate("diagnostic_likelihood_ratio", inputs).outputs[output]
    # Simel rounds the ratio of the second and third problem; 98.3 has n1 = 0.2 n2
    assert found == pytest.approx(raw, abs=0.15)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
    st.floats(0.001, 100),
    st.sampled_from(["positive", "negative"]),
)
def test_width_and_number_turn_back(
    sensitivity: float, specificity: float, prevalence: float, width: float, kind: str
) -> None:
    inputs = {
        "sensitivity": sensitivity,
        "specificity": specificity,
        "prevalence": prevalence,
        "kind": kind,
    }
    try:
        raw = calculate("diagnostic_likelihood_ratio", inputs | {"ci_width": width}).outputs[
            "n_raw"
        ]
        back = calculate("diagnostic_likelihood_ratio", inputs | {"n": raw}).outputs["ci_width"]
    except BadDesign:
        return
    assert back == pytest.approx(width, rel=1e-6)


def test_predictive_values_by_counting() -> None:
    """Of 10000 persons 100 are ill: 90 true positives, 495 false ones."""
    outputs = calculate(
        "predictive_values", {"sensitivity": 0.9, "specificity": 0.95, "prevalence": 0.01}
    ).outputs
    assert outputs["ppv"] == pytest.approx(90 / 585)
    assert outputs["npv"] == pytest.approx(9405 / 9415)
    with pytest.raises(BadDesign, match="in nobody"):
        calculate("predictive_values", {"sensitivity": 0, "specificity": 1, "prevalence": 0.1})


def test_detection_of_epir() -> None:
    """epi.ssdetect, examples 1 to 3."""
    near = {"method": "approximate"}
    one = {"prevalence": 0.05, "sensitivity": 0.9, "population": 1000} | near
    assert calculate("detect_disease", one).outputs["n"] == 65
    herds = {
        "prevalence": 0.05,
        "sensitivity": 1 - 0.1 * 0.05,
        "population": 100,
        "clusters": 5000,
        "cluster_prevalence": 0.08,
    }
    outputs = calculate("detect_disease", herds | near).outputs
    assert (outputs["n_per_cluster"], outputs["clusters"]) == (46, 40)
    assert outputs["n_total"] == 1840
    sows = {"prevalence": 0.2, "population": 200} | near
    assert calculate("detect_disease", sows).outputs["n"] == 15


def test_rule_of_three() -> None:
    assert calculate("detect_disease", {"prevalence": 0.01}).outputs["n"] == 299


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3000), st.floats(0.001, 1), st.floats(0.05, 1), st.floats(0.01, 0.999))
def test_exact_detection_by_the_hypergeometric_distribution(
    population: int, prevalence: float, sensitivity: float, level: float
) -> None:
    inputs = {
        "population": population,
        "prevalence": prevalence,
        "sensitivity": sensitivity,
        "level": level,
    }
    try:
        n = calculate("detect_disease", inputs).outputs["n"]
    except BadDesign:
        return
    diseased = max(1, round(population * prevalence))

    def found(size: int) -> float:
        counts = range(min(size, diseased) + 1)
        missed = [(1 - sensitivity) ** y for y in counts]
        p = stats.hypergeom.pmf(list(counts), population, diseased, size)
        return float(1 - sum(p * missed))

    assert found(n) >= level - 1e-9
    assert n == 1 or found(n - 1) < level + 1e-9
