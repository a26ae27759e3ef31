"""The benchmark of a large index, on a small one."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from eval import bench_scale
from eval.bench_scale import documents, main, questions, read_chunks, vary
from ingest.errors import BadInput

TEXT = (
    "受试者在24小时内归还药物。申办者登记回收的100份。The sponsor keeps 7 records. It reports them!"
)
ORIGINALS = [("规定 第一章", TEXT), ("规定 第二章", "伦理委员会每年审查一次。")]


def test_variation_depends_on_the_seed_alone() -> None:
    first = [vary(TEXT, random.Random(seed)) for seed in range(20)]
    assert first == [vary(TEXT, random.Random(seed)) for seed in range(20)]
    assert len(set(first)) > 15
    assert TEXT not in first


@pytest.mark.parametrize("seed", range(5))
def test_a_varied_text_is_still_one_of_its_kind(seed: int) -> None:
    varied = vary(TEXT, random.Random(seed))
    assert abs(len(varied) - len(TEXT)) <= 6  # figures may get shorter, blanks fall between
    assert set(varied) <= set(TEXT) | set("0123456789")
    kept = Counter(re.sub(r"\d", "", varied)) & Counter(re.sub(r"\d", "", TEXT))
    assert kept.total() > len(TEXT) * 0.8


@pytest.mark.parametrize("text", ["", "。", "无", "12", "  \n"])
def test_any_text_can_be_varied(text: str) -> None:
    assert len(vary(text, random.Random(0))) <= len(text)


def test_documents_hold_as_many_chunks_as_asked_for() -> None:
    found = list(documents(ORIGINALS, 450))
    assert [len(parts) for _, parts in found] == [200, 200, 50]
    assert len({document.id for document, _ in found}) == 3
    chunks = [chunk for _, parts in found for chunk in parts]
    assert len({chunk.id for chunk in chunks}) == 450
    assert {chunk.heading_path for chunk in chunks} == {(heading,) for heading, _ in ORIGINALS}
    for document, parts in found:
        assert {chunk.document_id for chunk in parts} == {document.id}
        assert document.size == sum(len(chunk.text) for chunk in parts)
    assert found == list(documents(ORIGINALS, 450))


def test_a_document_is_in_one_language() -> None:
    english = ("Rule", "The sponsor keeps seven records of each subject. It reports them.")
    found = list(documents([ORIGINALS[1], english], 4000))
    counts = Counter(document.metadata.language for document, _ in found)
    assert counts.keys() == {"zh", "en"}
    for document, parts in found:
        headings = {chunk.heading_path[0] for chunk in parts}
        assert headings == {"Rule" if document.metadata.language == "en" else "规定 第二章"}


def test_chunks_are_those_of_readable_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "note.md").write_text("# 回收\n\n剩余药物在24小时内归还。\n", "utf-8")
    (tmp_path / "photo.xyz").write_bytes(b"\x00\x01")
    [(heading, text)] = read_chunks([tmp_path])
    assert "回收" in heading and text == "剩余药物在24小时内归还。"
    with pytest.raises(BadInput, match=r"no readable document in .*nowhere"):
        read_chunks([tmp_path / "nowhere"])


def test_questions_are_sentences_with_words_left_out(corpus_index: Path) -> None:
    asked = questions(corpus_index, 20)
    assert len(asked) == 20
    assert all(" " in question and len(question) <= 61 for question in asked)
    assert questions(corpus_index, 20) == asked
    assert 20 < len(questions(corpus_index, 10**6)) < 10**6  # no more than there are chunks


def test_a_small_index_is_built_and_asked(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repo)  # where the process that asks finds its modules
    index = tmp_path / "index"
    assert main(["--chunks", "300", "--questions", "10", "--index", str(index)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.keys() == {
        *("date", "on", "build_s", "original_chunks"),
        *("chunks", "segments", "open_s", "p50_ms", "p95_ms", "peak_memory_mb", "resident_mb"),
        *("encoded_per_s", "top10_shared_with_full_lists", "vector_index", "disk_mb"),
    }
    assert report["chunks"] == 300 == sum(report["segments"])
    assert report["original_chunks"] > 200
    assert 0 < report["p50_ms"] <= report["p95_ms"]
    assert report["encoded_per_s"] > 300
    assert report["top10_shared_with_full_lists"] == 1.0  # nothing is cut short in so small a one
    assert report["vector_index"] == "flat"
    assert main(["--chunks", "400", "--questions", "10", "--index", str(index)]) == 2
    assert "holds 300 chunks, not 400" in capsys.readouterr().err


def test_without_documents_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--source", str(tmp_path), "--index", str(tmp_path / "index")]
    assert main(arguments) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence == f"eval.bench_scale: no readable document in {tmp_path}"


def test_what_is_there_is_asked_without_building_and_may_be_no_index(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repo)
    monkeypatch.setattr(bench_scale, "build", lambda *_: pytest.fail("built over it"))
    assert main(["--index", str(tmp_path)]) == 2
    reason, sentence = capfd.readouterr().err.splitlines()
    assert reason.startswith("eval.bench_scale: ") and str(tmp_path) in reason
    assert sentence.endswith("could not be asked; the reason stands above")
