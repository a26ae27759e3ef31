from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.fieldcodes import field_text


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" EQ \f(AUC,CL) ", "AUC/CL"),
        (r"EQ \f(\(a+b\),2) \* MERGEFORMAT", "(a+b)/2"),
        (r"EQ \f(1,5;2)", "(1,5)/2"),
        (r"EQ 2\f(1,2)", "2 1/2"),
        (r"EQ \s\up5(9)", "⁹"),
        (r"EQ x\s\up8(2)\do3(i)", "x²i"),
        (r"EQ \r(3,x+1)", "³√(x+1)"),
        (r"EQ \i\su(i=1,n,x\s\do4(i))", "∑[i=1→n]xi"),
        (r"EQ \b\bc\{(\a(10,20))", "{10; 20}"),
        (r"EQ \b\lc\{(\a\al(x=1,y=2))", "{x=1; y=2"),
        (r"EQ \l(1,2,3)", "1, 2, 3"),
        (r"EQ \x(5)", "5"),
        (r"eq \o\ac(○,1)", "①"),
        (r"EQ \o\ac(○,甲)", "(甲)"),
        (r"EQ \o(x,\s\up5(-))", "x̄"),
        (r"EQ \o(AB,\s\up5(2))", "AB²"),
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(pīn),拼)', "拼"),
        (r'SYMBOL 179 \f "Symbol" \s 12', "≥"),
        (r"SYMBOL 61619 \f Symbol", "≥"),
        (r"SYMBOL 0xFE \f Wingdings", "☑"),
        (r'SYMBOL 163 \f "Times New Roman"', "£"),
        (r"SYMBOL 8805 \u", "≥"),
    ],
)
def test_what_a_field_shows(instruction: str, shown: str) -> None:
    assert field_text(instruction) == shown


@pytest.mark.parametrize("instruction", ["", "EQ ", "PAGE", " HYPERLINK a", "TOC \\o", "EQUALS"])
def test_other_fields_show_nothing(instruction: str) -> None:
    assert field_text(instruction) == ""


@pytest.mark.parametrize(
    "instruction", [r"EQ \f(x,y", r"EQ \q(1)", r"EQ \f(x)", "SYMBOL", r"SYMBOL 1 \f Symbol"]
)
def test_what_cannot_be_read_is_told_apart(instruction: str) -> None:
    assert field_text(instruction) is None


@given(st.text(alphabet=r"EQ\abdfilorsxup5(),; 1", max_size=60))
def test_any_instruction_is_read_or_refused(text: str) -> None:
    assert isinstance(field_text(f"EQ {text}"), str | None)


@pytest.mark.parametrize(
    "text", [r"\o(" * 19 + "a" + ")" * 19, r"\f(" * 1600, r"\b" + r"\lc" * 1600]
)
def test_deep_instructions_take_no_time(text: str) -> None:
    started = time.monotonic()
    field_text(f"EQ {text}")
    assert time.monotonic() - started < 5
