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
        (r"\unknown{1}{2}", r"\unknown1 2"),
        (r"10^{x} 2^{(k-1)} 14.2^{a} 10^{-3.5}", "10ˣ2^(k-1)14.2ᵃ10^(-3.5)"),
        (r"1 0 ^ { \mathrm { 9 } }", "10⁹"),
        (r"\mathrm{Ca}^{2 +}", "Ca²⁺"),
        (r"x^{y^{2}}", "x^(y²)"),
        (r"14.2^{1,2}", "14.2[1,2]"),
        (r"2^{nd}", "2nd"),
        (r"\sqrt[3]{8} \sqrt{x+1}5 \sqrt{8}5", "³√8√(x+1) 5√8 5"),
        (r"\frac12", "(1)/(2)"),
        (r"1\frac{1}{2}", "1 (1)/(2)"),
        (r"\frac { ~ } { }", ""),
        (r"5\quad10\hspace{5mm}20", "5 10 20"),
        (r"\begin{array}{cc} 10 & 11 \\ 20 & 21 \end{array}", "10 11; 20 21"),
        (r"\textcircled { 1 } 2 0", "①20"),
        (r"\overset{5}{10}", "10[5]"),
        (r"\binom{10}{5}", "binom(10,5)"),
        (r"\cancel{18}20", "~~18~~20"),
        (r"x \ll 5 \not= 6 \mp 7", "x≪5≠6∓7"),
        (r"\log_{2}4 \ln 5", "log₂4ln 5"),
        (r"12.5_{2} C_{max} t_{1/2} x_{i}", "12.5₂C_maxt_(1/2)xi"),
        (r"1.23 \sim \right. 2.37", "1.23~2.37"),
        (r"\{ x \}", "{x}"),
        (r"1\,000, 1,\!000", "1 000,1,000"),
        ("a}b{c", "abc"),
        ("x^", "x"),
        ("{" * 200 + "5" + "}" * 200, "5"),
    ],
)
def test_formulas_read_as_text(source: str, expected: str) -> None:
    assert math_to_text(source) == expected


def test_words_taken_for_raised_ones_stand_on_the_line() -> None:
    assert math_to_text("^ { 2 h }", apart=True) == "2h"
    assert math_to_text("^ { 2 h }") == "^2h"
    assert math_to_text("^ { 2 }", apart=True) == "²"


@pytest.mark.parametrize("unit", [r"\frac", "^{", r"\sqrt[", r"\text{", r"\unknown{", r"\begin"])
def test_no_formula_is_too_deep_or_too_long(unit: str) -> None:
    assert isinstance(math_to_text(unit * 5_000), str)
