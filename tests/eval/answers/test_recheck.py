"""Nothing that an answer says of itself is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Statement
from eval.answers.recheck import (
    GONE,
    CheckedCitation,
    check_citations,
    check_statement,
)
from eval.answers.run import Asked


def cited(*quotes: str, stands: bool = True) -> dict[int, CheckedCitation]:
    return {
        number: CheckedCitation(stands, "effective", False, quote if stands else "")
        for number, quote in enumerate(quotes, start=1)
    }


def test_quotes_are_looked_up_in_the_store(asked: Asked) -> None:
    checked = check_citations(asked.answer, asked.index)
    assert all(one.stands and not one.silent for one in checked.values())
    first, *rest = asked.answer.citations
    for change in (
        {"quote": f"{first.quote}伪"},
        {"block_start": first.block_start + 1},
        {"block": 10_000},
        {"document_id": "nowhere"},
    ):
        forged = replace(asked.answer, citations=(replace(first, **change), *rest))
        assert not check_citations(forged, asked.index)[first.id].stands
    assert check_citations(forged, asked.index)[first.id].status == GONE


def test_a_version_of_the_past_must_be_told(asked: Asked) -> None:
    long_ago = replace(asked.answer, as_of="1990-01-01")
    first, *rest = long_ago.citations
    checked = check_citations(long_ago, asked.index)[first.id]
    assert checked.status == "not_yet_effective"
    assert checked.silent
    told = replace(first, status="not_yet_effective", notice="尚未生效。")
    disclosed = replace(long_ago, citations=(told, *rest))
    assert not check_citations(disclosed, asked.index)[first.id].silent
    # A notice about something else, under a false status, tells nobody.
    other = replace(long_ago, citations=(replace(first, notice="数字存疑。"), *rest))
    assert check_citations(other, asked.index)[first.id].silent


def test_a_number_must_stand_in_a_quote() -> None:
    said = Statement("应当在24小时内报告。", (1,))
    assert check_statement(said, cited("应当在二十四小时内报告。"), ()).supported
    checked = check_statement(said, cited("应当在36小时内报告。"), ())
    assert (checked.supported, checked.numbers, checked.right) == (False, False, frozenset())
    assert checked.failures == ("number_not_in_quote",)


def test_a_quote_that_does_not_stand_supports_nothing() -> None:
    checked = check_statement(Statement("应当报告。", (1,)), cited("应当报告。", stands=False), ())
    assert checked.sourced
    assert not checked.supported


def test_a_row_is_read_under_its_header() -> None:
    row = CheckedCitation(True, "current", False, "访视3 | ±3", ("访视窗口（天）| 第12周",))
    assert check_statement(Statement("第12周的访视3为±3。", (1,)), {1: row}, ()).numbers
    bare = replace(row, context=())
    assert not check_statement(Statement("第12周的访视3为±3。", (1,)), {1: bare}, ()).numbers


def test_citations_that_only_carry_together_are_both_right() -> None:
    said = Statement("致死的7日，其他的15日。", (1, 2))
    checked = check_statement(said, cited("致死的7日。", "其他的15日。"), ())
    assert checked.right == {1, 2}


def test_a_citation_that_carries_nothing_is_not_right() -> None:
    said = Statement("致死的7日。", (1, 2))
    checked = check_statement(said, cited("致死的7日。", "共30例。"), ())
    assert checked.supported
    assert checked.right == {1}


def test_a_citation_that_the_answer_does_not_hold_is_no_source() -> None:
    checked = check_statement(Statement("应当报告。", (7,)), cited("应当报告。"), ())
    assert (checked.sourced, checked.supported) == (False, False)


CALCULATION = {
    "method": "two proportions",
    "inputs": {"p1": 0.65, "p2": 0.85, "power": 0.8},
    "outputs": {"n_per_group": 70, "power": 0.80412},
    "reference": "Chow 2008",
}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("每组70例，把握度80.4%。", True),
        ("每组70例，把握度80.5%。", False),
        ("每组71例。", False),
        ("率为65%对85%，把握度0.80。", True),
        ("见Chow 2008。", True),
    ],
)
def test_calculated_numbers_stand_in_the_calculation(text: str, right: bool) -> None:
    checked = check_statement(Statement(text, (), "calculated"), {}, [CALCULATION])
    assert checked.sourced
    assert (checked.numbers, checked.supported) == (right, right)


def test_a_calculation_that_is_not_there_is_no_source() -> None:
    checked = check_statement(Statement("每组70例。", (), "calculated"), {}, ())
    assert (checked.sourced, checked.supported) == (False, False)


@given(st.floats(0, 1e6, allow_nan=False), st.integers(0, 4))
def test_a_result_stands_however_far_it_is_rounded(value: float, places: int) -> None:
    said = Statement(f"为{value:.{places}f}。", (), "calculated")
    assert check_statement(said, {}, [{"outputs": {"x": value}}]).numbers
