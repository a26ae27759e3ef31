"""Questions kept from training, written as a dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets import read_dataset
from retrieval.training.__main__ import main
from retrieval.training.errors import TrainingError
from retrieval.training.held_out import write_dataset
from retrieval.training.pointers import Question, held_out, load_questions
from retrieval.training.sources import question_pairs

LAW = Question("剩下的药怎么办", "zh", "lay", "reference/law.md", "研究用药管理规定 > 第一章 保存")
PROTOCOL = Question("who judges causality", "en", "pi", "documents/protocols/protocol.md")
RECORD = Question("steroid trial", "en", "pi", "trials/ctgov.jsonl", record="NCT01")


def test_questions_about_one_passage_are_in_one_part() -> None:
    questions = load_questions()
    for parts in (2, 5):
        chosen = [q for q in questions if held_out(q, parts)]
        assert 0.6 / parts < len(chosen) / len(questions) < 1.4 / parts
        places = {(q.source, q.record or q.check) for q in chosen}
        rest = [q for q in questions if not held_out(q, parts)]
        assert places.isdisjoint((q.source, q.record or q.check) for q in rest)
    assert not any(held_out(q, 0) for q in questions)


def test_a_dataset_has_all_passages_and_the_questions_held_out(
    material: Path, tmp_path: Path
) -> None:
    law = Question(**{**as_fields(LAW), "section": first_section(material)})
    written = write_dataset([law, PROTOCOL, RECORD], material, 1, tmp_path / "set")
    dataset = read_dataset(tmp_path / "set")
    assert written == (len(dataset.queries), len(dataset.corpus))
    assert law.text in dataset.queries.values() and RECORD.text in dataset.queries.values()
    bodies = [text.whole for text in dataset.corpus.values()]
    assert any("研究者获知严重不良事件" in body for body in bodies)  # no question points there
    assert not any("Warfarin" in body for body in bodies)  # of a registry only what is asked for
    asked = {text: key for key, text in dataset.queries.items()}
    [relevant] = dataset.qrels[asked[RECORD.text]]
    assert "Inhaled steroid" in dataset.corpus[relevant].whole
    [relevant] = dataset.qrels[asked[law.text]]
    assert dataset.corpus[relevant].title.startswith("研究用药管理规定")
    assert "归还剩余的研究用药" in dataset.corpus[relevant].body


def test_material_without_the_documents_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no document"):
        write_dataset([LAW], tmp_path, 1, tmp_path / "set")


def test_the_command_writes_it(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--material", str(material), "--parts", "1", "--out", str(tmp_path / "set")]
    assert main(["held-out", *arguments]) == 2  # none of the questions we ship points in there
    assert capsys.readouterr().err.startswith("error: ")


def test_training_does_not_see_what_is_held_out(
    material: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.training.sources.load_questions", lambda: [RECORD])
    assert [pair.query for pair in question_pairs(material)] == [RECORD.text]
    assert list(question_pairs(material, 1)) == []


def as_fields(question: Question) -> dict[str, object]:
    return {name: getattr(question, name) for name in question.__slots__}


def first_section(material: Path) -> str:
    """The section that the reader gives the law's first passage."""
    from ingest.parse import parse_file

    path = material / LAW.source
    _, chunks = parse_file(path.read_bytes(), path.name, path.name, str(path))
    return chunks[0].locator.section or ""
