"""The enrolment methods against published figures and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate

# The worked example of ClinicalTrialOptm.jl (docs/src/index.md): four countries, 24 months.
EXAMPLE = {
    "time": 24,
    "rate": [1, 1.2, 1.4, 1.2],
    "rate_variance": [0.2, 0.4, 0.8, 0.6],
    "dropout": [0.01, 0.05, 0.09, 0.15],
    "start_to": 6,
}


def test_the_published_example() -> None:
    found = calculate("enrolment_by_time", EXAMPLE | {"sites": [2, 4, 7, 3]}).outputs
    assert found["mean"] == pytest.approx(388.878)
    assert found["variance"] == pytest.approx(3905.413596)
    more = calculate("enrolment_by_time", EXAMPLE | {"sites": [8, 5, 6, 1], "target": 400}).outputs
    assert more["probability_above"] == pytest.approx(0.8598777881, abs=1e-4)
    assert more["probability_normal"] == pytest.approx(0.8587747637, abs=1e-8)


def test_accrual_with_one_rate() -> None:
    # Simon's blog on Gajewski, Simon and Carlson: 42 to 95 by simulation.
    found = calculate(
        "enrolment_single_rate", {"planned_n": 66, "planned_time": 22, "prior_strength": 0.5}
    ).outputs["interval"]
    assert found == [pytest.approx(42, abs=1), pytest.approx(95, abs=1)]


def test_time_and_probability_are_two_views_of_one_thing() -> None:
    sites = {"sites": 20, "rate": 1.2, "start_to": 5}
    months = calculate("enrolment_time", sites | {"target": 300}).outputs["months"]
    by = calculate("enrolment_by_time", sites | {"time": months, "target": 300}).outputs
    assert by["probability"] == pytest.approx(0.5, abs=1e-3)


def test_expected_time_without_spread() -> None:
    found = calculate("enrolment_time", {"target": 360, "sites": 20, "rate": 1.5}).outputs
    assert found["months_expected"] == pytest.approx(12, abs=1e-3)


@settings(max_examples=15)
@given(
    target=st.integers(20, 400), rate=st.floats(0.2, 3), assurance=st.sampled_from([0.5, 0.8, 0.95])
)
def test_the_number_of_sites_is_the_smallest(target: int, rate: float, assurance: float) -> None:
    given = {"target": target, "time": 18, "rate": rate, "assurance": assurance, "start_to": 6}
    found = calculate("enrolment_sites", given).outputs
    assert found["probability"] >= assurance
    if found["sites"] > 1:
        assert found["probability_with_one_less"] < assurance


def test_data_move_the_forecast() -> None:
    sites = {"target": 200, "exposure": [6.0] * 10, "rate": 1.0}
    slow = calculate("enrolment_update", sites | {"observed": [2] * 10}).outputs
    fast = calculate("enrolment_update", sites | {"observed": [10] * 10}).outputs
    assert slow["months"] > fast["months"]
    assert slow["rates"][0] < 1 < fast["rates"][0]
    opened = calculate("enrolment_update", sites | {"observed": [2] * 10, "new_sites": 10}).outputs
    assert opened["months"] < slow["months"]


@pytest.mark.parametrize(
    ("method", "inputs", "said"),
    [
        ("enrolment_by_time", {"time": 5, "sites": [1, 2], "rate": [1, 2, 3]}, "2 values"),
        ("enrolment_by_time", {"time": 5, "sites": 1, "rate": 1, "start_from": 3, "start_to": 2},
         "before start_from"),
        ("enrolment_by_time", {"time": 5, "sites": 1, "rate": 1, "seasonality": [1, 1]}, "12"),
        ("enrolment_by_time", {"time": 600, "sites": 5000, "rate": 1000}, "million"),
        ("enrolment_time", {"target": 100000, "sites": 1, "rate": 0.1}, "not reached"),
        ("enrolment_sites", {"target": 100000, "time": 1, "rate": 0.1}, "not even"),
        ("enrolment_update", {"target": 10, "observed": [20], "exposure": [1]}, "reached"),
        ("enrolment_update", {"target": 10, "observed": [2, 1], "exposure": [1]}, "each"),
        ("enrolment_update", {"target": 10, "observed": [0], "exposure": [0]}, "prior rate"),
        ("enrolment_single_rate",
         {"planned_n": 10, "planned_time": 5, "observed_time": 6}, "beyond"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(method: str, inputs: dict[str, object], said: str) -> None:
    with pytest.raises(BadDesign, match=said):
        calculate(method, inputs)


def test_the_rate_needed_reaches_the_target_with_the_assurance() -> None:
    sites = {"target": 400, "time": 24, "sites": 20, "start_to": 6}
    rate = calculate("enrolment_rate", sites | {"assurance": 0.9}).outputs["rate"]
    by = calculate("enrolment_by_time", sites | {"rate": rate}).outputs
    assert by["probability"] == pytest.approx(0.9, abs=1e-3)
    with pytest.raises(BadDesign, match="open"):
        calculate("enrolment_rate", sites | {"start_from": 24, "start_to": 30})
