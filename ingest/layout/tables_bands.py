"""The rows of a table between two of its rules, where only distances and labels part them."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from ingest.layout.shapes import Segment

_CELL_GAP = 0.9  # font sizes; between rules narrower gaps part cells than in running text
_BULLET_GAP = 2.5  # font sizes between a bullet and its text
_LOOSE = 1.25  # times the smallest line distance parts two rows
_SHORT = 0.6  # of the width of the labels; a shorter line of a label is its last
_BLANK = 0.3  # font sizes of white between two rows of sentences
_NUMERIC = 0.4  # share of lines with several values in a band of numbers
_BULLET = re.compile(r"[•●▪■◦○◆◇►➢✓❖▫□·‣⁃∙–—\-]|o|\(?[a-z\d]{1,2}[.)]")
_VALUE = re.compile(r"[<>≤≥~±+-]?\s*[\d.,%]+.{0,12}")

VisualRow = list[Segment]  # what stands side by side, from left to right
Piece = tuple[float, float]  # left and right end of a cell of one line


def pieces_of(row: VisualRow) -> list[Piece]:
    """Extents of the cells of a line: text between wide gaps, bullets with what follows."""
    pieces: list[Piece] = []
    bullet = False
    for segment in row:
        gap = (segment.x0 - pieces[-1][1]) / max(segment.size, 4.0) if pieces else 0.0
        if not pieces or gap > (_BULLET_GAP if bullet else _CELL_GAP):
            pieces.append((segment.x0, segment.x1))
        else:
            pieces[-1] = (pieces[-1][0], max(pieces[-1][1], segment.x1))
        bullet = _BULLET.fullmatch(segment.text) is not None
    return pieces


def row_cuts(band: list[VisualRow], starts: list[float]) -> list[float]:
    """Heights between the rows of a band: the widest step between two lines that open rows.

    Args:
        band: Lines between two rules, from top to bottom.
        starts: Where the columns begin.
    """
    if len(band) < 2:
        return []
    bases = [max(row, key=lambda s: len(s.text)).y1 for row in band]
    steps = [b - a for a, b in pairwise(bases)]
    openers = _openers(band, steps, starts)
    cuts = []
    for one, other in pairwise(openers):
        between = range(one, other)
        widest = max(steps[n] for n in between)
        # Among equal steps the last: labels stand at the top of their rows, if not in the middle.
        last = max(n for n in between if steps[n] > widest - 0.6)
        above, below = band[last], band[last + 1]
        cuts.append((max(s.y1 for s in above) + min(s.y0 for s in below)) / 2)
    return cuts


def _openers(band: list[VisualRow], steps: list[float], starts: list[float]) -> list[int]:
    """Lines that stand for a row of their own, by a label or by several values."""
    edge = starts[1] if len(starts) > 1 else starts[0] + 1
    labels = [" ".join(s.text for s in row if s.x0 < edge) for row in band]
    small = min(steps)
    prose = _is_prose(band)
    loose = [step > _LOOSE * small for step in steps]
    if prose:
        # Sentences side by side stand at uneven heights; only a blank across all columns counts.
        tops = [min(s.y0 for s in row) for row in band]
        ends = [max(s.y1 for s in row) for row in band]
        loose = [
            top - end > _BLANK * band[0][0].size for end, top in zip(ends, tops[1:], strict=False)
        ]
    uniform = not any(loose[n - 1] for n in range(1, len(band)) if labels[n])
    numeric = sum(1 for row in band if _has_values(row)) >= _NUMERIC * len(band)
    openers: list[int] = []
    end = starts[0]
    for number, row in enumerate(band):
        own = sum(1 for piece in pieces_of(row) if piece[0] >= edge)
        wide = number > 0 and loose[number - 1]
        if labels[number]:
            short = end - starts[0] < _SHORT * (edge - starts[0])
            small_start = labels[number].split()[0].islower()
            begins = not small_start or (own > 0 and not row[-1].text[0].islower())
            if not openers or wide or (begins and not prose and (short or (uniform and own > 0))):
                openers.append(number)
            end = max(s.x1 for s in row if s.x0 < edge)
        elif (
            own >= 2
            and not (prose or _BULLET.fullmatch(row[0].text))
            and (wide or (numeric and _has_values(row)))
        ):
            openers.append(number)
    return openers


def _has_values(row: VisualRow) -> bool:
    return sum(1 for s in row if _VALUE.fullmatch(s.text)) >= 2


def _is_prose(band: list[VisualRow]) -> bool:
    """Whether the cells are sentences that fill their lines, not labels and values."""
    lengths = [sum(len(s.text) for s in row) / len(pieces_of(row)) for row in band]
    return median(lengths) > 28
