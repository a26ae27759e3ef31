"""A statement that is its quote passes; one changed number, unit, bound or negation never does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.verification import supports
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
_template = st.sampled_from(TEMPLATES)
_number = st.integers(2, 9999)


def filled(template: Template, number: object, unit: str, bound: str) -> str:
    return template.text.format(number=number, unit=unit, bound=bound)


@settings(max_examples=60, deadline=None)
@given(_template, _number, st.data())
def test_a_statement_that_is_its_quote_passes(
    template: Template, number: int, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(template.units))
    bound = data.draw(st.sampled_from(("", *template.bounds)))
    quote = filled(template, number, unit, bound)
    assert supports(quote, [quote]).ok
    # Not only by being the same string: the rules find nothing wrong either.
    assert supports(quote[:-1] + " ", [quote]).failures == ()


@settings(max_examples=80, deadline=None)
@given(_template, _number, _number, st.data())
def test_another_number_never_passes(
    template: Template, number: int, other: int, data: st.DataObject
) -> None:
    assume(number != other)
    unit = data.draw(st.sampled_from(template.units))
    bound = data.draw(st.sampled_from(template.bounds))
    quote = filled(template, number, unit, bound)
    verdict = supports(filled(template, other, unit, bound), [quote])
    assert "number_not_in_quote" in verdict.failures


@settings(max_examples=80, deadline=None)
@given(_template, _number, st.data())
def test_another_unit_never_passes(template: Template, number: int, data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(template.units))[:2]
    bound = data.draw(st.sampled_from(template.bounds))
    quote = filled(template, number, one, bound)
    verdict = supports(filled(template, number, other, bound), [quote])
    assert "number_not_in_quote" in verdict.failures


@settings(max_examples=80, deadline=None)
@given(_template, _number, st.data())
def test_another_bound_never_passes(template: Template, number: int, data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(template.bounds))[:2]
    unit = data.draw(st.sampled_from(template.units))
    quote = filled(template, number, unit, one)
    verdict = supports(filled(template, number, unit, other), [quote])
    assert "bound_changed" in verdict.failures


@settings(max_examples=80, deadline=None)
@given(_template, _number, st.data())
def test_another_polarity_never_passes(
    template: Template, number: int, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(template.units))
    bound = data.draw(st.sampled_from(template.bounds))
    quote = filled(template, number, unit, bound)
    word, opposite = data.draw(st.sampled_from(template.negations))
    assert word in quote
    verdict = supports(quote.replace(word, opposite), [quote])
    assert {"negation_changed", "modality_changed", "direction_changed"} & set(verdict.failures)
    assert not supports(quote, [quote.replace(word, opposite)]).ok


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEMPLATES[:2]), _number, st.data())
def test_a_number_spelled_otherwise_passes(
    template: Template, number: int, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(template.units))
    quote = filled(template, in_chinese(number), unit, template.bounds[0])
    for written in (str(number), f"{number:,}", str(number).translate(_FULL_WIDTH)):
        assert supports(filled(template, written, unit, template.bounds[0]), [quote]).failures == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEMPLATES[3:]), st.integers(2, 999), st.data())
def test_a_number_spelled_in_english_passes(
    template: Template, number: int, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(template.units))
    quote = filled(template, in_english(number), unit, template.bounds[0])
    statement = filled(template, number, unit, template.bounds[0])
    assert supports(statement, [quote]).failures == ()
    assert supports(quote, [statement]).failures == ()


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
