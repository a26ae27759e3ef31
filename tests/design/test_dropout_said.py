"""A sentence that is quoted tells how many to enrol when patients are expected to drop out."""

from __future__ import annotations

from pathlib import Path

import pytest

from design import BadDesign, calculate, methods
from design.verification import GoldRow, read_gold

ROWS = [
    row
    for row in read_gold(Path(__file__).parents[2] / "eval/gold/calculators.csv")
    if "dropout" in methods()[row.method].inputs.model_fields
    and methods()[row.method].family != "dropout"  # whose sentences are on nothing else
]
ENROLLED = ("n_total_with_dropout", "n_with_dropout", "n_pairs_with_dropout", "n_enrol")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_number_to_enrol_is_in_the_sentence(row: GoldRow) -> None:
    try:
        result = calculate(row.method, row.inputs | {"dropout": 0.15})
    except BadDesign:
        return
    enrolled = next((result.outputs[name] for name in ENROLLED if name in result.outputs), None)
    if enrolled is None:  # a power, or losses that the formula itself counts
        return
    assert f"{enrolled}" in result.sentence.zh and f"{enrolled}" in result.sentence.en
    assert "脱落率 15%" in result.sentence.zh
    plain = calculate(row.method, {k: v for k, v in row.inputs.items() if k != "dropout"})
    assert "脱落率 15%" not in plain.sentence.zh
