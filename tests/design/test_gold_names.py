"""Names under which gold files know these families, with numbers published for them."""

from __future__ import annotations

import pytest

from design.verification import GoldRow, verify

SIMON = {"p0": 0.1, "p1": 0.3, "alpha": 0.05, "beta": 0.2}


@pytest.mark.parametrize(
    ("method", "inputs", "output", "expected", "tolerance"),
    [
        # lrstat's tests of simon2stage and BOINTable
        ("simon_two_stage_optimal", SIMON, "r1/n1 r/n", "1/10 5/29", 0),
        ("simon2stage", {"piH0": 0.1, "pi": 0.3, "beta": 0.2}, "n;n1", "29;10", 0),
        ("simon_minimax", {"pu": 0.1, "pa": 0.3, "ep1": 0.05, "ep2": 0.2}, "EN0", "19.50957", 1e-5),
        ("simon_two_stage_admissible", SIMON | {"n": 26}, "r1/n1 r/n", "1/12 5/26", 0),
        ("simon_two_stage_optimal", SIMON, "PET0;EN0", "0.7360989;15.014122", 1e-5),
        (
            "simon_attained_error",
            {"r1": 1, "n1": 15, "r": 5, "n": 25, "p0": 0.1, "p1": 0.3},
            "attainedAlpha;attainedPower",
            "0.0328086687;0.8017006061",
            1e-6,
        ),
        ("ahern", {"p0": 0.2, "p1": 0.4, "beta": 0.1}, "n", "47", 0),
        ("boin_lambda", {"target": 0.2}, "lambda_e;lambda_d", "0.157;0.238", 5e-4),
        ("boin_lambda", {"pT": 0.3, "phi1": 0.18, "phi2": 0.42}, "lambda1", "0.2364907", 1e-6),
        ("boin_decision", {"target": 0.3, "n": 3, "dlt": 3}, "decision", "DU", 0),
        ("boin_decision", {"pT": 0.3, "n": 3, "y": 1}, "decision", "S", 0),
        ("mtpi2_decision", {"pT": 0.3, "n": 2, "y": 2}, "decision", "DU", 0),
        ("i3+3_decision", {"target": 0.3, "n": 3, "dlt": 2}, "decision", "D", 0),
        ("keyboard_decision", {"target": 0.3, "n": 3, "dlt": 0}, "decision", "escalate", 0),
        ("boin_select_mtd", {"npts": [3, 3, 15, 9, 0], "ntox": [0, 0, 4, 4, 0]}, "MTD", "3", 0),
        ("inflate_dropout", {"n": 142, "dropout": 0.1}, "n_with_dropout", "158", 0),
    ],
)
def test_a_row(
    method: str, inputs: dict[str, object], output: str, expected: str, tolerance: float
) -> None:
    row = GoldRow("A", method, dict(inputs), output, expected, tolerance)
    (checked,) = verify([row]).rows
    assert checked.status == "agree", checked


def test_a_wrong_word_disagrees() -> None:
    row = GoldRow("A", "boin_decision", {"target": 0.3, "n": 3, "dlt": 1}, "decision", "E", 0)
    assert verify([row]).rows[0].status == "disagree"
