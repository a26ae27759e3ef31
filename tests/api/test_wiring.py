"""Putting the rooms together from settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import Settings
from api.wiring import make_answerer, make_searcher, open_index, open_writer
from ingest.pipeline import ingest_paths
from retrieval import EmbedderMismatch, IndexBusy, IndexUnusable
from retrieval.embedders import Embedder


class OtherEmbedder(Embedder):
    """The bundled one under another name."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name = "another-embedder"
        self.dimensions = inner.dimensions

    def encode(self, texts, is_query=False):  # type: ignore[no-untyped-def]
        return self._inner.encode(texts, is_query=is_query)


def changed(settings: Settings, **values: object) -> Settings:
    return settings.model_copy(update=values)


def test_no_index_is_said_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="xinglin ingest"):
        open_index(changed(settings, index_dir=tmp_path / "none"))


def test_the_answerer_answers_from_the_index_of_the_settings(settings: Settings) -> None:
    answer = make_answerer(settings).answer("器械SAE，研究者几小时内报告？", "2026-11-21")
    assert any("24小时" in statement.text for statement in answer.statements)


def test_settings_reach_searcher_and_answerer(settings: Settings) -> None:
    answer = settings.answer.model_copy(update={"max_statements": 1})
    search = settings.search.model_copy(update={"border_weight": 0.0})
    assert make_searcher(changed(settings, search=search)).settings.border_weight == 0.0
    assert make_answerer(changed(settings, answer=answer)).settings.max_statements == 1


def test_the_register_of_the_settings_decides_what_is_in_force(
    settings: Settings, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    header = "title,version_date,relation,by_title,by_document_number,effective,scope,source"
    row = "伦理审查时限与流程,2023-02-18,superseded,新的办法,,2025-01-01,全文,某处"
    (corpus / "currency.csv").write_text(f"{header},verified\n{row},full_text\n", encoding="utf-8")
    with open_index(changed(settings, corpus_dir=corpus)).read() as view:
        [document] = [d for d in view.documents if d.title == "伦理审查时限与流程"]
        currency = view.currency[document.id]
    assert (currency.effective_to, currency.superseded_by) == ("2025-01-01", "新的办法")


def test_an_index_of_another_embedder_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    monkeypatch.setattr("api.wiring.embedder_of", lambda _: OtherEmbedder(embedder))
    with pytest.raises(EmbedderMismatch, match="another-embedder"):
        open_index(settings)
    with pytest.raises(EmbedderMismatch), open_writer(settings):
        pass


def test_an_unknown_embedder_is_refused_by_name(settings: Settings) -> None:
    with pytest.raises(Exception, match="no-such-embedder") as error:
        open_index(changed(settings, embedder="no-such-embedder"))
    assert "bundled" in str(error.value)


def test_a_second_writer_has_to_wait(settings: Settings) -> None:
    with open_writer(settings), pytest.raises(IndexBusy), open_writer(settings):
        pass
    with open_writer(settings):
        pass


@pytest.mark.parametrize("keep", [True, False])
def test_originals_are_kept_as_the_settings_say(
    settings: Settings, tmp_path: Path, keep: bool
) -> None:
    source = tmp_path / "a.md"
    source.write_text("# 甲\n\n甲机构应当在17日内答复。\n", encoding="utf-8")
    fresh = changed(settings, index_dir=tmp_path / "fresh", keep_originals=keep)
    with open_writer(fresh) as writer:
        ingest_paths([source], writer, fresh.ingest)
    kept = [path.read_bytes() for path in (tmp_path / "fresh" / "files").iterdir()]
    assert kept == ([source.read_bytes()] if keep else [])
