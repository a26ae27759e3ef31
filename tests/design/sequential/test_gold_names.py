"""Gold files of R packages are understood: their spellings, and the sentences that come out."""

from __future__ import annotations

from typing import Any

import pytest

from design import calculate
from design.verification import GoldRow, verify

ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "gsd_obrien_fleming_exact",
        {"K": 3, "alpha": 0.025, "sides": 1, "timing": "equal"},
        "z_bounds",
        "3.4710914;2.4544323;2.0040356",
    ),
    (
        "gsd_wang_tsiatis",
        {"timing": [0.2, 0.5, 1], "WT_delta": 0.3, "alpha": 0.025},
        "critical_values",
        "2.8688923;2.3885055;2.0793148",
    ),
    ("gsd_haybittle_peto", {"kMax": 4, "alpha": 0.025}, "z_bounds", "3;3;3;1.9827514"),
    (
        "gsd_hsd_futility",
        {"K": 3, "gammaA": -1, "gammaB": -2, "timing": [0.2, 0.4, 1], "alpha": 0.07, "beta": 0.14},
        "futility_bounds",
        "-1.1063623;-0.35992438",
    ),
    (
        "gsd_wt_binding",
        {"K": 4, "deltaWT": 0.4, "alpha": 0.035, "futilityBounds": [0.5244] * 3}
        | {"bindingFutility": True},
        "z_bounds",
        "2.3284312;2.1725031;2.0861776;2.0270171",
    ),
    (
        "gsd_user_spending",
        {"K": 4, "userAlphaSpending": [0.01, 0.02, 0.03, 0.05]},
        "z_bounds",
        "2.3263479;2.2192994;2.1201347;1.8189562",
    ),
    ("fisher_combination", {"kMax": 3, "alpha": 0.025}, "crit", "0.012308547;0.0016636;0.00029107"),
]


@pytest.mark.parametrize(("method", "inputs", "output", "expected"), ROWS)
def test_names_of_r_packages(
    method: str, inputs: dict[str, Any], output: str, expected: str
) -> None:
    row = GoldRow("A1", method, inputs, output, expected, 1e-7)
    checked = verify([row]).rows[0]
    assert checked.status == "agree", checked


def test_two_sided_probabilities_with_mirrored_bounds() -> None:
    """GroupSeq, test-legacy_code.R: drift 0.5 and four Lan-DeMets bounds both sides, on a grid."""
    upper = [4.332634, 2.963129, 2.35902, 2.014057]
    inputs = {"timing": [0.25, 0.5, 0.75, 1], "upper": upper, "lower": [-z for z in upper]}
    row = GoldRow("A1", "gsd_exit_prob", inputs | {"drift": 0.5}, "total", "0.07818052", 1e-4)
    assert verify([row]).rows[0].status == "agree"


def test_the_sentence_has_the_bounds() -> None:
    result = calculate("group_sequential", {"looks": 3, "alpha": 0.025, "sides": 1})
    assert "3.471、2.454、2.004" in result.sentence.zh
    assert "3.471, 2.454, 2.004" in result.sentence.en
    assert "单侧 α=0.025" in result.sentence.zh


def test_sides_decide_alpha_when_it_is_left_out() -> None:
    one = calculate("group_sequential", {"looks": 2}).outputs
    two = calculate("group_sequential", {"looks": 2, "sides": 2}).outputs
    assert (one["alpha"], two["alpha"]) == (0.025, 0.05)
    assert two["z_bounds"] == pytest.approx(one["z_bounds"], abs=1e-6)


def test_bonferroni_is_conservative() -> None:
    found = calculate(
        "group_sequential", {"looks": 5, "sides": 2, "boundary": "bonferroni"}
    ).outputs
    assert found["z_bound"] == pytest.approx(2.575829, abs=1e-6)  # z of 0.01 on two sides
    assert 0.03 < found["cum_alpha"][-1] < 0.05
