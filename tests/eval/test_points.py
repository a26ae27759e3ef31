"""When a form is met: written otherwise it is, as a part of another number it is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.points import form_met, one_form, point_met

MET = [
    ("60个工作日", "应当在六十个工作日内决定"),
    ("7天", "首次获知后 7 日内"),
    ("七日", "7个自然日"),
    ("24小时", "within 24 hours"),
    ("24 hours", "二十四小时内"),
    ("30 days", "thirty calendar days"),
    ("10个工作日", "within ten working days"),
    ("2026年3月31日", "自2026-03-31起"),
    ("2026-03-31", "２０２６年３月３１日起"),
    ("3月31日", "2026/3/31"),
    ("2026年5月1日", "二〇二六年五月一日"),
    ("March 31, 2026", "2026-03-31"),
    ("百分之五", "占5％"),
    ("85.5%", "百分之八十五点五"),
    ("10万元以上50万元以下", "十万元以上五十万元以下"),
    ("10万-50万元", "10－50万元"),
    ("4,500", "4500例"),
    ("三家", "3家"),
    ("10", "n=10，29，15"),
    ("0～0.5", "0至0.5"),
    ("1:1:1", "1 : 1 : 1"),
    ("Haybittle-Peto", "HAYBITTLE PETO"),
    ("15 mg/kg", "15mg/kg"),
    ("III期", "Phase Ⅲ"),
    ("SAP", "统计分析计划（sap）"),
    ("power", "Powers"),
    ("三分之二", "2/3"),
    ("re:3\\d{2}\\s*例", "共 375 例"),
    ("re:五年以下", "处五年以下有期徒刑"),
]
NOT_MET = [
    ("60日", "应当在60个工作日内决定"),
    ("7日", "17日内"),
    ("3年", "2013年"),
    ("10", "2010"),
    ("1", "2010"),
    ("10", "10.5"),
    ("10", "3.10"),
    ("10", "ICH E10"),
    ("10", "1 0"),
    ("5%", "95%"),
    ("1:1", "1:1:1"),
    ("SAP", "disappear"),
    ("re:^abc$", "xabc"),
]
UNITS = ("日", "个工作日", "小时", "例", "年", "家", "万元", "%")
DIGITS = "零一二三四五六七八九"
PLACES = (("千", 1000), ("百", 100), ("十", 10))


def chinese(number: int) -> str:
    """A number from 1 to 9999 as it is written in a law."""
    written, skipped = "", False
    for name, place in PLACES:
        digit, number = divmod(number, place)
        if digit:
            written += ("零" if skipped and written else "") + DIGITS[digit] + name
            skipped = False
        else:
            skipped = True
    if number:
        written += ("零" if skipped and written else "") + DIGITS[number]
    return written


@pytest.mark.parametrize(("form", "answer"), MET)
def test_a_form_is_met_however_it_is_written(form: str, answer: str) -> None:
    assert point_met([form], answer)


@pytest.mark.parametrize(("form", "answer"), NOT_MET)
def test_what_is_not_there_is_not_met(form: str, answer: str) -> None:
    assert not point_met([form], answer)


def test_the_form_that_was_met_is_named() -> None:
    assert form_met(["48小时", "24小时"], "二十四小时") == "24小时"
    assert form_met(["48小时"], "二十四小时") is None


@given(st.integers(1, 9999), st.sampled_from([unit for unit in UNITS if unit != "%"]))
def test_chinese_and_arabic_numerals_are_the_same(number: int, unit: str) -> None:
    assert point_met([f"{number}{unit}"], f"应当在{chinese(number)}{unit}以内。")
    assert point_met([f"{chinese(number)}{unit}"], f"应当在 {number} {unit}以内。")


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.sampled_from(["", *UNITS]))
def test_a_number_is_met_only_by_itself(asked: int, told: int, unit: str) -> None:
    assert point_met([f"{asked}{unit}"], f"共{told}{unit}。") == (asked == told)


@given(st.decimals(0, 1000, places=2), st.integers(0, 1000))
def test_a_whole_number_is_not_a_part_of_a_decimal_fraction(told: object, asked: int) -> None:
    assert not point_met([str(asked)], f"为{told}。")


@given(st.dates())
def test_a_date_is_the_same_in_all_its_forms(day: object) -> None:
    year, month, number = (int(part) for part in str(day).split("-"))
    chinese_form = f"{year:04}年{month}月{number}日"
    padded = f"{year:04}年{month:02}月{number:02}日"
    assert one_form(str(day)) == one_form(chinese_form) == one_form(padded)


TEXTS = st.text(
    alphabet="0123456789.%日天年月个工作小时例万元一二三十百千第条期临床试验abcdehsy -", min_size=1
).filter(str.strip)


@given(TEXTS)
def test_a_text_meets_itself_between_others(text: str) -> None:
    assert point_met([text], text)
    assert point_met([text], f"前文。\n{text}\n。后文")


@given(TEXTS)
def test_full_width_makes_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert unicodedata.normalize("NFKC", wide) == text
    assert one_form(wide) == one_form(text)
