from __future__ import annotations

import pytest

from ingest.structure.shiftmarks import END, LOWER, RAISE, lowered, raised, settled, without_marks


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("10" + raised("9") + "/L", "10⁹/L"),
        ("14.2" + raised("1") + raised(",") + raised("2"), "14.2[1,2]"),
        ("x" + raised("y" + raised("2")), "x^(y²)"),
        ("log" + lowered("10") + "1000", "log₁₀1000"),
        ("CD45" + raised("lo") + "CD34" + raised("+"), "CD45ˡᵒCD34⁺"),
        ("2" + raised("nd") + " XX" + raised("th"), "2nd XXᵗʰ"),
        ("10" + RAISE + "9", "10⁹"),
        ("9" + END + "/L", "⁹/L"),
        ("plain", "plain"),
    ],
)
def test_marked_parts_are_written(text: str, written: str) -> None:
    assert settled(text) == written


def test_a_file_brings_no_marks_of_its_own() -> None:
    assert without_marks(f"a{RAISE}b{LOWER}c{END}") == "abc"
