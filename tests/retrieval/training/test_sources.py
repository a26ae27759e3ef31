"""Where training pairs come from."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from ingest.parse import parse_file
from retrieval.training import pointers, sources
from retrieval.training.embedder import read_recipe
from retrieval.training.errors import TrainingError
from retrieval.training.sources import (
    OWN_PAIRS,
    Pair,
    default_corpus,
    document_pairs,
    gather,
    lexicon_pairs,
    own_pairs,
    shared_pairs,
    spoken_pairs,
)
from tests.retrieval.training.conftest import WriteLines

KINDS = {"zh_lay_rule", "zh_patient", "zh_table", "zh_term", "en_zh"}
FROM_QUESTIONS = {"question_reference", "question_documents", "question_trials"}


@pytest.fixture
def own(tmp_path: Path, write_lines: WriteLines, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pair and two questions of our own, in place of those of the repository."""
    monkeypatch.setattr(sources, "OWN_PAIRS", tmp_path / "pairs")
    write_lines(tmp_path / "pairs" / "a.jsonl", [{"kind": "zh_term", "a": "心慌", "b": "心悸"}])
    place = {"heading": "研究用药管理规定 > 第一章 保存", "section": "第一章 保存"}
    asked = [
        {"text": "药要还吗", "source": "reference/law.md", **place},
        {"text": "哮喘喷雾", "source": "trials/ctgov.jsonl", "record": "NCT01"},
    ]
    common = {"lang": "zh", "asked_by": "lay"}
    write_lines(tmp_path / "questions" / "a.jsonl", [row | common for row in asked])
    monkeypatch.setattr(
        sources, "load_questions", lambda: pointers.load_questions(tmp_path / "questions")
    )


def test_a_concept_pairs_its_names(small_corpus: Path) -> None:
    pairs = list(lexicon_pairs(small_corpus / "lexicon.csv"))
    assert {pair.kind for pair in pairs} == {"term"}
    assert sorted((pair.query, pair.passage) for pair in pairs) == sorted(
        [
            ("严重不良事件", "serious adverse event"),
            ("严重不良事件", "SAE"),
            ("重度不良事件", "serious adverse event"),
            ("重度不良事件", "SAE"),
            ("重度不良事件", "严重不良事件"),
            ("SAE", "serious adverse event"),
            ("总生存期", "overall survival"),
        ]
    )


def test_spoken_words_pair_with_each_formal_one(small_corpus: Path) -> None:
    pairs = list(spoken_pairs(small_corpus / "colloquial.csv"))
    assert pairs == [Pair("term", "病人", "受试者"), Pair("term", "病人", "患者")]


def test_a_document_pairs_headings_and_sentences(material: Path) -> None:
    pairs = list(document_pairs([material / "reference/law.md"], "law", random.Random(0)))
    headings = [pair for pair in pairs if pair.kind == "law_heading"]
    assert [pair.query for pair in headings] == [
        "研究用药管理规定 研究用药管理规定 第一章 保存",
        "研究用药管理规定 研究用药管理规定 第二章 报告",
    ]
    assert [pair.passage[:3] for pair in headings] == ["受试者", "研究者"]
    sentences = [pair for pair in pairs if pair.kind == "law_sentence"]
    assert len(sentences) == 2
    for heading, pair in zip(headings, sentences, strict=True):
        assert pair.query.endswith("。") and pair.query in heading.passage
        assert pair.query not in pair.passage
        assert Counter(pair.query + pair.passage) == Counter(heading.passage)


def test_sentences_are_chosen_by_the_seed(material: Path) -> None:
    paths = [material / "reference/law.md", material / "documents/protocols/protocol.md"]

    def taken(seed: int) -> list[Pair]:
        return list(document_pairs(paths, "law", random.Random(seed)))

    assert taken(3) == taken(3)
    assert len({tuple(taken(seed)) for seed in range(8)}) > 1


def test_short_chunks_and_unreadable_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "short.md").write_text("# 题目\n\n见附件。\n", "utf-8")
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "odd.xyz").write_bytes(b"\x00\x01\x02")
    assert list(document_pairs(sorted(tmp_path.iterdir()), "law", random.Random(0))) == []


def test_all_sources_are_gathered(material: Path, small_corpus: Path, own: None) -> None:
    pairs = gather(material, small_corpus, seed=0)
    counts = Counter(pair.kind for pair in pairs)
    assert counts == {
        "zh_qa": 2,
        "en_qa": 1,
        "document_heading": 3,
        "document_sentence": 3,
        "note_heading": 1,
        "note_sentence": 1,
        "term": 9,
        "question_reference": 1,
        "question_trials": 1,
        "zh_term": 1,
    }
    assert Pair("question_trials", "哮喘喷雾", "Inhaled steroid Asthma") in pairs
    [asked] = [pair for pair in pairs if pair.kind == "question_reference"]
    assert "归还剩余的研究用药" in asked.passage
    assert not any("Do as you like" in pair.passage for pair in pairs)  # the licence
    assert gather(material, small_corpus, seed=0) == pairs


def test_what_is_missing_is_left_out(
    tmp_path: Path, write_lines: WriteLines, own: None, material: Path
) -> None:
    alone = tmp_path / "alone"
    row = {"kind": "ward", "a": "输液泵报警", "b": "先查看管路是否打折。"}
    write_lines(alone / "training" / "pairs.jsonl", [row])
    (tmp_path / "no corpus").mkdir()
    assert gather(alone, tmp_path / "no corpus", seed=0) == [
        Pair("ward", "输液泵报警", "先查看管路是否打折。"),
        Pair("zh_term", "心慌", "心悸"),
    ]
    (material / "training" / "pairs.jsonl").unlink()
    kinds = {pair.kind for pair in gather(material, tmp_path / "no corpus", seed=0)}
    assert kinds == {
        *("document_heading", "document_sentence"),
        *("question_reference", "question_trials", "zh_term"),
    }


def test_a_folder_without_material_is_refused(tmp_path: Path, small_corpus: Path) -> None:
    (tmp_path / "elsewhere" / "photos").mkdir(parents=True)
    for folder in (tmp_path / "elsewhere", tmp_path / "nowhere"):
        with pytest.raises(TrainingError, match=rf"{folder.name}: .*training/pairs\.jsonl"):
            gather(folder, small_corpus, seed=0)


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b'["kind", "a", "b"]',
        b'{"kind": "x", "a": "only one side"}',
        b'{"kind": "x", "a": "one side", "b": null}',
        '{"kind": "x", "a": "药", "b": "还"}'.encode("gb18030"),
    ],
)
def test_a_bad_pair_is_named(tmp_path: Path, write_lines: WriteLines, line: bytes) -> None:
    path = write_lines(tmp_path / "odd.jsonl", [{"kind": "x", "a": "1", "b": "2"}])
    path.write_bytes(path.read_bytes() + line)
    with pytest.raises(TrainingError, match=r"odd\.jsonl, line 2: not a pair"):
        list(shared_pairs(path))


def test_the_pairs_of_the_repository_are_sound() -> None:
    pairs = list(own_pairs(OWN_PAIRS))
    assert len(pairs) > 5000
    assert {pair.kind for pair in pairs} == KINDS
    twice = [p for p, n in Counter((p.query, p.passage) for p in pairs).items() if n > 1]
    assert twice == []
    assert all(pair.query.strip() and pair.passage.strip() for pair in pairs)
    assert all(pair.query != pair.passage for pair in pairs)


def test_the_corpus_that_ships_gives_terms_and_notes() -> None:
    corpus = default_corpus()
    terms = [*lexicon_pairs(corpus / "lexicon.csv"), *spoken_pairs(corpus / "colloquial.csv")]
    assert len(terms) > 500
    assert all(pair.query.strip() and pair.passage.strip() for pair in terms)
    note = min((corpus / "notes").rglob("*.md"))
    document, chunks = parse_file(note.read_bytes(), note.name, note.name, str(note))
    pairs = list(document_pairs([note], "note", random.Random(0)))
    headings = [pair for pair in pairs if pair.kind == "note_heading"]
    assert document.metadata.title in headings[0].query
    assert {pair.passage for pair in headings} <= {chunk.text for chunk in chunks}


@pytest.mark.shared
def test_the_recipe_weighs_kinds_that_exist(shared: Path) -> None:
    kinds = {pair.kind for pair in shared_pairs(shared / "training" / "pairs.jsonl")}
    assert not kinds & KINDS
    weights = read_recipe()["weights"]
    assert set(weights["first"]) | set(weights["second"]) <= (
        kinds | KINDS | FROM_QUESTIONS | {"term"}
    )
