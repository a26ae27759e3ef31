from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH

from ingest.structure.cellvalue import cell_text


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (0.256, "0.0%", "25.6%"),
        (0.5, "0%", "50%"),
        (0.5, '0.0"%"', "0.5%"),
        (True, None, "TRUE"),
        (None, None, ""),
        (datetime.datetime(2024, 5, 9), "yyyy-mm-dd", "2024-05-09"),
        (datetime.datetime(2024, 5, 9, 14, 30), None, "2024-05-09 14:30"),
        (datetime.datetime(2024, 5, 9, 14, 30, 5), None, "2024-05-09 14:30:05"),
        (datetime.datetime(2024, 5, 9), "yyyy-mm-dd hh:mm:ss", "2024-05-09"),
        (datetime.time(8, 5), None, "08:05"),
        (datetime.timedelta(hours=26, minutes=3), None, "26:03:00"),
        (" a\n b ", None, "a b"),
        (1e22, None, "1e+22"),
    ],
)
def test_values_read_as_shown(value: object, number_format: str | None, expected: str) -> None:
    assert cell_text(value, number_format) == expected


# What LibreOffice 7.4 and Excel show, without the blanks that only fill a cell.
@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (5, '0.0" mg/kg"', "5.0 mg/kg"),
        (36, '0"例"', "36例"),
        (0.5, '"<"0.0', "<0.5"),
        (0.05, "\\<0.00", "<0.05"),
        (12.5, 'General" ng/mL"', "12.5 ng/mL"),
        (36, 'G/通用格式"例"', "36例"),
        (7, "000", "007"),
        (1001, "000-0000", "000-1001"),
        (2.5, "0.00", "2.50"),
        (2.345678, "0.00", "2.35"),
        (1234567.891, "#,##0.0", "1,234,567.9"),
        (1500, '0.0,"k"', "1.5k"),
        (12345678, '0.00,,"M"', "12.35M"),
        (12345, '0!.0,"万"', "1.2万"),
        (12345, '0\\.0,"万"', "1.2万"),
        (0.05, "#%", "5%"),
        (0.125, "0.0#%", "12.5%"),
        (0.285, "0.00 %", "28.50 %"),
        (0.125, "0%", "13%"),
        (0.025, "0%", "3%"),
        (0.285, "0%", "29%"),
        (1.005, "0.00", "1.01"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (-0.04, "0.0", "0.0"),
        (-0.031, "0.0%;[Red]-0.0%;-", "-3.1%"),
        (0, "0.0%;[Red]-0.0%;-", "-"),
        (-1234.5, "_(* #,##0.00_);_(* (#,##0.00)", "(1,234.50)"),
        (-14, '0 "days"', "-14 days"),
        (-0.5, '"<"0.0', "-<0.5"),
        (-5, "[Black]0.0;[Red]0.0", "-5.0"),
        (-5, '[=0]"ND";0.00', "-5.00"),
        (0, '[=0]"ND";0.00', "ND"),
        (0.0005, '[>=0.001]0.000;"<0.001"', "<0.001"),
        (0.5, '[<1]0.00"*";0.0', "0.50*"),
        (-1, "[>5]0.0;-0.00;0", "-1.00"),
        (0.00001234, "0.00E+00", "1.23E-05"),
        (12345, "##0.0E+0", "12.3E+3"),
        (0.5, "# ?/?", "1/2"),
        (2.75, "# ??/??", "2 3/4"),
        (999, ";;;", ""),
        (0, "0;-0;;@", ""),
        ("text", ";;;", ""),
        ("4", '@" mg"', "4 mg"),
        ("4", "0.0", "4"),
        (3, "[$¥-804]#,##0.00", "¥3.00"),
        (1.5, "0.0_);(0.0)", "1.5"),
        (1.25, '0.0"±"0', "1.2±5"),
    ],
)
def test_numbers_stand_as_their_format_shows_them(
    value: object, number_format: str, expected: str
) -> None:
    assert cell_text(value, number_format) == expected


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (45421, "yyyy-mm-dd", "2024-05-09"),
        (45421.75, "m/d/yyyy", "2024-05-09"),
        (45421.6041666667, "yyyy-mm-dd hh:mm", "2024-05-09 14:30"),
        (45421.60419, "yyyy/m/d h:mm:ss", "2024-05-09 14:30:02"),
        (45421, "mmm yyyy", "2024-05"),
        (45421, 'yyyy"年"m"月"', "2024-05"),
        (45421, "yyyy", "2024"),
        (45421, "m/d", "2024-05-09"),
        (45421, "[$-804]yyyy年m月d日", "2024-05-09"),
        (1.5, "h:mm", "12:00"),
        (0.00381944, "mm:ss", "00:05:30"),
        (0.5, "h:mm AM/PM", "12:00"),
        (-0.0208, "[h]:mm", "-0:29"),
        (1.0854166666667, "[h]:mm", "26:03"),
        (1.0854166666667, "[h]:mm:ss", "26:03:00"),
        (0.0625, "[mm]:ss", "1:30:00"),
        (-3, "yyyy-mm-dd", "-3"),
        (1e9, "yyyy-mm-dd", "1000000000"),
    ],
)
def test_a_number_is_a_date_when_its_format_is_one(
    value: float, number_format: str, expected: str
) -> None:
    assert cell_text(value, number_format) == expected


def test_dates_counted_from_1904() -> None:
    assert cell_text(43959, "yyyy-mm-dd", MAC_EPOCH) == "2024-05-09"


@given(
    st.floats() | st.integers(),
    st.text(alphabet='0#?.,%@;E+-/[]hmsyd"\\_* $<>=1aG', max_size=25),
)
def test_no_format_breaks_a_value(value: float, number_format: str) -> None:
    assert isinstance(cell_text(value, number_format), str)


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3))
def test_rounding_is_half_up(value: Decimal, places: int) -> None:
    wanted = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    shown = cell_text(float(value), f"0.{'0' * places}" if places else "0")
    assert Decimal(shown) == wanted
