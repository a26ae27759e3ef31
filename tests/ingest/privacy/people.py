"""Made-up people for the tests; no number here was given to anyone knowingly."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ingest.privacy.lexicon import value
from ingest.privacy.numbers import resident_check

SURNAMES = value("name", "common_surnames")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华玉兰建国志明晓"


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    province = draw(st.sampled_from(value("resident_id", "provinces")))
    born = draw(st.dates(date(1920, 1, 1), date(2024, 12, 31)))
    rest = draw(st.integers(0, 999))
    head = f"{province}{draw(st.integers(101, 999)):04d}{born:%Y%m%d}{rest:03d}"
    return head + resident_check(head)


@st.composite
def chinese_names(draw: st.DrawFn) -> str:
    given = draw(st.text(GIVEN, min_size=1, max_size=2))
    return draw(st.sampled_from(SURNAMES)) + given


mobiles = st.builds("1{}{:09d}".format, st.sampled_from("3456789"), st.integers(0, 999_999_999))
record_numbers = st.integers(100_000, 99_999_999).map(str).filter(lambda one: len(set(one)) > 1)


def luhn(digits: str) -> str:
    """Complete ``digits`` by their check digit, computed from the table of doubled digits."""
    doubled = "0246813579"
    total = sum(
        int(doubled[int(one)]) if place % 2 == 0 else int(one)
        for place, one in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)
