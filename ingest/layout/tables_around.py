"""What stands around a table: its caption, above or below, and the notes under it."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.layout.numbering import is_table_caption
from ingest.model import Block
from ingest.tables import table_text
from ingest.text import join_lines

_SENTENCE = re.compile(
    r"(?:(?i:table)|附?表)\s*\S+\s*(?:(?:also\s|below\s)?(?:shows?|lists?|presents?|summari[sz]es?"
    r"|provides?|describes?|contains?|gives?|displays?|outlines?|illustrates?|is|are|has)\b"
    r"|(?:中(?![心间国位性医药期度枢文央])|所示|列出|显示|给出|为了))"
)
_NOTE = re.compile(
    r"[*†‡§¶#┼]|(?:[Nn]otes?|NOTES?|[Aa]bbreviations?|ABBREVIATIONS?|Source|Footnotes?)\b"
    r"|[A-Z][\w/-]{0,9}\s?[=:：]|[注＊※]|备注|说明|缩写"
)
_MARKED = re.compile(r"\(?[a-z\d][.)\]:]?\s|\(?\d{1,2}[.)\]]\s")
_BARE = re.compile(r"(?:(?i:table)|[附续]?表)\s*[\dA-Z]+(?:[.\-–]\d+)*\s*[.:：]?")
_TITLE_MAX = 250  # characters of a title below its number
_ABOVE = 16.0  # points between a table and the caption above it
_BELOW = 30.0  # points between a table and the caption under it
_SMALLER = 0.96  # of the body size; notes are set smaller than the text


def is_caption_text(text: str) -> bool:
    """Whether a text is the caption of a table, not a sentence that opens with its name."""
    return is_table_caption(text) and _SENTENCE.match(text) is None


def caption_above(blocks: list[Block]) -> int:
    """How many of the last blocks are the caption of a table that follows them.

    Journals set the number on a line of its own, above the title.
    """
    if not blocks or blocks[-1].kind in {"table", "figure"}:
        return 0
    last = blocks[-1]
    if is_caption_text(last.text):
        return 1
    bare = len(blocks) > 1 and _BARE.fullmatch(blocks[-2].text) is not None
    title = last.kind in {"paragraph", "heading"} and len(last.text) <= _TITLE_MAX
    return 2 if bare and title and blocks[-2].kind != "table" else 0


def is_note(text: str, size: float, body: float, after: str) -> bool:
    """Whether a text is a note of the table above it.

    Args:
        text: The text in question.
        size, body: Its font size and that of the document's text.
        after: Kind of the block above it.
    """
    if after not in {"table", "footnote"} or is_table_caption(text):
        return False
    small = size < _SMALLER * body
    return _NOTE.match(text) is not None or (small and _MARKED.match(text) is not None)


def captions_by_place(blocks: list[Block]) -> list[Block]:
    """Move a caption into the table right below it that the reading order set apart from it.

    In two columns of text, the caption of a table over both stands at the end of the first.
    """
    done = list(blocks)
    for number, table in enumerate(blocks):
        if table.table is None or table.table.caption is not None or "continued" in table.flags:
            continue
        title = _right_above(table, done)
        if title is None:
            continue
        count = caption_above(done[: title + 1])
        if count:
            caption = join_lines([block.text for block in done[title + 1 - count : title + 1]])
            done[done.index(blocks[number])] = _with_caption(table, caption)
            del done[title + 1 - count : title + 1]
    return done


def _right_above(table: Block, blocks: list[Block]) -> int | None:
    """Number of the nearest text above a table, if it is close to it."""
    box = table.locator.bbox
    nearest, best = _ABOVE, None
    for number, block in enumerate(blocks):
        other = block.locator.bbox
        if box is None or other is None or block.kind not in {"paragraph", "heading"}:
            continue
        gap = box[1] - other[3]
        if -1 < gap < nearest and min(box[2], other[2]) > max(box[0], other[0]):
            nearest, best = gap, number
    return best


def captions_below(blocks: list[Block]) -> list[Block]:
    """Move the captions that stand under their tables into them.

    A caption between two tables was given to the lower one; where the first table of the page has
    none and one is left over below the last, all of them stand below.
    """
    tables = [n for n, block in enumerate(blocks) if block.kind == "table"]
    if not tables or "continued" in blocks[tables[0]].flags:
        return blocks
    first, last = tables[0], tables[-1]
    left = last + 1
    while left < len(blocks) and blocks[left].kind == "footnote":
        left += 1
    if _caption(blocks[first]) is not None or left >= len(blocks):
        return blocks
    under = blocks[left]
    if under.kind != "paragraph" or not is_caption_text(under.text) or not _is_close(blocks, left):
        return blocks
    captions: list[str | None] = [*(_caption(blocks[n]) for n in tables[1:]), under.text]
    if any(caption is None for caption in captions):
        return blocks
    done = list(blocks)
    for number, caption in zip(tables, captions, strict=True):
        done[number] = _with_caption(done[number], caption)
    del done[left]
    return done


def _is_close(blocks: list[Block], number: int) -> bool:
    above, below = blocks[number - 1].locator.bbox, blocks[number].locator.bbox
    return above is not None and below is not None and -2 < below[1] - above[3] < _BELOW


def _caption(block: Block) -> str | None:
    return block.table.caption if block.table is not None else None


def _with_caption(block: Block, caption: str | None) -> Block:
    if block.table is None:
        return block
    table = replace(block.table, caption=caption)
    return replace(block, table=table, text=table_text(table))
