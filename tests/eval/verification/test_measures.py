"""Measuring the verifier: the reviewed pairs that ship, and the layouts of other data."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval import claims
from eval.verification import findings, pairs, trial_claims
from eval.verification.agreement import agreement, f1, precision_recall
from ingest.errors import BadInput
from retrieval.lexicon import Lexicon


def test_agreement_is_computed_as_defined() -> None:
    labels, decisions = ["a", "a", "b", "b"], ["a", "b", "b", "x"]
    found = agreement(labels, decisions)
    assert (found["n"], found["accuracy"], found["majority"]) == (4, 0.5, 0.5)
    assert f1(labels, decisions, "a") == pytest.approx(2 / 3)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2) / 2, abs=1e-4)
    assert found["interval"][0] <= 0.5 <= found["interval"][1]
    assert precision_recall(labels, decisions, "a") == {
        "decided": 1,
        "precision": 1.0,
        "recall": 0.5,
    }
    assert precision_recall(["a"], ["b"], "b")["recall"] is None


def test_the_reviewed_pairs_are_many_and_of_every_kind(repo: Path) -> None:
    found = pairs.read_pairs(repo / "eval" / "statements" / "reviewed.jsonl")
    assert len({pair.id for pair in found}) == len(found) >= 200
    labels = Counter(pair.label for pair in found)
    assert min(labels.values()) / len(found) > 0.4
    assert {pair.lang for pair in found} == {"zh", "en", "cross"}
    kinds = {pair.kind for pair in found if pair.label == "unsupported"}
    assert kinds >= {"number", "unit", "negation", "actor", "condition", "modality", "direction"}
    assert all(pair.why and pair.statement not in pair.quotes for pair in found)


def test_the_gate_keeps_its_precision_on_the_reviewed_pairs(repo: Path, lexicon: Lexicon) -> None:
    found = pairs.measure(
        pairs.read_pairs(repo / "eval" / "statements" / "reviewed.jsonl"), lexicon
    )
    assert found["by_split"]["tune"]["precision"] >= 0.97
    assert found["by_split"]["tune"]["recall"] >= 0.9
    for kind in ("number", "unit", "date", "version"):
        right, of = found["by_kind"][kind]
        assert right == of, kind


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1"),
        ('{"id": "a"}', "lacks the field"),
        (
            '{"id":"a","lang":"zh","kind":"x","statement":"s","quotes":[],"label":"supported",'
            '"why":"w"}',
            "quotes must be",
        ),
        (
            '{"id":"a","lang":"zh","kind":"x","statement":"s","quotes":["q"],"label":"maybe",'
            '"why":"w"}',
            "label must be",
        ),
        ("", "holds no pair"),
    ],
)
def test_a_file_of_pairs_that_cannot_be_used_is_told(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(BadInput, match=told):
        pairs.read_pairs(path)


def write_claims(folder: Path) -> Path:
    record = {
        "id": "NCT1",
        "Adverse Events": ["Adverse Events 1:", "  Total: 3/12 (25%)", "  Sepsis 2/12 (16.67%)"],
    }
    row = {
        "Type": "Single",
        "Section_id": "Adverse Events",
        "Primary_id": "NCT1",
        "Label": "Entailment",
        "Primary_evidence_index": [2],
    }
    rows = {
        "one": row | {"Statement": "There were 2 cases of sepsis in the primary trial"},
        "two": row
        | {
            "Statement": "There were 5 cases of sepsis in the primary trial",
            "Label": "Contradiction",
        },
    }
    folder.mkdir()
    (folder / "dev.json").write_text(json.dumps(rows), "utf-8")
    (folder / "ct_records.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    return folder


def test_trial_claims_are_read_and_judged(tmp_path: Path) -> None:
    found = trial_claims.read_claims(write_claims(tmp_path / "claims"))
    assert found[0].evidence == {"primary": ["  Sepsis 2/12 (16.67%)"]}
    figures = trial_claims.measure(found)
    assert (figures["accuracy"], figures["majority"]) == (1.0, 0.5)
    assert figures["decided_by_rule"]["n"] == 2
    assert figures["gate_on_evidence"]["recall"] in {0.0, 1.0}


def test_a_statement_about_a_record_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = write_claims(tmp_path / "claims")
    (folder / "ct_records.jsonl").write_text('{"id": "NCT2"}\n', "utf-8")
    with pytest.raises(BadInput, match="one: lacks 'NCT1'"):
        trial_claims.read_claims(folder)


def test_findings_are_read_and_measured(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "outcome": "pain", "evidence": "Pain was lower (p = 0.01).",
         "label": "significantly decreased"},
        {"id": 2, "outcome": "pain", "evidence": "Pain did not differ.",
         "label": "no significant difference"},
        {"id": 3, "outcome": "pain", "evidence": "See Table 2.",
         "label": "significantly increased"},
    ]  # fmt: skip
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    figures = findings.measure(findings.read_findings(tmp_path))
    assert figures["accuracy"] == pytest.approx(0.6667, abs=1e-3)
    assert figures["told"]["accuracy"] == 1.0
    path.write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(BadInput, match="line 1"):
        findings.read_findings(tmp_path)


def test_the_command_prints_figures_or_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_claims(tmp_path / "claims")
    assert claims.main([str(folder), "--json", "--no-lexicon"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "trial_claims"
    assert claims.main([str(folder), "--no-lexicon"]) == 0
    assert "accuracy: 1.0" in capsys.readouterr().out
    assert claims.main([str(tmp_path)]) == 2
    assert "neither a file of pairs" in capsys.readouterr().err


@pytest.mark.shared
@pytest.mark.slow
def test_the_checker_beats_the_majority_on_real_statements(shared: Path) -> None:
    figures = trial_claims.measure(
        trial_claims.read_claims(shared / "datasets" / "trial_claims_dev")
    )
    assert figures["accuracy"] > figures["majority"]


@pytest.mark.shared
def test_directions_of_real_findings_are_read(shared: Path) -> None:
    figures = findings.measure(findings.read_findings(shared / "datasets" / "trial_evidence_dev"))
    assert figures["accuracy"] > figures["majority"] + 0.15
