"""A statement that is its quote passes; one changed number, unit, bound or negation never does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.verification import Verdict, supports
from tests.assistant.verification.numerals import in_chinese, in_english


@dataclass(frozen=True)
class Template:
    """A sentence with places for a number, a unit and a bound."""

    text: str
    units: tuple[str, ...]
    bounds: tuple[str, ...]
    negations: tuple[tuple[str, str], ...]


TEMPLATES = (
    Template(
        "申办者应当在获批后{bound}{number}{unit}保存必备文件。",
        ("年", "个月", "日", "个工作日", "周"),
        ("至少", "至多", "超过", "不足"),
        (("应当", "不得"), ("应当", "无需"), ("应当", "可以")),
    ),
    Template(
        "研究者应当纳入{bound}{number}{unit}，并使用统一的病例报告表。",
        ("例", "家中心", "个周期"),
        ("不少于", "不超过", "多于", "少于"),
        (("应当", "不应"), ("并使用", "并不使用")),
    ),
    Template(
        "给药{bound}{number} {unit}后，受试者出现了可逆的肝酶升高。",
        ("mg", "μg", "mg/kg", "mL"),
        ("≥", "≤", ">", "<"),
        (("出现了", "未出现"), ("升高", "降低")),
    ),
    Template(
        "The sponsor must keep essential documents for {bound} {number} {unit} after approval.",
        ("years", "months", "days", "working days", "weeks"),
        ("at least", "at most", "more than", "less than"),
        (("must keep", "must not keep"), ("must keep", "need not keep"), ("must keep", "may keep")),
    ),
    Template(
        "The committee reviewed {bound} {number} {unit} and found the trial acceptable.",
        ("patients", "sites", "cycles"),
        ("at least", "no more than", "over", "fewer than"),
        (("reviewed", "did not review"), ("found", "never found")),
    ),
)
_number = st.integers(2, 9999)


@dataclass(frozen=True)
class Filled:
    """A template with what fills its places."""

    template: Template
    number: Any  # as an integer, or as it is written
    unit: str
    bound: str

    def __str__(self) -> str:
        return self.template.text.format(number=self.number, unit=self.unit, bound=self.bound)

    def verdict_with(self, **changes: Any) -> Verdict:
        """What is said of the sentence with other fillings, quoting this one."""
        return supports(str(replace(self, **changes)), [str(self)])


@st.composite
def filled(
    draw: st.DrawFn,
    templates: tuple[Template, ...] = TEMPLATES,
    numbers: st.SearchStrategy[int] = _number,
) -> Filled:
    template = draw(st.sampled_from(templates))
    unit, bound = draw(st.sampled_from(template.units)), draw(st.sampled_from(template.bounds))
    return Filled(template, draw(numbers), unit, bound)


@settings(max_examples=60, deadline=None)
@given(filled(), st.booleans())
def test_a_statement_that_is_its_quote_passes(one: Filled, bounded: bool) -> None:
    quote = str(one if bounded else replace(one, bound=""))
    assert supports(quote, [quote]).ok
    # Not only by being the same string: the rules find nothing wrong either.
    assert supports(quote[:-1] + " ", [quote]).failures == ()


@settings(max_examples=80, deadline=None)
@given(filled(), _number)
def test_another_number_never_passes(one: Filled, other: int) -> None:
    assume(one.number != other)
    assert "number_not_in_quote" in one.verdict_with(number=other).failures


@settings(max_examples=80, deadline=None)
@given(filled(), st.data())
def test_another_unit_never_passes(one: Filled, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([unit for unit in one.template.units if unit != one.unit]))
    assert "number_not_in_quote" in one.verdict_with(unit=other).failures


@settings(max_examples=80, deadline=None)
@given(filled(), st.data())
def test_another_bound_never_passes(one: Filled, data: st.DataObject) -> None:
    others = [bound for bound in one.template.bounds if bound != one.bound]
    assert "bound_changed" in one.verdict_with(bound=data.draw(st.sampled_from(others))).failures


@settings(max_examples=80, deadline=None)
@given(filled(), st.data())
def test_another_polarity_never_passes(one: Filled, data: st.DataObject) -> None:
    word, opposite = data.draw(st.sampled_from(one.template.negations))
    quote = str(one)
    assert word in quote
    turned = quote.replace(word, opposite)
    verdict = supports(turned, [quote])
    assert {"negation_changed", "modality_changed", "direction_changed"} & set(verdict.failures)
    assert not supports(quote, [turned]).ok


@settings(max_examples=60, deadline=None)
@given(filled(TEMPLATES[:2]))
def test_a_number_spelled_otherwise_passes(one: Filled) -> None:
    quoted = replace(one, number=in_chinese(one.number))
    full_width = str(one.number).translate(_FULL_WIDTH)
    for written in (str(one.number), f"{one.number:,}", full_width):
        assert quoted.verdict_with(number=written).failures == ()


@settings(max_examples=60, deadline=None)
@given(filled(TEMPLATES[3:], st.integers(2, 999)))
def test_a_number_spelled_in_english_passes(one: Filled) -> None:
    spelled = in_english(one.number)
    assert replace(one, number=spelled).verdict_with(number=one.number).failures == ()
    assert one.verdict_with(number=spelled).failures == ()


@pytest.mark.parametrize("exponent", range(2, 10))
def test_a_power_never_stands_for_digits_beside_each_other(exponent: int) -> None:
    raised = str(exponent).translate(_RAISED)
    quote = f"最大耐受剂量为2×10{raised}个细胞/kg。"
    assert supports(f"最大耐受剂量是2×10^{exponent}个细胞/kg。", [quote]).ok
    assert not supports(f"最大耐受剂量是2×10{exponent}个细胞/kg。", [quote]).ok
    assert not supports(f"最大耐受剂量是10{exponent}个细胞/kg。", [quote]).ok
    assert not supports(quote, [quote.replace(raised, str(exponent))]).ok


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
