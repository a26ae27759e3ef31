"""Numbers, units, bounds and dates, however they are written."""

from __future__ import annotations

import pytest

from assistant.verification import numbers_stand
from assistant.verification.dates import find_dates, less_precise
from assistant.verification.numerals import plain_numbers
from assistant.verification.quantities import find_quantities, quantities


def read(text: str) -> list[tuple[str, str, str, str]]:
    return [(q.value, q.unit, q.bound.side, q.bound.time) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2×10⁹", "2000000000"),
        ("10⁻³ mol", "0.001 mol"),
        ("1.5e-4", "0.00015"),
        ("2½ years", "2.5 years"),
        ("½", " 1/2"),
        ("百分之十二点五", "12.5%"),
        ("千分之三", "3‰"),
        ("三分之二", "2/3"),
        ("two-thirds", "2/3"),
        ("一半", "1/2"),
        ("one hundred and twenty-four", "124"),
        ("two million", "2000000"),
        ("1.5 million", "1500000"),
        ("Ⅲ期", "3期"),
        ("phase IIb", "phase 2b"),
        ("第八十条", "第80条"),
        ("三个中心", "3个中心"),
        ("一个研究", "一个研究"),
        ("no one", "no one"),
        ("two-sided", "two-sided"),
        ("twice daily", "2 twice daily"),
        ("half-life", "half-life"),
    ],
)
def test_numbers_in_words_become_digits(text: str, plain: str) -> None:
    assert plain_numbers(text) == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不少于100例", [("100", "例", "ge", "")]),
        ("至少一百名受试者", [("100", "例", "ge", "")]),
        ("at least 100 patients", [("100", "例", "ge", "")]),
        ("100 or more patients", [("100", "例", "ge", "")]),
        ("不得超过7天", [("7", "日", "le", "")]),
        ("no more than seven days", [("7", "日", "le", "")]),
        ("more than 7 days", [("7", "日", "gt", "")]),
        ("fewer than 7 days", [("7", "日", "lt", "")]),
        ("60个工作日内", [("60", "工作日", "le", "")]),
        ("within 60 working days", [("60", "工作日", "le", "")]),
        ("18岁以上", [("18", "岁", "ge", "")]),
        ("aged 18 years or older", [("18", "年", "ge", "")]),
        ("≥ 18岁", [("18", "岁", "ge", "")]),
        ("P<0.001", [("0.001", "", "lt", "")]),
        ("约120例", [("120", "例", "about", "")]),
        ("18~75岁", [("18", "岁", "from", ""), ("75", "岁", "to", "")]),
        ("18岁-75岁", [("18", "岁", "from", ""), ("75", "岁", "to", "")]),
        ("between 18 and 75 years old", [("18", "岁", "from", ""), ("75", "岁", "to", "")]),
        (
            "95% CI 0.65, 0.85",
            [("95", "%", "", ""), ("0.65", "", "from", ""), ("0.85", "", "to", "")],
        ),
        ("28 days before the first dose", [("28", "日", "", "before")]),
        ("首次给药后28天内", [("28", "日", "le", "after")]),
        ("差值为-5.2 mmHg", [("-5.2", "mmhg", "", "")]),
        ("5、10、20 mg", [("5", "mg", "", ""), ("10", "mg", "", ""), ("20", "mg", "", "")]),
        ("weeks 4, 8 and 12", [("4", "周", "", ""), ("8", "周", "", ""), ("12", "周", "", "")]),
        ("30 mL/min/1.73 m²", [("30", "ml/分钟/1.73m^2", "", "")]),
        ("96 of 100 vaccinated adults", [("96", "例", "", ""), ("100", "例", "", "")]),
        ("HR 0.74", [("0.74", "", "", "")]),
        ("ICH E6(R3)", [("e6(r3)", "名称", "", "")]),
        ("HbA1c 7%", [("hba1c", "名称", "", ""), ("7", "%", "", "")]),
        ("NCT01234567的", [("nct01234567", "名称", "", "")]),
    ],
)
def test_numbers_are_read_with_unit_and_bound(
    text: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2019年7月1日",
        "二〇一九年七月一日",
        "2019-07-01",
        "2019/7/1",
        "July 1, 2019",
        "1 July 2019",
        "1st of July 2019",
        "Jul. 1, 2019",
    ],
)
def test_a_date_is_the_same_however_it_is_written(text: str) -> None:
    assert [iso for _, _, iso in find_dates(plain_numbers(text))] == ["2019-07-01"]
    assert numbers_stand(text, "自2019年7月1日起施行")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2019年7月", "2019-07"),
        ("july 2019", "2019-07"),
        ("4月30日前", "--04-30"),
        ("in 2019", "2019"),
        ("2019年", "2019"),
    ],
)
def test_less_precise_dates(text: str, iso: str) -> None:
    assert [found for _, _, found in find_dates(text)] == [iso]


def test_a_day_also_says_its_month_and_year() -> None:
    assert less_precise("2019-07-01") == ["2019", "2019-07", "2019-07-01", "--07-01"]
    assert numbers_stand("2019年7月施行", "自2019年7月1日起施行")
    assert not numbers_stand("2019年7月1日施行", "自2019年7月起施行")
    assert not numbers_stand("2022年5月1日", "2022年1月5日、2021年5月1日")


def test_impossible_dates_are_numbers() -> None:
    assert find_dates("2019-13-01") == []
    assert find_dates("2019年2月31日") != []  # the calendar is not checked, only its ranges


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("10⁹", "109"),
        ("109", "10⁹"),
        ("24小时", "1天"),
        ("1天", "24小时"),
        ("1 g", "1000 mg"),
        ("5个月", "5周"),
        ("5 mg/kg", "5 mg"),
        ("5 mg", "5 mg/kg"),
        ("0.05 and 90%", "0.05% and 90"),
        ("3个百分点", "3%"),
        ("1/2", "1/3"),
        ("E6(R2)", "E6(R3)"),
        ("PD-L1", "PD-1"),
        ("60 days", "60个工作日"),
        ("60 business days", "60日"),
    ],
)
def test_units_are_never_converted_nor_confused(statement: str, quote: str) -> None:
    assert not numbers_stand(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("60 working days", "六十个工作日"),
        ("60个工作日", "60 business days"),
        ("24 months", "24个月"),
        ("one third", "三分之一"),
        ("20亿", "2×10⁹"),
        ("2e9", "2 × 10^9"),
        ("half of them", "一半"),
        ("18岁", "18 years old"),
        ("18 years", "18岁"),
        ("3倍", "3 times"),
        ("120例中54例", "54/120"),
        ("50 mcg", "50微克"),
        ("1,200 subjects", "1200名受试者"),
        ("COVID-19", "covid19"),
    ],
)
def test_the_same_amount_across_languages(statement: str, quote: str) -> None:
    assert numbers_stand(statement, quote)


def test_a_date_is_in_the_set_with_less_precision() -> None:
    assert quantities("2019年7月1日") == {
        ("2019", "日期"),
        ("2019-07", "日期"),
        ("2019-07-01", "日期"),
        ("--07-01", "日期"),
    }


def test_a_date_has_a_side_too() -> None:
    from assistant.verification import supports

    quote = "2019年7月1日前受理的申请按原规定办理。"
    assert not supports("2019年7月1日后受理的申请按原规定办理", [quote]).ok
    assert supports("July 1, 2019 前受理的申请按原规定办理", [quote]).ok
