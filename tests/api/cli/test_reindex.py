"""``xinglin reindex``: the same documents under another embedder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from rich.console import Console

from retrieval import Index
from tests.api.cli.conftest import Run


@pytest.fixture
def index(tmp_path: Path, corpus_index: Path) -> Path:
    """A copy of the index of the notes."""
    folder = tmp_path / "index"
    shutil.copytree(corpus_index, folder)
    return folder


def state(index: Path) -> tuple[str | None, list[Any], int]:
    """Embedder, documents and number of chunks of an index."""
    opened = Index(index)
    with opened.read() as view:
        return opened.embedder_name, view.documents, view.snapshot.chunks


def test_after_a_change_of_the_embedder_the_index_answers_again(
    run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, documents, chunks = state(index)
    monkeypatch.setenv("XINGLIN_EMBEDDER_DIMENSIONS", "64")
    refused = run("search", "严重不良事件", "--index", index)
    assert refused.status == 2
    assert f"xinglin reindex --index {index}" in refused.sentence

    result = run("reindex", "--index", index, "--json")
    assert result.status == 0
    report = json.loads(result.out)
    assert set(report) == {"chunks", "embedder", "seconds"}
    assert report["chunks"] == chunks and report["seconds"] > 0
    assert state(index) == (report["embedder"], documents, chunks)
    assert report["embedder"] != name

    assert "严重不良事件" in run("search", "严重不良事件", "--index", index).out
    monkeypatch.delenv("XINGLIN_EMBEDDER_DIMENSIONS")
    assert run("search", "严重不良事件", "--index", index).status == 2


def test_people_get_one_line(run: Run, index: Path) -> None:
    name, _, chunks = state(index)
    result = run("reindex", "--index", index)
    assert result.status == 0 and result.err == ""
    assert result.out.startswith(f"{chunks} chunks embedded with {name} in ")
    assert result.out.count("\n") == 1


def test_a_terminal_shows_a_bar(run: Run, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "is_terminal", property(lambda self: True))
    monkeypatch.setattr("retrieval.writer._ENCODED_AT_ONCE", 10)
    result = run("reindex", "--index", index)
    assert "reindex" in result.out and f"/{state(index)[2]}" in result.out


def test_without_an_index_nothing_is_made(run: Run, tmp_path: Path) -> None:
    result = run("reindex", "--index", tmp_path / "typo")
    assert result.status == 2
    assert "there is no index in" in result.sentence
    assert not (tmp_path / "typo").exists()


def test_an_index_in_use_is_left_alone(run: Run, index: Path) -> None:
    before = state(index)
    with FileLock(index / "writer.lock"):
        result = run("reindex", "--index", index, "--json")
    assert result.status == 2 and result.out == ""
    assert "wait until it is done" in result.sentence
    assert state(index) == before


def test_an_embedder_that_cannot_be_used_changes_nothing(
    run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(index)
    monkeypatch.setenv("XINGLIN_EMBEDDER_DIMENSIONS", "99999")
    result = run("reindex", "--index", index)
    assert result.status == 2
    assert "dimensions" in result.sentence
    assert state(index) == before
