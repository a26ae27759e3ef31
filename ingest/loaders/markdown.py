"""Markdown: front matter, headings, paragraphs, lists, tables, figures, code, embedded HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, BlockKind, Locator
from ingest.structure.captions import attach_figure_captions, attach_table_captions
from ingest.structure.frontmatter import split_front_matter
from ingest.structure.headings import level_by_number, with_sections
from ingest.structure.htmlfragment import read_markup
from ingest.structure.htmltree import Read
from ingest.structure.mdinline import InlineReader, Piece
from ingest.structure.mdsource import Line, mend, split_cells
from ingest.tables import make_table, split_rows, table_block

_MAX_HEADING = 120
_LONG = 40
_COLUMN_NAME = 8
_SUMMARY = "摘要 Summary"
_PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("code")


def load(source: Source) -> Loaded:
    """Read a Markdown file; every block's locator has the number of its first line.

    Tags of HTML inside the text raise, lower, cross out and hide as they do on a page; what is
    struck out is left out with a warning, what no reader sees is withheld.

    Raises :class:`BadInput` when the file holds no text.
    """
    text, _, warning = decode(source.data)
    text = re.sub(r"\r\n?", "\n", text)
    metadata, skipped, warnings = split_front_matter(text)
    if warning:
        warnings.insert(0, warning)
    lines = text.split("\n")[skipped:]
    reader = _Reader(mend(lines, skipped + 1))
    blocks, silent = attach_figure_captions(reader.read())
    left_out = reader.left_out
    left_out.silent_images += silent
    warnings += left_out.warnings()
    blocks = with_sections(level_by_number(attach_table_captions(blocks)))
    if not blocks:
        raise BadInput("the file is empty (no text in it); check the export or leave it out")
    blocks = _with_summary(blocks, metadata.get("summary"), text.split("\n")[:skipped])
    return Loaded(
        blocks,
        title=_title(metadata, blocks),
        metadata=metadata,
        warnings=warnings,
        withheld=left_out.withheld,
    )


def _title(metadata: dict[str, Any], blocks: list[Block]) -> str | None:
    """The front matter's title, else a heading that opens the text.

    Papers open with the name of the journal or the column as a heading: the first heading that
    is longer than such a name wins.
    """
    if "title" in metadata:
        return str(metadata["title"])
    first = [block.text for block in blocks[:4] if block.kind == "heading" and block.level == 1]
    longer = [text for text in first if len(text) > _COLUMN_NAME]
    return next(iter(longer or first), None)


def _with_summary(blocks: list[Block], summary: str | None, front: Sequence[str]) -> list[Block]:
    """The front matter's summary as a paragraph ahead of the text: often the answer in short."""
    if not summary:
        return blocks
    line = next((n for n, text in enumerate(front, start=1) if text.startswith("summary:")), 1)
    place = 1 if blocks[0].kind == "heading" else 0
    paragraph = Block("paragraph", summary, Locator(line=line, section=_SUMMARY))
    return [*blocks[:place], paragraph, *blocks[place:]]


class _Reader:
    """Walks the tokens of the parser and collects blocks."""

    def __init__(self, lines: list[Line]) -> None:
        self.left_out = Read()
        self._numbers = [number for number, _ in lines]
        self._lines = [line for _, line in lines]
        self._inline = InlineReader(_PARSER, self.left_out)
        self._blocks: list[Block] = []
        self._markers: list[str] = []
        self._fresh_item = False
        self._level = 0

    def read(self) -> list[Block]:
        """Return the blocks in reading order."""
        tokens = _PARSER.parse("\n".join(self._lines))
        position = 0
        while position < len(tokens):
            position = self._token(tokens, position)
        return self._blocks

    def _token(self, tokens: Sequence[Token], position: int) -> int:
        """Handle the token at ``position`` and return the position of the next one."""
        token = tokens[position]
        if token.type == "heading_open":
            self._heading(int(token.tag[1]), tokens[position + 1])
            return position + 3
        if token.type == "paragraph_open":
            self._paragraph(tokens[position + 1])
            return position + 3
        if token.type == "table_open":
            self._table(token)
            return _after(tokens, position, "table_close")
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else ""
            self._markers.append(marker)
            self._fresh_item = True
        elif token.type == "list_item_close":
            self._markers.pop()
            self._fresh_item = False
        elif token.type in {"fence", "code_block"} and token.content.strip():
            self._add(Block("code", token.content.rstrip("\n"), self._locator(token)))
        elif token.type == "html_block":
            self._html(token)
        return position + 1

    def _heading(self, level: int, inline: Token) -> None:
        locator = self._locator(inline)
        pieces = self._inline.read(inline, locator)
        text = " ".join(piece.text for piece in pieces if piece.text)
        if not text:
            return
        # A rule written right below a paragraph makes it a heading by the letter of the syntax,
        # and converters take numbered items for headings.
        if len(text) > _MAX_HEADING or (len(text) > _LONG and text.endswith(("。", "；"))):
            kind: BlockKind = "list_item" if self._inline.is_item(text) else "paragraph"
            self._add(Block(kind, text, locator))
            return
        self._level = level
        self._add(Block("heading", text, locator, level=level))

    def _paragraph(self, inline: Token) -> None:
        first = inline.map[0] if inline.map else 0
        pieces = self._inline.read(inline, self._locator(inline))
        for group in self._inline.paragraphs(pieces):
            locator = self._at(first + group[0].line)
            if group[0].is_figure:
                self._add(Block("figure", group[0].text, locator))
                continue
            text = self._inline.join(group)
            if text:
                self._add(self._text_block(text, group, locator, len(pieces)))

    def _text_block(self, text: str, group: list[Piece], locator: Locator, lines: int) -> Block:
        if self._fresh_item:
            self._fresh_item = False
            return Block("list_item", self._markers[-1] + text, locator)
        if self._inline.is_heading(group, text, alone=lines == 1 and not self._markers):
            return Block("heading", text, locator, level=min(self._level + 1, 6))
        if self._inline.is_item(text):
            return Block("list_item", text, locator)
        return Block("paragraph", text, locator)

    def _table(self, token: Token) -> None:
        start, end = token.map or [0, 0]
        rows = [split_cells(line) for line in self._lines[start:end]]
        del rows[1]  # the delimiter
        numbers = [start, *range(start + 2, end)]
        kept = [
            ([self._inline.plain(cell, self._at(number)) for cell in row], number)
            for row, number in zip(rows, numbers, strict=True)
        ]
        kept = [(row, number) for row, number in kept if any(row)]
        header = 1 if kept and kept[0][1] == start else 0
        table = make_table([row for row, _ in kept], header)
        if table is None:
            return
        for offset, part in split_rows(table):
            line = kept[0][1] if offset == 0 else kept[header + offset][1]
            self._add(table_block(part, self._at(line)))

    def _html(self, token: Token) -> None:
        found = read_markup(token.content, self._locator(token))
        self.left_out.add(found)
        for block in found.blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        self._blocks.append(block)

    def _locator(self, token: Token) -> Locator:
        return self._at(token.map[0] if token.map else 0)

    def _at(self, line: int) -> Locator:
        return Locator(line=self._numbers[min(line, len(self._numbers) - 1)])


def _after(tokens: Sequence[Token], position: int, kind: str) -> int:
    while tokens[position].type != kind:
        position += 1
    return position + 1
