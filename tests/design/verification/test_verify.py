"""Gold files read, translated and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from design import BadDesign
from design.verification import GoldRow, read_gold, verify

HEADER = "id,method,inputs,output,expected,tolerance\n"


def row(**changes: object) -> GoldRow:
    given: dict[str, object] = {
        "id": "A1",
        "method": "two_props_z_unpooled_2sided",
        "inputs": {"p1": 0.65, "p2": 0.85, "alpha": 0.05, "sides": 2, "power": 0.8},
        "output": "n_per_arm",
        "expected": "70",
        "tolerance": 0.0,
    }
    return GoldRow(**(given | changes))  # type: ignore[arg-type]


def test_agreement_disagreement_and_what_we_do_not_have() -> None:
    found = verify(
        [
            row(),
            row(expected="71"),
            row(method="astrology"),
            row(output="n_moons"),
            row(inputs={"p1": 0.65, "p2": 0.65, "power": 0.8}),
        ]
    )
    standings = [checked.status for checked in found.rows]
    assert standings == ["agree", "disagree", "unsupported", "unsupported", "refused"]
    assert found.rows[1].difference == 1
    assert found.to_json()["agree"] == 1


def test_several_outputs_are_compared_one_by_one() -> None:
    assert verify([row(output="n1;n2", expected="70;70")]).rows[0].status == "agree"
    assert verify([row(output="n1;n2", expected="70")]).rows[0].status == "disagree"


def test_a_broken_file_is_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(HEADER + "A1,m,{bad,n,1,0\n", encoding="utf-8")
    with pytest.raises(BadDesign, match="line 2"):
        read_gold(path)
    path.write_text("id,method\n", encoding="utf-8")
    with pytest.raises(BadDesign, match="no column inputs"):
        read_gold(path)
