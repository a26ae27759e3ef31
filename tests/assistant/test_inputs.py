"""Inputs of a computation read as typed values, and exactly those asked for that are not there."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.contradictions import contradictions
from assistant.inputs import parse_inputs
from assistant.needs import defaults_taken, missing_inputs


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "65%对85%，双侧0.05，把握度80%",
            {"treatment_rate": 0.65, "control_rate": 0.85, "sides": 2},
        ),
        ("0.65 vs 0.85", {"treatment_rate": 0.65, "control_rate": 0.85}),
        ("有效率65%和85%", {"treatment_rate": 0.65, "control_rate": 0.85}),
        ("对照组40%，试验组60%", {"treatment_rate": 0.6, "control_rate": 0.4, "arms_named": True}),
        ("40% on placebo and 60% on treatment", {"treatment_rate": 0.6, "control_rate": 0.4}),
        ("双侧0.05", {"alpha": 0.05, "sides": 2}),
        ("α=0.05（双侧）", {"alpha": 0.05, "sides": 2}),
        ("单侧α=0.025", {"alpha": 0.025, "sides": 1}),
        ("two-sided 5% alpha, 90% power", {"alpha": 0.05, "sides": 2, "power": 0.9}),
        ("one-sided significance level of 0.025", {"alpha": 0.025, "sides": 1}),
        ("把握度80%", {"power": 0.8}),
        ("把握度为0.9", {"power": 0.9}),
        ("90%的把握度", {"power": 0.9}),
        ("β=0.2", {"power": 0.8}),
        ("power of 85%", {"power": 0.85}),
        ("1:1随机", {"ratio": (1, 1)}),
        ("按2：1分配", {"ratio": (2, 1)}),
        ("失访10%", {"dropout": 0.1}),
        ("考虑15%的脱落", {"dropout": 0.15}),
        ("dropout rate of 20%", {"dropout": 0.2}),
        ("δ=5，σ=12", {"mean_difference": 5.0, "sd": 12.0}),
        ("均值差5标准差12", {"mean_difference": 5.0, "sd": 12.0}),
        ("mean difference 5, SD 12", {"mean_difference": 5.0, "sd": 12.0}),
        ("均值120对115，方差144", {"mean_difference": 5.0, "sd": 12.0}),
        ("HR 0.7", {"hazard_ratio": 0.7, "endpoint": "survival"}),
        ("hazard ratio of 0.75", {"hazard_ratio": 0.75}),
        ("中位生存12个月 vs 18个月", {"control_median": 12.0, "treatment_median": 18.0}),
        (
            "对照组中位PFS 1.5年，入组期24个月，随访36个月",
            {"control_median": 18.0, "accrual": 24.0},
        ),
        ("目标DLT率0.3", {"target_toxicity": 0.3}),
        ("p0=10% p1=30%", {"p0": 0.1, "p1": 0.3}),
        ("三次等间隔分析，O'Brien-Fleming", {"looks": 3, "spending": "obrien_fleming"}),
        ("2次期中分析", {"looks": 3}),
        ("ICC 0.02，每群20人", {"icc": 0.02, "cluster_size": 20.0}),
        ("20 patients per cluster", {"cluster_size": 20.0}),
        ("非劣效，界值10%", {"aim": "noninferiority", "margin": 0.1}),
        ("等效，δ=5", {"aim": "equivalence", "margin": 5.0, "mean_difference": None}),
        ("生物等效，CV 25%", {"aim": "bioequivalence", "cv": 0.25, "design": "crossover"}),
        ("非劣效，试验组比对照组低10%", {"rate_difference": -0.1, "treatment_rate": None}),
    ],
)
def test_values(text: str, values: dict[str, Any]) -> None:
    given_values = parse_inputs(text)
    assert {key: getattr(given_values, key) for key in values} == values


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


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("等效设计：预期率差20%，等效界值5%", {"outside_margin"}),
        ("等效，预期均值差8，界值±5", {"outside_margin"}),
        ("非劣效，试验组有效率60%，对照组80%，界值10%", {"worse_than_margin"}),
        ("非劣效，试验组死亡率30%，对照组15%，界值10%", {"worse_than_margin"}),
        ("非劣效，试验组有效率比对照组低12%，界值10%", {"worse_than_margin"}),
        ("非劣效，HR 1.4，界值1.3", {"ratio_outside_margin"}),
        ("65%对85%，双侧0.05，把握度3%", {"power_below_alpha"}),
        ("65%对185%", {"not_a_share"}),
        ("均值差5，标准差0", {"not_positive"}),
        ("均值差5，标准差-3", {"not_positive"}),
        ("把握度120%", {"not_between"}),
        ("失访率100%", {"all_lost"}),
        ("两组优效，40%对40%", {"no_difference"}),
        ("p0=40%，p1=30%", {"p1_not_above"}),
    ],
)
def test_contradictions_are_named(text: str, keys: set[str]) -> None:
    assert {found.key for found in contradictions(parse_inputs(text))} == keys


@pytest.mark.parametrize(
    "text",
    [
        "等效设计：预期率差2%，等效界值5%",
        "非劣效，试验组有效率85%，对照组70%，界值10%",
        "非劣效，试验组死亡率10%，对照组30%，界值10%",
        "非劣效，两组率都是80%，界值10%",
        "65%对85%，双侧0.05，把握度80%",
        "均值差5，标准差12",
    ],
)
def test_what_can_be_is_no_contradiction(text: str) -> None:
    assert contradictions(parse_inputs(text)) == ()


@given(st.text(max_size=60))
def test_any_text_can_be_parsed(text: str) -> None:
    given_values = parse_inputs(text)
    missing_inputs(given_values)
    contradictions(given_values)


@given(
    st.integers(1, 99), st.integers(1, 99), st.integers(50, 99), st.sampled_from(["对", "vs", "比"])
)
def test_rates_and_power_are_read_whatever_their_value(
    first: int, second: int, power: int, joined: str
) -> None:
    read = parse_inputs(f"两组率{first}%{joined}{second}%，双侧0.05，把握度{power}%，算样本量")
    assert (read.treatment_rate, read.control_rate) == (first / 100, second / 100)
    assert (read.power, read.alpha, read.sides) == (power / 100, 0.05, 2)
    assert missing_inputs(read) == ()
