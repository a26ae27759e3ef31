"""Group blocks into chunks that respect structure.

Statutes split at 第…条 with the chapter path; everything else splits at headings and is packed up
to a target size. Lists stay with the sentence that introduces them, tables with their caption and
header row. A sentence is never cut, unless it alone is longer than the hard limit (a run-on table
or a dump); then it is cut at a clause end or a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, pairwise
from typing import Literal

from ingest.flags import APART
from ingest.model import Block, Chunk, Locator, Span
from ingest.numerals import chinese_to_int
from ingest.structure.references import Float, mentioned, references
from ingest.text import count_tokens, sentence_spans

ChunkKind = Literal["article", "section", "list", "table", "figure"]

_ARTICLE = re.compile(
    r"^\s*(?:\*\*)?(第[〇零一二三四五六七八九十百千两\d]{1,9}条(?:之[一二三四五六七八九十])?)(?:\*\*)?"
)
_CHAPTER = re.compile(
    r"^\s*(第[〇零一二三四五六七八九十百\d]{1,6}([编章节]))[\s\u3000]*(\S.{0,40})?$"
)
_CHAPTER_LEVEL = {"编": 1, "章": 2, "节": 3}
_LEAD_IN = re.compile(r"[：:]\s*$")
_CLAUSE_END = re.compile(r"[；;，,、]|\s")
_MIN_ARTICLES = 4
_MOST_MENTIONS = 3  # sentences on a figure that join its chunk
_LONGEST_MENTION = 150  # tokens


@dataclass(frozen=True, slots=True)
class ChunkSizes:
    """Sizes in tokens (:func:`ingest.text.count_tokens`).

    Attributes:
        target: Paragraphs are packed until this size is reached.
        limit: A chunk of paragraphs never exceeds this; it is split between sentences.
        hard_limit: Lists, articles and tables are kept whole up to this size.
    """

    target: int = 320
    limit: int = 512
    hard_limit: int = 1200


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of characters of one block: the building material of chunks."""

    block: int
    start: int
    end: int
    tokens: int


@dataclass(slots=True)
class _Group:
    """Pieces that become one chunk."""

    kind: ChunkKind
    headings: tuple[str, ...]
    section: str | None
    pieces: list[_Piece]


def chunk_blocks(
    blocks: Sequence[Block], document_id: str, sizes: ChunkSizes | None = None
) -> list[Chunk]:
    """Return the chunks of a document, in reading order.

    Chunk ids are ``<document id>-<ordinal>``, so the same file gives the same ids.
    """
    sizes = sizes or ChunkSizes()
    cut = _statute_groups if is_statute(blocks) else _section_groups
    groups = cut(blocks, sizes)
    chunks: list[Chunk] = []
    for group in groups:
        for alike in _alike(group, blocks):
            for part in _fit(alike, blocks, sizes):
                chunks.append(_chunk(part, blocks, document_id, len(chunks)))
    return chunks


def _alike(group: _Group, blocks: Sequence[Block]) -> Iterator[_Group]:
    """Split a group where blocks begin or end that must stand apart."""
    for _, pieces in groupby(group.pieces, lambda piece: APART.intersection(_flags(piece, blocks))):
        yield replace_pieces(group, list(pieces))


def _flags(piece: _Piece, blocks: Sequence[Block]) -> tuple[str, ...]:
    return blocks[piece.block].flags


def is_statute(blocks: Sequence[Block]) -> bool:
    """True when the text is laid out in articles: 第一条, 第二条 … in rising order."""
    numbers = [n for n in (_article_number(b) for b in blocks) if n is not None]
    rising = sum(1 for a, b in pairwise(numbers) if b == a + 1)
    return rising >= _MIN_ARTICLES - 1


def _article_number(block: Block) -> int | None:
    if block.kind not in {"paragraph", "list_item", "heading"}:
        return None
    match = _ARTICLE.match(block.text)
    if not match:
        return None
    return chinese_to_int(re.sub(r"条.*$", "", match.group(1).replace("第", "", 1)))


def _statute_groups(blocks: Sequence[Block], sizes: ChunkSizes) -> Iterator[_Group]:
    """One group an article; what stands before the first article is a section of its own."""
    path = _HeadingPath()
    current: _Group | None = None
    numbering = _Numbering(blocks)
    for ordinal, block in enumerate(blocks):
        if "toc" in block.flags or not block.text.strip():
            continue
        chapter = _CHAPTER.match(block.text) if block.kind in {"heading", "paragraph"} else None
        if (block.kind == "heading" and _article_number(block) is None) or chapter:
            if current:
                yield current
                current = None
            level = _CHAPTER_LEVEL[chapter.group(2)] + 1 if chapter else (block.level or 1)
            path.push(_tidy_heading(block.text), level)
            numbering.heading()
            continue
        if numbering.opens_article(block):
            if current:
                yield current
            match = _ARTICLE.match(block.text)
            label = match.group(1) if match else None
            current = _Group("article", path.texts(), label, [])
        elif current is None:
            current = _Group("section", path.texts(), None, [])
        piece = _whole(ordinal, block)
        if block.kind == "table" and piece.tokens > sizes.limit:
            # Too large to stand in its article: cut between rows, under its own header.
            yield current
            yield replace_pieces(current, [piece], "table")
            current = replace_pieces(current, [])
            continue
        current.pieces.append(piece)
    if current:
        yield current


class _Numbering:
    """Tells the label of an article from a reference that opens a paragraph (第十九条规定的…).

    Most texts set the label off by a blank, and then any rising number is one (an excerpt leaves
    articles out). Where labels run on into the text, the number must follow the one before it.
    Counting starts anew only after a heading: an annex with articles of its own.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        labelled = [block for block in blocks if _article_number(block) is not None]
        set_off = sum(1 for block in labelled if _set_off(block))
        self._set_off = set_off * 2 > len(labelled)
        self._last = 0
        self._fresh = True

    def heading(self) -> None:
        """A heading was passed."""
        self._fresh = True

    def opens_article(self, block: Block) -> bool:
        """Whether the block begins an article; if so, it is counted."""
        number = _article_number(block)
        if number is None or (self._set_off and not _set_off(block)):
            return False
        follows = number > self._last if self._set_off else 0 < number - self._last <= 3
        if follows or number == self._last or (number == 1 and self._fresh):
            # 第十二条之一 has the number of the article before it.
            if number == self._last and "之" not in _label(block):
                return False
            self._last, self._fresh = number, False
            return True
        return False


def _label(block: Block) -> str:
    match = _ARTICLE.match(block.text)
    return match.group(1) if match else ""


def _set_off(block: Block) -> bool:
    match = _ARTICLE.match(block.text)
    return match is not None and (
        match.end() == len(block.text) or block.text[match.end()].isspace()
    )


class _HeadingPath:
    """The headings above the current place."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, str]] = []

    def push(self, text: str, level: int) -> None:
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        self._stack.append((level, text))

    def texts(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._stack)


def _tidy_heading(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _whole(ordinal: int, block: Block) -> _Piece:
    return _Piece(ordinal, 0, len(block.text), count_tokens(block.text))


def _section_groups(blocks: Sequence[Block], sizes: ChunkSizes) -> Iterator[_Group]:
    """Pack what stands under one heading up to the target size."""
    path = _HeadingPath()
    group: _Group | None = None
    speaking = _sentences_on_figures(blocks)
    bare_heading: int | None = None  # a heading nothing has followed yet

    def start(kind: ChunkKind) -> _Group:
        headings = path.texts()
        return _Group(kind, headings, headings[-1] if headings else None, [])

    for ordinal, block in enumerate(blocks):
        if "toc" in block.flags or not block.text.strip():
            continue
        if block.kind == "heading":
            if group:
                yield group
                group = None
            elif bare_heading is not None and (block.level or 1) <= (
                blocks[bare_heading].level or 1
            ):
                # A heading with no body (a slide, an outline) must still be findable.
                yield _heading_group(bare_heading, blocks, path)
            path.push(_tidy_heading(block.text), block.level or 1)
            bare_heading = ordinal
            continue
        bare_heading = None
        piece = _whole(ordinal, block)
        if block.kind in {"table", "figure"}:
            lead = _take_lead_in(group, blocks)
            if group and group.pieces:
                yield group
            alone = start("table" if block.kind == "table" else "figure")
            alone.pieces = [*lead, piece, *speaking.get(ordinal, [])]
            yield alone
            group = None
            continue
        if block.kind == "list_item":
            if group is None:
                group = start("list")
            elif group.kind == "section":
                lead = _take_lead_in(group, blocks)
                if lead or _size(group) + piece.tokens > sizes.target:
                    if group.pieces:
                        yield group
                    group = start("list")
                    group.pieces = lead
            group.pieces.append(piece)
            continue
        if group and (group.kind == "list" or _size(group) + piece.tokens > sizes.target):
            small_list = group.kind == "list" and _size(group) + piece.tokens <= sizes.target
            if not (small_list and _LEAD_IN.search(block.text) is None):
                lead = _take_lead_in(group, blocks) if group.kind == "section" else []
                if group.pieces:
                    yield group
                group = start("section")
                group.pieces = lead
        if group is None:
            group = start("section")
        group.pieces.append(piece)
    if group:
        yield group
    elif bare_heading is not None:
        yield _heading_group(bare_heading, blocks, path)


def _sentences_on_figures(blocks: Sequence[Block]) -> dict[int, list[_Piece]]:
    """The sentences elsewhere that speak of a figure, by the number of the figure's block.

    A caption seldom says what there is to see; 「如图2所示，…」 does.
    """
    if not any(block.kind == "figure" for block in blocks):
        return {}
    return {
        one.blocks[0]: list(islice(_speaking(one, blocks), _MOST_MENTIONS))
        for one in references(blocks)
        if one.kind == "figure"
    }


def _speaking(figure: Float, blocks: Sequence[Block]) -> Iterator[_Piece]:
    for place in figure.mentions:
        if blocks[place].kind in {"table", "figure", "heading"}:
            continue
        text = blocks[place].text
        for start, end in sentence_spans(text):
            tokens = count_tokens(text[start:end])
            if tokens <= _LONGEST_MENTION and (figure.kind, figure.number) in mentioned(
                text[start:end]
            ):
                yield _Piece(place, start, end, tokens)


def _heading_group(ordinal: int, blocks: Sequence[Block], path: _HeadingPath) -> _Group:
    headings = path.texts()
    return _Group("section", headings[:-1], headings[-1], [_whole(ordinal, blocks[ordinal])])


def _size(group: _Group) -> int:
    return sum(piece.tokens for piece in group.pieces)


def _take_lead_in(group: _Group | None, blocks: Sequence[Block]) -> list[_Piece]:
    """Remove and return the last paragraph if it introduces what follows (ends in a colon)."""
    if group and group.pieces and group.kind == "section":
        last = group.pieces[-1]
        if _LEAD_IN.search(blocks[last.block].text) and last.tokens < 120:
            return [group.pieces.pop()]
    return []


def _fit(group: _Group, blocks: Sequence[Block], sizes: ChunkSizes) -> Iterator[_Group]:
    """Split a group that is too large: a table between rows, others between sentences."""
    limit = sizes.limit if group.kind == "section" else sizes.hard_limit
    if not group.pieces:
        return
    if _size(group) <= limit:
        yield group
        return
    if group.kind == "table":
        yield from _split_table(group, blocks, sizes)
        return
    part: list[_Piece] = []
    size = 0
    # Parts of an over-long article or list aim at the packing size, not at the largest allowed.
    bound = sizes.limit
    for piece in _small_pieces(group.pieces, blocks, bound):
        if part and size + piece.tokens > bound:
            yield replace_pieces(group, part)
            part, size = [], 0
        part.append(piece)
        size += piece.tokens
    if part:
        yield replace_pieces(group, part)


def replace_pieces(group: _Group, pieces: list[_Piece], kind: ChunkKind | None = None) -> _Group:
    """The same group with other pieces."""
    return replace(group, pieces=pieces, kind=kind or group.kind)


def _small_pieces(
    pieces: Sequence[_Piece], blocks: Sequence[Block], bound: int
) -> Iterator[_Piece]:
    """Cut pieces above ``bound`` at sentence ends, and monstrous sentences at clause ends."""
    for piece in pieces:
        if piece.tokens <= bound:
            yield piece
            continue
        text = blocks[piece.block].text
        for start, end in sentence_spans(text[piece.start : piece.end]):
            start, end = start + piece.start, end + piece.start
            tokens = count_tokens(text[start:end])
            if tokens <= bound:
                yield _Piece(piece.block, start, end, tokens)
            else:
                yield from _cut_monster(piece.block, text, start, end, bound)


def _cut_monster(block: int, text: str, start: int, end: int, bound: int) -> Iterator[_Piece]:
    while start < end:
        # A token has at least one character, so ``bound`` characters never exceed the bound.
        stop = min(end, start + bound)
        if stop < end:
            cuts = [m.end() for m in _CLAUSE_END.finditer(text, start + bound // 2, stop)]
            stop = cuts[-1] if cuts else stop
        yield _Piece(block, start, stop, count_tokens(text[start:stop]))
        start = stop


def _split_table(group: _Group, blocks: Sequence[Block], sizes: ChunkSizes) -> Iterator[_Group]:
    """Rows in parts of about the target size, each under the caption and header rows."""
    *lead, body = group.pieces
    text = blocks[body.block].text
    table = blocks[body.block].table
    lines = _line_pieces(body.block, text)
    head_count = 0
    if table is not None:
        head_count = table.header_rows + (1 if table.caption else 0)
    head, rows = lines[:head_count], lines[head_count:]
    head_size = sum(p.tokens for p in head)
    if head_size > sizes.target or not rows:
        head, head_size, rows = [], 0, lines  # too large to repeat
    part: list[_Piece] = []
    size = head_size + sum(p.tokens for p in lead)
    for row in _small_pieces(rows, blocks, sizes.limit):
        if part and size + row.tokens > sizes.limit:
            yield replace_pieces(group, [*lead, *head, *part])
            part, size, lead = [], head_size, []
        part.append(row)
        size += row.tokens
    if part:
        yield replace_pieces(group, [*lead, *head, *part])


def _line_pieces(block: int, text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip("\n"))
        if end > start:
            pieces.append(_Piece(block, start, end, count_tokens(text[start:end])))
        start += len(line)
    return pieces


def _chunk(group: _Group, blocks: Sequence[Block], document_id: str, ordinal: int) -> Chunk:
    text = ""
    spans: list[Span] = []
    for piece in _merged(group.pieces, blocks):
        if text:
            text += "\n"
        start = len(text)
        text += blocks[piece.block].text[piece.start : piece.end]
        spans.append(Span(piece.block, start, len(text), piece.start))
    first = blocks[group.pieces[0].block].locator
    locator = replace(first, section=group.section or first.section)
    return Chunk(
        id=f"{document_id}-{ordinal:05d}",
        document_id=document_id,
        ordinal=ordinal,
        kind=group.kind,
        text=text,
        heading_path=group.headings,
        locator=_with_boxes(locator, group, blocks),
        spans=tuple(spans),
        tokens=count_tokens(text),
        flags=tuple(sorted({flag for piece in group.pieces for flag in _flags(piece, blocks)})),
    )


def _merged(pieces: Sequence[_Piece], blocks: Sequence[Block]) -> Iterator[_Piece]:
    """Sentences or rows that follow one another in one block stand as they do there."""
    last: _Piece | None = None
    for piece in pieces:
        if last and _adjoin(last, piece, blocks):
            last = replace(last, end=piece.end)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _adjoin(last: _Piece, piece: _Piece, blocks: Sequence[Block]) -> bool:
    if last.block != piece.block or piece.start < last.end:
        return False
    return not blocks[piece.block].text[last.end : piece.start].strip()


def _with_boxes(locator: Locator, group: _Group, blocks: Sequence[Block]) -> Locator:
    """Widen the first block's box to all blocks of the chunk on the same page.

    Sentences that speak of a figure from elsewhere do not belong to its place.
    """
    boxes = [
        blocks[p.block].locator.bbox
        for p in group.pieces
        if blocks[p.block].locator.page == locator.page
        and (group.kind != "figure" or blocks[p.block].kind == "figure")
    ]
    known = [box for box in boxes if box is not None]
    if not known:
        return locator
    x0, y0, x1, y1 = zip(*known, strict=True)
    return replace(locator, bbox=(min(x0), min(y0), max(x1), max(y1)))
