from __future__ import annotations

import pytest

from ingest.structure.mathtext import math_to_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"7 2 . 8 7 \%", "72.87%"),
        (r"\scriptstyle ( P = 0 . 0 0 1 )", "(P=0.001)"),
        (r"( P { < } 0 . 0 5 )", "(P<0.05)"),
        (r"2 0 5 . 6 { \pm } 6 2 . 1 ~ \mathrm { m L }", "205.6±62.1 mL"),
        (r"\chi ^ { 2 } = 3 . 8 4", "χ²=3.84"),
        (r"1 0 ^ { - 3 }", "10⁻³"),
        (r"3 7 ^ { \circ } \mathrm { C }", "37°C"),
        (r"\frac { a } { b }", "(a)/(b)"),
        (r"4 \% ^ { [ 3 ] }", "4%[3]"),
        (r"5 \text{ times per day}", "5times per day"),
        (r"\unknown { x }", r"\unknownx"),
    ],
)
def test_formulas_read_as_text(source: str, expected: str) -> None:
    assert math_to_text(source) == expected
