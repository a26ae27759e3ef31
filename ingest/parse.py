"""Turn one file's bytes into a document and its chunks. Runs in a worker process."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ingest.chunking import ChunkSizes, chunk_blocks
from ingest.errors import BadInput
from ingest.files import document_id
from ingest.loaders import Source, format_of
from ingest.metadata import infer_metadata
from ingest.model import Block, Chunk, Document
from ingest.text import squeeze


def parse_file(
    data: bytes,
    name: str,
    path: str,
    source_path: str,
    max_pages: int = 5000,
    sizes: ChunkSizes | None = None,
) -> tuple[Document, list[Chunk]]:
    """Load, describe and chunk one file.

    Args:
        data: The bytes of the file.
        name: File name with ending; decides the format together with the content.
        path: Path below the ingested root; part of the document's id.
        source_path: Absolute path, kept so that a changed file replaces its old version.

    Raises:
        BadInput: The file is empty, damaged, of a format no loader reads, or holds no text.
    """
    if not data.strip():
        raise BadInput("the file is empty; nothing to index")
    found, warning = format_of(name, data)
    loaded = found.loader()(Source(name=name, data=data, max_pages=max_pages))
    if warning:
        loaded.warnings.insert(0, warning)
    blocks = [_tidy(block) for block in loaded.blocks]
    loaded.blocks = [block for block in blocks if block.text]
    if not loaded.blocks:
        raise BadInput("no text was found in the file; nothing to index")
    metadata = infer_metadata(name, found.name, loaded)
    if metadata.doubtful_names:
        loaded.warnings.append(
            f"the file name says {', '.join(metadata.doubtful_names)}, the text never does; "
            "it is not found under that name"
        )
    sha256 = hashlib.sha256(data).hexdigest()
    document = Document(
        id=document_id(sha256, path),
        path=path,
        source_path=source_path,
        media_type=found.media_type,
        sha256=sha256,
        size=len(data),
        metadata=metadata,
        blocks=tuple(loaded.blocks),
        pages=loaded.pages,
        warnings=tuple(loaded.warnings),
    )
    return document, chunk_blocks(document.blocks, document.id, sizes)


def _tidy(block: Block) -> Block:
    """Control characters and runs of blanks never reach the index."""
    text = squeeze(block.text)
    return block if text == block.text else replace(block, text=text)
