"""The two units of page layout and the rectangle arithmetic they share.

All lengths are PDF points. A *frame* is the coordinate system in which a text reads from left to
right and downwards; for upright text it is the displayed page (origin at the top left), for text
printed sideways it is the displayed page turned. ``shown`` is always on the displayed page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.model import BBox
from ingest.text import CJK

if TYPE_CHECKING:
    from ingest.layout.figures import Figure
    from ingest.layout.tables_lattice import Lattice

_WIDE = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uff60\uffe0-\uffef]")


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest rectangle around ``boxes``; there must be at least one."""
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return (min(x0s), min(y0s), max(x1s), max(y1s))


def is_wide(character: str) -> bool:
    """True for CJK characters and full-width punctuation, between which no space is written."""
    return _WIDE.match(character) is not None


@dataclass(slots=True)
class Segment:
    """A run of characters of one style with no wide gap inside.

    Attributes:
        text: The characters, with single spaces between words.
        x0, y0, x1, y1: Rectangle in the frame.
        size: Font size as displayed.
        bold: Set in a bold face.
        spaced: A space stood before the segment in the content stream.
        guessed: The file does not tell the characters; they are read by glyph number.
        shown: Rectangle on the displayed page.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    spaced: bool
    guessed: bool
    shown: BBox


@dataclass(slots=True)
class Rule:
    """A drawn straight line, horizontal if ``y0 == y1`` and vertical if ``x0 == x1``."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Hidden:
    """Text that no reader of the page sees: why, and where it stands on the displayed page."""

    reason: str
    text: str
    shown: BBox | None


@dataclass(slots=True)
class Cell:
    """Part of a line set off from its neighbours by a wide gap."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Line:
    """One visual line of a column.

    Attributes:
        cells: At least one; more where the line has wide gaps.
        x0, y0, x1, y1: Rectangle in the frame.
        size: Font size of most of its characters.
        bold: Nearly all of its characters are bold.
        shown: Rectangle on the displayed page.
        left, right: Edges of the column it stands in, in the frame.
        turned: Reads in another direction than the displayed page.
        grid: Number of the ruled table it stands in.
        slot: Number of the cell of that table.
        guessed: Holds segments that are ``guessed``.
    """

    cells: list[Cell]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    shown: BBox
    left: float = 0.0
    right: float = 0.0
    turned: bool = False
    grid: int | None = None
    slot: int | None = None
    guessed: bool = False

    @property
    def text(self) -> str:
        """The line's text with wide gaps written as one space."""
        return " ".join(cell.text for cell in self.cells)


@dataclass(slots=True)
class Page:
    """What one page holds after reading.

    Attributes:
        number: Counted from 1.
        width, height: Of the displayed page.
        columns: Lines of each column (or full-width zone), in reading order.
        has_picture: An image covers a good part of the page.
        unmapped: Characters whose meaning the file does not tell.
        outside: Characters off the visible page, left out.
        is_empty: The page draws nothing at all.
        hidden: Text that is kept out because no reader sees it.
        layered: Its text is the layer a recognition program put over a scan.
        picture_share: Share of the page inside the rectangle around its pictures.
        largest_picture: Width and height in pixels of its largest picture.
        grids: Cells of the ruled tables, by the number their lines carry.
        figures: Pictures and drawings, with the text that stands inside them.
    """

    number: int
    width: float
    height: float
    columns: list[list[Line]] = field(default_factory=list)
    has_picture: bool = False
    unmapped: int = 0
    outside: int = 0
    is_empty: bool = False
    hidden: list[Hidden] = field(default_factory=list)
    layered: bool = False
    picture_share: float = 0.0
    largest_picture: tuple[int, int] = (0, 0)
    grids: dict[int, Lattice] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)

    @property
    def characters(self) -> int:
        """Number of characters in all lines."""
        return sum(len(line.text) for column in self.columns for line in column)
