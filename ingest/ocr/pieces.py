"""Cut recognised lines where a wide gap or a ruling line parts two cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout.glyphs import turned
from ingest.layout.lines import CELL_GAP
from ingest.layout.shapes import Rule
from ingest.model import BBox
from ingest.ocr.base import Character
from ingest.ocr.confusions import Checked
from ingest.ocr.frames import Turn, outline, part, quarter
from ingest.ocr.sizes import ems, type_size

_LEADER = re.compile(r"(?<=\w)[.·…]*[.·]{2}[.·…]*$|^[.·…]+(?=\d{1,4}$)")
_MIN_LED = 4  # lines of a page that end in dots, or page numbers that open with one
_LOW = 0.85  # mean confidence of a piece below which it should be compared with the page
_CROSSES = 1.5  # times its height an upright rule must reach to part a line


@dataclass(slots=True)
class Piece:
    """A line up to a wide gap or a ruling line; lengths in points.

    Attributes:
        angle: 0, 90, 180 or 270: direction of the text on the straight page.
        box: Rectangle in the frame of that direction.
        shown: Rectangle on the straight page.
        measured: Type size as measured.
        flags: What is to be said of the text.
    """

    text: str
    angle: int
    box: BBox
    shown: BBox
    measured: float
    flags: frozenset[str]


def pieces(item: Checked, turn: Turn, points: float, rules: Sequence[Rule]) -> list[Piece]:
    """The pieces of a line.

    Args:
        item: The line, in pixels.
        turn: What makes the page straight, in pixels.
        points: PDF points a pixel measures.
        rules: Of the straight page, in points.
    """
    line = item.line
    angle = quarter(line)
    corners = [(x * points, y * points) for x, y in turn.straight(line.quad)]
    frame = [turned(x, y, angle) for x, y in corners]
    x0, y0, x1, y1 = outline(frame)
    size = type_size(line.text, (x0, y0, x1, y1))
    bars = _bars(rules, angle, (x0, y0, x1, y1))
    found = []
    runs = _runs(line.characters, x0, x1 - x0, size, bars)
    for run in runs:
        text = "".join(line.characters[n].text for n in run).strip()
        first = 0.0 if run is runs[0] else line.characters[run[0]].x0
        last = 1.0 if run is runs[-1] else max(line.characters[n].x1 for n in run)
        a, b, c, d = corners
        shown = outline(part((a, b, c, d), first, last))
        box = (x0 + first * (x1 - x0), y0, x0 + last * (x1 - x0), y1)
        found.append(Piece(text, angle, box, shown, size, _flags(item, run)))
    return found


def complete_leaders(found: Sequence[Piece]) -> None:
    """Give the dots of a table of contents, of which recognition sees a few, their usual number.

    A page with one or two lines that end in dots is left as it is: they may be meant.
    """
    led = [piece for piece in found if _LEADER.search(piece.text)]
    if len(led) >= _MIN_LED:
        for piece in led:
            piece.text = _LEADER.sub("......", piece.text)


def _bars(rules: Sequence[Rule], angle: int, box: BBox) -> list[float]:
    """Where upright rules cross a line, in its frame."""
    x0, y0, x1, y1 = box
    middle, least = (y0 + y1) / 2, _CROSSES * (y1 - y0)
    found = []
    for rule in rules:
        (ax, ay), (bx, by) = turned(rule.x0, rule.y0, angle), turned(rule.x1, rule.y1, angle)
        upright = abs(ax - bx) < 1 and abs(ay - by) >= least
        if upright and x0 < ax < x1 and min(ay, by) < middle < max(ay, by):
            found.append(ax)
    return found


def _runs(
    characters: Sequence[Character], x0: float, length: float, size: float, bars: list[float]
) -> list[list[int]]:
    """Indexes of the characters of each piece."""
    runs: list[list[int]] = []
    before: Character | None = None
    for n, character in enumerate(characters):
        if character.text.isspace():
            if runs:
                runs[-1].append(n)
            continue
        if before is None:
            runs.append([])
        else:
            a, b = (before.x0 + before.x1) / 2, (character.x0 + character.x1) / 2
            used = (ems(before.text) + ems(character.text)) / 2 * size
            barred = any(x0 + a * length < x < x0 + b * length for x in bars)
            if barred or (b - a) * length - used > CELL_GAP * size:
                runs.append([])
        runs[-1].append(n)
        before = character
    return runs


def _flags(item: Checked, run: list[int]) -> frozenset[str]:
    known = [c.confidence for n in run if not (c := item.line.characters[n]).text.isspace()]
    flags = set()
    if sum(known) / len(known) < _LOW:
        flags.add("low_confidence")
    if item.doubtful & set(run):
        flags.add("doubtful_digits")
    if item.repaired & set(run):
        flags.add("repaired")
    return frozenset(flags)
