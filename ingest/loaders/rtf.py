"""Rich Text Format (.rtf): paragraphs, lists, tables and notes as a word processor shows them."""

from __future__ import annotations

import re

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source, Withheld
from ingest.model import Block, Locator
from ingest.structure.captions import attach_figure_captions, attach_table_captions
from ingest.structure.docxfurniture import furniture_text
from ingest.structure.docxheadings import infer_headings, lacks_chapters, title_from
from ingest.structure.docxstyles import heading_level
from ingest.structure.headings import fits_heading, is_list_item, strip_bullet, with_sections
from ingest.structure.rtfreader import read
from ingest.structure.rtfstate import Rtf
from ingest.structure.rtfstory import Figure, Grid, Item, Para
from ingest.structure.rtftable import assemble
from ingest.tables import split_rows, table_block

_ENOUGH_HEADINGS = 3
_BODY_TEXT_LEVEL = 9
_LEFT_OUT = {
    "hidden": "{} passages of hidden text were left out",
    "inserted": "{} tracked insertions that nobody has accepted yet count as text",
    "deleted": "{} tracked deletions were left out; tracked insertions count as text",
    "struck": "{} struck-out passages were left out",
    "fields": "{} formulas or signs of fields were not read; \ufffc stands where one is missing",
    "formulas": "parts of {} formulas nested too deeply were not read",
    "objects": "{} embedded objects were not read",
    "pictures": "{} images have neither a caption nor a text alternative",
    "symbols": "{} characters of symbol fonts are unknown and stand as □ or \ufffd",
    "contents": "the table of contents ({} lines) was left out",
    "comments": "{} comments were not read",
    "lost": "{} characters could not be decoded and stand as \ufffd",
}


def load(source: Source) -> Loaded:
    """Read an RTF file.

    Headings come from styles and outline levels; where hardly any are used, from numbering and
    bold type. Tracked changes are read as accepted. Notes stand at the end; headers and footers of
    pages, comments, objects and struck-out text are left out and reported, and so is text that no
    reader sees (:attr:`Loaded.withheld`). Locators count the paragraphs and tables of the text:
    ``/rtf/*[12]``. Raises :class:`BadInput` for a file that is no RTF, nests groups without
    measure or holds no text.
    """
    rtf = read(source.data)
    items = _items(rtf)
    kept, rtf.left_out["pictures"] = attach_figure_captions(block for block, _ in items)
    styled = sum(1 for block in kept if block.kind == "heading") >= _ENOUGH_HEADINGS
    if not styled or lacks_chapters(kept):
        looks = {id(block): hint for block, hint in items}
        hints = [(block, looks.get(id(block), (False, False))) for block in kept]
        kept = infer_headings(hints, only_chapters=styled)
    blocks = with_sections(attach_table_captions(kept)) + _notes(rtf)
    if not blocks:
        raise BadInput(
            "the document holds no text (perhaps only pictures); "
            "save it as PDF to have its pages recognised"
        )
    first = [(b.text, bold or centred) for b, (bold, centred) in items if b.kind != "table"][:12]
    keywords = [w for w in re.split(r"[,;，；、]\s*", rtf.info.get("keywords", "")) if w]
    return Loaded(
        blocks,
        title=title_from(rtf.info.get("title", ""), first),
        metadata={"keywords": tuple(keywords)} if keywords else {},
        warnings=_warnings(rtf),
        withheld=[Withheld(why, text, Locator(path=path)) for why, text, path in rtf.unseen],
    )


def _items(rtf: Rtf) -> list[tuple[Block, tuple[bool, bool]]]:
    """Blocks of the body, each with whether it is bold and whether it is centred."""
    found: list[tuple[Block, tuple[bool, bool]]] = []
    for number, item in enumerate(rtf.body.finish(), start=1):
        found += _blocks(item, rtf, Locator(path=f"/rtf/*[{number}]"))
    return found


def _blocks(item: Item, rtf: Rtf, locator: Locator) -> list[tuple[Block, tuple[bool, bool]]]:
    if isinstance(item, Figure):
        return [(Block("figure", item.description, locator), (False, False))]
    if isinstance(item, Para):
        return _paragraph(item, rtf, locator)
    if item.frame is not None:
        return [found for inner in item.frame for found in _blocks(inner, rtf, locator)]
    return [(block, (False, False)) for block in _table(item, locator)]


def _table(grid: Grid, locator: Locator) -> list[Block]:
    table = assemble(grid.texts())
    parts = [] if table is None else split_rows(table)
    return [table_block(part, locator) for _, part in parts]


def _paragraph(item: Para, rtf: Rtf, locator: Locator) -> list[tuple[Block, tuple[bool, bool]]]:
    name, level = rtf.styles.get(item.style, ("", None))
    if item.is_contents or re.match(r"(?:toc|目录|contents)\s*\d", name, re.I):
        rtf.left_out["contents"] += 1
        return []
    outline = item.outline if item.outline is not None else level
    text = (item.label or "") + item.text
    rank = heading_level(name)
    if rank is None and outline is not None and outline < _BODY_TEXT_LEVEL:
        rank = outline + 1
    if rank is not None and fits_heading(text):
        block = Block("heading", text.replace("\n", " "), locator, level=rank)
    elif item.label is not None or is_list_item(text):
        block = Block("list_item", strip_bullet(text), locator)
    else:
        block = Block("paragraph", text, locator)
    return [(block, (item.bold, item.centred))]


def _notes(rtf: Rtf) -> list[Block]:
    blocks = []
    for number, story in enumerate(rtf.notes, start=1):
        text = story.text()
        if text:
            locator = Locator(path=f"/rtf/footnote[{number}]")
            blocks.append(Block("footnote", f"[{number}] {text}", locator))
    return blocks


def _warnings(rtf: Rtf) -> list[str]:
    counts = rtf.left_out
    counts["hidden"] = len(rtf.unseen)
    counts["lost"] = rtf.lost
    found = [text.format(counts[kind]) for kind, text in _LEFT_OUT.items() if counts[kind] > 0]
    furniture = furniture_text(rtf.furniture)
    if furniture:
        found.append(f"page headers and footers were left out: {furniture}")
    if rtf.open_groups:
        found.append("the file breaks off before its end; what is there was read")
    return found
