"""Exactly those inputs are asked for that are not there."""

from __future__ import annotations

from itertools import combinations

import pytest

from assistant.inputs import parse_inputs
from assistant.needs import defaults_taken, missing_inputs

FAMILIES = {
    "两组率比较，算样本量": {
        "rates": "，65%对85%",
        "alpha": "，α取0.05",
        "sides": "，双侧",
        "power": "，把握度80%",
    },
    "两组均值比较，算样本量": {
        "difference": "，均值差5",
        "sd": "，标准差12",
        "alpha": "，α取0.05",
        "sides": "，双侧检验",
        "power": "，把握度90%",
    },
    "两组生存比较，算样本量": {
        "hazard_ratio": "，HR 0.7",
        "control_survival": "，对照组中位生存12个月",
        "accrual": "，入组期18个月",
        "follow_up": "，随访期24个月",
        "alpha": "，α取0.025",
        "sides": "，单侧",
        "power": "，把握度80%",
    },
    "两组率比较，非劣效，对照组80%，试验组80%，算样本量": {
        "margin": "，界值10%",
        "alpha": "，α取0.025",
        "sides": "，单侧",
        "power": "，把握度80%",
    },
    "按社区整群随机，两组率65%对85%，算样本量": {
        "icc": "，ICC 0.02",
        "cluster_size": "，每群20人",
        "alpha": "，α取0.05",
        "sides": "，双侧",
        "power": "，把握度80%",
    },
    "Simon两阶段，算样本量": {
        "p0": "，p0=10%",
        "p1": "，p1=30%",
        "alpha": "，α=0.05",
        "power": "，β=0.2",
    },
    "算一下期中分析的界值": {
        "looks": "，共3次分析",
        "information": "，等间隔",
        "spending": "，OBF",
        "alpha": "，α取0.025",
        "sides": "，单侧",
    },
    "What is the sample size for a two-arm comparison of means": {
        "difference": ", mean difference 5",
        "sd": ", SD 12",
        "alpha": ", alpha 0.05",
        "sides": ", two-sided",
        "power": ", power 80%",
    },
    "预测多久入完组": {
        "target_n": "，招募300例",
        "sites": "，20个中心",
        "site_rate": "，每中心每月入组2例",
        "start_up": "，启动期6个月",
    },
}


@pytest.mark.parametrize("bare", FAMILIES)
def test_adding_an_input_takes_exactly_that_from_the_list(bare: str) -> None:
    inputs = FAMILIES[bare]
    assert set(missing_inputs(parse_inputs(bare))) == set(inputs)
    for count in range(len(inputs) + 1):
        for chosen in combinations(inputs, count):
            text = bare + "".join(inputs[key] for key in chosen)
            assert set(missing_inputs(parse_inputs(text))) == set(inputs) - set(chosen), text


def test_information_fractions_tell_how_many_analyses_there_are() -> None:
    found = missing_inputs(parse_inputs("算期中分析的OBF界值，信息分数0.5、1，单侧α0.025"))
    assert found == ()


def test_of_two_rates_only_the_other_is_asked_for() -> None:
    found = missing_inputs(parse_inputs("试验组有效率预计80%，做非劣效，两组各要多少人？"))
    assert "control_rate" in found
    assert not {"rates", "treatment_rate"} & set(found)


def test_nothing_known_asks_for_the_essentials() -> None:
    found = missing_inputs(parse_inputs("帮我算样本量"))
    assert found == ("design", "endpoint", "effect", "variability", "alpha", "sides", "power")


def test_power_is_asked_with_the_number_of_patients() -> None:
    found = missing_inputs(parse_inputs("65%对85%，双侧0.05，把握度有多少？"))
    assert found == ("total_n",)


def test_conventions_are_told_unless_given() -> None:
    assert defaults_taken(parse_inputs("65%对85%")) == ("ratio", "dropout")
    assert defaults_taken(parse_inputs("65%对85%，2:1，失访10%")) == ()
