"""Cut recognised lines where a wide gap or a ruling line parts two cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout.glyphs import turned
from ingest.layout.lines import CELL_GAP
from ingest.layout.shapes import Rule
from ingest.model import BBox
from ingest.ocr.base import Character, TextLine
from ingest.ocr.confusions import Checked, check
from ingest.ocr.frames import Turn, outline, part, quarter
from ingest.ocr.sizes import ems, type_size

_LEADER = re.compile(r"(?<=\w)[.·…]*[.·]{2}[.·…]*$|^(?:[.·…]{2,}|…)(?=\d{1,4}$)")
# One dot before a number may be all that is seen of a leader, or a decimal point: P = .032.
_PERHAPS_LED = re.compile(r"^[.·](?=\d{1,4}$)")
_MIN_LED = 4  # lines of a page that end in dots, or page numbers that open with one
_LOW = 0.85  # mean confidence of a piece below which it should be compared with the page
_STROKES = frozenset("|｜丨lI!")  # never 1: a digit is not thrown away
_ON_BORDER = 0.3  # of the type size between a stroke and the ruling line it may be
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
        checked: Its characters, and what was repaired or is doubtful.
    """

    text: str
    angle: int
    box: BBox
    shown: BBox
    measured: float
    flags: frozenset[str]
    checked: Checked


def pieces(line: TextLine, turn: Turn, points: float, rules: Sequence[Rule]) -> list[Piece]:
    """The pieces of a line, each checked for itself: a border between cells is no character.

    Args:
        line: The line as it was recognised, in pixels.
        turn: What makes the page straight, in pixels.
        points: PDF points a pixel measures.
        rules: Of the straight page, in points.
    """
    angle = quarter(line)
    corners = [(x * points, y * points) for x, y in turn.straight(line.quad)]
    frame = [turned(x, y, angle) for x, y in corners]
    x0, y0, x1, y1 = outline(frame)
    size = type_size(line.text, (x0, y0, x1, y1))
    bars = _bars(rules, angle, (x0, y0, x1, y1))
    found = []
    runs = _runs(line.characters, x0, x1 - x0, size, bars)
    for run in runs:
        item = check(TextLine(line.quad, tuple(line.characters[n] for n in run)))
        text = item.line.text.strip()
        first = 0.0 if run is runs[0] else line.characters[run[0]].x0
        last = 1.0 if run is runs[-1] else max(line.characters[n].x1 for n in run)
        a, b, c, d = corners
        shown = outline(part((a, b, c, d), first, last))
        box = (x0 + first * (x1 - x0), y0, x0 + last * (x1 - x0), y1)
        found.append(Piece(text, angle, box, shown, size, _flags(item), item))
    return found


def complete_leaders(found: Sequence[Piece]) -> None:
    """Give the dots of a table of contents, of which recognition sees a few, their usual number.

    A page with one or two lines that end in dots is left as it is: they may be meant.
    """
    led = [piece for piece in found if _LEADER.search(piece.text)]
    if len(led) >= _MIN_LED:
        for piece in found:
            piece.text = _PERHAPS_LED.sub("......", _LEADER.sub("......", piece.text))


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
        if _is_border(character, x0, length, size, bars):
            before = None  # what follows is another cell
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


def _is_border(
    character: Character, x0: float, length: float, size: float, bars: list[float]
) -> bool:
    """Whether a stroke that was recognised is the ruling line that stands there."""
    if character.text not in _STROKES:
        return False
    middle = x0 + (character.x0 + character.x1) / 2 * length
    return any(abs(middle - x) <= _ON_BORDER * size for x in bars)


def _flags(item: Checked) -> frozenset[str]:
    known = [c.confidence for c in item.line.characters if not c.text.isspace()]
    flags = set()
    if known and sum(known) / len(known) < _LOW:
        flags.add("low_confidence")
    if item.doubtful:
        flags.add("doubtful_digits")
    if item.repaired:
        flags.add("repaired")
    return frozenset(flags)
