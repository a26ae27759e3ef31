from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.raised import Piece, Shift, written

LEVEL, RAISED, NUDGED, LOWERED = Shift.LEVEL, Shift.RAISED, Shift.NUDGED, Shift.LOWERED
NOTE, FORMULA, GONE = Shift.NOTE, Shift.FORMULA, Shift.GONE


@pytest.mark.parametrize(
    ("before", "mark", "after", "shown"),
    [
        ("10", "9", "/L", "10⁹/L"),
        ("10", "９", "/L", "10⁹/L"),
        ("10", "－6", "", "10⁻⁶"),
        ("10", "9/L", "", "10⁹/L"),
        ("10", "-3.5", "", "10^(-3.5)"),
        ("10", "(-3.5)", "", "10^(-3.5)"),
        ("0.60", "1", "", "0.60¹"),
        ("14.2", "1,2", " months", "14.2[1,2] months"),
        ("14.2 ", "1,2", "", "14.2 [1,2]"),
        ("3.2", "1–3，5", "", "3.2[1–3，5]"),
        ("5", "1;2", "", "5[1;2]"),
        ("5", "[1-3]", "", "5[1-3]"),
        ("0.74", "a", "", "0.74ᵃ"),
        ("0.74", "a, b", "", "0.74ᵃ, ᵇ"),
        ("5.6", "*", " mg", "5.6* mg"),
        ("n=45", "†1", "", "n=45^(†1)"),
        ("0.74", "注1", "", "0.74^(注1)"),
        ("1", "st", "", "1st"),
        ("x", "T", "y", "x^Ty"),
        ("CD4", "high", "", "CD4^(high)"),
        ("Enbrel", "TM", "", "Enbrel™"),
        ("37", "o", "C", "37°C"),
        ("37 ", "0", " C，", "37 ° C，"),
        ("m", "²", "", "m²"),
        ("本品", "（见附件）", "。", "本品（见附件）。"),
        ("", "a", " P<0.05", "ᵃ P<0.05"),
        ("", "2.5 mg daily", "", "2.5 mg daily"),
        ("", "1.2", "5 mg", "^(1.2)5 mg"),
        ("5", "as said in part 2 of the protocol", "6", "5 as said in part 2 of the protocol 6"),
    ],
)
def test_raised_text_is_told_from_what_stands_beside_it(
    before: str, mark: str, after: str, shown: str
) -> None:
    assert written([(before, LEVEL), (mark, RAISED), (after, LEVEL)]) == shown


def test_a_mark_may_be_cut_into_runs() -> None:
    pieces = [("14.2", LEVEL), ("1", RAISED), (",", NUDGED), ("2", RAISED), (" m", LEVEL)]
    assert written(pieces) == "14.2[1,2] m"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([("H", LEVEL), ("2", LOWERED), ("O", LEVEL)], "H2O"),
        ([("HbA", LEVEL), ("1c", LOWERED), (" 7", LEVEL)], "HbA1c 7"),
        ([("log", LEVEL), ("10", LOWERED), ("5.2", LEVEL)], "log₁₀5.2"),
        ([("log", LEVEL), ("10", LOWERED), (".5", LEVEL)], "log₁₀.5"),
        ([("C", LEVEL), ("0,5", LOWERED), ("3", LEVEL)], "C_(0,5)3"),
    ],
)
def test_lowered_text_only_matters_between_digits(pieces: list[Piece], shown: str) -> None:
    assert written(pieces) == shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([("10", LEVEL), ("9", NUDGED), ("/L", LEVEL)], "10⁹/L"),
        ([("CV=SD/均值", LEVEL), ("×100%", NUDGED)], "CV=SD/均值×100%"),
        ([("9", NUDGED)], "9"),
    ],
)
def test_what_is_lifted_by_a_distance_is_a_mark_when_it_is_small(
    pieces: list[Piece], shown: str
) -> None:
    assert written(pieces) == shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([("m", LEVEL), ("2", RAISED), ("1", NOTE)], "m²[1]"),
        ([("甲", LEVEL), ("1", NOTE), ("2", NOTE)], "甲¹[2]"),
        ([("甲", LEVEL), ("12", NOTE)], "甲¹²"),
        ([("2", LEVEL), ("1/2", FORMULA), ("5", LEVEL)], "2 1/2 5"),
        ([("x", FORMULA), ("2", RAISED)], "x²"),
    ],
)
def test_notes_and_formulas_add_no_digits_to_a_number(pieces: list[Piece], shown: str) -> None:
    assert written(pieces) == shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([("≥", LEVEL), ("18", GONE), ("20", LEVEL)], "≥20"),
        ([("100", LEVEL), ("mg", GONE), ("200", LEVEL)], "100 200"),
        ([("5 mg", LEVEL), (" daily ", GONE), ("weekly", LEVEL)], "5 mg weekly"),
    ],
)
def test_what_is_struck_out_leaves_no_word_or_number_joined(
    pieces: list[Piece], shown: str
) -> None:
    assert written(pieces) == shown


shifts = st.sampled_from([RAISED, LOWERED, FORMULA])
numbers = st.from_regex(r"[0-9]{1,4}([.,;][0-9]{1,3})?", fullmatch=True)


@given(numbers, shifts, numbers, numbers)
def test_no_number_grows(before: str, shift: Shift, mark: str, after: str) -> None:
    shown = written([(before, LEVEL), (mark, shift), (after, LEVEL)])
    assert re.match(r"\d+([.,;]\d+)?(?![\d.,;])", shown)
    assert shown.startswith(before)
    assert shown.endswith(after)
    assert not re.search(r"[\d.,;]", shown[len(before) : -len(after)][:1])


@given(st.lists(st.tuples(st.text(max_size=6), st.sampled_from(Shift))))
def test_any_runs_can_be_written(pieces: list[Piece]) -> None:
    assert isinstance(written(pieces), str)


@given(st.lists(st.text(max_size=6)))
def test_text_on_the_line_stays_as_it_is(texts: list[str]) -> None:
    assert written((text, LEVEL) for text in texts) == "".join(texts)
