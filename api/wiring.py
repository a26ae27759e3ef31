"""Put the rooms together from settings: the one place that knows which class gets which setting."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from api.feasibility import SYNTHETIC, cohorts
from api.settings import Settings
from assistant import Answerer
from assistant.counting import CohortCounter
from assistant.llm.settings import LlmSettings
from retrieval import Index, IndexWriter, Searcher
from retrieval.embedders import Embedder, make_embedder
from retrieval.lexicon import load_lexicon
from retrieval.rerankers import make_reranker
from retrieval.writer import check_embedder

if TYPE_CHECKING:
    from assistant.llm.answerer import LlmAnswerer


def open_index(settings: Settings) -> Index:
    """Open the index for reading.

    Raises:
        IndexUnusable: There is none, or it cannot be read by this version.
        EmbedderMismatch: Another embedder built it.
    """
    index = Index(settings.index_dir, settings.register_path)
    check_embedder(settings.index_dir, index.embedder_name, embedder_of(settings).name)
    return index


def embedder_of(settings: Settings) -> Embedder:
    """The embedder the settings name; a model is loaded once a process.

    Raises:
        ModelUnusable: It cannot be used here; the message says why.
    """
    key = settings.embedder_api_key
    return _embedder(
        settings.embedder,
        base_url=settings.embedder_base_url,
        api_key=key.get_secret_value() if key else None,
        dimensions=settings.embedder_dimensions,
        query_prompt=settings.embedder_query_prompt,
        passage_prompt=settings.embedder_passage_prompt,
    )


_embedder = lru_cache(maxsize=2)(make_embedder)
_reranker = lru_cache(maxsize=2)(make_reranker)


def make_searcher(settings: Settings, embedder: Embedder | None = None) -> Searcher:
    """A searcher with the settings' models, weights and lexicon."""
    return Searcher(
        embedder or embedder_of(settings),
        load_lexicon(settings.lexicon_path),
        settings.search,
        reranker=_reranker(settings.reranker),
    )


def make_answerer(settings: Settings) -> Answerer:
    """An answerer over the index of the settings, with a language model if they name one.

    Raises:
        LlmUnusable: The language model they name cannot be used here.
    """
    plain = plain_answerer(open_index(settings), make_searcher(settings), settings)
    return with_llm(plain, settings.llm) if settings.llm.model else plain


def plain_answerer(index: Index, searcher: Searcher, settings: Settings) -> Answerer:
    """An answerer without a language model; it counts in the cohorts of the settings."""
    counter = CohortCounter(cohorts(settings), SYNTHETIC)
    return Answerer(index, searcher, settings.answer, counter=counter)


def with_llm(plain: Answerer, settings: LlmSettings) -> LlmAnswerer:
    """Let a language model word the answers of another answerer.

    Raises:
        LlmUnusable: It cannot be used here; the message says why.
        ModelUnusable: Nor can the entailment model that ``plain``'s settings name.
    """
    from assistant.llm.answerer import LlmAnswerer
    from assistant.llm.factory import make_chat_model

    return LlmAnswerer(plain, make_chat_model(settings), settings)


def open_writer(settings: Settings, *, rebuilding: bool = False) -> IndexWriter:
    """A writer for the index of the settings; use it as a context manager.

    ``rebuilding`` opens an index of another embedder too, for :meth:`IndexWriter.rebuild`.
    """
    return IndexWriter(
        settings.index_dir,
        embedder_of(settings),
        settings.lexicon_path,
        settings.keep_originals,
        rebuilding,
    )
