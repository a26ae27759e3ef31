"""Reading order of boxes that lie on a slide: rows from the top, within a row from the left."""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[float, float, float, float]
"""``(left, top, right, bottom)`` in any unit."""

# Boxes that overlap by less than this share of the smaller one still count as apart.
_TOLERANCE = 0.2
_MANY = 300  # more boxes than any slide has that was made for readers; bounds the recursion


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of the boxes in reading order.

    The area is cut into rows where a horizontal line meets no box, each row into columns, each
    column into rows again. Boxes that cannot be told apart so go by their top, then their left.
    """
    return _rows(boxes, list(range(len(boxes))))


def _rows(boxes: Sequence[Box], chosen: list[int]) -> list[int]:
    if len(chosen) > _MANY:
        return sorted(chosen, key=lambda index: (boxes[index][1], boxes[index][0]))
    parts = _cut(boxes, chosen, 1)
    if len(parts) == 1:
        return _columns(boxes, chosen)
    return [index for part in parts for index in _columns(boxes, part)]


def _columns(boxes: Sequence[Box], chosen: list[int]) -> list[int]:
    if len(chosen) == 1:
        return chosen
    parts = _cut(boxes, chosen, 0)
    if len(parts) == 1:
        return sorted(chosen, key=lambda index: (boxes[index][1], boxes[index][0]))
    # A column has fewer boxes than what it was cut from: this ends.
    return [index for part in parts for index in _rows(boxes, part)]


def _cut(boxes: Sequence[Box], chosen: list[int], axis: int) -> list[list[int]]:
    """Group boxes along an axis (0: across, 1: down) wherever nothing reaches over."""
    parts: list[list[int]] = []
    end = 0.0
    for index in sorted(chosen, key=lambda i: (boxes[i][axis], boxes[i][1 - axis])):
        start, stop = boxes[index][axis], boxes[index][axis + 2]
        if parts:
            sizes = [boxes[i][axis + 2] - boxes[i][axis] for i in (*parts[-1], index)]
            if start >= end - _TOLERANCE * min(sizes):
                parts.append([index])
                end = max(end, stop)
                continue
            parts[-1].append(index)
        else:
            parts.append([index])
        end = max(end, stop)
    return parts
