"""What is stored of a chunk for searching it: terms, tokens, and the text that is embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from ingest.model import Chunk, Metadata
from retrieval.analysis import VERSION, Analyser
from retrieval.embedders.static import BUNDLED, TOKENIZER_FILE
from retrieval.lexical import count_terms
from retrieval.lexicon import load_lexicon
from retrieval.segment import ChunkTerms
from retrieval.soft_match import SoftMatcher


@cache
def analysis_version() -> str:
    """How texts are cut into terms and tokens; an index of another version must be rebuilt."""
    tokenizer = (BUNDLED / TOKENIZER_FILE).read_bytes()
    return f"{VERSION}-{hashlib.sha256(tokenizer).hexdigest()[:8]}"


def prepare_chunks(
    lexicon_path: Path, metadata: Metadata, chunks: Sequence[Chunk]
) -> list[ChunkTerms]:
    """Analyse the chunks of a document; runs in the worker that parsed it."""
    analyser = _analyser(lexicon_path)
    name_terms = analyser.terms(metadata.names)
    tokens = _soft_matcher().tokens([embedding_text(metadata, chunk) for chunk in chunks])
    return [
        ChunkTerms(
            body=count_terms(analyser.terms(chunk.text)),
            head=count_terms(name_terms + analyser.terms(" ".join(_headings(chunk)))),
            tokens=found,
        )
        for chunk, found in zip(chunks, tokens, strict=True)
    ]


def embedding_text(metadata: Metadata, chunk: Chunk) -> str:
    """What of a chunk is embedded: title, headings and text."""
    return "\n".join((metadata.title or "", " ".join(_headings(chunk)), chunk.text))


def _headings(chunk: Chunk) -> Sequence[str]:
    section = (chunk.locator.section,) if chunk.locator.section else ()
    return tuple(dict.fromkeys((*chunk.heading_path, *section)))


@lru_cache(maxsize=4)
def _analyser(lexicon_path: Path) -> Analyser:
    return Analyser(load_lexicon(lexicon_path))


@cache
def _soft_matcher() -> SoftMatcher:
    return SoftMatcher()
