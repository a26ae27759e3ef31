"""Group sequential designs against published tables and packages."""

from __future__ import annotations

import time
from typing import Any

import pytest

from design import calculate


def design(**inputs: Any) -> dict[str, Any]:
    return dict(calculate("group_sequential", inputs).outputs)


# Jennison & Turnbull 2000: constants of two-sided tests with equal looks (tables 2.1, 2.3, 2.9
# and 2.6), by number of looks.
POCOCK = {2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413, 6: 2.453, 8: 2.512, 10: 2.555, 20: 2.672}
OBRIEN_FLEMING = {2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 6: 2.053, 8: 2.072, 10: 2.087}
WANG_TSIATIS = {
    (0.1, 2): 1.994,
    (0.1, 5): 2.068,
    (0.25, 2): 2.038,
    (0.25, 3): 2.083,
    (0.25, 5): 2.136,
    (0.4, 3): 2.186,
    (0.4, 5): 2.267,
}
HAYBITTLE_PETO = {2: 1.967, 3: 1.975, 4: 1.983, 5: 1.990}


@pytest.mark.parametrize(("looks", "constant"), POCOCK.items())
def test_pocock_table_2_1(looks: int, constant: float) -> None:
    found = design(looks=looks, alpha=0.05, sides=2, boundary="pocock")
    assert found["z_bound"] == pytest.approx(constant, abs=6e-4)


@pytest.mark.parametrize(
    ("alpha", "looks", "constant"),
    [(0.01, 2, 2.772), (0.01, 5, 2.986), (0.1, 2, 1.875), (0.1, 5, 2.122)],
)
def test_pocock_at_other_levels(alpha: float, looks: int, constant: float) -> None:
    found = design(looks=looks, alpha=alpha, sides=2, boundary="pocock")
    assert found["z_bound"] == pytest.approx(constant, abs=6e-4)


@pytest.mark.parametrize(("looks", "constant"), OBRIEN_FLEMING.items())
def test_obrien_fleming_table_2_3(looks: int, constant: float) -> None:
    found = design(looks=looks, alpha=0.05, sides=2)["z_bounds"]
    assert found[-1] == pytest.approx(constant, abs=6e-4)
    assert found[0] == pytest.approx(found[-1] * looks**0.5)


@pytest.mark.parametrize(("key", "constant"), WANG_TSIATIS.items())
def test_wang_tsiatis_table_2_9(key: tuple[float, int], constant: float) -> None:
    delta, looks = key
    found = design(looks=looks, alpha=0.05, sides=2, boundary="wang_tsiatis", shape=delta)
    assert found["z_bounds"][-1] == pytest.approx(constant, abs=6e-4)


@pytest.mark.parametrize(("looks", "constant"), HAYBITTLE_PETO.items())
def test_haybittle_peto_table_2_6(looks: int, constant: float) -> None:
    found = design(looks=looks, alpha=0.05, sides=2, boundary="haybittle_peto")["z_bounds"]
    assert found[:-1] == [3.0] * (looks - 1)
    assert found[-1] == pytest.approx(constant, abs=6e-4)


@pytest.mark.parametrize(
    ("boundary", "looks", "power", "factor"),
    [
        ("pocock", 2, 0.8, 1.110),
        ("pocock", 5, 0.9, 1.207),
        ("obrien_fleming", 2, 0.8, 1.008),
        ("obrien_fleming", 5, 0.8, 1.028),
        ("obrien_fleming", 5, 0.9, 1.026),
    ],
)
def test_inflation_tables_2_2_and_2_4(
    boundary: str, looks: int, power: float, factor: float
) -> None:
    found = design(looks=looks, alpha=0.05, sides=2, boundary=boundary, power=power)
    assert found["inflation_factor"] == pytest.approx(factor, abs=6e-4)


# The unit tests of rpact 3 (test-f_design_group_sequential.R) print eight digits.
RPACT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"looks": 3, "alpha": 0.025},
        {
            "z_bounds": [3.4710914, 2.4544323, 2.0040356],
            "cum_alpha": [0.00025917372, 0.0071600594, 0.025],
            "nominal_p": [0.00025917372, 0.0070553616, 0.022533125],
        },
    ),
    (
        {"timing": [0.2, 0.4, 1], "alpha": 0.03, "power": 0.86, "boundary": "hwang_shih_decani"}
        | {"shape": 0},
        {
            "z_bounds": [2.5121443, 2.4228747, 2.0280392],
            "inflation_factor": 1.0788327,
            "asn_h1": 0.83081135,
            "asn_half": 1.0142116,
            "asn_h0": 1.0697705,
        },
    ),
    (
        {"looks": 4, "alpha": 0.07, "power": 0.86, "boundary": "hwang_shih_decani", "shape": -1}
        | {"futility": "hwang_shih_decani", "futility_shape": -2},
        {
            "z_bounds": [2.2710911, 2.0692301, 1.8645608, 1.6606881],
            "futility_z": [-0.81517021, 0.063469084, 0.84025384],
            "cum_power": [0.18540359, 0.47374657, 0.7208955, 0.86],
            "cum_beta": [0.014215085, 0.037651799, 0.076292407, 0.14],
            "inflation_factor": 1.1593615,
            "asn_h1": 0.72222281,
            "asn_half": 0.82592961,
            "asn_h0": 0.68240644,
        },
    ),
    (
        {"timing": [0.3, 0.7, 1], "alpha": 0.03, "power": 0.66, "boundary": "kim_demets"}
        | {"shape": 2.2, "futility": "kim_demets", "futility_shape": 3.2},
        {
            "z_bounds": [2.8594012, 2.2435708, 1.9735737],
            "futility_z": [-1.1558435, 0.72836893],
            "inflation_factor": 1.0555891,
        },
    ),
    (
        {"looks": 4, "alpha": 0.035, "boundary": "wang_tsiatis", "shape": 0.4, "binding": True}
        | {"futility": "bounds", "futility_bounds": [0.5244] * 3},
        {"z_bounds": [2.3284312, 2.1725031, 2.0861776, 2.0270171]},
    ),
    (
        {"looks": 4, "alpha": 0.05, "boundary": "user_spending"}
        | {"alpha_spent": [0.01, 0.02, 0.03, 0.05]},
        {"z_bounds": [2.3263479, 2.2192994, 2.1201347, 1.8189562]},
    ),
    (
        {"looks": 3, "alpha": 0.03, "boundary": "lan_demets_obf", "futility": "user_spending"}
        | {"beta_spent": [0.01, 0.05, 0.3], "power": 0.7},
        {
            "z_bounds": [3.5815302, 2.417863, 1.9175839],
            "futility_z": [-0.92327973, 0.29975473],
            "cum_power": [0.014685829, 0.33275272, 0.7],
        },
    ),
    (
        {"looks": 3, "alpha": 0.03, "boundary": "lan_demets_obf", "futility": "lan_demets_pocock"},
        {"futility_z": [0.42062972, 1.2539286], "cum_power": [0.03410434, 0.52267986, 0.8]},
    ),
    (
        {"looks": 4, "alpha": 0.025, "boundary": "haybittle_peto"},
        {
            "z_bounds": [3, 3, 3, 1.9827514],
            "cum_alpha": [0.001349898, 0.0024617416, 0.0033695882, 0.025],
        },
    ),
]


@pytest.mark.parametrize(("inputs", "expected"), RPACT)
def test_rpact(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    found = design(**inputs)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-7), name


@pytest.mark.parametrize(
    ("binding", "z", "low", "size", "beta_total"),
    [
        # gsDesign's printed defaults (test.type 3 and 4): k = 5, HSD -4 and -2, power 0.9.
        (True, [3.25, 2.99, 2.69, 2.37, 1.97], [-0.92, -0.07, 0.66, 1.32], 1.069, 0.5636),
        (False, [3.25, 2.99, 2.69, 2.37, 2.03], [-0.90, -0.04, 0.69, 1.36], 1.101, 0.5726),
    ],
)
def test_gsdesign_default(
    binding: bool, z: list[float], low: list[float], size: float, beta_total: float
) -> None:
    found = design(
        looks=5,
        power=0.9,
        boundary="hwang_shih_decani",
        shape=-4,
        futility="hwang_shih_decani",
        futility_shape=-2,
        binding=binding,
    )
    assert found["z_bounds"] == pytest.approx(z, abs=0.006)
    assert found["futility_z"] == pytest.approx(low, abs=0.006)
    assert found["inflation_factor"] == pytest.approx(size, abs=6e-4)
    assert found["asn_h0"] == pytest.approx(beta_total, abs=1e-3)


def test_sas_two_sided_lan_demets_differs_in_the_fourth_decimal() -> None:
    """PROC SEQDESIGN prints 4.33263, 2.96333, 2.35902, 2.01409; exact integration 2.96313."""
    found = design(looks=4, alpha=0.05, sides=2, boundary="lan_demets_obf")["z_bounds"]
    assert found == pytest.approx([4.33263, 2.96333, 2.35902, 2.01409], abs=3e-4)
    assert found[1] == pytest.approx(2.963131, abs=2e-6)  # GroupSeq's test-legacy_code.R


# Probabilities of the WinLD software by Lan and DeMets, five digits (GroupSeq, test-sequential.R).
@pytest.mark.parametrize(
    ("timing", "upper", "drift", "expected"),
    [
        ([0.25, 0.5, 0.75, 1], [4, 3, 2, 1], 0, [0.00003, 0.00137, 0.02294, 0.15934]),
        ([0.25, 0.5, 0.75, 1], [4, 3, 2, 1], 2, [0.00135, 0.05660, 0.39529, 0.84180]),
        ([0.1, 0.2, 0.4, 0.7], [4, 3, 2, 1], 1.5, [0.00021, 0.00999, 0.14786, 0.60399]),
        ([0.2, 0.75], [2, 2], 0, [0.02275, 0.04123]),
        ([0.3, 0.8], [2, 2], 3, [0.36061, 0.77441]),
    ],
)
def test_exit_probabilities(
    timing: list[float], upper: list[float], drift: float, expected: list[float]
) -> None:
    inputs = {"timing": timing, "upper": upper, "drift": drift}
    found = calculate("group_sequential_probabilities", inputs).outputs
    assert found["cum_exit"] == pytest.approx(expected, abs=8e-5)  # their grid


def test_drift_of_given_bounds() -> None:
    """GroupSeq, vignette of task 3: bounds 1, 2, 3 have alpha 16.3% and power 90% at 3.3553."""
    inputs = {"upper": [1, 2, 3], "power": 0.9}
    found = calculate("group_sequential_probabilities", inputs).outputs
    assert found["drift"] == pytest.approx(3.3553, abs=1e-3)
    assert found["cum_alpha"][-1] == pytest.approx(0.163, abs=5e-4)


def test_five_looks_are_solved_in_time() -> None:
    design(looks=5, boundary="lan_demets_obf")  # what is loaded once
    for asked in (
        {"looks": 5},
        {"looks": 5, "sides": 2, "boundary": "pocock"},
        {"looks": 5, "boundary": "lan_demets_obf", "futility": "lan_demets_obf"},
        {"looks": 5, "boundary": "lan_demets_obf", "futility": "lan_demets_obf", "binding": True},
    ):
        started = time.perf_counter()
        design(**asked)
        assert time.perf_counter() - started < 0.3
