"""Further documents go into a copy; the index itself stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import make_answerer, open_index
from eval.answers.throwaway import with_documents
from ingest.errors import BadInput

NOTE = "# 木星任务手册\n\n木星站的试验用药应当在 13 小时内送达。\n"
QUESTION = "木星站的试验用药应当在多少小时内送达？"


@pytest.fixture
def settings(corpus_index: Path, repo: Path) -> Settings:
    return Settings(index_dir=corpus_index, corpus_dir=repo / "corpus")


def test_the_copy_holds_the_document_and_the_index_does_not(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "jupiter.md"
    path.write_text(NOTE, "utf-8")
    with open_index(settings).read() as view:
        before = view.snapshot.id
    with with_documents(settings, [path]) as answerer:
        folder = answerer.index.folder
        assert folder != settings.index_dir
        answer = answerer.answer(QUESTION)
        assert [c.title for c in answer.citations] == ["木星任务手册"]
    assert not folder.exists()
    with open_index(settings).read() as view:
        assert view.snapshot.id == before
    assert make_answerer(settings).answer(QUESTION).status == "insufficient_evidence"


def test_a_document_that_cannot_be_read_is_named(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 broken")
    with (
        pytest.raises(BadInput, match=r"broken\.pdf cannot be read"),
        with_documents(settings, [path]),
    ):
        pass
