"""The level of a test of a margin is the same in every family: alpha of the side it looks at."""

from __future__ import annotations

import re
from typing import Any

import pytest

from design import calculate, methods

DESIGNS: list[tuple[str, dict[str, Any]]] = [
    ("two_means", {"difference": 0, "sd": 1, "margin": 0.5}),
    ("one_mean", {"difference": 0, "sd": 1, "margin": 0.5}),
    ("paired_means", {"difference": 0, "sd_difference": 1, "margin": 0.5}),
    ("crossover_means", {"difference": 0, "sd_within": 1, "margin": 0.5}),
    ("baseline_adjusted_means", {"difference": 0, "sd": 1, "correlation": 0.5, "margin": 0.5}),
    ("ratio_of_means", {"means_ratio": 1, "cv": 0.3, "margin_ratio": 0.8}),
    ("two_proportions", {"p1": 0.8, "p2": 0.8, "margin": 0.1}),
    ("odds_ratio", {"p1": 0.5, "p2": 0.5, "margin": 0.5}),
    ("risk_ratio", {"p1": 0.5, "p2": 0.5, "margin": 0.8}),
    ("two_poisson_rates", {"rate1": 1, "rate2": 1, "margin": 1.3}),
    ("two_negative_binomial_rates", {"rate1": 1, "rate2": 1, "dispersion": 0.5, "margin": 1.3}),
    ("cox_groups", {"hr": 1, "event_share": 0.7, "margin_log": 0.3}),
]


@pytest.mark.parametrize("aim", ["noninferiority", "equivalence"])
@pytest.mark.parametrize(("method", "given"), DESIGNS)
def test_two_sided_alpha_is_halved_for_a_margin(
    method: str, given: dict[str, Any], aim: str
) -> None:
    asked = {**given, "aim": aim, "power": 0.8}
    default = calculate(method, asked).outputs
    assert default == calculate(method, asked | {"alpha": 0.05, "sides": 2}).outputs
    assert default == calculate(method, asked | {"alpha": 0.025, "sides": 1}).outputs
    assert default != calculate(method, asked | {"alpha": 0.05, "sides": 1}).outputs


def test_a_sentence_says_the_sides_of_its_alpha() -> None:
    """What is quoted in a protocol must not leave open what alpha means."""
    sidedness = re.compile(r"(单侧|双侧|\{sided\}|\{tails_zh\}) ?α=\{alpha")
    for each in methods().values():
        if "sides" not in each.inputs.model_fields:
            continue
        text = each.wording.file.read_text(encoding="utf-8")
        of_method = re.findall(rf'^\[{each.name}\.sentence\.[^\]]*\]\nzh = "([^"]*)"', text, re.M)
        assert of_method, each.name
        silent = [line for line in of_method if "α={alpha" in line and not sidedness.search(line)]
        assert not silent, each.name


def test_sides_are_told_in_words() -> None:
    given = {"p1": 0.65, "p2": 0.85, "power": 0.8}
    two = calculate("two_proportions", given).sentence
    one = calculate("two_proportions", given | {"sides": 1}).sentence
    assert "双侧 α=0.05" in two.zh and "two-sided alpha 0.05" in two.en
    assert "单侧 α=0.05" in one.zh and "one-sided alpha 0.05" in one.en
