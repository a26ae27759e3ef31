"""Monitoring, inference and adaptation: published numbers, independent routes and refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

from design import BadDesign, calculate
from design.sequential.fisher import exit_levels


def run(name: str, /, **inputs: Any) -> dict[str, Any]:
    return dict(calculate(name, inputs).outputs)


def test_stagewise_interval_of_groupseq() -> None:
    """GroupSeq, vignette of task 4: three-look Pocock, Z = 2.5 at look 2, interval 0.30 to 5.38."""
    found = run(
        "group_sequential_estimate", z=2.5, timing=[1 / 3, 2 / 3], upper=[2.2894] * 2, sides=2
    )
    assert (found["lower"], found["upper"]) == pytest.approx((0.30, 5.38), abs=5e-3)


def test_without_interim_looks_inference_is_the_usual_one() -> None:
    found = run("group_sequential_estimate", z=2.0, timing=[1], upper=[1.96], standard_error=0.5)
    assert found["p_one_sided"] == pytest.approx(special.ndtr(-2.0))
    assert found["effect"] == pytest.approx(1.0)
    assert found["effect_lower"] == pytest.approx(1 - 1.959964 * 0.5, abs=1e-6)


def test_p_value_at_a_bound_is_the_alpha_spent() -> None:
    bounds = run("group_sequential", looks=3)
    found = run(
        "group_sequential_estimate",
        z=bounds["z_bounds"][1],
        timing=[1 / 3, 2 / 3],
        upper=bounds["z_bounds"][:2],
    )
    assert found["p_one_sided"] == pytest.approx(bounds["cum_alpha"][1], abs=1e-9)


def test_bounds_at_planned_information_are_those_planned() -> None:
    planned = run("group_sequential", looks=4, boundary="lan_demets_obf")
    done = [25, 50, 75]
    found = run("group_sequential_update", information=done, planned=100, further=[100])
    assert found["z_bounds"] == pytest.approx(planned["z_bounds"], abs=1e-9)
    assert found["z_bound"] == pytest.approx(planned["z_bounds"][2], abs=1e-9)


@pytest.mark.parametrize(("last", "warned"), [(90, "90%"), (115, "115%")])
def test_the_final_look_spends_what_is_left(last: float, warned: str) -> None:
    result = calculate(
        "group_sequential_update",
        {"information": [40, last], "planned": 100, "final": True, "past_bounds": [3.2]},
    )
    assert result.outputs["cum_alpha"][-1] == pytest.approx(0.025, abs=1e-10)
    upper = result.outputs["z_bounds"]
    exits = run("group_sequential_probabilities", timing=[40, last], upper=upper)
    assert exits["cum_exit"][-1] == pytest.approx(0.025, abs=1e-9)
    assert warned in result.warnings[0].zh


def test_conditional_power_of_east() -> None:
    """East 6.5 (gsDesign, test-independent-test-condPower.R): 0.308644, with 403 for 404 left."""
    bound = run("group_sequential", looks=2, boundary="hwang_shih_decani", shape=-4)["z_bounds"][1]
    found = run("conditional_power", z=1.151764990571, fraction=0.5, final_bound=bound)
    assert found["cp_trend"] == pytest.approx(0.308644, abs=1e-3)


def test_conditional_power_by_hand() -> None:
    """Lan and Wittes's formula with the B-value."""
    found = run("conditional_power", z=1.4, fraction=0.5, power=0.9)
    b, c = 1.4 * math.sqrt(0.5), special.ndtri(0.975)
    drift = c + special.ndtri(0.9)
    for name, theta in (("cp_design", drift), ("cp_trend", b / 0.5), ("cp_null", 0.0)):
        wanted = special.ndtr((b + theta * 0.5 - c) / math.sqrt(0.5))
        assert found[name] == pytest.approx(float(wanted), abs=1e-12)


def test_later_looks_against_simulation() -> None:
    inputs = {"z": 1.0, "fraction": 0.25, "drift": 3.0, "final_bound": 2.0}
    found = run(
        "conditional_power", **inputs, further_timing=[0.5, 0.75], further_bounds=[2.9, 2.4]
    )
    rng = np.random.default_rng(20250101)
    steps = rng.normal(0.75, 0.5, size=(400_000, 3)).cumsum(axis=1) + 0.5
    crossed = (steps / np.sqrt([0.5, 0.75, 1.0]) >= [2.9, 2.4, 2.0]).any(axis=1).mean()
    assert found["cp_design"] == pytest.approx(crossed, abs=4 * 0.5 / math.sqrt(400_000))


def test_predictive_power_averages_conditional_power() -> None:
    flat = run("predictive_power", z=1.4, fraction=0.5)
    wanted = special.ndtr((1.4 - special.ndtri(0.975) * math.sqrt(0.5)) / math.sqrt(0.5))
    assert flat["predictive_power"] == pytest.approx(float(wanted), abs=1e-12)
    given = run("predictive_power", z=1.4, fraction=0.5, prior_drift=2.0, prior_sd=1.5)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    drifts = given["posterior_drift"] + given["posterior_sd"] * nodes
    powers = [run("conditional_power", z=1.4, fraction=0.5, drift=float(d)) for d in drifts]
    mean = weights @ [p["cp_design"] for p in powers] / math.sqrt(2 * math.pi)
    assert given["predictive_power"] == pytest.approx(float(mean), abs=1e-9)
    vague = run("predictive_power", z=1.4, fraction=0.5, prior_drift=0.0, prior_sd=1e4)
    assert vague["predictive_power"] == pytest.approx(flat["predictive_power"], abs=1e-6)


# Mehta & Pocock 2011, table 1: least conditional power of the promising zone.
@pytest.mark.parametrize(
    ("ratio", "timing", "target", "least"),
    [
        (1.5, 0.25, 0.8, 0.42),
        (1.5, 0.5, 0.8, 0.41),
        (2, 0.25, 0.9, 0.37),
        (2, 0.5, 0.9, 0.36),
        (2, 0.75, 0.9, 0.33),
        (3, 0.5, 0.8, 0.31),
        (3, 0.5, 0.9, 0.30),
    ],
)
def test_promising_zone(ratio: float, timing: float, target: float, least: float) -> None:
    found = run(
        "sample_size_reestimation",
        z1=1.5,
        n1=int(4000 * timing),
        n2=4000,
        max_n=int(4000 * ratio),
        target=target,
    )
    assert found["cp_min_safe"] == pytest.approx(least, abs=0.006)


def test_raised_sizes_restore_the_target_of_the_weighted_test() -> None:
    found = run(
        "sample_size_reestimation", z1=1.5, n1=208, n2=442, max_n=884, final_test="weighted"
    )
    assert found["zone"] == "promising" and 442 < found["n_new"] <= 884
    assert found["cp_new"] == pytest.approx(0.9, abs=2e-3)


def test_the_promising_zone_keeps_alpha() -> None:
    rng = np.random.default_rng(7)
    first = rng.normal(size=20_000)
    # A grid of interim values stands for the trials; each final test is worked out exactly.
    grid = np.linspace(-4, 4, 401)
    crossing = []
    for z1 in grid:
        new = run("sample_size_reestimation", z1=float(z1), n1=200, n2=400, max_n=800)["n_new"]
        left = (1.959964 * math.sqrt(new) - z1 * math.sqrt(200)) / math.sqrt(new - 200)
        crossing.append(float(special.ndtr(-left)))
    alpha = np.trapezoid(np.array(crossing) * np.exp(-(grid**2) / 2), grid) / math.sqrt(2 * math.pi)
    assert alpha <= 0.025 + 1e-4
    assert np.interp(first, grid, crossing).mean() <= 0.025 + 4 * 0.15 / math.sqrt(20_000)


# rpact, test-f_design_fisher_combination_test.R.
@pytest.mark.parametrize(
    ("inputs", "critical", "spent"),
    [
        (
            {"looks": 3},
            [0.012308547, 0.0016635923, 0.00029106687],
            [0.012308547, 0.01962413, 0.025],
        ),
        (
            {"looks": 4},
            [0.010404785, 0.0013703718, 0.00023506069, 4.5812899e-05],
            [0.010404785, 0.016661203, 0.021286477, 0.025],
        ),
        (
            {"looks": 4, "alpha0": [0.7, 0.6, 0.5], "timing": [0.1, 0.3, 0.7, 1]},
            [0.010565317, 0.00031144789, 2.8609076e-06, 1.4533579e-07],
            [0.010565317, 0.017774885, 0.022713904, 0.025],
        ),
        (
            {"looks": 4, "method": "full_alpha"},
            [0.00015574772] * 4,
            [0.00015574772, 0.0015212305, 0.0075070105, 0.025],
        ),
        (
            {"looks": 4, "alpha0": [0.7, 0.6, 0.5], "timing": [0.1, 0.3, 0.7, 1]}
            | {"method": "full_alpha"},
            [0.0075234886, 0.00019010097, 1.4149989e-06, 1.0550077e-06],
            [0.0075234886, 0.012807964, 0.016496254, 0.025],
        ),
    ],
)
def test_fisher_of_rpact(inputs: dict[str, Any], critical: list[float], spent: list[float]) -> None:
    found = run("fisher_combination", **inputs)
    assert found["crit"] == pytest.approx(critical, rel=2e-7)
    assert found["cum_alpha"] == pytest.approx(spent, abs=1e-8)


@pytest.mark.parametrize(
    ("alpha", "first", "product"), [(0.05, 0.0233, 0.0087), (0.025, 0.0102, 0.0038)]
)
def test_bauer_and_koehne(alpha: float, first: float, product: float) -> None:
    """Bauer & Köhne 1994, table 1, with futility limit 0.5."""
    found = run("fisher_combination", looks=2, alpha=alpha, alpha0=[0.5], method="full_alpha")
    assert found["crit"] == pytest.approx([first, product], abs=6e-5)


def test_weighted_products_against_simulation() -> None:
    critical, weights, limits = [0.02, 0.004, 0.0009], [1.0, 0.7, 1.8], [0.6, 0.4]
    p = np.random.default_rng(11).random((1_000_000, 3))
    products = (p**weights).cumprod(axis=1)
    going, found = np.ones(len(p), dtype=bool), []
    for stage in range(3):
        rejected = going & (products[:, stage] <= critical[stage])
        found.append(rejected.mean())
        going &= ~rejected
        if stage < 2:
            going &= p[:, stage] <= limits[stage]
    assert exit_levels(critical, weights, limits) == pytest.approx(found, abs=4e-4)


def test_decisions_of_combination_tests() -> None:
    assert run("fisher_combination", looks=2, p_values=[0.03, 0.02])["decision"] == "reject"
    assert run("fisher_combination", looks=2, p_values=[0.3, 0.2])["decision"] == "continue"
    stopped = run("fisher_combination", looks=2, p_values=[0.6], alpha0=[0.5])
    assert stopped["decision"] == "futility"
    found = run("inverse_normal_combination", p_values=[0.03, 0.02], upper=[2.8, 1.98])
    assert (found["decision"], found["stage"]) == ("reject", 2)
    z = (special.ndtri(0.97) + special.ndtri(0.98)) / math.sqrt(2)
    assert found["combined_z"] == pytest.approx(float(z))


@pytest.mark.parametrize(
    ("method", "inputs", "said"),
    [
        ("group_sequential_update", {"information": [110], "planned": 100}, "set final"),
        (
            "group_sequential_update",
            {"information": [50], "planned": 100, "boundary": "pocock"},
            "spending function",
        ),
        (
            "group_sequential_update",
            {"information": [50, 100], "planned": 100, "past_bounds": [1.0], "final": True},
            "nothing is left",
        ),
        ("group_sequential_estimate", {"z": 2, "timing": [0.5, 1], "upper": [2.0]}, "bounds"),
        ("conditional_power", {"z": 1, "fraction": 0.5, "drift": 2, "power": 0.9}, "not both"),
        ("predictive_power", {"z": 1, "fraction": 0.5, "prior_sd": 2}, "both"),
        ("sample_size_reestimation", {"z1": 1, "n1": 50, "n2": 50, "max_n": 90}, "ascend"),
        ("inverse_normal_combination", {"p_values": [0.1, 0.2], "weights": [1]}, "weights"),
        ("fisher_combination", {"looks": 2, "alpha0": [0.01]}, "above alpha"),
    ],
)
def test_what_is_at_odds_is_refused(method: str, inputs: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDesign, match=said):
        calculate(method, inputs)
