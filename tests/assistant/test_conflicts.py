"""Sources that set different limits for the same thing."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conflicts import conflicting
from assistant.evidence import Sentence
from tests.assistant.made_up import Documents, sentence_of


def differ(first: Sentence, second: Sentence) -> bool:
    return bool(list(conflicting([first, second])))


def pair(first: str, second: str, **about: Any) -> tuple[Sentence, Sentence]:
    return sentence_of("a", first), sentence_of("b", second, **about)


SEVEN = "申办者获知死亡事件后应当在7日内报告伦理委员会。"
FIFTEEN = "申办者获知死亡事件后应当在15日内报告伦理委员会。"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SEVEN, FIFTEEN),
        (SEVEN, "死亡事件：申办者获知后15天内报告伦理委员会。"),
        ("记录应当保存十五年。", "记录应当保存30年。"),
        (
            "The sponsor shall report deaths within 7 days.",
            "The sponsor shall report deaths within 15 days.",
        ),
        (
            "审查委员会应当在收到申请后30个工作日内答复，档案保存5年。",
            "审查委员会应当在收到申请后60个工作日内答复，档案保存10年。",
        ),
    ],
)
def test_other_limits_for_the_same_thing_conflict(first: str, second: str) -> None:
    assert differ(*pair(first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SEVEN, SEVEN),
        (SEVEN, "申办者获知死亡事件后应当在七天内报告伦理委员会。"),  # the same limit
        (SEVEN, "试验用药品的温度记录应当保存15日备查核对。"),  # another thing
        ("申办者应当在7日内报告。", "申办者应当在24小时内报告。"),  # units that do not compare
        ("计划入组120例受试者。", "计划入组240例受试者。"),  # counts differ for good reasons
        ("每次给药20毫克。", "每次给药40毫克。"),
        # What names a rule is no limit: its number, its title, its date.
        (
            "按照2022年第28号公告的要求备案。",
            "按照2020年第57号公告的要求备案。",
        ),
        (
            "按照要求备案（2022年7月发布，30日后施行）。",
            "按照要求备案（2020年4月发布，60日后施行）。",
        ),
        ("按照《7日报告规定》及时报告备案。", "按照《15日报告规定》及时报告备案。"),
        (  # the same title is not the same thing
            "《甲类样本库使用记录与温度管理实施细则》规定5日内上报。",
            "《甲类样本库使用记录与温度管理实施细则》要求留存满9日。",
        ),
        ("本办法自2019年7月1日起施行。", "本办法自2023年5月1日起施行。"),
    ],
)
def test_these_do_not(first: str, second: str) -> None:
    assert not differ(*pair(first, second))


def test_a_rule_and_its_other_copy_do_not_conflict() -> None:
    first, second = Documents().add("a", SEVEN, FIFTEEN)
    assert not differ(first, second)
    copies = pair(SEVEN, FIFTEEN, title="a（2023年修订）")
    assert not differ(*copies)


@pytest.mark.parametrize("about", [{"status": "superseded"}, {"status": "draft"}, {"notice": "改"}])
def test_what_is_not_in_force_does_not_conflict(about: dict[str, Any]) -> None:
    assert not differ(*pair(SEVEN, FIFTEEN, **about))
    assert not differ(*pair(SEVEN, FIFTEEN, **about)[::-1])


def test_every_pair_is_told_once() -> None:
    three = [sentence_of(name, SEVEN.replace("7", n)) for name, n in zip("abc", "789", strict=True)]
    other = sentence_of("d", "本办法自2019年7月1日起施行。")
    assert len(list(conflicting([*three, other]))) == 3


_texts = st.builds(
    "{}应当在{}{}内{}。".format,
    st.sampled_from(["申办者获知死亡事件后", "研究者", "管理员收到申请之日起"]),
    st.integers(1, 9),
    st.sampled_from(["日", "个工作日", "小时", "年"]),
    st.sampled_from(["报告伦理委员会", "答复", "书面答复申请人"]),
)


@settings(max_examples=150, deadline=None)
@given(_texts, _texts, st.sampled_from(["a", "b"]))
def test_a_conflict_has_no_direction(first: str, second: str, other: str) -> None:
    one, two = sentence_of("a", first), sentence_of(other, second)
    found = {differ(*order) for order in permutations([one, two])}
    assert len(found) == 1
    if other == "a" or first == second:
        assert found == {False}
