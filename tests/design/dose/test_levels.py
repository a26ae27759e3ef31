"""Dose levels."""

from __future__ import annotations

import pytest

from design import BadDesign, calculate


def test_modified_fibonacci() -> None:
    """Penel and Kramar 2012: increments of 100, 67, 50, 40 and then 33 percent."""
    found = calculate("dose_levels", {"start": 10, "levels": 7}).outputs
    assert found["increments"] == pytest.approx([1, 0.67, 0.5, 0.4, 0.33, 0.33])
    assert found["doses"][:5] == pytest.approx([10, 20, 33.4, 50.1, 70.14])


def test_equal_factors_up_to_a_maximum() -> None:
    given = {"start": 2, "levels": 6, "scheme": "factor", "factor": 2, "maximum": 16}
    result = calculate("dose_levels", given)
    assert result.outputs["doses"] == [2, 4, 8, 16] and not result.warnings
    assert calculate("dose_levels", given | {"factor": 3}).warnings
    with pytest.raises(BadDesign, match="above maximum"):
        calculate("dose_levels", given | {"maximum": 1})


def test_doses_are_those_one_would_write() -> None:
    found = calculate("dose_levels", {"start": 10, "levels": 6}).outputs
    assert found["doses"] == [10, 20, 33.4, 50.1, 70.14, 93.2862]
    assert found["increments"] == [1, 0.67, 0.5, 0.4, 0.33]
