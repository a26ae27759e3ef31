"""Part the rows of a ruled table that no rule parts.

Some tables put two rows between two rules. They are told by what stands side by side: the same
number of groups in every cell, each at the height of its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ingest.layout.shapes import Line

_BLANK = 0.6  # font sizes of white between two groups of lines
_OVERLAP = 2.0  # points by which the boxes of lines above each other may overlap
_SHORT = 14  # characters of a value or a label of values
_MIN_LINES = 4
_MEDIAN = 32  # characters; longer lines are sentences
_VALUE = re.compile(r"[<>≤≥±~+-]?\s?\d")


def parted_row(
    row: list[int], by_slot: Mapping[int, list[Line]], join: Callable[[list[str]], str]
) -> list[tuple[str, ...]] | None:
    """The rows that stand in one row of cells, or None if it is a single one."""
    cells = [by_slot.get(slot, []) for slot in row]
    filled = [lines for lines in cells if lines]
    if len(filled) < 2 or len(set(row)) < len(row):
        return None
    groups = [_groups(lines) for lines in cells]
    counts = {len(group) for group in groups if group}
    if counts == {1} and (_are_values(filled) or _are_rows(filled)):
        groups = [[[line] for line in lines] for lines in cells]
        counts = {len(group) for group in groups if group}
    if len(counts) != 1 or min(counts) < 2 or not _is_level(groups):
        return None
    return [
        tuple(join([line.text for line in group[n]]) if group else "" for group in groups)
        for n in range(min(counts))
    ]


def _groups(lines: list[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.y0 - groups[-1][-1].y1 <= _BLANK * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _are_values(cells: list[list[Line]]) -> bool:
    """Short lines in all cells, numbers in all lines of a cell other than the first."""
    if any(len(line.text) > _SHORT for lines in cells for line in lines):
        return False
    return any(all(_VALUE.match(line.text) for line in lines) for lines in cells[1:])


def _are_rows(cells: list[list[Line]]) -> bool:
    """The same number of short lines in every cell, one label to each."""
    count = len(cells[0])
    if count < _MIN_LINES or any(len(lines) != count for lines in cells):
        return False
    lengths = sorted(len(line.text) for lines in cells for line in lines)
    labels = (line.text.split()[0] for line in cells[0])
    return lengths[len(lengths) // 2] <= _MEDIAN and not any(
        len(label) > 2 and label.islower() for label in labels
    )


def _is_level(groups: list[list[list[Line]]]) -> bool:
    """Whether a level line can be drawn below each group of all cells at once."""
    filled = [group for group in groups if group]
    for number in range(len(filled[0]) - 1):
        end = max(group[number][-1].y1 for group in filled)
        start = min(group[number + 1][0].y0 for group in filled)
        if start < end - _OVERLAP:
            return False
    return True
