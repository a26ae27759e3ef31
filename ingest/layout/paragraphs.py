"""Gather the lines of a column into paragraphs, headings and list items (still as lines)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from ingest.layout.numbering import Mark, is_caption, mark_of
from ingest.layout.shapes import Line, Page, is_wide

_TERMINAL = re.compile(r"[.!?。！？；;:：][”’」』）)\"'\]]*$")
_OPEN_WORD = re.compile(
    r"(?:,|\b(?:and|or|of|the|to|in|with|for|an?|by|is|are|on|at|from|that|as|be|was|were|than))$"
)
_WEAK = {"item", "number", "plain", "decimal", "named"}  # may also open a line by chance
_SOLID = 1.25  # line pitch in font sizes where the document does not tell
_LOOSE = 1.3  # times the usual pitch starts a paragraph


class Pitches:
    """The usual distance between the baselines of a paragraph, by font size."""

    def __init__(self) -> None:
        self._samples: dict[int, list[float]] = defaultdict(list)
        self._usual: dict[int, float] = {}

    def learn(self, pages: Iterable[Page]) -> None:
        """Sample the distances on ``pages``."""
        for page in pages:
            for column in page.columns:
                for above, below in pairwise(column):
                    pitch = below.y1 - above.y1
                    if _same_size(above, below) and 0.8 < pitch / below.size < 2.6:
                        self._samples[round(below.size)].append(pitch / below.size)
        for size, samples in self._samples.items():
            samples.sort()
            if len(samples) >= 8:
                self._usual[size] = samples[len(samples) // 4]
            # A sample of the sample is enough to go on with, and keeps long files small.
            del samples[:: 2 if len(samples) > 4000 else len(samples) + 1]

    def of(self, size: float) -> float:
        """Usual pitch in points for text of ``size``."""
        return self._usual.get(round(size), _SOLID) * size

    def on(self, page: Page) -> Pitches:
        """The distances of one page where it has enough lines to tell, else of the document."""
        own = Pitches()
        own.learn([page])
        own._usual = {**self._usual, **own._usual}
        return own


def paragraphs(lines: list[Line], pitches: Pitches, right: float) -> list[list[Line]]:
    """Group consecutive lines.

    Args:
        lines: Lines of one column from top to bottom, tables taken out.
        pitches: Usual line distances of the document.
        right: Where full lines of this column end.
    """
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _starts(groups[-1], line, pitches, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def flows_on(above: list[Line], below: list[Line], right: float) -> bool:
    """Whether a paragraph goes on at the top of the next column."""
    last, first = above[-1], below[0]
    return (
        _same_size(last, first)
        and last.bold == first.bold
        and _is_full(last, first, right)
        and not _TERMINAL.search(last.text)
        and mark_of(first.text) is None
        and (first.text[0].islower() or is_wide(first.text[0]))
    )


def is_terminated(text: str) -> bool:
    """Whether ``text`` ends as a sentence or clause does."""
    return _TERMINAL.search(text) is not None


def _starts(group: list[Line], line: Line, pitches: Pitches, right: float) -> bool:
    """Whether ``line`` starts something new after ``group``."""
    above = group[-1]
    size = line.size
    mark = mark_of(line.text)
    full = _is_full(above, line, right)
    open_end = full and not _TERMINAL.search(above.text)
    flows = open_end and (line.text[0].islower() or is_wide(line.text[0]))
    if not _same_size(above, line):
        return True
    if above.bold != line.bold and not (flows and mark is None):
        return True
    pitch = line.y1 - above.y1
    if pitch > _LOOSE * pitches.of(size) and not (flows and pitch < 2.6 * size):
        return True
    level = abs(line.x0 - above.x0) < 0.6 * size
    if mark is not None:
        return line.bold or not (open_end and level and mark.kind in _WEAK)
    if is_caption(line.text) and not flows:
        return True
    return _starts_by_indent(group, line, mark_of(group[0].text), full, open_end)


def _starts_by_indent(
    group: list[Line], line: Line, head: Mark | None, full: bool, open_end: bool
) -> bool:
    """The rules on indents and short lines, for a line without an enumerator."""
    above = group[-1]
    step = line.x0 - above.x0
    if step > 1.2 * line.size:
        if len(group) == 1:
            # Text hanging from an enumerator, or a caption's second line.
            hangs = head is not None or is_caption(group[0].text)
            return not (hangs or open_end)
        return True
    if step < -1.2 * line.size:
        # A first-line indent ends here if the line above is full.
        return len(group) > 1 or not full
    if full:
        return False
    if is_terminated(above.text):
        return True
    # A ragged line may stop early before a word that cannot be broken.
    goes_on = line.text[0].islower() or _OPEN_WORD.search(above.text) is not None
    return not goes_on


def _is_full(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of ``line`` would not have fitted at the end of ``above``."""
    text = line.text
    word = text[0] if is_wide(text[0]) else re.split(r"[\s\u3400-\u9fff]", text, maxsplit=1)[0]
    width = (line.x1 - line.x0) * len(word) / max(len(text), 1)
    slack = 0.25 * line.size if not is_wide(text[0]) else 1.2 * line.size
    return above.x1 + width + 0.25 * line.size > right - slack


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= 0.08 * max(a.size, b.size)
