from __future__ import annotations

import pytest
from hypothesis import given

from ingest.privacy.lexicon import value
from ingest.privacy.numbers import is_luhn, is_resident_id, resident_check
from tests.ingest.privacy.people import resident_ids

PROVINCES = value("resident_id", "provinces")


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_check_digits_of_the_examples_in_gb_11643(number: str) -> None:
    assert resident_check(number[:17]) == number[17]


def test_an_example_of_the_standard_is_a_valid_number() -> None:
    assert is_resident_id("11010519491231002X", PROVINCES)
    assert is_resident_id("11010519491231002x", PROVINCES)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # check digit
        "99010519491231002X",  # province
        "110105194913310025",  # month
        "11010519490229002X",  # no leap year
        "11010529491231002X",  # not yet born
        "1101051949123100",
        "abc10519491231002X",
    ],
)
def test_a_number_with_a_wrong_part_is_none(number: str) -> None:
    assert not is_resident_id(number, PROVINCES)


@given(resident_ids())
def test_one_wrong_digit_is_always_noticed(number: str) -> None:
    assert is_resident_id(number, PROVINCES)
    for place in range(17):
        other = str((int(number[place]) + 1) % 10)
        assert not is_resident_id(number[:place] + other + number[place + 1 :], PROVINCES)


def test_the_old_form_has_no_check_digit() -> None:
    assert is_resident_id("110105491231002", PROVINCES)
    assert not is_resident_id("110105491331002", PROVINCES)


def test_a_card_for_foreign_residents_names_its_province_second() -> None:
    head = "91112419900307123"
    assert is_resident_id(head + resident_check(head), PROVINCES)
    head = "99912419900307123"
    assert not is_resident_id(head + resident_check(head), PROVINCES)


def test_luhn_on_the_example_of_iso_7812() -> None:
    assert is_luhn("79927398713")
    assert not any(is_luhn(f"7992739871{digit}") for digit in "012456789")
