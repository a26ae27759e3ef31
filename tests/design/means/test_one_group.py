"""One group and pairs: published numbers."""

from __future__ import annotations

import pytest

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("method", "given", "output", "expected"),
    [
        # pwr vignette
        ("one_mean", {"difference": 0.5, "sd": 2.25, "sides": 1, "power": 0.9}, "n_raw", 174.7796),
        ("paired_means", {"difference": 0.32, "sd_difference": 1, "sides": 1, "n_pairs": 24},
         "power", 0.4508691),
        ("paired_means", {"difference": 0.32, "sd_difference": 1, "sides": 1, "power": 0.8},
         "n_pairs_raw", 61.75209),
        # statsmodels, test_power.py, from pwr.t.test and pwr.norm.test
        ("one_mean", {"difference": 1, "sd": 1, "n": 30}, "power", 0.9995636009612725),
        ("one_mean", {"difference": 0.2, "sd": 1, "n": 20}, "power", 0.1359562887679666),
        ("one_mean", {"difference": 0.05, "sd": 1, "n": 20, "sides": 1},
         "power", 0.0764888785042198),
        ("one_mean", {"difference": 0.3, "sd": 1, "n": 40, "test": "z", "both_tails": True},
         "power", 0.475100870572638),
        # Chow, Shao, Wang 2008, section 3.1 (TrialSize, powerandsamplesize.com)
        ("one_mean", {"mean": 2, "mean0": 1.5, "sd": 1, "test": "z", "power": 0.8}, "n", 32),
        ("one_mean", {"mean": 115, "mean0": 120, "sd": 24, "test": "z", "sides": 1, "power": 0.8},
         "n", 143),
        ("one_mean", {"mean": 2, "mean0": 1.5, "sd": 1, "test": "z", "sides": 1, "power": 0.8,
                      "aim": "noninferiority", "margin": 0.5}, "n", 7),
        ("one_mean", {"difference": 0, "sd": 0.1, "test": "z", "sides": 1, "power": 0.8,
                      "aim": "equivalence", "margin": 0.05}, "n", 35),
    ],
)  # fmt: skip
def test_published(method: str, given: dict[str, object], output: str, expected: float) -> None:
    tolerance = 1e-4 if output.endswith("raw") else 1e-6
    assert calculate(method, given).outputs[output] == pytest.approx(expected, abs=tolerance)


def test_a_correlation_says_the_spread_of_the_differences() -> None:
    given = {"difference": 2, "power": 0.9}
    by_correlation = calculate("paired_means", {**given, "sd": 5, "correlation": 0.5}).outputs
    assert by_correlation["sd_difference"] == pytest.approx(5)
    assert by_correlation == calculate("paired_means", {**given, "sd_difference": 5}).outputs
    with pytest.raises(BadDesign, match="already says"):
        calculate("paired_means", {**given, "sd_difference": 5, "correlation": 0.5})
    with pytest.raises(BadDesign, match="give sd_difference"):
        calculate("paired_means", {**given, "sd": 5})


def test_the_detectable_difference_is_the_one_whose_size_is_given() -> None:
    two = calculate("detectable_difference", {"sd": 10, "n1": 40, "n2": 60, "power": 0.9}).outputs
    given = {"difference": two["difference"], "sd": 10, "n1": 40, "n2": 60}
    assert calculate("two_means", given).outputs["power"] == pytest.approx(0.9)
    one = calculate("detectable_difference", {"sd": 1, "n1": 24, "groups": "one", "sides": 1,
                                              "power": 0.4508691}).outputs  # fmt: skip
    assert one["difference"] == pytest.approx(0.32, abs=1e-6)  # pwr vignette
    # epiR, help of epi.sscompc: 340 patients detect 0.5 with sd 1.4 one-sided, power 0.95
    z = calculate("detectable_difference", {"sd": 1.4, "n1": 170, "sides": 1, "power": 0.95,
                                            "test": "z"}).outputs  # fmt: skip
    assert z["difference"] == pytest.approx(0.5, abs=1e-3)
    with pytest.raises(BadDesign, match="not above alpha"):
        calculate("detectable_difference", {"sd": 1, "n1": 24, "power": 0.03})
