"""A document's pages beside the text that was read from them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from api.pages import page_png
from api.reports.html import Html, element, join, page, table
from ingest.errors import BadInput
from ingest.model import Block
from ingest.tables import notes_below

Numbered = tuple[int, Block]
_SCALE = 1.5


def spread_page(
    title: str,
    about: Sequence[tuple[str, str]],
    pages: Sequence[tuple[int, Sequence[Numbered]]],
    original: Path | None,
    passwords: Sequence[str] = (),
) -> str:
    """Return an HTML page: on the left the original, on the right its blocks.

    Args:
        title: Of the document.
        about: What is known of it, as pairs of name and value.
        pages: Page numbers with their blocks; page 0 for a format without pages.
        original: The kept copy when page pictures can be drawn from it.
        passwords: Tried in turn on a PDF that needs one.
    """
    return page(
        title,
        table(("", ""), about),
        *(_spread(number, blocks, original, passwords) for number, blocks in pages),
    )


def _spread(
    number: int, blocks: Sequence[Numbered], original: Path | None, passwords: Sequence[str]
) -> Html:
    text = element("div", *(_block(ordinal, block) for ordinal, block in blocks))
    if not number:
        return element("section", text)
    head = element("h2", f"第 {number} 页 page {number}")
    if original is None:
        return join([head, element("section", text)])
    picture = _picture(number, blocks, original, passwords)
    return join([head, element("section", picture, text, class_="spread")])


def _picture(
    number: int, blocks: Sequence[Numbered], original: Path, passwords: Sequence[str]
) -> Html:
    boxes = [block.locator.bbox for _, block in blocks if block.locator.bbox]
    try:
        png = page_png(original, number, _SCALE, boxes, passwords)
    except BadInput as error:
        return element("p", str(error), class_="warn")
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return Html(f'<img alt="第 {number} 页" src="{source}">')


def _block(ordinal: int, block: Block) -> Html:
    flags = [element("span", flag, class_="flag") for flag in block.flags]
    number = element("span", f"{ordinal} {block.kind}", class_="number")
    content: object = block.text
    if block.table is not None and block.table.rows:
        head = block.table.rows[0] if block.table.header_rows else [""] * len(block.table.rows[0])
        body = block.table.rows[1 if block.table.header_rows else 0 :]
        content = join([table(head, body, block.table.caption), element("p", notes_below(block))])
    return element("div", number, content, *flags, class_=f"block {block.kind}")
