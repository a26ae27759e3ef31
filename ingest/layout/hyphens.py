"""Tell a word broken at a line end from a compound that keeps its hyphen.

``ingest.text.join_lines`` drops every hyphen at a line end; the document itself shows which words
it writes with one (post-baseline, double-blind), so those are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.layout.shapes import Page

_COMPOUND = re.compile(r"(?<![\w-])[A-Za-z]{2,}-[a-z]{2,}")
_WORD = re.compile(r"[A-Za-z]{6,}")
_END = re.compile(r"([A-Za-z]{2,})-$")
_START = re.compile(r"[a-z]{2,}")
_LAST = re.compile(r"[A-Za-z]{2,}$")
_START_ANY = re.compile(r"[a-z]+(?=\s|\d|$|[.,;:)])")
_SMALL = frozenset({"in", "on", "to", "of", "an", "the", "and", "for", "with", "be", "no", "not"})
_MAX_WORDS = 200_000  # more do not help, and memory stays bounded
# First parts that English hyphenates as a rule.
_FIRST = frozenset(
    {"self", "non", "post", "double", "single", "open", "placebo", "event", "long", "short"}
)


class Hyphens:
    """The words a document writes with and without a hyphen."""

    def __init__(self) -> None:
        self._compounds: set[str] = set()
        self._words: set[str] = set()

    def learn(self, pages: Iterable[Page]) -> None:
        """Note the words within the lines of ``pages``."""
        for page in pages:
            if len(self._words) > _MAX_WORDS:
                return
            for column in page.columns:
                for line in column:
                    text = line.text
                    self._compounds.update(w.lower() for w in _COMPOUND.findall(text))
                    self._words.update(w.lower() for w in _WORD.findall(text))

    def mend(self, lines: list[str]) -> list[str]:
        """Put together the words that a narrow cell breaks without a hyphen (Scree|ning)."""
        mended = [line.strip() for line in lines]
        for number in range(len(mended) - 1):
            end, start = _LAST.search(mended[number]), _START_ANY.match(mended[number + 1])
            if end is None or start is None or end.group().lower() in _SMALL:
                continue
            if (end.group() + start.group()).lower() in self._words:
                mended[number] += start.group()
                mended[number + 1] = mended[number + 1][start.end() :].strip()
        return mended

    def keep(self, lines: list[str]) -> list[str]:
        """Move the second half of each compound broken at a line end up to its first half."""
        kept = [line.strip() for line in lines]
        for number in range(len(kept) - 1):
            end, start = _END.search(kept[number]), _START.match(kept[number + 1])
            if end is None or start is None:
                continue
            first, second = end.group(1).lower(), start.group()
            whole = first + second in self._words
            if f"{first}-{second}" in self._compounds or (first in _FIRST and not whole):
                kept[number] += second
                kept[number + 1] = kept[number + 1][len(second) :]
                # Punctuation that followed the word must not be set off by a space.
                if kept[number + 1][:1] and not kept[number + 1][0].isspace():
                    head, _, rest = kept[number + 1].partition(" ")
                    kept[number] += head
                    kept[number + 1] = rest
        return kept
