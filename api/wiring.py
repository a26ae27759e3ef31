"""Put the rooms together from settings: the one place that knows which class gets which setting."""

from __future__ import annotations

from api.settings import Settings
from assistant import Answerer
from retrieval import EmbedderMismatch, Index, IndexWriter, Searcher
from retrieval.embedders import Embedder, make_embedder
from retrieval.lexicon import load_lexicon


def open_index(settings: Settings) -> Index:
    """Open the index for reading.

    Raises:
        IndexUnusable: There is none, or it cannot be read by this version.
        EmbedderMismatch: Another embedder built it.
    """
    index = Index(settings.index_dir, settings.register_path)
    embedder = make_embedder(settings.embedder)
    if index.embedder_name not in {None, embedder.name}:
        raise EmbedderMismatch(
            f"the index in {settings.index_dir} was built with embedder {index.embedder_name!r}, "
            f"the settings name {embedder.name!r}; set `embedder` back, or move the folder away "
            f"and run: xinglin ingest PATH --index {settings.index_dir}"
        )
    return index


def make_searcher(settings: Settings, embedder: Embedder | None = None) -> Searcher:
    """A searcher with the settings' weights and lexicon."""
    return Searcher(
        embedder or make_embedder(settings.embedder),
        load_lexicon(settings.lexicon_path),
        settings.search,
    )


def make_answerer(settings: Settings) -> Answerer:
    """An answerer over the index of the settings."""
    return Answerer(open_index(settings), make_searcher(settings), settings.answer)


def open_writer(settings: Settings) -> IndexWriter:
    """A writer for the index of the settings; use it as a context manager."""
    return IndexWriter(
        settings.index_dir,
        make_embedder(settings.embedder),
        settings.lexicon_path,
        settings.keep_originals,
    )
