"""Properties of group sequential designs: errors by simulation, order, and no unhandled inputs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.sequential.walk import exits

TRIALS = 400_000


def simulated(timing: list[float], drift: float, seed: int) -> np.ndarray[Any, Any]:
    gaps = np.diff([0.0, *timing])
    steps = np.random.default_rng(seed).normal(size=(TRIALS, len(timing))) * np.sqrt(gaps)
    return (steps + drift * gaps).cumsum(axis=1) / np.sqrt(timing)


@pytest.mark.parametrize(
    "asked",
    [
        {"looks": 5},
        {"timing": [0.3, 0.5, 0.9, 1], "boundary": "lan_demets_pocock"},
        {"looks": 4, "sides": 2, "boundary": "wang_tsiatis", "shape": 0.25},
        {"looks": 3, "boundary": "lan_demets_obf", "futility": "lan_demets_obf", "binding": True},
    ],
)
def test_type_one_error_and_power_by_simulation(asked: dict[str, Any]) -> None:
    found = calculate("group_sequential", asked | {"power": 0.9}).outputs
    for drift, wanted in ((0.0, found["alpha"]), (found["drift"], 0.9)):
        z = simulated(found["timing"], drift, seed=5)
        going, rejected = np.ones(TRIALS, dtype=bool), 0
        for look, bound in enumerate(found["z_bounds"]):
            hit = going & (z[:, look] >= bound)
            rejected += int(hit.sum())
            going &= ~hit
            if asked.get("sides") == 2:
                down = going & (z[:, look] <= -bound)
                rejected += int(down.sum()) if drift == 0 else 0
                going &= ~down
            if "futility_z" in found and look + 1 < len(found["z_bounds"]):
                going &= z[:, look] > found["futility_z"][look]
        error = 4 * math.sqrt(wanted * (1 - wanted) / TRIALS)
        assert rejected / TRIALS == pytest.approx(wanted, abs=error)


def test_integration_is_exact_against_the_multivariate_normal() -> None:
    from scipy.stats import multivariate_normal

    timing, upper, lower, drift = [0.02, 0.5, 1.0], [2.5, 2.2, 2.0], [-1.0, 0.1, 0.4], 2.0
    root = np.sqrt(timing)
    covariance = np.minimum.outer(timing, timing) / np.outer(root, root)
    inside = [
        float(
            multivariate_normal(
                drift * root[:k], covariance[:k, :k], abseps=1e-10, releps=1e-10, seed=1
            ).cdf(  # type: ignore[call-arg]
                upper[:k], lower_limit=lower[:k]
            )
        )
        for k in (1, 2, 3)
    ]
    found = exits(timing, upper, lower, drift)
    gone = np.cumsum(found.above + found.below)
    assert gone == pytest.approx([1 - p for p in inside], abs=1e-8)


def test_close_looks_change_nothing_when_the_bound_is_never_met() -> None:
    """A look with a bound out of reach must not cost accuracy however close it is."""
    plain = exits([0.5, 1.0], [2.5, 2.0]).above
    more = exits([0.5, 0.501, 1.0], [2.5, 30.0, 2.0]).above
    assert more[[0, 2]] == pytest.approx(plain, abs=1e-12)


DESIGNS = {
    "looks": st.integers(1, 6),
    "alpha": st.floats(0.001, 0.3),
    "power": st.floats(0.05, 0.999),
    "sides": st.sampled_from([1, 2]),
    "boundary": st.sampled_from(
        [
            "obrien_fleming",
            "pocock",
            "wang_tsiatis",
            "haybittle_peto",
            "lan_demets_obf",
            "lan_demets_pocock",
            "kim_demets",
            "hwang_shih_decani",
        ]
    ),
    "futility": st.sampled_from(
        ["none", "none", "lan_demets_obf", "lan_demets_pocock", "kim_demets", "hwang_shih_decani"]
    ),
    "binding": st.booleans(),
}
SHAPES = {
    "wang_tsiatis": st.floats(-0.5, 1),
    "haybittle_peto": st.floats(1.5, 6),
    "kim_demets": st.floats(0.01, 20),
    "hwang_shih_decani": st.floats(-30, 30),
}


@st.composite
def designs(draw: Any) -> dict[str, Any]:
    asked = draw(st.fixed_dictionaries(DESIGNS))
    for kind, field in (("boundary", "shape"), ("futility", "futility_shape")):
        if asked[kind] in SHAPES:
            asked[field] = draw(SHAPES[asked[kind]])
    return dict(asked)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(designs())
def test_any_design_is_solved_or_refused(asked: dict[str, Any]) -> None:
    try:
        found = calculate("group_sequential", asked).outputs
    except BadDesign:
        return
    assert found["cum_alpha"][-1] == pytest.approx(asked["alpha"], abs=1e-8)
    assert found["cum_power"][-1] == pytest.approx(asked["power"], abs=1e-7)
    assert found["drift"] > 0 and found["inflation_factor"] > 1 - 1e-7
    assert sum(found["stop_h0"]) == pytest.approx(1)
    if "futility_z" in found:
        pairs = zip(found["futility_z"], found["z_bounds"], strict=False)
        assert all(low < high for low, high in pairs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.5), min_size=1, max_size=5),
    st.sampled_from(["obrien_fleming", "pocock", "lan_demets_obf"]),
)
def test_any_timing_keeps_alpha(gaps: list[float], boundary: str) -> None:
    times = np.cumsum(gaps) / sum(gaps)
    asked = {"timing": [float(t) for t in times], "boundary": boundary}
    try:
        found = calculate("group_sequential", asked).outputs
    except BadDesign as error:
        assert "ascend" in str(error)
        return
    assert found["cum_alpha"][-1] == pytest.approx(0.025, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.3, 0.95), st.floats(0.6, 0.95), st.integers(1, 4), st.sampled_from([1, 2]))
def test_events_fall_with_the_effect_and_rise_with_power(
    hr: float, power: float, looks: int, sides: int
) -> None:
    def events(ratio: float, wanted: float) -> float:
        inputs = {"hr": ratio, "power": wanted, "looks": looks, "sides": sides}
        return float(calculate("group_sequential_survival", inputs).outputs["max_events_raw"])

    assert events(hr, power) > events(hr * 0.95, power)
    assert events(hr, power) < events(hr, power + 0.02)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-5, 5),
    st.lists(st.floats(0.05, 1), min_size=1, max_size=4),
    st.lists(st.floats(0.5, 5), min_size=4, max_size=4),
    st.sampled_from([1, 2]),
)
def test_adjusted_inference_is_in_order(
    z: float, gaps: list[float], bounds: list[float], sides: int
) -> None:
    times = [float(t) for t in np.cumsum(gaps)]
    asked = {"z": z, "timing": times, "upper": bounds[: len(times)], "sides": sides}
    try:
        found = calculate("group_sequential_estimate", asked).outputs
    except BadDesign:
        return
    assert found["lower"] < found["median_unbiased"] < found["upper"]
    assert 0 <= found["p_one_sided"] <= 1
    assert (found["lower"] > 0) == (found["p_one_sided"] < 0.025)


@settings(max_examples=80, deadline=None)
@given(
    st.floats(-4, 6),
    st.integers(1, 500),
    st.integers(2, 600),
    st.integers(2, 2000),
    st.floats(0.3, 0.99),
)
def test_reestimation_stays_within_its_limits(
    z1: float, n1: int, n2: int, max_n: int, target: float
) -> None:
    asked = {"z1": z1, "n1": n1, "n2": n2, "max_n": max_n, "target": target}
    try:
        found = calculate("sample_size_reestimation", asked).outputs
    except BadDesign:
        return
    assert n2 <= found["n_new"] <= max_n
    assert 0 <= found["cp"] <= 1 and 0 <= found["cp_new"] <= 1


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 3),
    st.floats(0.001, 0.2),
    st.lists(st.floats(0.25, 1), min_size=3, max_size=3),
    st.sampled_from(["equal_alpha", "full_alpha"]),
    st.lists(st.floats(0.6, 1.8), min_size=3, max_size=3),
)
def test_fisher_uses_alpha_up(
    looks: int, alpha: float, limits: list[float], method: str, weights: list[float]
) -> None:
    asked = {"looks": looks, "alpha": alpha, "alpha0": limits[: looks - 1], "method": method}
    try:
        found = calculate("fisher_combination", asked | {"weights": weights[:looks]}).outputs
    except BadDesign:
        return
    assert found["cum_alpha"][-1] == pytest.approx(alpha, rel=1e-7)
    assert all(0 < c < 1 for c in found["crit"])
