"""Excel workbooks: the tables of every sheet, values as shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.archive import open_office_zip
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source, Withheld
from ingest.model import Block, Locator
from ingest.ocr.embedded import Embedded
from ingest.structure.captions import caption_figures, drop_silent_figures
from ingest.structure.grid import HIDDEN_COLUMNS, HIDDEN_ROWS, MAX_ROWS, Looks, region_blocks
from ingest.structure.gridregions import find_regions
from ingest.structure.ooxml import Parts
from ingest.structure.sheetbook import Book, Sheet
from ingest.structure.sheetcells import Cells, areas, read_cells
from ingest.structure.sheetdrawings import Drawn, SheetDrawings
from ingest.structure.sheettext import note_text
from ingest.text import squeeze

_LEFT_OUT = {
    "pictures": "{} pictures have neither text nor a text alternative",
    "charts": "{} charts have neither a title nor stored values and were not read",
    "diagrams": "{} diagrams have no data of their own and were not read",
    "objects": "{} embedded objects were not read",
    "shapes": "{} shapes on crowded sheets were not read",
    "struck": "{} struck-out passages in text boxes were left out",
    "symbols": "{} characters of symbol fonts are unknown and stand as □ or \ufffd",
}
_DEFAULT_NAME = re.compile(r"^(?:Sheet|工作表|表)\s*\d*$", re.I)
_MOST_NAMED = 5


def load(source: Source) -> Loaded:
    """Read a workbook as table blocks of at most 40 rows, located by sheet and cell range.

    Hidden sheets are read and flagged ``hidden_sheet``; hidden rows and columns stand in blocks of
    their own, flagged ``hidden_rows`` and ``hidden_columns``. Formulas are read as the values that
    were stored with them; a formula without one is kept as its text, with a warning. What is
    struck out is left out, what no reader sees is withheld. Charts are tables with the flag
    ``chart``, pictures figures, text boxes paragraphs (:mod:`sheetdrawings`). Raises
    :class:`BadInput` for a workbook that is damaged, protected or without values.
    """
    with open_office_zip(source.data, "xlsx") as archive:
        drawings = SheetDrawings(archive)
        book = Book(archive, drawings.parts)
        drawn, warnings = _drawings(drawings, source.ocr)
        read = [_read_sheet(book, sheet, drawings.parts) for sheet in book.sheets]
        warnings = [*drawings.parts.warnings, *warnings]
    left_out: Counter[str] = sum((there.left_out for there in drawn.values()), Counter())
    blocks: list[Block] = []
    withheld: list[Withheld] = []
    several = len(book.sheets) > 1
    for sheet, (cells, notes) in zip(book.sheets, read, strict=True):
        flags = ("hidden_sheet",) if sheet.hidden else ()
        there, silent = drop_silent_figures(drawn.get(sheet.name, Drawn()).blocks)
        left_out["pictures"] += silent
        found = _sheet_blocks(cells, notes, there, sheet.name, flags, several)
        blocks += found
        withheld += [
            Withheld(reason, text, Locator(sheet=sheet.name, cells=cell))
            for reason, text, cell in cells.unseen
        ]
        warnings += _remarks(sheet, cells, found)
    unresolved = sum(cells.unresolved for cells, _ in read)
    if unresolved:
        warnings.append(
            f"{unresolved} formulas have no stored result and stand as formulas; "
            "open and save the file in a spreadsheet program"
        )
    warnings += [_LEFT_OUT[kind].format(count) for kind, count in left_out.items() if count]
    withheld += [item for there in drawn.values() for item in there.withheld]
    if withheld:
        warnings.append(f"{len(withheld)} passages that no reader sees were kept out")
    if not blocks:
        raise BadInput("the workbook is empty (no values in any sheet); check the export")
    return Loaded(blocks, title=book.title, warnings=warnings, withheld=withheld)


def _drawings(drawings: SheetDrawings, ocr: str) -> tuple[dict[str, Drawn], list[str]]:
    """What is drawn on each sheet, the pictures read, and what went wrong with those."""
    pictures = Embedded(drawings.parts.data, ocr)
    drawn = {name: drawings.on(name) for name in drawings.sheets}
    for found in drawn.values():
        found.blocks = pictures.expand(caption_figures(found.blocks))
    return drawn, pictures.warnings


def _read_sheet(book: Book, sheet: Sheet, parts: Parts) -> tuple[Cells, list[tuple[str, str]]]:
    """The cells of a sheet, and the notes on them with the names of their cells."""
    if not sheet.part:
        return Cells(), []
    tables = (parts.xml(name) for name in parts.related(sheet.part, "table"))
    painted = [area for root in tables if root is not None for area in areas(root.get("ref"))]
    cells = read_cells(book, sheet.part, painted)
    notes = []
    for name in parts.related(sheet.part, "comments"):
        root = parts.xml(name)
        for item in () if root is None else root.iter("{*}comment"):
            written = item.find("{*}text")
            if written is not None and (text := squeeze(note_text(written, book.styles))):
                notes.append((item.get("ref") or "", text))
    return cells, notes


def _remarks(sheet: Sheet, cells: Cells, blocks: Sequence[Block]) -> list[str]:
    """What the curator should know of a sheet."""
    name = f"sheet {sheet.name!r}"
    found = []
    if cells.damage:
        rows = f"; {len(cells.rows)} rows before the damage were read" if cells.rows else ""
        found.append(f"{name} is damaged ({cells.damage}){rows}; export it again")
    if cells.left_out:
        found.append(
            f"{name}: {cells.left_out} rows beyond the first {MAX_ROWS} were left out; "
            "split the sheet"
        )
    if cells.lost:
        found.append(f"{name}: {cells.lost} cells have a text that is not in the file")
    if cells.struck:
        places = ", ".join(cells.struck[:_MOST_NAMED])
        more = ", …" if len(cells.struck) > _MOST_NAMED else ""
        found.append(
            f"{name}: text that is struck out in {len(cells.struck)} cells ({places}{more}) was "
            "left out"
        )
    if sheet.hidden and blocks:
        found.append(f"{name} is hidden; it was read all the same")
    flags = {flag for block in blocks for flag in block.flags}
    for flag in (HIDDEN_ROWS, HIDDEN_COLUMNS):
        if flag in flags:
            found.append(
                f"{name} has {flag.replace('_', ' ')}; they were read all the same, in blocks of "
                f"their own flagged {flag}"
            )
    return found


def _sheet_blocks(
    found: Cells,
    notes: Sequence[tuple[str, str]],
    drawn: Sequence[Block],
    name: str,
    flags: tuple[str, ...],
    several: bool,
) -> list[Block]:
    """Heading with the sheet's name, tables, what is drawn there, then the notes on cells."""
    looks = Looks(
        bold=found.bold,
        hidden_rows=found.hidden_rows,
        hidden_columns=found.hidden_columns,
        narrow_columns=found.narrow_columns,
        repeated=found.repeated,
    )
    blocks: list[Block] = []
    for region in find_regions(found.rows, looks):
        blocks.extend(region_blocks(region, sheet=name, flags=flags, looks=looks))
    blocks += [replace(block, flags=(*flags, *block.flags)) for block in drawn]
    for cell, text in notes:
        blocks.append(Block("footnote", text, Locator(sheet=name, cells=cell), flags=flags))
    if blocks and (several or not _DEFAULT_NAME.match(name)):
        blocks.insert(0, Block("heading", name, Locator(sheet=name), level=1, flags=flags))
    return [replace(block, locator=replace(block.locator, section=name)) for block in blocks]
