"""Our index as a LangChain retriever, for use in other people's pipelines."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from ingest.model import to_json
from retrieval.filters import Filters
from retrieval.reader import Index
from retrieval.search import Hit, Searcher


class XinglinRetriever(BaseRetriever):
    """Finds passages of an index, with their place and validity as metadata.

    Attributes:
        index: The opened index.
        searcher: Ranks; its embedder must be the one the index was built with.
        k: How many passages.
        filters: Which documents may answer.
        as_of: ISO date the passages must hold for; today when ``None``.

    Example:
        retriever = XinglinRetriever(index=index, searcher=searcher, k=5)
        retriever.invoke("器械临床试验SAE多久报告")
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    searcher: Searcher
    k: int = 10
    filters: Filters | None = None
    as_of: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        with self.index.read() as view:
            hits = self.searcher.search(view, query, self.k, self.filters, self.as_of)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    return Document(
        id=hit.chunk.id,
        page_content=hit.chunk.text,
        metadata={
            "document_id": hit.document.id,
            "title": hit.document.title,
            "path": hit.document.path,
            "heading_path": list(hit.chunk.heading_path),
            "locator": to_json(hit.chunk.locator),
            "status": hit.status,
            "score": hit.score,
        },
    )
