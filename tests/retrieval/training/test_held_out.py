"""Questions kept from training, written as a dataset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.datasets import read_dataset
from ingest.parse import parse_file
from retrieval.training.__main__ import main
from retrieval.training.errors import TrainingError
from retrieval.training.held_out import write_datasets
from retrieval.training.pointers import Question, held_out, load_questions
from retrieval.training.sources import question_pairs

LAW = Question("剩下的药怎么办", "zh", "lay", "reference/law.md")
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


def test_each_pair_of_languages_has_a_dataset_over_all_passages(
    material: Path, tmp_path: Path
) -> None:
    law, protocol = first_passage(LAW, material), first_passage(PROTOCOL, material)
    abroad = replace(law, text="what becomes of drug left over", lang="en")
    asked = [law, abroad, protocol, RECORD]
    assert write_datasets(asked, material, 1, tmp_path) == {
        "held_en_en": 2,
        "held_en_zh": 1,
        "held_zh_zh": 1,
    }
    own, foreign, english = (
        read_dataset(tmp_path / name) for name in ("held_zh_zh", "held_en_zh", "held_en_en")
    )
    assert own.corpus == foreign.corpus == english.corpus
    bodies = [text.whole for text in own.corpus.values()]
    assert any("研究者获知严重不良事件" in body for body in bodies)  # no question points there
    assert not any("Warfarin" in body for body in bodies)  # of a registry only what is asked for
    for dataset, question in ((own, law), (foreign, abroad)):
        [(key, text)] = dataset.queries.items()
        [relevant] = dataset.qrels[key]
        assert text == question.text
        assert dataset.corpus[relevant].title.startswith("研究用药管理规定")
        assert "归还剩余的研究用药" in dataset.corpus[relevant].body
    keys = {text: key for key, text in english.queries.items()}
    [relevant] = english.qrels[keys[RECORD.text]]
    assert "Inhaled steroid" in english.corpus[relevant].whole


def test_material_without_the_documents_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no document"):
        write_datasets([LAW], tmp_path, 1, tmp_path / "sets")


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


def first_passage(question: Question, material: Path) -> Question:
    """The question, pointing to the first passage of its document."""
    path = material / question.source
    _, chunks = parse_file(path.read_bytes(), path.name, path.name, str(path))
    place = chunks[0]
    heading, section = " > ".join(place.heading_path), place.locator.section or ""
    return replace(question, heading=heading, section=section)
