from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eval.evidence import PaperIndex, bm25_order, main, measure, question_on
from eval.evidence_report import NEVER, Outcome, report
from eval.evidence_set import PHRASINGS, EvidenceQuestion, read_evidence_set
from eval.tune_evidence import NAMES, Listing, collect, cross_validate, fit
from ingest.errors import BadInput
from tests.assistant.results.conftest import PAPER

OTHER = """TITLE:
Zinc for the common cold: a randomised trial

ABSTRACT.METHODS:
Cough was counted for a week in children who were given zinc or placebo.

ABSTRACT.RESULTS:
Cough was shorter with zinc than with placebo (P = 0.02).

BODY.RESULTS:
Fever did not differ between the groups (P = 0.8).
"""
SPANS = [
    ("q1", "yoga", "yoga", "usual care", "back pain", "Back pain fell more with yoga than with"),
    ("q2", "yoga", "yoga", "usual care", "quality of life", "There was no significant difference"),
    ("q3", "zinc", "zinc", "placebo", "cough", "Cough was shorter with zinc than with placebo"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence")
    texts = {"yoga": PAPER, "zinc": OTHER}
    (path / "fulltext").mkdir()
    for name, text in texts.items():
        (path / "fulltext" / f"{name}.txt").write_text(text, encoding="utf-8")
    lines = []
    for key, paper, intervention, comparator, outcome, span in SPANS:
        start = texts[paper].index(span)
        lines.append(
            {
                "id": key,
                "pmcid": paper,
                "intervention": intervention,
                "comparator": comparator,
                "outcome": outcome,
                "evidence_start": start,
                "evidence_end": start + len(span),
                "text": f"What is the effect of {intervention} compared with {comparator} on "
                f"{outcome}?",
            }
        )
    rows = "\n".join(json.dumps(line) for line in lines)
    (path / "questions.jsonl").write_text(rows + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[PaperIndex]:
    found = PaperIndex(read_evidence_set(folder))
    yield found
    found.close()


@pytest.mark.parametrize("phrasing", ["given", "en", "zh"])
def test_the_spans_are_found_and_others_are_abstained_on(index: PaperIndex, phrasing: str) -> None:
    outcomes = measure(index, phrasing)
    assert [outcome.ours for outcome in outcomes] == [1, 1, 1]
    assert all(outcome.quoted and outcome.answered for outcome in outcomes)
    assert all(outcome.elsewhere for outcome in outcomes)
    assert all(1 <= outcome.bm25 < NEVER for outcome in outcomes)


def test_weights_are_fitted_on_what_shows_the_span(index: PaperIndex) -> None:
    pytest.importorskip("scipy")
    listings = collect(index, "given")
    assert [listing.wanted.sum() for listing in listings] == [1, 1, 1]
    weights = fit(listings, list(range(len(NAMES))))
    assert weights[NAMES.index("outcome")] >= 0
    assert weights[NAMES.index("discussion")] <= 0
    assert [listing.rank(list(range(len(NAMES))), weights) for listing in listings] == [1, 1, 1]


def test_cross_validation_keeps_a_paper_together() -> None:
    pytest.importorskip("scipy")
    values = np.zeros((2, len(NAMES)))
    values[0, NAMES.index("outcome")] = 1
    wanted = np.array([True, False])
    listings = [Listing(f"p{i % 12}", values, wanted) for i in range(24)]
    assert all(a.fold == b.fold for a, b in zip(listings[:12], listings[12:], strict=True))
    assert cross_validate(listings, NAMES) == {1: 1.0, 3: 1.0, 5: 1.0}
    assert cross_validate(listings, ["aim"])[1] == 0.0  # equal sentences are no success


def test_fitting_needs_a_sentence_that_shows_a_span() -> None:
    pytest.importorskip("scipy")
    listing = Listing("p", np.zeros((2, len(NAMES))), np.array([False, False]))
    with pytest.raises(BadInput, match="no question"):
        fit([listing], [0])


def outcome(paper: str, ours: int, bm25: int) -> Outcome:
    return Outcome("q", paper, "?", ours, bm25, True, ours <= 3, True, False, 10.0)


def test_figures() -> None:
    figures = report("d", "given", [outcome("a", 1, 9), outcome("a", 4, 2), outcome("b", 2, NEVER)])
    assert figures["papers"] == 2
    assert figures["top"]["top1"]["share"] == pytest.approx(1 / 3, abs=1e-3)
    assert figures["top"]["top3"]["share"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["bm25"]["top5"]["share"] == pytest.approx(1 / 3, abs=1e-3)
    low, high = figures["top"]["top3"]["ci"]
    assert low == 0.5 and high == 1.0  # all of the draw from one paper, or from the other
    assert figures["answer"]["abstains_on_other_paper"] == 1.0


def test_baseline_orders_every_sentence() -> None:
    assert bm25_order("pain yoga", ["mood", "pain", "pain with yoga"]) == [2, 1, 0]


def test_phrasings_hold_every_part() -> None:
    question = EvidenceQuestion("q", "Zinc, placebo, cough?", "Zinc", "placebo", "cough", "p", 0, 1)
    for phrase in PHRASINGS.values():
        assert all(part in phrase(question) for part in ("Zinc", "placebo", "cough"))
    assert "fever" in question_on(question, question_of("fever"), "given")


def question_of(outcome: str) -> EvidenceQuestion:
    return EvidenceQuestion("q", "?", "A", "B", outcome, "other", 0, 1)


def test_command_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "rows.jsonl"
    assert main([str(folder), "--json", "--out", str(rows)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["questions"] == 3 and figures["top"]["top3"]["share"] == 1.0
    assert [json.loads(row)["id"] for row in rows.read_text().splitlines()] == ["q1", "q2", "q3"]
    assert main([str(folder)]) == 0
    assert "BM25 of sentences" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["nowhere"], "no evidence dataset"), (["{folder}", "--phrasing", "fr"], "no phrasing 'fr'")],
)
def test_bad_input(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(folder=folder) for argument in arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1"),
        ('{"id": "q"}', "not a question"),
        ('{"id": "q", "text": "?", "intervention": "a", "comparator": "b", "outcome": "c", '
         '"pmcid": "p", "evidence_start": 5, "evidence_end": 5}', "name no characters"),
        ('{"id": "q", "text": "?", "intervention": "a", "comparator": "b", "outcome": "c", '
         '"pmcid": "p", "evidence_start": 1, "evidence_end": 99}', "behind the end"),
        ('{"id": "q", "text": "?", "intervention": "a", "comparator": "b", "outcome": "c", '
         '"pmcid": "q", "evidence_start": 1, "evidence_end": 2}', "cannot be read"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "fulltext").mkdir()
    (tmp_path / "fulltext" / "p.txt").write_text("short")
    (tmp_path / "questions.jsonl").write_text(line + "\n")
    with pytest.raises(BadInput, match=message):
        read_evidence_set(tmp_path)
