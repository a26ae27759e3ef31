"""The cells of a sheet as a reader sees them, and what the sheet says of rows and columns.

Follows ECMA-376, part 1, section 18.3 (worksheets).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from openpyxl.formula.translate import Translator
from openpyxl.utils.datetime import from_ISO8601

from ingest.structure.cellvalue import cell_text
from ingest.structure.grid import MAX_ROWS, SparseRows
from ingest.structure.ooxml import PART_ERRORS, Element
from ingest.structure.sheetbook import Book
from ingest.structure.sheetstyles import Style
from ingest.structure.sheettext import Run, plain, runs_of, shown, unseen
from ingest.tables import column_letters

NO_FORMAT = "hidden by its number format"
COVERED = "covered by merged cells"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576
# The text of merged cells is repeated in so many of the cells they cover; beyond it that of a
# label in its first column, that of a box nowhere.
_MOST_REPEATED = 2000
_MOST_WIDE = 200
_MOST_LABELS = 3  # columns of a label beside many rows
_MOST_WORK = 5_000_000
_NARROW = re.compile(r"[0-3](?:\.\d+)?")
_ON = frozenset({"1", "true", "on"})
_PARTS = ("col", "row", "mergeCell", "conditionalFormatting", "picture")
Area = tuple[int, int, int, int]


@dataclass(slots=True)
class Cells:
    """The filled cells of one sheet, ``{row: {column: text}}``, and what else was found there.

    Attributes:
        rows: The filled cells.
        bold: Rows whose filled cells are all bold.
        hidden_rows: Rows that are hidden.
        hidden_columns: Columns that are hidden.
        narrow_columns: Columns less than four digits wide.
        repeated: Columns of each row that hold the text of merged cells a second time.
        unseen: Reason, text and cell of what no reader sees.
        struck: Cells of which a part is struck out.
        unresolved: Formulas without a stored result.
        lost: Cells whose text is not in the file.
        left_out: Rows beyond the bound.
        damage: What is wrong with the part, ``""`` for a whole one.
    """

    rows: SparseRows = field(default_factory=dict)
    bold: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    narrow_columns: set[int] = field(default_factory=set)
    repeated: dict[int, set[int]] = field(default_factory=dict)
    unseen: list[tuple[str, str, str]] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    unresolved: int = 0
    lost: int = 0
    left_out: int = 0
    damage: str = ""


def read_cells(book: Book, part: str, painted: Iterable[Area] = ()) -> Cells:
    """Read the cells of a sheet's part.

    ``painted`` are areas with a look of their own (tables), where white letters can be seen. A
    part that is damaged gives what stands before the damage, which :attr:`Cells.damage` names.
    """
    reader = _Reader(book, list(painted))
    try:
        for element in book.elements(part, *_PARTS):
            reader.take(element)
    except PART_ERRORS as error:
        reader.cells.damage = str(error) or type(error).__name__
    return reader.finished()


def areas(reference: str | None) -> list[Area]:
    """First row, first column, last row, last column of ``A1:C4``, of several between blanks."""
    found: list[Area] = []
    for part in (reference or "").split():
        corners = [_place(corner) for corner in part.split(":")]
        if None in corners:
            continue
        rows, columns = zip(*[corner for corner in corners if corner], strict=True)
        found.append((min(rows), min(columns), max(rows), max(columns)))
    return found


def _place(reference: str | None) -> tuple[int, int] | None:
    """Row and column of ``B12``."""
    match = _REFERENCE.fullmatch(reference or "")
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row, column) if 0 < row <= _MOST_ROWS and column <= _MOST_COLUMNS else None


def cell_name(row: int, column: int) -> str:
    """``B12``."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class _Content:
    """What a cell holds before its looks are considered: a text in runs, or a text that is set."""

    runs: tuple[Run, ...] = ()
    text: str = ""


class _Reader:
    """Takes the elements of a sheet in the order of the file."""

    def __init__(self, book: Book, painted: list[Area]) -> None:
        self.cells = Cells()
        self._book = book
        self._painted = painted
        self._merged: list[Area] = []
        self._white: list[tuple[int, int, _Content, Style]] = []
        self._formulas: dict[str, tuple[str, str]] = {}
        self._empty: list[tuple[int, int, str, bool]] = []
        self._computed = False
        self._row = 0

    def take(self, element: Element) -> None:
        """Take an element of :data:`_PARTS`."""
        name = element.tag.rpartition("}")[2]
        if name == "row":
            self._take_row(element)
        elif name == "col":
            self._take_columns(element)
        elif name == "mergeCell":
            self._merged += areas(element.get("ref"))
        elif name == "conditionalFormatting":
            self._painted += areas(element.get("sqref"))
        else:
            self._painted.append((1, 1, _MOST_ROWS, _MOST_COLUMNS))

    def _take_columns(self, element: Element) -> None:
        first, last = (_whole(element.get(key)) for key in ("min", "max"))
        columns = range(first, min(last, _MOST_COLUMNS) + 1)
        if element.get("hidden") in _ON or _is_zero(element.get("width")):
            self.cells.hidden_columns.update(columns)
        elif _NARROW.fullmatch(element.get("width") or ""):
            self.cells.narrow_columns.update(columns)

    def finished(self) -> Cells:
        """What was found; what stands behind white letters is only known at the end."""
        for row, column, content, style in self._white:
            painted = any(_holds(area, row, column) for area in self._painted)
            if text := self._shown(content, style, painted, row, column):
                self.cells.rows.setdefault(row, {})[column] = text
        self._place_formulas()
        self.cells.rows = {row: self.cells.rows[row] for row in sorted(self.cells.rows)}
        self._fill_merged()
        return self.cells

    def _take_row(self, element: Element) -> None:
        number = _whole(element.get("r"))
        self._row = number if 0 < number <= _MOST_ROWS else self._row + 1
        if element.get("hidden") in _ON or _is_zero(element.get("ht")):
            self.cells.hidden_rows.add(self._row)
        cells: dict[int, str] = {}
        weights: list[bool] = []
        column = 0
        for item in element.iterchildren("{*}c"):
            place = _place(item.get("r"))
            column = place[1] if place is not None else column + 1
            style = self._book.styles.of(item.get("s"))
            content = self._content(item, style, column)
            if content is None:
                continue
            if _may_be_unseen(content, style):
                self._white.append((self._row, column, content, style))
            elif text := self._shown(content, style, True, self._row, column):
                cells[column] = text
                weights.append(style.font.bold or _is_bold(content))
        if not cells:
            return
        if len(self.cells.rows) >= MAX_ROWS and self._row not in self.cells.rows:
            self.cells.left_out += 1
            return
        self.cells.rows.setdefault(self._row, {}).update(cells)
        if all(weights):
            self.cells.bold.add(self._row)

    def _content(self, cell: Element, style: Style, column: int) -> _Content | None:
        """The value of a cell, of a formula the stored one; ``None`` for an empty cell."""
        kind = cell.get("t", "n")
        inside = {item.tag.rpartition("}")[2]: item for item in cell.iterchildren("{*}*")}
        if kind == "inlineStr" and "is" in inside:
            runs = runs_of(inside["is"], self._book.styles.font)
            return _Content(runs) if runs else None
        value = (inside["v"].text or "") if "v" in inside else ""
        if "f" in inside:
            self._computed |= bool(value)
            written = self._formula(inside["f"], cell_name(self._row, column))
            if not value:
                if kind != "str":
                    self._empty.append((self._row, column, written, "v" in inside))
                return None
        if not value:
            return None
        if kind == "s":
            place = _whole(value)
            if not value.strip().isdecimal() or place >= len(self._book.texts):
                self.cells.lost += 1
                return None
            return _Content(self._book.texts[place])
        if kind in {"str", "e"}:
            return _Content((Run(plain(value)),))
        if kind == "b":
            return _Content(text="TRUE" if value.strip() in _ON else "FALSE")
        if kind == "d":
            return _Content(text=_iso(value))
        return self._number(value.strip(), style, column)

    def _number(self, value: str, style: Style, column: int) -> _Content | None:
        try:
            number = float(value) if re.search(r"[.eE]", value) else int(value)
            text = cell_text(number, style.format, self._book.epoch)
        except (ValueError, OverflowError):
            return _Content((Run(value),))
        if not text and number:
            # Formats that hide every zero are common and hide nothing.
            self._withhold(NO_FORMAT, cell_text(number), self._row, column)
        return _Content(text=text) if text else None

    def _place_formulas(self) -> None:
        """Show the formulas without a stored result by their text.

        An empty result is no missing one: some programs write it like a result that was never
        computed, but then other formulas of the sheet have theirs.
        """
        for row, column, written, is_empty in self._empty:
            if is_empty and self._computed:
                continue
            self.cells.unresolved += 1
            if row in self.cells.rows or len(self.cells.rows) < MAX_ROWS:
                self.cells.rows.setdefault(row, {})[column] = " ".join(written.split())

    def _formula(self, formula: Element, name: str) -> str:
        """The formula's text; of one that is shared with another cell as it reads here."""
        text = f"={formula.text or ''}"
        key = formula.get("si")
        if formula.get("t") != "shared" or key is None:
            return text
        if text != "=":
            self._formulas[key] = (text, name)
            return text
        origin = self._formulas.get(key)
        if origin is None:
            return text
        try:
            translated: str = Translator(origin[0], origin[1]).translate_formula(name)
        except Exception:  # openpyxl lets whatever its reader of formulas raises through
            return origin[0]
        return translated

    def _shown(self, content: _Content, style: Style, painted: bool, row: int, column: int) -> str:
        """The text of a cell as a reader sees it; what is not seen is kept apart."""
        if content.text:
            reason = unseen(style.font, painted or style.filled)
            if reason:
                self._withhold(reason, content.text, row, column)
            elif style.font.struck:
                self.cells.struck.append(cell_name(row, column))
            return "" if reason or style.font.struck else content.text
        found = shown(content.runs, style, painted or style.filled)
        for reason, text in found.unseen:
            self._withhold(reason, text, row, column)
        if found.struck:
            self.cells.struck.append(cell_name(row, column))
        text = cell_text(found.text, style.format)
        if not text and found.text.strip():
            self._withhold(NO_FORMAT, found.text, row, column)
        return text

    def _withhold(self, reason: str, text: str, row: int, column: int) -> None:
        self.cells.unseen.append((reason, " ".join(text.split()), cell_name(row, column)))

    def _fill_merged(self) -> None:
        """Repeat the text of merged cells over the columns and rows that other cells fill too."""
        rows = self.cells.rows
        numbers = list(rows)
        work = 0
        for top, left, bottom, right in self._merged:
            inside = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            work += len(inside)
            if work > _MOST_WORK:
                return  # ranges that overlap, which no spreadsheet program writes
            text = rows.get(top, {}).get(left, "")
            wide = min(right, left + _MOST_WIDE)
            repeated = range(left, wide + 1)
            if len(inside) * len(repeated) > _MOST_REPEATED and len(inside) > 1:
                repeated = range(left, left + (len(repeated) <= _MOST_LABELS))
            for row in inside:
                cells = rows[row]
                for column in _inside(cells, left, right):
                    if (row, column) != (top, left):
                        self._withhold(COVERED, cells.pop(column), row, column)
                if text:
                    cells.update(dict.fromkeys(repeated, text))
                    copies = self.cells.repeated.setdefault(row, set())
                    copies.update(c for c in repeated if (row, c) != (top, left))


def _inside(cells: dict[int, str], left: int, right: int) -> list[int]:
    """Filled columns of a row between two columns."""
    if right - left < len(cells):
        return [column for column in range(left, right + 1) if column in cells]
    return [column for column in cells if left <= column <= right]


def _may_be_unseen(content: _Content, style: Style) -> bool:
    """Whether letters are white on what looks like white."""
    if style.filled:
        return False
    return style.font.white or any(run.font and run.font.white for run in content.runs)


def _is_bold(content: _Content) -> bool:
    return bool(content.runs) and all(run.font and run.font.bold for run in content.runs)


def _iso(value: str) -> str:
    try:
        return cell_text(from_ISO8601(value.strip()))
    except (ValueError, OverflowError):
        return value


def _holds(area: Area, row: int, column: int) -> bool:
    return area[0] <= row <= area[2] and area[1] <= column <= area[3]


def _is_zero(text: str | None) -> bool:
    return text is not None and text.strip("0.") == "" and "0" in text


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0
