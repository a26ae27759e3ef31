"""Our own chunking, index and search, made by the same wiring as the product.

Documents go through the chunking of text files; the title, when there is one, is the document's
title. A document ranks by its best chunk. Nothing of a dataset is superseded or not yet in force,
so the search asks for documents of any status.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from eval.datasets import Corpus, Text
from eval.systems.base import System
from ingest.chunking import chunk_blocks
from ingest.files import document_id
from ingest.metadata import detect_language
from ingest.model import Block, Document, Metadata
from ingest.pipeline import Parsed
from retrieval import Filters, Index, Searcher, View
from retrieval.lexical import Floats

if TYPE_CHECKING:
    from api.settings import Settings

_BATCH = 20_000  # documents published at once
_ANY = Filters(status=frozenset({"any"}))
_MOST_CANDIDATES = 10_000


class XinglinSystem(System):
    """Xinglin with the settings in force; the index lies in a temporary folder.

    Args:
        settings: Embedder, weights and lexicon; where the user's own index lies is left aside.
    """

    name = "xinglin"

    def __init__(self, settings: Settings) -> None:
        from api.wiring import make_searcher
        from assistant.answerer import version

        self._folder = tempfile.TemporaryDirectory(prefix="xinglin-eval-")
        self._settings = settings.model_copy(update={"keep_originals": False})
        self._searcher = make_searcher(self._settings)
        # The segmentation dictionary is loaded by the first question; it counts as a model.
        self._searcher.analyse("预热 warm-up")
        self._deeper: Searcher | None = None
        self._index: Index | None = None
        self._builds = 0
        self.version = version()
        self.setup = f"embedder {self._searcher.embedder.name}"

    def index(self, corpus: Corpus) -> int:
        """Chunk, analyse, embed and publish, in this process."""
        from api.wiring import open_writer

        self._builds += 1
        folder = Path(self._folder.name) / str(self._builds)
        chunks = 0
        with open_writer(self._settings.model_copy(update={"index_dir": folder})) as writer:
            batch: list[Parsed] = []
            for key, text in corpus.items():
                document = _document(key, text)
                parts = chunk_blocks(document.blocks, document.id)
                batch.append(Parsed(document, parts, writer.prepare(document, parts), folder))
                chunks += len(parts)
                if len(batch) >= _BATCH:
                    writer.publish(batch, [])
                    batch = []
            writer.publish(batch, [])
        self._index = Index(folder)
        return chunks

    def search(self, query: str, k: int) -> list[str]:
        """Documents of the best chunks; more chunks are asked for until ``k`` are distinct.

        The search looks at the best ``search.candidates`` chunks of each half. Where those belong
        to fewer than ``k`` documents, a second search with ten times as many candidates fills the
        ranking up from behind: what the settings in force find stays first, in its order. (More
        candidates from the start would change the first ten ranks; docs/evaluation.md has the
        count.)
        """
        assert self._index is not None, "search before index"
        with self._index.read() as view:
            found, chunks = _distinct(self._searcher, view, query, k)
            if len(found) < k and chunks >= self._searcher.settings.candidates:
                found += _distinct(self._deeper_searcher(), view, query, k)[0]
        return list(dict.fromkeys(found))[:k]

    def candidates(self, query: str) -> Iterator[tuple[tuple[str, ...], dict[str, Floats]]]:
        """Documents and features of the candidates of a query; nothing when there are none."""
        assert self._index is not None, "search before index"
        with self._index.read() as view:
            analysed = self._searcher.analyse(query)
            allowed = {
                document.key: view.currency[document.id].status("9999")
                for document in view.documents
            }
            shortlist = self._searcher.shortlist(view, analysed, allowed)
            if shortlist is not None:
                features = self._searcher.features(analysed, shortlist)
                yield tuple(document.path for document in shortlist.documents), features

    def _deeper_searcher(self) -> Searcher:
        from api.wiring import make_searcher

        if self._deeper is None:
            more = min(self._searcher.settings.candidates * 10, _MOST_CANDIDATES)
            search = self._settings.search.model_copy(update={"candidates": more})
            settings = self._settings.model_copy(update={"search": search})
            self._deeper = make_searcher(settings, self._searcher.embedder)
        return self._deeper

    def close(self) -> None:
        """Delete the index."""
        self._folder.cleanup()


def _distinct(searcher: Searcher, view: View, query: str, k: int) -> tuple[list[str], int]:
    """Ids of up to ``k`` documents, and the number of chunks it took to find them."""
    asked = 2 * k
    while True:
        hits = searcher.search(view, query, asked, _ANY)
        found = list(dict.fromkeys(hit.document.path for hit in hits))
        if len(found) >= k or len(hits) < asked:
            return found[:k], len(hits)
        asked *= 2


def _document(key: str, text: Text) -> Document:
    """A dataset's text as a text file of its paragraphs; its id is its path."""
    paragraphs = [part for part in text.body.split("\n") if part.strip()] or [text.title or key]
    sha256 = hashlib.sha256(f"{key}\0{text.title}\0{text.body}".encode()).hexdigest()
    return Document(
        id=document_id(sha256, key),
        path=key,
        source_path=key,
        media_type="text/plain",
        sha256=sha256,
        size=len(text.body.encode()),
        metadata=Metadata(
            title=text.title or None, kind="other", language=detect_language(text.body)
        ),
        blocks=tuple(Block("paragraph", part) for part in paragraphs),
    )
