"""Calculations: which numbers of theirs may be repeated."""

from __future__ import annotations

import pytest

from assistant.computing import Calculation
from assistant.llm.tools import calculator

RESULT = Calculation(
    "two proportions",
    {"power": 0.9, "alpha": 0.05, "sides": 2, "rates": [0.6, 0.75], "exact": True},
    {"n_per_arm": 203, "total": "406例", "ratio": 1.5, "none": None},
    "a book",
)


@pytest.mark.parametrize(
    ("number", "unit", "holds"),
    [
        ("203", "例", True), ("203", "", True), ("406", "例", True), ("406", "人", False),
        ("90", "%", True), ("0.9", "", True), ("60", "%", True), ("75", "%", True),
        ("5", "%", True), ("1.5", "倍", True), ("1", "", False), ("204", "例", False),
        ("95", "%", False), ("90", "例", False),
    ],
)  # fmt: skip
def test_numbers_of_a_calculation(number: str, unit: str, holds: bool) -> None:
    assert RESULT.holds(number, unit) is holds


def test_a_calculator_is_a_tool_with_the_arguments_of_its_function() -> None:
    def twice(count: int) -> Calculation:
        return Calculation("twice", {"count": count}, {"twice": 2 * count}, "–")

    tool = calculator("twice", "Doubles.", twice)
    assert set(tool.args) == {"count"}
    result = tool.invoke({"type": "tool_call", "id": "1", "name": "twice", "args": {"count": 4}})
    assert result.artifact == Calculation("twice", {"count": 4}, {"twice": 8}, "–")
