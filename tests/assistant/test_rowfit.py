from __future__ import annotations

import pytest

from assistant.rowfit import RowFit, fit_of
from assistant.tables import table_lines
from assistant.units import Unit
from ingest.model import Locator, Table
from ingest.tables import table_block

BLOCK = table_block(
    Table(
        rows=(
            ("Test", "Low", "High"),
            ("Potassium", "< 2.8", "> 6.2"),
            ("NT-proBNP of plasma", "", "> 900"),
            ("3B", "30", "45"),
            ("研究日", "第1天", "第29天"),
        ),
        header_rows=1,
    ),
    Locator(),
)
NAMED = Unit("abc-900", ("abc-900",), 1.0, unknown=False, code=True)


def fit(label: str, question: str, *units: Unit) -> RowFit:
    lines = table_lines(BLOCK)
    assert lines is not None
    return fit_of(lines.row(BLOCK.text.index(label)), question, units, [NAMED])


def test_a_label_that_the_question_says_tells_the_row() -> None:
    found = fit("Potassium", "From which value on is a low potassium notable?")
    assert (found.label, found.told) == (1.0, 1.0)


def test_a_label_is_said_under_any_of_its_names() -> None:
    unit = Unit("血钾", ("血钾", "potassium"), 1.0, unknown=False, code=False)
    assert fit("Potassium", "血钾低于多少算异常？", unit).told == 1.0
    assert fit("Potassium", "血钾低于多少算异常？").told == 0.0


def test_part_of_a_label_counts_and_does_not_tell() -> None:
    found = fit("NT-proBNP", "What is the limit of plasma?")
    assert 0 < found.label < 1
    assert found.told == 0.0


def test_a_short_label_does_not_tell_by_itself() -> None:
    assert fit("3B", "Which stage is 3B?").told == 0.0


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("eGFR 30至不足45属于哪一期？", 1.0),
        ("eGFR 30 to 60?", 0.5),
        ("ABC-900: 30 to 45?", 1.0),  # the number of a protocol is none
        ("第3次访视时eGFR 30？", 1.0),  # nor is that of a visit
        ("which stage?", 0.0),
    ],
)
def test_numbers_of_the_question_are_looked_for_in_the_row(question: str, share: float) -> None:
    assert fit("3B", question).numbers == share


def test_a_question_for_a_day_is_answered_by_the_row_of_days() -> None:
    assert fit("研究日", "第2次访视在第几天？").told == 1.0
    assert fit("Potassium", "第2次访视在第几天？").told == 0.0
