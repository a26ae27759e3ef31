"""Where the sentences of a stored document stand in the file it was read from.

Loaders squeeze white space and drop bullets, so offsets in blocks are not offsets in the file. Both
texts are compared without white space: blocks follow one another in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.model import Block

_GAP = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b\u200c\u200d\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Extent:
    """Characters ``start`` to ``end`` of a text, white space not counted."""

    start: int
    end: int

    def common(self, other: Extent) -> int:
        """Number of characters both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end - self.start


class FileText:
    """A file's text and where the blocks read from it begin.

    Args:
        text: The file, decoded.
        blocks: Ordinals and blocks in reading order.
    """

    def __init__(self, text: str, blocks: Iterable[tuple[int, Block]]) -> None:
        self._before = _filled(text)
        packed = _GAP.sub("", text)
        self._texts: dict[int, list[int]] = {}
        self._starts: dict[int, int] = {}
        place = 0
        for ordinal, block in blocks:
            wanted = _GAP.sub("", block.text)
            found = packed.find(wanted, place)
            if wanted and found >= 0:
                self._starts[ordinal] = found
                self._texts[ordinal] = _filled(block.text)
                place = found + len(wanted)

    def of_file(self, start: int, end: int) -> Extent:
        """The extent of characters ``start`` to ``end`` of the file."""
        return Extent(self._before[start], self._before[min(end, len(self._before) - 1)])

    def of_block(self, ordinal: int, start: int, end: int) -> Extent | None:
        """The extent of characters of a block; ``None`` when the block is not in the file."""
        if ordinal not in self._starts:
            return None
        first, before = self._starts[ordinal], self._texts[ordinal]
        return Extent(first + before[start], first + before[end])


def _filled(text: str) -> list[int]:
    """For each offset, and the end, how many characters that are no white space stand before."""
    counts = [0]
    for character in text:
        counts.append(counts[-1] + (_GAP.match(character) is None))
    return counts


def reaches(sentence: Extent, span: Extent) -> bool:
    """Whether a sentence shows a span: at least half of either is common to both."""
    common = sentence.common(span)
    return common > 0 and 2 * common >= min(sentence.length, span.length)
