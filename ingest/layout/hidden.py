"""Tell text that no reader of the page sees from text that is merely set in an odd way.

Whether text is seen is found out by drawing the page with and without it: if nothing changes, it
is hidden. That covers white on white, black on black, text below a picture or a filled box, and
leaves alone white heads of dark tables, watermarks that let the text through and cut-out letters.
Only text that gives cause is looked at, so most pages are never drawn.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from ingest.layout.shapes import Hidden, Segment
from ingest.model import BBox

_PALE = 235  # of 255 in each colour: may be white on white
_CLEAR = 20  # of 255: so little paint is none
_TINY = 1.5  # points
_LIKE = 12  # colours closer than this are one colour
_DARK = 200  # of 255: white can be read on it
_CHANGED = 12  # grey values by which a pixel must differ
_SCALE = 1.5
_SIDE = 1600  # pixels of the drawing, at most
_SCAN = 0.5  # share of the page that pictures cover where the text below them is their own
_MOST_COVERS = 400  # a page with more filled areas is a drawing

PLAIN, BURIED, PALE = "", "buried", "pale"
INVISIBLE, TINY = "invisible text", "text too small to read"
_PAINT = [ctypes.c_uint() for _ in range(4)]
_UNSEEN = "text in the colour of its background"
_COVERED = "text below a picture or box"


@dataclass(slots=True)
class Cover:
    """A picture or filled area. ``order`` counts the page's objects in the order of drawing."""

    box: BBox
    order: int
    colour: tuple[int, int, int] | None  # None for pictures and patterns


@dataclass(slots=True)
class Look:
    """How a text object is painted.

    Attributes:
        kind: One of the constants of this module.
        owner: The text object.
        covers: Rectangles of what may hide parts of it.
    """

    kind: str = PLAIN
    owner: Any = None
    covers: tuple[BBox, ...] = ()

    def at(self, box: BBox) -> str:
        """The kind of the character in ``box``."""
        if self.covers and self.kind == PLAIN:
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if any(a[0] <= x <= a[2] and a[1] <= y <= a[3] for a in self.covers):
                return BURIED
        return self.kind


@dataclass(slots=True)
class Suspect:
    """Text that gives cause to look whether it is seen."""

    segment: Segment
    angle: int
    kind: str
    owner: Any


@dataclass(slots=True)
class Scene:
    """What else the page draws.

    Attributes:
        covers: Pictures and filled areas large enough to hide a letter.
        order: When each text object is drawn, by its address.
        picture_share: Share of the page inside the rectangle around its pictures.
    """

    covers: list[Cover] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)
    picture_share: float = 0.0

    def look(self, owner: Any, size: float, shown: BBox | None) -> Look:
        """How a text object of type ``size`` is painted; ``shown`` is where it stands."""
        mode = raw.FPDFTextObj_GetTextRenderMode(owner)
        if mode in (3, 7):  # ISO 32000-1, 9.3.6: neither filled nor stroked
            return Look(INVISIBLE, owner)
        if size < _TINY:
            return Look(TINY, owner)
        if mode not in (0, 4) or not raw.FPDFPageObj_GetFillColor(owner, *_PAINT):
            return Look(PLAIN, owner)
        red, green, blue, alpha = (value.value for value in _PAINT)
        if min(red, green, blue) >= _PALE or alpha <= _CLEAR:
            return Look(PALE, owner)
        if not self.covers or shown is None or len(self.covers) > _MOST_COVERS:
            return Look(PLAIN, owner)
        order = self.order.get(ctypes.addressof(owner.contents), 0)
        colour = (red, green, blue)
        return Look(PLAIN, owner, tuple(
            cover.box
            for cover in self.covers
            if (cover.order > order or (cover.colour is not None and _near(colour, cover.colour)))
            and _meet(cover.box, shown)
        ))  # fmt: skip


def judge(
    page: pdfium.PdfPage, suspects: Sequence[Suspect], scene: Scene, seen_characters: int
) -> tuple[list[Suspect], list[Hidden], bool]:
    """Part the suspects into those that are seen and those that are hidden.

    Args:
        page: Drawn twice if there is text in visible ink among the suspects.
        suspects: Text that gives cause.
        scene: What else the page draws.
        seen_characters: How much text of the page gives no cause.

    Returns:
        What stays text, what is hidden, and whether the text is the layer that a recognition
        program put below or above the picture of a scanned page.
    """
    kept: list[Suspect] = []
    hidden: list[Hidden] = []
    scan = scene.picture_share >= _SCAN
    layered = False
    doubtful = [s for s in suspects if s.kind not in (INVISIBLE, TINY)]
    visible = _visible(page, doubtful) if doubtful else []
    shown = dict(zip(map(id, doubtful), visible, strict=True))
    unseen = sum(len(s.segment.text) for s in suspects if not shown.get(id(s), False))
    mostly = unseen > 4 * seen_characters
    for suspect in suspects:
        if shown.get(id(suspect), False):
            kept.append(suspect)
        elif scan and (suspect.kind == INVISIBLE or (mostly and suspect.kind != TINY)):
            layered = True
            kept.append(suspect)
        else:
            reason = (
                suspect.kind
                if suspect.kind in (INVISIBLE, TINY)
                else (_COVERED if suspect.kind == BURIED else _UNSEEN)
            )
            hidden.append(Hidden(reason, suspect.segment.text, suspect.segment.shown))
    return kept, hidden, layered


def _visible(page: pdfium.PdfPage, suspects: Sequence[Suspect]) -> list[bool]:
    """Whether the page looks different without each of the suspects."""
    scale = min(_SCALE, _SIDE / max(*page.get_size(), 1.0))
    before = _draw(page, scale)
    for suspect in suspects:
        raw.FPDFPageObj_SetIsActive(suspect.owner, False)
    try:
        after = _draw(page, scale)
    finally:
        for suspect in suspects:
            raw.FPDFPageObj_SetIsActive(suspect.owner, True)
    changed = np.abs(before.astype(np.int16) - after) > _CHANGED
    found = []
    for suspect in suspects:
        x0, y0, x1, y1 = (value * scale for value in suspect.segment.shown)
        # A descender may stick out below a box that hides the word.
        top, bottom = y0 + 0.2 * (y1 - y0), y0 + 0.82 * (y1 - y0)
        area = slice(max(int(top), 0), int(bottom) + 1), slice(max(int(x0), 0), int(x1) + 1)
        seen = bool(changed[area].any())
        if not seen and suspect.kind == PALE and before[area].size:
            # Some producers draw a word twice. Pale ink on a dark ground is there all the same.
            ground, ink = np.median(before[area]), before[area].max()
            seen = bool(ground < _DARK and ink >= _PALE)
        found.append(seen)
    return found


def _draw(page: pdfium.PdfPage, scale: float) -> NDArray[np.int16]:
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.int16).reshape(bitmap.height, -1)
    finally:
        bitmap.close()


def _near(a: tuple[int, int, int], b: tuple[int, int, int]) -> bool:
    return all(abs(x - y) <= _LIKE for x, y in zip(a, b, strict=True))


def _meet(a: BBox, b: BBox) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
