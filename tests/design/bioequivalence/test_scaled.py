"""Reference scaling against PowerTOST 1.5-1 (README), within the simulation errors of both."""

from __future__ import annotations

import pytest

from design import BadDesign, calculate
from design.bioequivalence.search import smallest_balanced

NARROW = "narrow_therapeutic_index"


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({"cv_wr": 0.45, "regulator": "EMA", "design": "2x2x3", "n": 42}, {"power": 0.80017}),
        ({"cv_wr": 0.45, "regulator": "EMA", "design": "2x2x4", "n": 28}, {"power": 0.81196}),
        ({"cv_wr": 0.5, "cv_wt": 0.4, "regulator": "FDA", "n": 20}, {"power": 0.81509}),
        (
            {"cv_wr": 0.1, "drug": NARROW, "n": 18},
            {"power": 0.84179, "power_scaled": 0.85628, "power_ratio": 0.97210},
        ),
        (
            {"cv_wr": 0.07551, "cv_wt": 0.1197, "drug": NARROW, "n": 40},
            {"power": 0.80958, "power_scaled": 0.90966, "power_ratio": 0.87447},
        ),
        ({"cv_wr": 0.35, "cv_wt": 0.3, "regulator": "EMA", "n": 30}, {"power": 0.814}),
    ],
)
def test_power_of_powertost(inputs: dict[str, object], wanted: dict[str, float]) -> None:
    outputs = calculate("be_scaled", inputs).outputs
    for name, value in wanted.items():
        assert outputs[name] == pytest.approx(value, abs=4 * 2**0.5 * 0.00128)


def test_partial_replicate_lies_near_powertosts_approximation() -> None:
    """PowerTOST draws the residual of 2x3x3 empirically (0.8059); ours is exact, 0.4% lower."""
    outputs = calculate(
        "be_scaled", {"cv_wr": 0.45, "regulator": "EMA", "design": "2x3x3", "n": 39}
    ).outputs
    assert outputs["power"] == pytest.approx(0.8059, abs=0.008)


def test_sample_sizes_of_powertost() -> None:
    for inputs, n in (
        ({"cv_wr": 0.45, "regulator": "EMA", "design": "2x3x3"}, 39),
        ({"cv_wr": 0.45, "regulator": "EMA", "design": "2x2x4"}, 28),
        ({"cv_wr": 0.5, "cv_wt": 0.4, "regulator": "NMPA"}, 20),
        ({"cv_wr": 0.1, "drug": NARROW}, 18),
    ):
        assert calculate("be_scaled", inputs | {"power": 0.8}).outputs["n_total"] == n


def test_type_one_error_of_expanded_limits_is_inflated() -> None:
    """PowerTOST scABEL.ad: 0.06651 at CVwR 35%, CVwT 30%, n 30, true ratio at the limit."""
    inputs = {"cv_wr": 0.35, "cv_wt": 0.3, "regulator": "EMA", "n": 30, "theta0": 1.2948}
    assert calculate("be_scaled", inputs).outputs["power"] == pytest.approx(0.06651, abs=0.003)


@pytest.mark.parametrize(
    ("cv", "regulator", "lower", "upper"),
    [
        (0.3, "EMA", 0.8, 1.25),
        (0.35, "EMA", 0.7723, 1.2948),
        (0.4, "EMA", 0.7462, 1.3402),
        (0.45, "EMA", 0.7215, 1.3859),
        (0.5, "EMA", 0.6984, 1.4319),
        (0.8, "EMA", 0.6984, 1.4319),
        (0.6, "HC", 0.6667, 1.5),
        (0.25, "NMPA", 0.8, 1.25),
    ],
)
def test_limits_of_the_guidelines(cv: float, regulator: str, lower: float, upper: float) -> None:
    """EMA guideline 2010, table in 4.1.10; Health Canada: 66.7% to 150.0%."""
    outputs = calculate("be_scaled_limits", {"cv_wr": cv, "regulator": regulator}).outputs
    assert outputs["lower"] == pytest.approx(lower, abs=5e-5)
    assert outputs["upper"] == pytest.approx(upper, abs=5e-5)


def test_limits_of_narrow_drugs() -> None:
    """PowerTOST sampleN.NTIDFDA: implied 0.9236 to 1.0827 at CVwR 7.551%."""
    outputs = calculate(
        "be_scaled_limits", {"cv_wr": 0.07551, "regulator": "NMPA", "drug": NARROW}
    ).outputs
    assert outputs["lower"] == pytest.approx(0.9236, abs=5e-5)
    assert outputs["upper"] == pytest.approx(1.0827, abs=5e-5)
    assert calculate(
        "be_scaled_limits", {"cv_wr": 0.3, "regulator": "FDA", "drug": NARROW}
    ).outputs["upper"] == pytest.approx(1.25)


def test_what_cannot_be_scaled_is_refused() -> None:
    with pytest.raises(BadDesign, match="use be_tost"):
        calculate("be_scaled", {"cv_wr": 0.1, "regulator": "EMA", "drug": NARROW, "n": 20})
    with pytest.raises(BadDesign, match="2x3x3 cannot"):
        calculate("be_scaled", {"cv_wr": 0.1, "design": "2x3x3", "drug": NARROW, "n": 20})
    with pytest.raises(BadDesign, match="lies outside"):
        calculate("be_scaled", {"cv_wr": 0.5, "theta0": 0.75, "power": 0.8})
    with pytest.raises(BadDesign, match="subjects would be needed"):
        calculate(
            "be_scaled",
            {"cv_wr": 0.5, "theta0": 0.8001, "power": 0.8, "simulations": 1000},
        )


@pytest.mark.parametrize("near", [None, 6, 40, 41, 200])
def test_the_smallest_study_does_not_depend_on_where_the_search_begins(near: int | None) -> None:
    def power_of(n: int) -> float:
        assert n >= 6 and n % 2 == 0
        return n / 100

    start = None if near is None else near - near % 2
    assert smallest_balanced(power_of, 0.405, 6, 2, 1000, start) == (42, 0.42)
    assert smallest_balanced(power_of, 0.01, 6, 2, 1000, start) == (6, 0.06)
    with pytest.raises(BadDesign, match="more than 50"):
        smallest_balanced(power_of, 0.9, 6, 2, 50, None)
