"""Tiny datasets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from api.settings import Settings
from eval.systems import Options

TEXTS = {
    "d1": "研究者获知严重不良事件后24小时内报告申办者。",
    "d2": "非劣效界值应当在方案中预先规定。",
    "d3": "The sponsor shall keep essential documents.",
}
QUERIES = {"q1": "严重不良事件多久报告", "q2": "非劣效界值", "q3": "nobody judged this"}
QRELS = {"q1": {"d1": 1}, "q2": {"d2": 1}}
WriteDataset = Callable[..., Path]


@pytest.fixture
def write_dataset(tmp_path: Path) -> WriteDataset:
    """``write_dataset(name, texts, queries, qrels)`` writes a folder in the BEIR layout."""

    def write(
        name: str = "tiny",
        texts: Mapping[str, str] = TEXTS,
        queries: Mapping[str, str] = QUERIES,
        qrels: Mapping[str, Mapping[str, int]] = QRELS,
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for file, rows in (("corpus", texts), ("queries", queries)):
            lines = [json.dumps({"_id": key, "text": text}) for key, text in rows.items()]
            (folder / f"{file}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        lines = [f"{q}\t{d}\t{grade}" for q, found in qrels.items() for d, grade in found.items()]
        head = "query-id\tcorpus-id\tscore"
        (folder / "qrels.tsv").write_text("\n".join([head, *lines]) + "\n", "utf-8")
        return folder

    return write


@pytest.fixture
def options(repo: Path) -> Options:
    """What systems are made from, with the settings' defaults."""
    return Options(Settings(corpus_dir=repo / "corpus"))
