"""Haystack's in-memory BM25 retriever, with its defaults.

Its pattern for words (since 3.x) takes every Chinese character as a word of its own.
"""

from __future__ import annotations

import os
from typing import Any

from eval.datasets import Corpus
from eval.systems.base import System, require, versions

_PACKAGES = {"haystack": "haystack-ai"}


class HaystackSystem(System):
    """Haystack over whole documents.

    Raises:
        Unavailable: haystack-ai is not installed.
    """

    name = "haystack"
    setup = "InMemoryBM25Retriever (BM25L, Chinese by the character), whole documents"

    def __init__(self) -> None:
        require(self.name, _PACKAGES)
        # Haystack reports usage to its makers unless told not to, before it is imported.
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        from haystack import Document
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._document: Any = Document
        self._new_store: Any = InMemoryDocumentStore
        self._new_retriever: Any = InMemoryBM25Retriever
        self.version = versions("haystack-ai")
        self._retriever: Any = None

    def index(self, corpus: Corpus) -> int:
        """Index whole documents."""
        store = self._new_store()
        store.write_documents([self._document(id=k, content=t.whole) for k, t in corpus.items()])
        self._retriever = self._new_retriever(store)
        return len(corpus)

    def search(self, query: str, k: int) -> list[str]:
        """Ids in the order Haystack gives them; it sorts stably, so ties keep corpus order."""
        return [document.id for document in self._retriever.run(query=query, top_k=k)["documents"]]

    def close(self) -> None:
        """Nothing is held outside of memory."""
