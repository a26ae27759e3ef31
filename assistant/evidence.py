"""Sentences of found passages, each with its place; of tables, their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.tables import Row, TableLines
from assistant.units import Passage
from ingest.flags import CONCERN, NEVER_QUOTED, RETRACTED
from ingest.model import Chunk
from ingest.text import sentence_spans
from retrieval import Hit

_ARTICLE_LABEL = re.compile(
    r"\s*(第[〇零一二三四五六七八九十百千两\d]+条(?:之[一二三四五六七八九十])?)[\s\u3000]*"
)
_LEAD_IN = re.compile(r"[：:]\s*$")
_SHORTEST = 6  # characters
_DOUBTED = {RETRACTED, CONCERN}
ReadTable = Callable[[Hit, int], TableLines | None]
"""Reads a table of a hit's document: ``(hit, block ordinal)``."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a found passage and its place in the document's blocks.

    ``row`` is set for a row of a table.
    """

    hit: Hit
    block: int
    start: int
    end: int
    text: str
    row: Row | None = None

    @property
    def outdated(self) -> bool:
        """The source is a draft, not in force, withdrawn, or known to have been changed since."""
        in_force = self.hit.status in {"effective", "current"}
        doubted = not _DOUBTED.isdisjoint(self.hit.chunk.flags)
        return not in_force or doubted or self.hit.currency.notice is not None

    @property
    def leads_list(self) -> bool:
        """Ends in a colon: what it announces follows."""
        return announces(self.text)


def announces(text: str) -> bool:
    """Whether a text ends in a colon."""
    return bool(_LEAD_IN.search(text))


def sentences_of(hit: Hit, read_table: ReadTable = lambda hit, block: None) -> Iterator[Sentence]:
    """Sentences of a passage; of a table, its rows without the header."""
    chunk = hit.chunk
    if not NEVER_QUOTED.isdisjoint(chunk.flags):
        return
    for span in chunk.spans:
        part = chunk.text[span.chunk_start : span.chunk_end]
        bounds = _row_bounds(part) if chunk.kind == "table" else sentence_spans(part)
        lines = read_table(hit, span.block) if chunk.kind == "table" else None
        for start, end in bounds:
            start += _label_length(part[start:end], span.block_start + start, chunk)
            place = span.block_start + start
            if end - start < _SHORTEST or (lines is not None and lines.is_head(place)):
                continue
            sentence = Sentence(hit, span.block, place, span.block_start + end, part[start:end])
            if lines is not None and place in lines.body:
                sentence = replace(sentence, row=lines.row(place))
            yield sentence


def _label_length(sentence: str, place: int, chunk: Chunk) -> int:
    """Length of the article's own label (第十九条) where a sentence opens with it.

    The citation names the article; 「第二条规定的期限…」 inside another is part of the text.
    """
    label = _ARTICLE_LABEL.match(sentence) if place == 0 else None
    if label is None or label.group(1) != chunk.locator.section:
        return 0
    return label.end()


def _row_bounds(part: str) -> list[tuple[int, int]]:
    bounds = []
    start = 0
    for line in part.splitlines(keepends=True):
        end = start + len(line.rstrip())
        if end > start:
            bounds.append((start, end))
        start += len(line)
    return bounds


def headings_of(chunk: Chunk, title: str) -> str:
    """Everything that stands above a passage: title, heading path, section."""
    return "\n".join((title, *chunk.heading_path, chunk.locator.section or ""))


def passages_of(hit: Hit) -> tuple[Passage, Passage]:
    """A hit's text and its headings, prepared for covering tests."""
    return Passage(hit.chunk.text), Passage(headings_of(hit.chunk, hit.document.metadata.names))
