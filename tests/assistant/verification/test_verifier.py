"""The gate: quotes stand verbatim, numbers stand in the quote with their unit, status is told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.verification import Verdict, numbers_stand, quantities, quote_stands, verify
from ingest.model import Block

TEXT = "第十九条　国务院药品监督管理部门应当自受理之日起六十个工作日内决定是否同意并通知申办者。"
BLOCK = Block("paragraph", TEXT)
QUOTE = "应当自受理之日起六十个工作日内决定是否同意并通知申办者。"
START = TEXT.index(QUOTE)
END = START + len(QUOTE)

_DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """A whole number below 10000 as it is written in Chinese."""
    text, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text


def check(
    statement: str = QUOTE,
    quote: str = QUOTE,
    start: int = START,
    end: int = END,
    status: str = "effective",
    disclosed: bool = False,
    block: Block = BLOCK,
    context: str = "",
) -> Verdict:
    return verify(statement, quote, block, start, end, status, disclosed, context)


def test_a_sentence_that_stands_in_its_place_is_verified() -> None:
    assert check() == Verdict(True, ())


@pytest.mark.parametrize(
    "statement",
    [
        "60个工作日内决定。",
        "六十个工作日内决定。",
        "６０个工作日内决定。",
        "60 个 工作日内决定。",
        "决定后通知申办者。",
    ],
)
def test_the_same_number_in_another_writing_is_the_same_number(statement: str) -> None:
    assert check(statement).ok


@pytest.mark.parametrize(
    "statement",
    [
        "60日内决定。",
        "60天内决定。",
        "60个自然日内决定。",
        "30个工作日内决定。",
        "6个工作日内决定。",
        "600个工作日内决定。",
        "六十一个工作日内决定。",
        "60个月内决定。",
        "60小时内决定。",
        "within 60 days",
    ],
)
def test_another_number_or_another_unit_is_not_verified(statement: str) -> None:
    assert check(statement).failures == ("number_not_in_quote",)


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        (QUOTE.replace("六十", "三十"), START, END),
        (QUOTE[:-1], START, END),
        (QUOTE, START + 1, END + 1),
        (QUOTE, 0, len(QUOTE)),
        (QUOTE, END, END),
        (QUOTE, len(TEXT) + 5, len(TEXT) + 9),
        ("", START, START),
        (" ", START, END),
    ],
)
def test_a_quote_that_does_not_stand_there_is_not_verified(
    quote: str, start: int, end: int
) -> None:
    assert "quote_not_found" in check("决定后通知申办者。", quote, start, end).failures


def test_a_quote_from_another_block_is_not_verified() -> None:
    other = Block("paragraph", TEXT.replace("应当", "可以"))
    assert check(block=other).failures == ("quote_not_found",)


def test_width_and_white_space_do_not_make_another_quote() -> None:
    block = Block("paragraph", "甲 机构应当\n在２４小时内（含）报告。")
    assert quote_stands("甲机构应当在24小时内(含)报告。", block, 0, len(block.text))


@pytest.mark.parametrize("status", ["superseded", "draft", "not_yet_effective"])
def test_a_source_not_in_force_must_be_told(status: str) -> None:
    assert check(status=status).failures == ("superseded_silently",)
    assert check(status=status, disclosed=True).ok


@pytest.mark.parametrize("status", ["effective", "current"])
def test_a_source_in_force_needs_no_notice(status: str) -> None:
    assert check(status=status).ok


def test_every_failure_is_named() -> None:
    verdict = check("30日", "没有这句话", status="draft")
    assert verdict == Verdict(
        False, ("quote_not_found", "number_not_in_quote", "superseded_silently")
    )


def test_numbers_of_the_header_row_may_be_used() -> None:
    row = Block("table", "第24周 | 12例\n第48周 | 9例")
    assert not check("第24周9例", "第48周 | 9例", 11, 21, block=row).ok
    assert check("第48周9例", "第48周 | 9例", 11, 21, block=row).ok
    assert check("第24周9例", "第48周 | 9例", 11, 21, block=row, context="第24周").ok


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200例", {("1200", "例")}),
        ("1，200例", {("1200", "例")}),
        ("一千二百例", {("1200", "例")}),
        ("12,345,678人", {("12345678", "例")}),
        ("0.050", {("0.05", "")}),
        ("60.0%", {("60", "%")}),
        ("６０％", {("60", "%")}),
        ("3‰", {("3", "‰")}),
        ("0例", {("0", "例")}),
        ("0.0%", {("0", "%")}),
        ("十二个月和3年", {("12", "月"), ("3", "年")}),
        ("两周", {("2", "周")}),
        ("5 mg、5kg和5 mL", {("5", "mg"), ("5", "kg"), ("5", "ml")}),
        ("24 hours or 24 Hour", {("24", "小时")}),
        ("60 working days", {("60", "工作日")}),
        ("60 calendar days", {("60", "日")}),
        ("60天、60日、60个自然日", {("60", "日")}),
        ("三甲医院一般十分重视", set()),
        ("第十九条", {("19", "条")}),
    ],
)
def test_quantities(text: str, expected: set[tuple[str, str]]) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("60%", "60例"),
        ("60%", "60"),
        ("5 kg", "5 mg"),
        ("24分钟", "24小时"),
        ("3年", "3个月"),
        ("3 weeks", "3 months"),
        ("60 days", "60 working days"),
        ("0.05", "0.5"),
        ("5%", "0.5%"),
        ("第十条", "第十九条"),
        ("2022年5月1日", "2022年1月5日"),
        ("12", "1.2"),
        ("346", "34, 6"),
        ("罚款50元", "处50万元罚款"),
        ("10万", "10亿"),
        ("百分之五十", "百分之三十"),
    ],
)
def test_different_quantities_do_not_stand_for_each_other(statement: str, quote: str) -> None:
    assert not numbers_stand(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("三分之一", "三分之二"),
        ("五位专家", "三位专家"),
        ("ninety days", "sixty days"),
        ("12例", "第1,2例"),
        ("-5 mmHg", "5 mmHg"),
        ("5 g", "5 mg"),
        ("5 μg", "5 mg"),
        ("12 h", "12 min"),
        ("3级", "3期"),
        ("III期", "II期"),
    ],
)
def test_more_different_quantities_do_not_stand_for_each_other(statement: str, quote: str) -> None:
    assert not numbers_stand(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("30%", "百分之三十"),
        ("百分之三十", "30%"),
        ("50万元", "五十万元以上五百万元以下"),
        ("20000例", "2万例"),
        ("12亿", "1,200,000,000"),
        ("3.5万例", "35000例"),
    ],
)
def test_equal_quantities_stand_for_each_other(statement: str, quote: str) -> None:
    assert numbers_stand(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("2022年5月1日", "2022-05-01"),
        ("60 days", "sixty days"),
    ],
)
def test_more_equal_quantities_stand_for_each_other(statement: str, quote: str) -> None:
    assert numbers_stand(statement, quote)


_UNITS = ["个工作日", "日", "小时", "个月", "年", "例", "次", "倍", "岁"]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9999), st.sampled_from(_UNITS))
def test_chinese_and_arabic_numerals_are_the_same_quantity(number: int, unit: str) -> None:
    arabic = quantities(f"应当在{number}{unit}内完成")
    assert len(arabic) == 1
    assert quantities(f"应当在{in_chinese(number)}{unit}内完成") == arabic


@settings(max_examples=60, deadline=None)
@given(st.integers(1000, 10**9))
def test_thousands_separators_do_not_change_a_number(number: int) -> None:
    assert quantities(f"{number:,}例") == quantities(f"{number}例") == {(str(number), "例")}


_quantity = st.tuples(st.integers(1, 999), st.sampled_from(_UNITS))


@settings(max_examples=150, deadline=None)
@given(st.lists(_quantity, max_size=4), st.lists(_quantity, min_size=1, max_size=3), st.booleans())
def test_a_verified_statement_holds_no_number_absent_from_its_quote(
    offered: list[tuple[int, str]], said: list[tuple[int, str]], chinese: bool
) -> None:
    quote = "，".join(["机构应当完成", *(f"第{n}{unit}" for n, unit in offered)]) + "。"
    write = in_chinese if chinese else str
    statement = "，".join(f"约{write(n)}{unit}" for n, unit in said) + "。"
    block = Block("paragraph", quote)
    verdict = verify(statement, quote, block, 0, len(quote), "effective", disclosed=False)
    assert verdict.ok == (set(said) <= set(offered))


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=40), st.data())
def test_a_changed_character_breaks_the_quote(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("甲乙a7。"))
    changed = text[:place] + other + text[place + 1 :]
    assume(not text[place].isspace() and other != text[place])
    from retrieval.normalise import compare_form

    assume(compare_form(changed) != compare_form(text))
    block = Block("paragraph", text)
    assert quote_stands(text, block, 0, len(text)) == bool(compare_form(text))
    assert not quote_stands(changed, block, 0, len(text))
