"""Made-up documents, sentences and words, and what is measured of them."""

from __future__ import annotations

from typing import Any

from assistant.evidence import Sentence
from assistant.features import FEATURES, Asked, Measured
from assistant.question import read_question
from assistant.scoring import Scored
from assistant.units import Unit
from ingest.model import Block, Chunk, Locator, Metadata, Span
from retrieval import Hit, StoredDocument
from retrieval.currency import Currency, Status


def make_hit(
    document_id: str,
    *texts: str,
    kinds: str = "",
    status: Status = "current",
    notice: str | None = None,
    section: str | None = None,
    path: tuple[str, ...] = (),
    **metadata: Any,
) -> tuple[Hit, list[Block]]:
    """A document of some blocks as one hit; ``kinds`` has one letter a block, ``i`` for an item."""
    letters = kinds or "p" * len(texts)
    blocks = [
        Block("list_item" if letter == "i" else "paragraph", text)
        for letter, text in zip(letters, texts, strict=True)
    ]
    whole, spans = "", []
    for ordinal, text in enumerate(texts):
        start = len(whole) + bool(whole)
        whole += ("\n" if whole else "") + text
        spans.append(Span(ordinal, start, start + len(text), 0))
    chunk = Chunk(
        f"{document_id}-0",
        document_id,
        0,
        "section",
        whole,
        path,
        Locator(section=section),
        tuple(spans),
        1,
    )
    stored = StoredDocument(
        key=1,
        id=document_id,
        path=f"{document_id}.md",
        source_path=f"/{document_id}.md",
        media_type="text/markdown",
        sha256="0",
        size=1,
        pages=None,
        metadata=Metadata(**{"title": document_id, **metadata}),
        warnings=(),
        added="2026-01-01",
        blocks=len(blocks),
        chunks=1,
    )
    return Hit(chunk, stored, 1.0, 1.0, 1.0, status, Currency(notice=notice)), blocks


class Documents:
    """Blocks of several hits, read as the store reads them."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[Block]] = {}

    def add(self, document_id: str, *texts: str, **about: Any) -> list[Sentence]:
        """Sentences of a new document, one a block."""
        hit, blocks = make_hit(document_id, *texts, **about)
        self._blocks[document_id] = blocks
        return [Sentence(hit, n, 0, len(b.text), b.text) for n, b in enumerate(blocks)]

    def read(self, hit: Hit, first: int, count: int) -> list[tuple[int, Block]]:
        """Some blocks of a hit's document."""
        return list(enumerate(self._blocks[hit.document.id]))[first : first + count]


def sentence_of(document_id: str, text: str, **about: Any) -> Sentence:
    """The only sentence of a document."""
    return Documents().add(document_id, text, **about)[0]


def unit(*names: str, weight: float = 1.0, **about: Any) -> Unit:
    """A content word with its names."""
    return Unit(names[0], names, weight, **{"unknown": False, "code": False, **about})


def asked(text: str, *units: Unit, **about: Any) -> Asked:
    """The first part of a question and the words an answer to it must cover."""
    return Asked(read_question(text).parts[0], text, units, **{"whole": units, **about})


def measured(sentence: Sentence, *, wants_met: bool = True, **features: float) -> Measured:
    """A sentence of which only the features given are not 0."""
    assert features.keys() <= FEATURES.keys()
    return Measured(sentence, dict.fromkeys(FEATURES, 0.0) | features, wants_met)


def scored(sentence: Sentence, score: float = 1.0, **values: Any) -> Scored:
    """A sentence with its score, and with good marks in everything but what ``values`` says."""
    return Scored(measured(sentence, **(dict.fromkeys(FEATURES, 0.9) | values)), score)
