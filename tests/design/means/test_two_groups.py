"""Two groups: published numbers of R packages and textbooks."""

from __future__ import annotations

import pytest

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("given", "output", "expected"),
    [
        # R, help of power.t.test
        ({"difference": 1, "sd": 1, "power": 0.9}, "n1_raw", 22.02110),
        ({"difference": 1, "sd": 1, "n1": 20}, "power", 0.8689528),
        # pwr vignette
        ({"difference": 0.5, "sd": 1, "n1": 30}, "power", 0.4778965),
        ({"difference": 0.5, "sd": 1, "n1": 28, "n2": 35}, "power", 0.4924588),
        ({"difference": 0.75, "sd": 2.25, "power": 0.8}, "n1_raw", 142.2462),
        # base R's power.t.test for the same, as the vignette quotes it
        ({"difference": 0.75, "sd": 2.25, "power": 0.8, "both_tails": False}, "n1_raw", 142.2466),
        # statsmodels, test_power.py, from pwr.t.test and pwr.t2n.test
        ({"difference": 1, "sd": 1, "n1": 30}, "power", 0.967708258242517),
        ({"difference": 0.1, "sd": 1, "n1": 20}, "power", 0.06095912465411235),
        ({"difference": 1, "sd": 1, "n1": 30, "sides": 1}, "power", 0.985459690251624),
        ({"difference": 0.1, "sd": 1, "n1": 20, "n2": 30}, "power", 0.0633081832564667),
        ({"difference": 0.1, "sd": 1, "n1": 20, "n2": 30, "sides": 1},
         "power", 0.09623589080917805),
        # powerSurvEpi, help of powerWelchT
        ({"difference": 1, "sd1": 2, "sd2": 1, "test": "welch", "n1": 64, "n2": 30},
         "power", 0.8918191),
        # statsmodels, test_power.py, from pwr.2p.test (z, wrong tail counted)
        ({"difference": 0.3, "sd": 1, "test": "z", "n1": 80, "both_tails": True},
         "power", 0.475100870572638),
        # gsDesign, vignette on two-sample normal sample size
        ({"difference": 0.8, "sd1": 1.25, "sd2": 1.6, "ratio": 2, "test": "z", "alpha": 0.025,
          "sides": 1, "n_total": 200}, "power", 0.9466825),
    ],
)  # fmt: skip
def test_t_welch_and_z(given: dict[str, object], output: str, expected: float) -> None:
    tolerance = 2e-6 if output == "power" else 2e-4
    assert calculate("two_means", given).outputs[output] == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Woodward 2014, examples 8.8 and 8.9 (epiR, help of epi.sscompc)
        ({"difference": 0.5, "sd": 1.4, "sides": 1, "power": 0.95}, (170, 170)),
        ({"difference": 4, "sd": 4, "ratio": 4, "power": 0.9}, (53, 14)),
        # Chow, Shao, Wang 2008, section 3.2: equality, noninferiority, equivalence
        ({"difference": 0.05, "sd": 0.1, "power": 0.8}, (63, 63)),
        ({"difference": 0, "margin": 0.05, "sd": 0.1, "aim": "noninferiority", "sides": 1,
          "power": 0.8}, (50, 50)),
        ({"mean1": 20, "mean2": 21, "margin": 5, "sd": 10, "aim": "equivalence", "sides": 1,
          "power": 0.8}, (108, 108)),
        # Machin, Campbell, Tan, Tan 2009, p. 113 (epiR, help of epi.ssequc)
        ({"mean1": 94, "mean2": 96, "margin": 5, "sd": 8, "aim": "equivalence", "sides": 1,
          "power": 0.8}, (122, 122)),
    ],
)  # fmt: skip
def test_the_textbooks_z(given: dict[str, object], expected: tuple[int, int]) -> None:
    outputs = calculate("two_means", {**given, "test": "z"}).outputs
    assert (outputs["n1"], outputs["n2"]) == expected


def test_welch_finds_the_sizes_of_its_power() -> None:
    # powerSurvEpi, help of ssizeWelchT
    given = {"difference": 1, "sd1": 2, "sd2": 1, "test": "welch", "power": 0.8918191}
    outputs = calculate("two_means", {**given, "ratio": 64 / 30}).outputs
    assert (outputs["n1"], outputs["n2"]) == (64, 30)


def test_swapping_the_groups_changes_nothing() -> None:
    one = calculate("two_means", {"mean1": 5, "mean2": 7, "sd1": 3, "sd2": 4, "test": "welch",
                                  "ratio": 2, "power": 0.9}).outputs  # fmt: skip
    other = calculate("two_means", {"mean1": 7, "mean2": 5, "sd1": 4, "sd2": 3, "test": "welch",
                                    "ratio": 0.5, "power": 0.9}).outputs  # fmt: skip
    assert one["n1_raw"] == pytest.approx(other["n2_raw"])
    assert one["n_total"] == other["n_total"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"aim": "equivalence", "margin": 4}, "not within the equivalence margin"),
        ({"aim": "superiority", "margin": 6}, "not above the superiority margin"),
        ({"aim": "noninferiority", "margin": 5, "better": "lower"}, "noninferiority is then false"),
        ({"aim": "noninferiority"}, "needs a margin"),
        ({"margin": 1}, "has no margin"),
        ({"difference": 0}, "nothing to detect"),
        ({"sd1": 3}, "either sd"),
        ({"sd": None, "sd1": 3, "sd2": 4}, "use test welch"),
        ({"power": 0.8, "n1": 10}, "either power"),
        ({"difference": 1e-7}, "10 million"),
        ({"power": None, "n1": 20, "n2": 10, "ratio": 3}, "leave one out"),
    ],
)
def test_designs_at_odds_with_themselves(changed: dict[str, object], said: str) -> None:
    given = {"difference": 5, "sd": 10, "power": 0.8, **changed}
    with pytest.raises(BadDesign, match=said):
        calculate("two_means", {k: v for k, v in given.items() if v is not None})


def test_direction_of_benefit() -> None:
    given = {"sd": 10, "aim": "noninferiority", "margin": 5, "power": 0.8}
    lower = calculate("two_means", {**given, "difference": -2, "better": "lower"}).outputs
    higher = calculate("two_means", {**given, "difference": 2}).outputs
    assert lower == higher


def test_what_is_said() -> None:
    result = calculate("two_means", {"difference": 5, "sd": 10, "margin": 2, "power": 0.8,
                                     "aim": "superiority", "dropout": 0.1})  # fmt: skip
    assert "优效界值 2" in result.sentence.zh and "脱落率 10%" in result.sentence.zh
    assert any("该侧 α=0.025" in text.zh for text in result.conventions)
    assert not result.warnings
    few = calculate("two_means", {"difference": 9, "sd": 10, "test": "z", "sides": 1, "n1": 12})
    assert len(few.warnings) == 3
