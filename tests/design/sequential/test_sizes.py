"""Sizes of group sequential trials against published numbers."""

from __future__ import annotations

import math

import pytest

from design import BadDesign, calculate
from design.sequential.accrual import Accrual


def test_one_mean_by_the_t_test_as_in_rpact() -> None:
    """rpact, test-rpact.R: getSampleSizeMeans with Wang-Tsiatis 0.3 and unknown variance."""
    inputs = {"difference": 0.8, "null": 0.5, "sd": 2, "groups": 1, "t_test": True, "power": 0.9}
    inputs |= {"timing": [0.2, 0.5, 1], "boundary": "wang_tsiatis", "shape": 0.3}
    found = calculate("group_sequential_means", inputs).outputs
    assert found["max_n_raw"] == pytest.approx(494.6455, abs=1e-4)
    assert found["n_looks_raw"] == pytest.approx([98.929099, 247.32275, 494.6455], abs=1e-4)
    assert found["expected_n_h0"] == pytest.approx(491.89699, abs=1e-4)
    assert found["expected_n_half"] == pytest.approx(462.87248, abs=1e-4)
    assert found["expected_n_h1"] == pytest.approx(360.24062, abs=1e-4)
    assert found["stop_h1"][:2] == pytest.approx([0.08379162, 0.40937259], abs=1e-7)
    assert found["effect_bounds"][0] == pytest.approx(1.090771, abs=1e-6)
    assert found["max_n"] == 495


def test_events_of_gsdesigns_survival_overview() -> None:
    inputs = {"hr": 0.7, "looks": 2, "power": 0.9, "boundary": "hwang_shih_decani", "shape": -4}
    inputs |= {"futility": "hwang_shih_decani", "futility_shape": -2}
    found = calculate("group_sequential_survival", inputs).outputs
    assert found["events"] == [172, 345]


def test_calendar_times_of_sas_seqdesign() -> None:
    """SAS PROC SEQDESIGN, as in gsDesign's vignette SeqDesignSurvival."""
    inputs = {"hr": 0.5, "looks": 4, "power": 0.9, "boundary": "lan_demets_obf", "alpha": 0.05}
    inputs |= {"hazard_control": 0.03466, "accrual_rate": 15, "accrual_duration": 18, "sides": 2}
    found = calculate("group_sequential_survival", inputs).outputs
    assert found["events_raw"] == pytest.approx([22.26962, 44.53924, 66.80886, 89.07847], abs=2e-4)
    times = [11.2631, 16.2875, 20.4926, 25.13323]
    assert found["calendar_times"] == pytest.approx(times, abs=1e-4)
    assert found["enrolled_raw"] == pytest.approx([168.95, 244.31, 270, 270], abs=0.01)


def test_expected_events_against_numerical_integration() -> None:
    from scipy import integrate

    accrual = Accrual(10, 12, 0.05, 0.7, 2, 0.01)

    def arm(rate: float, hazard: float, until: float) -> float:
        leaving = hazard + 0.01
        return float(
            integrate.quad(
                lambda u: rate * hazard / leaving * (1 - math.exp(-leaving * (until - u))),
                0,
                min(until, 12),
            )[0]
        )

    for until in (3.0, 12.0, 30.0):
        wanted = arm(20 / 3, 0.035, until) + arm(10 / 3, 0.05, until)
        assert accrual.events(until) == pytest.approx(wanted, rel=1e-9)
        assert accrual.time_of(accrual.events(until)) == pytest.approx(until, rel=1e-9)


@pytest.mark.parametrize(
    ("method", "inputs", "size"),
    [
        ("group_sequential_means", {"difference": 5, "sd": 12}, "max_n"),
        ("group_sequential_means", {"difference": 5, "sd": 12, "t_test": True}, "max_n"),
        ("group_sequential_proportions", {"p1": 0.65, "p2": 0.85}, "max_n"),
        ("group_sequential_survival", {"hr": 0.7}, "max_events"),
    ],
)
def test_power_of_a_size_is_the_inverse(method: str, inputs: dict[str, object], size: str) -> None:
    asked = {"looks": 3, **inputs}
    for extra in ({}, {"futility": "lan_demets_obf", "boundary": "lan_demets_obf"}):
        found = calculate(method, asked | {"power": 0.85} | extra).outputs
        raw, rounded = found[f"{size}_raw"], found[size]
        back = calculate(method, asked | {size: rounded} | extra).outputs
        assert back["power"] == pytest.approx(0.85, abs=0.02)
        assert back["power"] >= 0.85 - 1e-9
        assert rounded - raw < 2 + 1e-9


def test_a_fixed_design_is_a_design_of_one_look() -> None:
    """Schoenfeld's 331 events (gsDesign, SurvivalOverview) and the z test's 2 x 70 patients."""
    found = calculate("group_sequential_survival", {"hr": 0.7, "looks": 1, "power": 0.9}).outputs
    assert found["events"] == [331]
    inputs = {"p1": 0.65, "p2": 0.85, "test": "unpooled", "looks": 1, "power": 0.8}
    assert calculate("group_sequential_proportions", inputs).outputs["max_n_per_arm"] == 70


@pytest.mark.parametrize(
    ("method", "inputs", "said"),
    [
        ("group_sequential_means", {"difference": 0, "sd": 1, "power": 0.8}, "nothing to detect"),
        ("group_sequential_means", {"difference": 1, "sd": 1}, "either power"),
        ("group_sequential_proportions", {"p1": 0.5, "p2": 0.5, "power": 0.8}, "nothing to"),
        (
            "group_sequential_proportions",
            {"p1": 0.8, "p2": 0.8, "null": -0.1, "power": 0.8},
            "unpooled",
        ),
        ("group_sequential_survival", {"hr": 0.7, "accrual_rate": 3, "power": 0.8}, "need"),
        (
            "group_sequential_survival",
            {"hr": 0.7, "power": 0.8, "median_control": 12, "accrual_rate": 3}
            | {"accrual_duration": 10},
            "never reached",
        ),
        ("group_sequential_survival", {"hr": 0.7, "max_events": 3}, "power is below"),
    ],
)
def test_what_is_no_design_is_refused(method: str, inputs: dict[str, object], said: str) -> None:
    with pytest.raises(BadDesign, match=said):
        calculate(method, {"looks": 2, **inputs})
