"""Texts of a workbook's cells: raised parts told from numbers, struck and unseen parts taken out.

Follows ECMA-376, part 1, section 18.4 (shared string table).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.structure.ooxml import Element
from ingest.structure.raised import Piece, written
from ingest.structure.sheetstyles import Font, Style, Styles

WHITE, TINY = "white text", "text too small to read"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text; ``font`` is ``None`` where it is that of the cell."""

    text: str
    font: Font | None = None


@dataclass(slots=True)
class Shown:
    """What a reader sees of a text, and what was taken out of it.

    ``unseen`` are pairs of reason and text; ``struck`` tells whether a part was struck out.
    """

    text: str = ""
    struck: bool = False
    unseen: list[tuple[str, str]] = field(default_factory=list)


def runs_of(element: Element, font: Callable[[Element], Font]) -> tuple[Run, ...]:
    """The runs of a text (``si``, ``is``, ``text``); how Chinese signs are read is no text."""
    runs: list[Run] = []
    for item in element.iterchildren("{*}t", "{*}r"):
        if item.tag.endswith("}r"):
            properties = item.find("{*}rPr")
            text = "".join(part.text or "" for part in item.iterchildren("{*}t"))
            runs.append(Run(plain(text), None if properties is None else font(properties)))
        else:
            runs.append(Run(plain(item.text or "")))
    return tuple(run for run in runs if run.text)


def plain(text: str) -> str:
    """Text with the signs that XML cannot hold, written as ``_x000D_``."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shown(runs: tuple[Run, ...], style: Style, painted: bool) -> Shown:
    """The text of a cell; ``painted`` when something may stand behind its letters.

    Raised and lowered type only matters beside other text, so a cell that is all of one kind
    reads as it is.
    """
    found = Shown()
    pieces: list[Piece] = []
    gap = ""
    for run in runs:
        font = run.font or style.font
        reason = unseen(font, painted)
        if reason or font.struck:
            if reason and run.text.strip():
                found.unseen.append((reason, run.text))
            found.struck |= not reason and bool(run.text.strip())
            gap = run.text
            continue
        if gap and pieces and _would_join(pieces[-1][0], run.text):
            pieces.append((" ", pieces[-1][1]))
        gap = ""
        pieces.append((run.text, font.shift))
    alike = len({shift for text, shift in pieces if text.strip()}) < 2
    found.text = "".join(text for text, _ in pieces) if alike else written(pieces)
    return found


def note_text(element: Element, styles: Styles) -> str:
    """The text of a note on a cell."""
    return shown(runs_of(element, styles.font), Style(), painted=True).text


def unseen(font: Font, painted: bool) -> str:
    """Why a reader does not see letters in this font, or ``""``."""
    if font.tiny:
        return TINY
    return WHITE if font.white and not painted else ""


def _would_join(before: str, after: str) -> bool:
    """Whether two parts would read as one word or number where something between them is gone."""
    ends = before[-1:] + after[:1]
    return len(ends) == 2 and all(s.isascii() and (s.isalnum() or s in ".,%") for s in ends)
