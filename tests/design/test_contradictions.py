"""Assumptions that contradict each other are refused, those that surprise are told."""

from __future__ import annotations

from typing import Any

import pytest

from design import BadDesign, calculate


@pytest.mark.parametrize(
    ("method", "inputs", "said"),
    [
        # a treatment that cures nobody would be non-inferior
        ("two_proportions", {"p1": 0.8, "p2": 0.8, "aim": "noninferiority", "margin": 0.9},
         "margin 0.9 is no smaller"),
        ("two_proportions", {"p1": 0.2, "p2": 0.2, "aim": "noninferiority", "margin": 0.8,
                             "better": "lower"}, "margin 0.8 is no smaller"),
        # a lower hazard with more events
        ("logrank_events", {"hr": 0.7, "event_probability_treatment": 0.6,
                            "event_probability_control": 0.4}, "fewer patients with the event"),
    ],
)  # fmt: skip
def test_refused(method: str, inputs: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDesign, match=said):
        calculate(method, inputs | {"power": 0.8})


@pytest.mark.parametrize(
    ("method", "inputs"),
    [
        ("group_sequential_proportions", {"p1": 0.6, "p2": 0.8, "null": -0.1, "test": "unpooled"}),
        ("group_sequential_means", {"difference": -3, "null": -2, "sd": 5}),
        ("group_sequential_survival", {"hr": 1.4, "null_hr": 1.3}),
    ],
)
def test_an_effect_beyond_its_margin_is_told(method: str, inputs: dict[str, Any]) -> None:
    result = calculate(method, inputs | {"looks": 2, "power": 0.8})
    assert any("优效（带界值）" in text.zh for text in result.warnings)


def test_a_margin_that_the_effect_respects_is_not() -> None:
    for method, inputs in (
        ("group_sequential_proportions", {"p1": 0.8, "p2": 0.8, "null": -0.1, "test": "unpooled"}),
        ("group_sequential_means", {"difference": 0.8, "null": 0.5, "sd": 2, "groups": 1}),
        ("group_sequential_survival", {"hr": 1.0, "null_hr": 1.3}),
    ):
        result = calculate(method, inputs | {"looks": 2, "power": 0.8})
        assert not any("优效（带界值）" in text.zh for text in result.warnings)


def test_toxicity_that_falls_with_the_dose_is_told() -> None:
    for method, more in (
        ("three_plus_three", {}),
        ("dose_finding_characteristics", {"target": 0.3, "trials": 100}),
    ):
        falling = calculate(method, {"rates": [0.5, 0.3], **more}).warnings
        rising = calculate(method, {"rates": [0.1, 0.3], **more}).warnings
        assert any("不随剂量升高" in text.zh for text in falling)
        assert not any("不随剂量升高" in text.zh for text in rising)
