"""From files to documents: loaders, chunking and the incremental pipeline.

A loader turns a file into blocks that know their place (:class:`Locator`), the chunker groups
blocks without cutting a sentence, and :func:`ingest_paths` runs both over many files in worker
processes, handing batches to a :class:`Sink`. Nothing here knows how the index scores or who asks.
"""

from ingest.errors import BadInput, UnsupportedFormat
from ingest.model import Block, Chunk, Document, Locator, Metadata, Span, Table

__all__ = [
    "BadInput",
    "Block",
    "Chunk",
    "Document",
    "Locator",
    "Metadata",
    "Span",
    "Table",
    "UnsupportedFormat",
]
