"""Type size and weight of recognised lines, which a picture does not tell and headings need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.layout.shapes import is_wide
from ingest.model import BBox

_NARROW = frozenset("ijl.,;:'|!I`’‘·()[]ftr-/ ")
_BROAD = frozenset("mwMW%@—")
_HEIGHT = 1.15  # a box is that much higher than the type size …
_PAD = 0.22  # … and longer than its text by this share of its height
_FEW = 6.0  # ems; the length of a shorter line tells its size less well than its height
_FEW_WIDE = 3.5  # … for a line of Chinese characters, which are all of one width
_SAME = 0.13  # sizes closer than this are one size, read with an error
_SHORT, _SHORT_WIDE = 0.3, 0.25  # … and for short lines
_HALF_RIGHT, _HALF_LEFT = frozenset("》）】。，、；：”’」』),.;:"), frozenset("《（【“‘「『(")
_HEAVY = 1.22  # times the usual stroke width of the page is bold


def ems(text: str) -> float:
    """Length of ``text`` in type sizes, in a common face."""
    return sum(
        1.0 if is_wide(c) else 0.3 if c in _NARROW else 0.8 if c in _BROAD
        else 0.66 if c.isupper() else 0.5 if c.isdigit() else 0.46
        for c in text
    )  # fmt: skip


def type_size(text: str, box: BBox) -> float:
    """Type size of a line from the rectangle around it, in the same unit."""
    x0, y0, x1, y1 = box
    by_height = (y1 - y0) / _HEIGHT
    if not _is_long(text):
        return by_height
    length = ems(text)
    if text[-1] in _HALF_RIGHT and is_wide(text[-1]):
        length -= 0.45
    by_length = (x1 - x0 - _PAD * (y1 - y0)) / length
    # Spaced or condensed lines and leaders tell nothing by their length.
    return by_length if 0.7 * by_height < by_length < 1.35 * by_height else by_height


def settle(sizes: Sequence[float], texts: Sequence[str], usual: float | None = None) -> list[float]:
    """Sizes that differ by no more than the error of measurement become one.

    Args:
        sizes: Measured sizes of lines.
        texts: What the lines say; short ones are measured less well.
        usual: The size most text of the pages before was set in.
    """
    slack = [_slack(text) for text in texts]
    long = {n for n, text in enumerate(texts) if slack[n] == _SAME}
    weights = [len(text) for text in texts]
    settled = [round(size * 2) / 2 or 0.5 for size in sizes]
    centres: list[float] = []
    open_ones = set(long)
    while open_ones:
        centre = _heaviest(sizes, weights, open_ones)
        if usual is not None and abs(centre - usual) <= _SAME * usual:
            centre = usual
        near = {n for n in open_ones if abs(sizes[n] - centre) <= _SAME * centre}
        if not near:
            break
        centres.append(round(centre * 2) / 2 or 0.5)
        for n in near:
            settled[n] = centres[-1]
        open_ones -= near
    for n in set(range(len(sizes))) - long:
        close = [c for c in centres if abs(sizes[n] - c) <= slack[n] * c]
        if close:
            settled[n] = min(close, key=lambda c: abs(sizes[n] - c))
    return settled


def _is_long(text: str) -> bool:
    """Whether the length of a line tells its size better than its height."""
    length = ems(text)
    return length >= _FEW or (length >= _FEW_WIDE and sum(map(is_wide, text)) > 0.7 * len(text))


def _slack(text: str) -> float:
    """Share of its size by which a line's measured size may be wrong."""
    if _is_long(text):
        return _SAME
    # A short word without tall or deep letters looks small; a few Chinese characters look large.
    return _SHORT_WIDE if any(is_wide(c) for c in text) else _SHORT


def trim(text: str, box: BBox, size: float) -> BBox:
    """The rectangle that the type of a line takes up.

    Detection leaves a margin around a line. A full-width bracket or stop fills half of its square
    only: where one stands at an end, the line goes on for the other half.
    """
    x0, y0, x1, y1 = box
    pad = _PAD / 2 * (y1 - y0)
    if len(text) < 2 or x1 - x0 < 4 * pad:
        return box
    x0, x1 = x0 + pad, x1 - pad
    if text[-1] in _HALF_RIGHT and is_wide(text[-2]):
        x1 += 0.45 * size
    if text[0] in _HALF_LEFT and is_wide(text[1]):
        x0 -= 0.45 * size
    return (x0, y0, x1, y1)


def _heaviest(sizes: Sequence[float], weights: Sequence[int], which: set[int]) -> float:
    """Middle of the narrow range of sizes that holds most characters."""
    order = sorted(which, key=lambda n: sizes[n])
    best, best_weight = sizes[order[0]], -1
    for n in order:
        low, high = sizes[n], sizes[n] * (1 + _SAME)
        inside = [m for m in order if low <= sizes[m] <= high]
        weight = sum(weights[m] for m in inside)
        if weight > best_weight:
            best_weight = weight
            values = np.repeat([sizes[m] for m in inside], [max(weights[m], 1) for m in inside])
            best = float(np.median(values))
    return best


def stroke_width(grey: NDArray[np.uint8], box: BBox) -> float:
    """Mean width of the strokes inside ``box``, in pixels; 0 where there are none."""
    height, width = grey.shape
    x0, y0 = max(int(box[0]), 0), max(int(box[1]), 0)
    x1, y1 = min(int(box[2]) + 1, width), min(int(box[3]) + 1, height)
    part = grey[y0:y1, x0:x1].astype(np.int16)
    if part.size < 16:
        return 0.0
    low, high = np.percentile(part, (2, 90))
    if high - low < 40:
        return 0.0
    # Grey edges count by how dark they are, so that the width is finer than a pixel.
    ink = np.clip((high - part) / (high - low), 0.0, 1.0)
    edges = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return float(2 * ink.sum() / edges) if edges else 0.0


def is_heavy(strokes: Sequence[float], weights: Sequence[int]) -> list[bool]:
    """Which lines are set bold, told from the stroke widths (relative to size) of all lines."""
    known = [(s, w) for s, w in zip(strokes, weights, strict=True) if s > 0]
    if not known:
        return [False] * len(strokes)
    usual = float(np.median(np.repeat([s for s, _ in known], [max(w, 1) for _, w in known])))
    return [stroke > _HEAVY * usual for stroke in strokes]
