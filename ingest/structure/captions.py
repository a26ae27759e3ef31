"""Bring captions to their tables and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.model import Block
from ingest.structure.headings import ends_sentence
from ingest.tables import is_caption, table_text
from ingest.text import join_lines

_FIGURE = re.compile(
    r"^(?:附?图)\s*[0-9０-９一二三四五六七八九十A-Z]|^(?:Fig(?:ure|\.)?|FIG\.?)\s*\d"
)
_FIGURE_MAX = 600
_REST_MAX = 30


def is_figure_caption(text: str) -> bool:
    """Tell whether a text beside a figure is its caption (图 1 …, Fig. 1 …)."""
    return len(text) <= _FIGURE_MAX and _FIGURE.match(text) is not None


def attach_table_captions(blocks: Iterable[Block]) -> list[Block]:
    """Move a caption that stands as a paragraph right before a table into the table.

    A Chinese and an English caption, one after the other, both go. The parts of a table that was
    split get the same caption.
    """
    done: list[Block] = []
    previous: Block | None = None
    caption: str | None = None
    for block in blocks:
        if block.kind != "table" or block.table is None:
            done.append(block)
            previous, caption = block, None
            continue
        if block.table.caption is None:
            if previous is not None and previous.kind != "table":
                caption = _take_captions(done)
            if caption:
                table = replace(block.table, caption=caption)
                block = replace(block, table=table, text=table_text(table))
        done.append(block)
        previous = block
    return done


def _take_captions(done: list[Block]) -> str | None:
    """Remove the caption paragraphs from the end of ``done`` and return their text."""
    taken: list[str] = []
    if len(done) > 1 and _is_rest_of_caption(done[-1]) and _is_caption(done[-2]):
        taken.append(done.pop().text)
    while done and len(taken) < 2 and _is_caption(done[-1]):
        # A second caption is the same one in the other language.
        one = len(taken) == 1 and is_caption(taken[0])
        if one and done[-1].text.isascii() == taken[0].isascii():
            break
        taken.insert(0, done.pop().text)
    return join_lines(taken) or None


def _is_caption(block: Block) -> bool:
    return block.kind == "paragraph" and is_caption(block.text)


def _is_rest_of_caption(block: Block) -> bool:
    """A short line without an end between a caption and its table is the caption's second line."""
    short = block.kind == "paragraph" and len(block.text) <= _REST_MAX
    return short and not ends_sentence(block.text) and not is_caption(block.text)


def attach_figure_captions(blocks: Iterable[Block]) -> tuple[list[Block], int]:
    """Give figures without text the caption paragraph that follows them.

    Returns the blocks, without the figures that still have no text, and how many those are.
    """
    return drop_silent_figures(caption_figures(blocks))


def caption_figures(blocks: Iterable[Block]) -> list[Block]:
    """Give figures without text the caption paragraph that follows them."""
    done: list[Block] = []
    for block in blocks:
        waiting = done[-1] if done and done[-1].kind == "figure" and not done[-1].text else None
        if waiting is not None and block.kind == "paragraph" and is_figure_caption(block.text):
            done[-1] = replace(waiting, text=block.text)
        else:
            done.append(block)
    return done


def drop_silent_figures(blocks: list[Block]) -> tuple[list[Block], int]:
    """The blocks without the figures that have no text, and how many those are."""
    kept = [block for block in blocks if block.kind != "figure" or block.text]
    return kept, len(blocks) - len(kept)
