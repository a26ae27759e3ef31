"""Paragraphs and tables of one flow of RTF text: the body, a footnote, a text box, a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.structure.raised import Shift, written
from ingest.structure.rtftable import Row, RowShape
from ingest.text import squeeze


@dataclass(slots=True)
class Para:
    """One paragraph; ``label`` is the number or bullet that the file writes before it."""

    text: str
    label: str | None = None
    style: int = 0
    outline: int | None = None
    bold: bool = False
    centred: bool = False
    is_contents: bool = False


@dataclass(slots=True)
class Grid:
    """Consecutive rows: per row what stands in every cell, and the row's shape."""

    rows: list[tuple[list[list[Para | Grid]], RowShape]] = field(default_factory=list)

    @property
    def frame(self) -> list[Para | Grid] | None:
        """What stands in a table of one cell, which only frames it."""
        if len(self.rows) == 1 and len(self.rows[0][0]) == 1:
            return self.rows[0][0][0]
        return None

    def texts(self) -> list[Row]:
        """The rows with one text a cell, that of tables inside it included."""
        return [([" ".join(_texts(cell)) for cell in cells], shape) for cells, shape in self.rows]


@dataclass(slots=True)
class Figure:
    """A picture with what its author wrote about it."""

    description: str


Item = Para | Grid | Figure


@dataclass(slots=True)
class _Open:
    """The table that is being read at one depth of nesting."""

    cell: list[Para | Grid] = field(default_factory=list)
    row: list[list[Para | Grid]] = field(default_factory=list)
    grid: Grid = field(default_factory=Grid)


@dataclass(slots=True)
class _GoingOn:
    """A paragraph whose end was deleted, with the blanks at its ends."""

    para: Para
    raw: str

    def is_last(self, items: Sequence[object]) -> bool:
        """Whether nothing has come after it in the same place."""
        return bool(items) and items[-1] is self.para


class Story:
    """Collects text until a paragraph, cell or row ends.

    ``depth`` is 0 outside tables, 1 in a table, 2 in a table inside a cell, and so on.
    """

    def __init__(self, *, is_furniture: bool = False) -> None:
        self.items: list[Item] = []
        self.label: str | None = None
        self.is_contents = False
        self.is_furniture = is_furniture
        self.later: list[Item] = []
        self.said = 0
        self._pieces: list[tuple[str, bool, Shift]] = []
        self._tables: list[_Open] = []
        self._going_on: _GoingOn | None = None

    def add(self, text: str, bold: bool, shift: Shift = Shift.LEVEL) -> None:
        """Add a piece of the current paragraph."""
        self._pieces.append((text, bold, shift))
        self.said += bool(text.strip()) and shift is not Shift.GONE

    def goes_on(self, shift: Shift) -> bool:
        """Whether the last piece of the current paragraph stands as ``shift`` says."""
        return bool(self._pieces) and self._pieces[-1][2] is shift

    def end_paragraph(
        self, style: int, outline: int | None, centred: bool, depth: int, goes_on: bool = False
    ) -> None:
        """Close the current paragraph with the properties it has at its end.

        One that ``goes_on`` becomes one with the next, if that stands in the same place.
        """
        raw = written((text, shift) for text, _, shift in self._pieces)
        spoken = [b for text, b, shift in self._pieces if text.strip() and shift is not Shift.GONE]
        before, self._going_on = self._going_on, None
        if before is not None and before.is_last(self._place(depth)):
            self._place(depth).pop()
            raw, self.label = before.raw + raw, before.para.label or self.label
            spoken.append(before.para.bold)
        text = squeeze(raw)
        para = Para(
            text, self.label, style, outline, bool(spoken) and all(spoken), centred,
            self.is_contents,
        )  # fmt: skip
        self._pieces, self.label = [], None
        self._to_depth(depth)
        if goes_on and text:
            self._going_on = _GoingOn(para, raw)
        if depth:
            if text:
                self._tables[-1].cell.append(para)
            return
        if text:
            self.items.append(para)
        self.items += self.later
        self.later = []

    def end_cell(self, depth: int) -> None:
        """Close the current cell; its last paragraph has been closed before."""
        self._to_depth(depth)
        self._tables[-1].row.append(self._tables[-1].cell)
        self._tables[-1].cell = []

    def end_row(self, depth: int, shape: RowShape) -> None:
        """Close the current row."""
        self._to_depth(depth)
        table = self._tables[-1]
        if table.cell:
            self.end_cell(depth)
        if table.row:
            table.grid.rows.append((table.row, shape))
        table.row = []

    def finish(self) -> list[Item]:
        """Close what is open and return all items."""
        if self._pieces or self.label:
            self.end_paragraph(0, None, False, len(self._tables))
        self._to_depth(0)
        self.items += self.later
        self.later = []
        return self.items

    def text(self) -> str:
        """All text on one line, as a footnote is written."""
        return " ".join(" ".join(_texts(self.finish())).split())

    def _place(self, depth: int) -> list[Any]:
        """Where a paragraph of this depth goes, without opening or closing anything for it."""
        if depth != len(self._tables):
            return []
        return self._tables[-1].cell if depth else self.items

    def _to_depth(self, depth: int) -> None:
        """Close the tables deeper than ``depth`` and open those that are missing."""
        while len(self._tables) > depth:
            table = self._tables[-1]
            if table.cell or table.row:  # a row that never ended
                self.end_row(len(self._tables), RowShape())
            self._tables.pop()
            if table.grid.rows:
                above = self._tables[-1].cell if self._tables else self.items
                above.append(table.grid)
        while len(self._tables) < depth:
            self._tables.append(_Open())


def _texts(items: Sequence[Item]) -> list[str]:
    found: list[str] = []
    for item in items:
        if isinstance(item, Para):
            found.append((item.label or "") + item.text)
        elif isinstance(item, Grid):
            found += [text for texts, _ in item.texts() for text in texts if text]
    return found
