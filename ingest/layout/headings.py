"""Decide which groups of lines are headings, and on which level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.layout.numbering import Mark, is_caption, mark_of
from ingest.layout.shapes import Line, Page, is_wide

_LARGE = 1.12  # times the body size
_MAX_LINES = 4
_MAX_WEIGHT = 200  # characters, wide ones counted twice
_END = re.compile(r"[.,;。，；、][”’」』）)\"'\]]*$")
_MAX_LEVEL = 6


class Headings:
    """Knows the body text of a document and the heading it is under."""

    def __init__(self) -> None:
        self.section: str | None = None
        self._sizes: Counter[float] = Counter()
        self._bold = Counter({True: 0, False: 0})
        self._level = 1
        self._kinds: list[str] = []

    def learn(self, pages: Iterable[Page]) -> None:
        """Count how much text is set in which size."""
        for page in pages:
            for column in page.columns:
                for line in column:
                    self._sizes[round(line.size * 2) / 2] += len(line.text)
                    self._bold[line.bold] += len(line.text)

    @property
    def body_size(self) -> float:
        """Font size of most of the text."""
        return self._sizes.most_common(1)[0][0] if self._sizes else 10.0

    def enter(self, text: str, level: int) -> None:
        """Go under the heading ``text``."""
        self.section = text
        mark = mark_of(text)
        if mark is not None and mark.depth:
            self._level = level
            if mark.kind not in self._kinds:
                self._kinds.append(mark.kind)

    def level_of(self, text: str, lines: list[Line]) -> int | None:
        """Level of a heading, 1 the highest, or None for text that is no heading."""
        if len(lines) > _MAX_LINES or _weight(text) > _MAX_WEIGHT or is_caption(text):
            return None
        if sum(c.isalpha() for c in text) < 2 and mark_of(text + " X") is None:
            return None
        ratio = lines[0].size / self.body_size
        if any(line.grid is not None or len(line.cells) > 2 for line in lines):
            return None
        bold = all(line.bold for line in lines) and self._bold[True] <= self._bold[False]
        stands_out = bold or ratio >= _LARGE
        mark = mark_of(text) or mark_of(text + " X")
        if mark is not None and mark.depth:
            return self._marked(text, mark, stands_out)
        if mark is not None or not stands_out or _END.search(text):
            return None
        if any(len(line.cells) > 1 for line in lines):  # names of columns, a form's label and value
            return None
        if text[0].islower() or sum(c.isalpha() for c in text) < 2:
            return None
        if ratio >= 1.5:
            return 1
        if ratio >= 1.25:
            return 2
        return 3 if ratio >= _LARGE else min(self._level + 1, _MAX_LEVEL)

    def _marked(self, text: str, mark: Mark, stands_out: bool) -> int | None:
        rest = text[len(mark.text) :].strip(" .．:：")
        if not rest:
            return min(self._depth(mark), _MAX_LEVEL) if stands_out else None
        if rest[0].islower() and not stands_out:
            return None
        chinese = is_wide(rest[0])
        if _END.search(text) and not (stands_out and not chinese and _weight(text) < 80):
            return None
        capitals = rest.isupper() and len(rest) > 3
        short = _weight(rest) <= (50 if chinese else 110)
        if mark.kind in {"cn1", "cn2", "chapter"}:
            clear = stands_out or short
        elif mark.kind == "decimal":
            clear = stands_out or capitals or (short and not rest[0].isdigit())
        elif mark.kind in {"number", "plain"}:
            clear = (
                stands_out
                or capitals
                or (chinese and mark.kind == "number" and _weight(rest) <= 30)
            )
        else:
            clear = stands_out or capitals
        return min(self._depth(mark), _MAX_LEVEL) if clear else None

    def _depth(self, mark: Mark) -> int:
        """Level by enumerator; 1. comes under （一）, which comes under 一、, where they occur."""
        above = {
            "cn1": ["chapter"],
            "cn2": ["chapter", "cn1"],
            "number": ["chapter", "cn1", "cn2"],
            "plain": ["chapter", "cn1", "cn2"],
            "decimal": ["chapter", "cn1", "cn2"],
        }.get(mark.kind, [])
        depth = mark.depth
        if mark.kind == "cn2":
            depth = 1
        return depth + sum(kind in self._kinds for kind in above)


def _weight(text: str) -> int:
    return sum(2 if is_wide(c) else 1 for c in text)
