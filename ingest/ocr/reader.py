"""Read a page picture into the same :class:`Page` that a text layer gives.

Recognition gives lines with corners; from here on a scan is a page like any other: its lines are
laid straight, cut into cells, and put in reading order by the layout code. The layout works on
the straight page; :meth:`Recognised.place` then moves the blocks back to where they are seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ingest.layout.pages import lay_out
from ingest.layout.shapes import Page, Segment
from ingest.loaders.base import PageQuality
from ingest.model import BBox, Block
from ingest.ocr.base import Image, OcrEngine
from ingest.ocr.confusions import Checked, check, is_digit
from ingest.ocr.frames import Turn, find_turn
from ingest.ocr.pieces import Piece, complete_leaders, pieces
from ingest.ocr.raster import Raster
from ingest.ocr.rules import find_rules
from ingest.ocr.sizes import is_heavy, settle, stroke_width, trim

_ENOUGH = 200  # characters on a page before its commonest size is that of the document


@dataclass(slots=True)
class Recognised:
    """A page picture after reading.

    Attributes:
        page: Of the straight page.
        quality: For the report on the document.
        turn: How the page lies askew, in points.
        marks: Rectangles on the straight page, and what is to be said of the text there.
    """

    page: Page
    quality: PageQuality
    turn: Turn
    marks: list[tuple[BBox, frozenset[str]]] = field(default_factory=list)

    def place(self, blocks: Iterable[Block]) -> list[Block]:
        """Blocks of the page as it is seen, with the flags of the text in them."""
        number = self.page.number
        return [self._placed(b) if b.locator.page == number else b for b in blocks]

    def _placed(self, block: Block) -> Block:
        box = block.locator.bbox
        flags = {"ocr"}
        for (x0, y0, x1, y1), found in self.marks:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if box is None or (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
                flags |= found
        locator = block.locator
        if box is not None and self.turn.angle:
            ax, ay, bx, by = self.turn.askew(box)
            seen = (
                round(max(ax, 0.0), 1),
                round(max(ay, 0.0), 1),
                round(min(bx, self.page.width), 1),
                round(min(by, self.page.height), 1),
            )
            locator = replace(locator, bbox=seen)
        kept = (*block.flags, *sorted(flags - set(block.flags)))
        return replace(block, locator=locator, flags=kept)


class PageReader:
    """Reads page pictures one after the other, and remembers the type size of the document."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine
        self._usual: float | None = None

    def read(self, raster: Raster, number: int) -> Recognised:
        """Recognise a page; errors of the engine pass through."""
        height, width = raster.image.shape[:2]
        lines = list(self._engine.read(raster.image))
        turn = find_turn(lines, width, height)
        grey = turn.image(_grey(raster.image))
        rules = find_rules(grey, raster.points)
        found = [piece for line in lines for piece in pieces(line, turn, raster.points, rules)]
        complete_leaders(found)
        page = Page(number, raster.width, raster.height)
        lay_out(page, self._segments(found, grey, raster.points), rules)
        marks = [(piece.shown, piece.flags) for piece in found if piece.flags]
        quality = _quality(number, [piece.checked for piece in found])
        return Recognised(page, quality, turn.scaled(raster.points), marks)

    def lines(self, image: Image) -> list[Checked]:
        """The lines of a picture that is no page, with what was repaired or is doubtful."""
        return [check(line) for line in self._engine.read(image)]

    def _segments(
        self, found: list[Piece], grey: NDArray[np.uint8], points: float
    ) -> dict[int, list[Segment]]:
        """The pieces by direction, with type size and weight."""
        weights = [len(piece.text) for piece in found]
        sizes = settle(
            [piece.measured for piece in found], [piece.text for piece in found], self._usual
        )
        if sum(weights) > _ENOUGH:
            self._usual = _commonest(sizes, weights)
        strokes = [
            stroke_width(grey, _scaled(piece.shown, 1 / points)) / piece.measured for piece in found
        ]
        groups: dict[int, list[Segment]] = {}
        for piece, size, bold in zip(found, sizes, is_heavy(strokes, weights), strict=True):
            x0, y0, x1, y1 = trim(piece.text, piece.box, size)
            middle, half = (y0 + y1) / 2, 0.6 * size
            groups.setdefault(piece.angle, []).append(
                Segment(
                    piece.text, x0, middle - half, x1, middle + half, size, bold, False, False,
                    piece.shown,
                )
            )  # fmt: skip
        return groups


def _commonest(sizes: list[float], weights: list[int]) -> float:
    totals: dict[float, int] = {}
    for size, weight in zip(sizes, weights, strict=True):
        totals[size] = totals.get(size, 0) + weight
    return max(totals, key=lambda size: totals[size])


def _quality(number: int, checked: list[Checked]) -> PageQuality:
    known = [c.confidence for item in checked for c in item.line.characters if not c.text.isspace()]
    doubtful = sum(
        is_digit(item.line.characters[n].text) for item in checked for n in item.doubtful
    )
    repaired = sum(1 for item in checked if item.repaired)
    note = f"{repaired} lines with repaired characters" if repaired else ""
    confidence = round(sum(known) / len(known), 3) if known else 0.0
    return PageQuality(number, "ocr", confidence, doubtful, note)


def _scaled(box: BBox, factor: float) -> BBox:
    x0, y0, x1, y1 = (value * factor for value in box)
    return (x0, y0, x1, y1)


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
