"""Inputs that cannot be are named."""

from __future__ import annotations

import pytest

from assistant.contradictions import contradictions
from assistant.inputs import parse_inputs


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
        ("BE试验，GMR 1.30，接受范围80%～125%", {"ratio_outside_limits"}),
        ("Bioequivalence, geometric mean ratio 0.75, limits 80-125%", {"ratio_outside_limits"}),
        ("优效，HR取1.25，要证明生存更长", {"ratio_against_aim"}),
        ("HR等于1，双侧0.05", {"no_effect"}),
        ("整群随机，ICC取1.5", {"not_a_share"}),
        ("优效，两组有效率都按50%", {"no_difference"}),
        ("两组均值都预计是12，要证明有差别", {"no_effect"}),
        ("非劣效界值5个百分点，新药比老药有效率差8个百分点", {"worse_than_margin"}),
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
        "BE试验，GMR 0.95，接受范围80%～125%",
        "非劣效，HR 1.1，界值1.3，要证明生存不更短",
        "整群随机，ICC 0.03",
    ],
)
def test_what_can_be_is_no_contradiction(text: str) -> None:
    assert contradictions(parse_inputs(text)) == ()
