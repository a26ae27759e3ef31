"""The validation report: nothing disagrees unexplained, and the file is what the code gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from design import methods
from design.verification import GoldRow, Verification, read_gold, verify
from design.verification.report import environment, markdown, table

ROOT = Path(__file__).parents[3]
GOLD = "eval/gold/calculators.csv"
# Families whose outputs are tables, pictures or directories, not numbers of a source.
WITHOUT_NUMBERS = {"curves"}


@pytest.fixture(scope="module")
def rows() -> list[GoldRow]:
    return read_gold(ROOT / GOLD)


@pytest.fixture(scope="module")
def found(rows: list[GoldRow]) -> Verification:
    return verify(rows)


def test_nothing_disagrees_without_an_explanation(found: Verification) -> None:
    left = {row.id: (row.status, row.got, row.note) for row in found.rows if not row.explained}
    assert not left
    assert found.count("agree") >= len(found.rows) - 1  # one trap, which is refused


def test_the_report_is_what_the_code_gives(found: Verification) -> None:
    written = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
    assert written == markdown(found, GOLD), "run `make validation`"


def test_every_family_has_published_numbers(rows: list[GoldRow]) -> None:
    known = methods()
    covered = {known[row.method].family for row in rows}
    assert covered == {method.family for method in known.values()} - WITHOUT_NUMBERS


def test_every_row_names_its_source_and_calculator(rows: list[GoldRow]) -> None:
    assert len(rows) >= 150
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.source and not row.fault for row in rows)
    assert all(row.method in methods() for row in rows)


def test_the_report_tells_why_a_row_does_not_agree() -> None:
    said = verify(
        [
            GoldRow("A|1", "two_proportions", {"p1": 0.65, "p2": 0.85, "power": 0.8},
                    "n_per_arm", "71", 0.0, source="a paper", note="TRAP: misprinted"),
            GoldRow("A2", "astrology", {}, "n", "1", 0.0),
        ]
    )  # fmt: skip
    text = markdown(said)
    assert "A|1 (two_proportions, published 71, ours 70), disagree: TRAP: misprinted." in text
    assert "| A\\|1 | ✗ | two_proportions |" in text
    assert "1 without an explanation" in table(said)
    assert [row.explained for row in said.rows] == [True, False]
    assert "SciPy" in environment() and "SciPy 1" not in text
