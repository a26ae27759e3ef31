"""The index: lexical and vector search over published snapshots, with filters and currency.

:class:`IndexWriter` publishes batches atomically, :class:`Index` opens the current snapshot for
reading, :class:`Searcher` ranks. Nothing here knows who asks or how answers are phrased.
"""

from retrieval.contents import StoredDocument
from retrieval.filters import BadFilter, Filters
from retrieval.reader import Index, View
from retrieval.search import Hit, Searcher
from retrieval.settings import SearchSettings
from retrieval.store import IndexUnusable
from retrieval.writer import EmbedderMismatch, IndexBusy, IndexWriter

__all__ = [
    "BadFilter",
    "EmbedderMismatch",
    "Filters",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexUnusable",
    "IndexWriter",
    "SearchSettings",
    "Searcher",
    "StoredDocument",
    "View",
]
