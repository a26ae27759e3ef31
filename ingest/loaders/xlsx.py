"""Excel workbooks: the tables of every sheet, values as shown."""

from __future__ import annotations

import io
import re
import warnings as warnings_module
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl import load_workbook
from openpyxl.chartsheet import Chartsheet
from openpyxl.workbook.workbook import Workbook

from ingest.archive import READ_ERRORS, open_office_zip
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.ocr.embedded import Embedded
from ingest.structure.captions import caption_figures, drop_silent_figures
from ingest.structure.cellvalue import cell_text
from ingest.structure.grid import MAX_ROWS, SparseRows, find_regions, region_blocks
from ingest.structure.sheetdrawings import Drawn, SheetDrawings
from ingest.text import squeeze

# Above this size of sheet XML the workbook is streamed, which costs the merged cells and notes.
_STREAM_FROM = 40_000_000
_LEFT_OUT = {
    "pictures": "{} pictures have neither text nor a text alternative",
    "charts": "{} charts have neither a title nor stored values and were not read",
    "diagrams": "{} diagrams have no data of their own and were not read",
    "objects": "{} embedded objects were not read",
    "shapes": "{} shapes on crowded sheets were not read",
}
_DEFAULT_NAME = re.compile(r"^(?:Sheet|工作表|表)\s*\d*$", re.I)


@dataclass(slots=True)
class _Sheet:
    """The filled cells of one sheet and what else was found there."""

    cells: SparseRows = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unresolved: list[tuple[int, int]] = field(default_factory=list)
    left_out: int = 0


def load(source: Source) -> Loaded:
    """Read a workbook as table blocks of at most 40 rows, located by sheet and cell range.

    Hidden sheets are read and flagged ``hidden_sheet``. Formulas are read as the values that were
    stored with them; a formula without one is kept as its text, with a warning. Charts are tables
    with the flag ``chart``, pictures figures, text boxes paragraphs (:mod:`sheetdrawings`). Raises
    :class:`BadInput` for a workbook that is damaged, protected or without values.
    """
    with open_office_zip(source.data, "xlsx") as archive:
        sizes = [i.file_size for i in archive.infolist() if i.filename.startswith("xl/worksheets/")]
        stream = sum(sizes) > _STREAM_FROM
        has_formulas = _has_formulas(archive)
        drawn, warnings = _drawings(archive, source.ocr)
    left_out: Counter[str] = sum((there.left_out for there in drawn.values()), Counter())
    try:
        book = _open(source.data, stream, values=True)
    except BadInput:
        if stream:
            raise
        # One damaged part (a drawing, a style) must not lose the cells, which streaming still gets.
        stream = True
        book = _open(source.data, stream, values=True)
        warnings.append("a part of the workbook is damaged; its cells were read all the same")
    formulas = _open(source.data, stream, values=False) if has_formulas else None
    if stream:
        warnings.append("read as a stream: merged cells are not repeated, notes are left out")
    blocks: list[Block] = []
    several = len(book.sheetnames) > 1
    unresolved = 0
    # A sheet that is one chart has no cells.
    for sheet in [*book.worksheets, *book.chartsheets]:
        try:
            found = _read_sheet(sheet, formulas[sheet.title] if formulas else None, stream)
        except MemoryError:
            raise  # the whole workbook is too large, not this sheet
        except Exception as error:  # a streamed sheet is parsed only now
            warnings.append(f"sheet {sheet.title!r} could not be read ({error}) and was left out")
            continue
        unresolved += len(found.unresolved)
        flags = () if sheet.sheet_state == "visible" else ("hidden_sheet",)
        there, silent = drop_silent_figures(drawn.get(sheet.title, Drawn()).blocks)
        left_out["pictures"] += silent
        blocks.extend(_sheet_blocks(found, there, sheet.title, flags, several))
        if found.left_out:
            warnings.append(
                f"sheet {sheet.title!r}: {found.left_out} rows beyond the first {MAX_ROWS} were "
                "left out; split the sheet"
            )
        if flags and (found.cells or there):
            warnings.append(f"sheet {sheet.title!r} is hidden; it was read all the same")
    if unresolved:
        warnings.append(
            f"{unresolved} formulas have no stored result and stand as formulas; "
            "open and save the file in a spreadsheet program"
        )
    warnings += [_LEFT_OUT[kind].format(count) for kind, count in left_out.items() if count]
    withheld = [item for there in drawn.values() for item in there.withheld]
    if withheld:
        warnings.append(f"{len(withheld)} passages that no reader sees were kept out")
    title = _title(book)
    book.close()
    if not blocks:
        raise BadInput("the workbook is empty (no values in any sheet); check the export")
    return Loaded(blocks, title=title, warnings=warnings, withheld=withheld)


def _drawings(archive: zipfile.ZipFile, ocr: str) -> tuple[dict[str, Drawn], list[str]]:
    """What is drawn on each sheet, the pictures read, and what went wrong."""
    drawings = SheetDrawings(archive)
    pictures = Embedded(drawings.parts.data, ocr)
    drawn = {name: drawings.on(name) for name in drawings.sheets}
    for found in drawn.values():
        found.blocks = pictures.expand(caption_figures(found.blocks))
    return drawn, [*drawings.parts.warnings, *pictures.warnings]


def _open(data: bytes, stream: bool, *, values: bool) -> Workbook:
    try:
        with warnings_module.catch_warnings():
            # openpyxl warns of features it does not keep when saving; nothing is saved here.
            warnings_module.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), read_only=stream, data_only=values)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl lets whatever its XML readers raise through
        raise BadInput(
            f"the workbook cannot be read ({type(error).__name__}: {error}); "
            "open and save it again in a spreadsheet program"
        ) from error


def _has_formulas(archive: zipfile.ZipFile) -> bool:
    """Tell whether any sheet holds a formula, reading the XML in pieces."""
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        tail = b""
        try:
            with archive.open(name) as part:
                while piece := part.read(1 << 20):
                    if re.search(rb"<(?:\w+:)?f[\s>/]", tail + piece):
                        return True
                    tail = piece[-16:]
        except READ_ERRORS:
            continue  # openpyxl will say what is wrong
    return False


def _read_sheet(sheet: Any, formulas: Any, stream: bool) -> _Sheet:
    """Collect the filled cells, merged ones repeated in every place they cover."""
    found = _Sheet()
    if isinstance(sheet, Chartsheet):
        return found
    if stream:
        sheet.reset_dimensions()
        if formulas is not None:
            formulas.reset_dimensions()
    other = formulas.iter_rows() if formulas is not None else None
    for row in sheet.iter_rows():
        written = next(other, ()) if other is not None else ()
        _read_row(found, row, written)
    if not stream:
        _fill_merged(found, sheet.merged_cells.ranges)
    return found


def _read_row(found: _Sheet, row: Iterable[Any], written: tuple[Any, ...]) -> None:
    """Add the filled cells of one row; ``written`` are the same cells with their formulas."""
    cells: dict[int, str] = {}
    number = 0
    for position, cell in enumerate(row):
        value = cell.value
        formula = written[position].value if value is None and position < len(written) else None
        note = getattr(cell, "comment", None)
        if note is not None and squeeze(note.text or ""):
            found.notes.append((cell.coordinate, squeeze(note.text)))
        if value is None and formula is None:
            continue
        number = cell.row
        if value is None:
            found.unresolved.append((cell.row, cell.column))
            text = str(getattr(formula, "text", formula))
        else:
            text = cell_text(value, cell.number_format)
        if text:
            cells[cell.column] = text
    if not cells:
        return
    if len(found.cells) >= MAX_ROWS:
        found.left_out += 1
    else:
        found.cells[number] = cells


def _fill_merged(found: _Sheet, ranges: Iterable[Any]) -> None:
    """Repeat the text of merged cells over the columns and rows that other cells fill too."""
    for merged in ranges:
        text = found.cells.get(merged.min_row, {}).get(merged.min_col)
        if not text:
            continue
        for row in range(merged.min_row, merged.max_row + 1):
            if row != merged.min_row and row not in found.cells:
                continue
            for column in range(merged.min_col, min(merged.max_col, merged.min_col + 200) + 1):
                found.cells[row].setdefault(column, text)


def _sheet_blocks(
    found: _Sheet, drawn: Sequence[Block], name: str, flags: tuple[str, ...], several: bool
) -> list[Block]:
    """Heading with the sheet's name, tables, what is drawn there, then the notes on cells."""
    blocks: list[Block] = []
    for region in find_regions(found.cells):
        blocks.extend(region_blocks(region, sheet=name, flags=flags))
    blocks += [replace(block, flags=(*flags, *block.flags)) for block in drawn]
    for cell, text in found.notes:
        blocks.append(Block("footnote", text, Locator(sheet=name, cells=cell), flags=flags))
    if blocks and (several or not _DEFAULT_NAME.match(name)):
        blocks.insert(0, Block("heading", name, Locator(sheet=name), level=1, flags=flags))
    return [replace(block, locator=replace(block.locator, section=name)) for block in blocks]


def _title(book: Workbook) -> str | None:
    title = (book.properties.title or "").strip() if book.properties else ""
    return title if len(title) > 3 else None
