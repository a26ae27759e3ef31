from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.numerals import chinese_to_int

DIGITS = "零一二三四五六七八九"


def below_ten_thousand(value: int) -> str:
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + name
        gap = digit == 0
    return written


def in_chinese(value: int) -> str:
    """``value`` (1 to 10^12 - 1) as it is read aloud: groups of four digits."""
    written = ""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = value // unit % 10_000
        if group:
            needs_zero = written and group < 1000
            written += ("零" if needs_zero else "") + below_ten_thousand(group) + name
    return written


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("〇", 0),
        ("零", 0),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零三", 103),
        ("两千零五", 2005),
        ("三万五千", 35_000),
        ("十二万", 120_000),
        ("一亿二千万", 120_000_000),
        ("一万亿", 10**12),
        ("二〇二五", 2025),
        ("一九八四", 1984),
        ("19", 19),
        ("１９", 19),
        (" 六十 ", 60),
    ],
)
def test_whole_numbers(numeral: str, value: int) -> None:
    assert chinese_to_int(numeral) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "一般", "三甲", "12a", "1.5", "-3", "万", "亿", "二三十", "一亿万", "1" * 5000],
)
def test_what_is_no_whole_number_has_no_value(text: str) -> None:
    assert chinese_to_int(text) is None


@given(st.integers(1, 10**12 - 1))
@settings(max_examples=200)
def test_every_number_is_read_back(value: int) -> None:
    assert chinese_to_int(in_chinese(value)) == value
