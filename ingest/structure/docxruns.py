"""What Word says of a run and of the end of a paragraph: place to the line, strikes, fonts."""

from __future__ import annotations

import re

from ingest.structure.docxpackage import Element, W, child, integer, value
from ingest.structure.docxstyles import Style, font_of, is_struck
from ingest.structure.raised import LEAST_LIFT, Shift
from ingest.structure.symbolfonts import letters_in

_HIGH_OR_LOW = re.compile("[\x80-\xff]+|[^\x80-\xff]+")


def shift_of(run: Element, own: Style) -> Shift:
    """Where a run stands to its line, by its own word, else by that of its style ``own``."""
    align = value(run, "rPr/vertAlign") or own.align
    if align in {"superscript", "subscript"}:
        return Shift.RAISED if align == "superscript" else Shift.LOWERED
    lift = integer(value(run, "rPr/position"), own.lift) or 0
    if abs(lift) < LEAST_LIFT:
        return Shift.LEVEL
    return Shift.NUDGED if lift > 0 else Shift.LOWERED


def is_struck_out(run: Element, own: Style, paragraph: Style) -> bool:
    """Whether a run is struck through, by its own word, else by that of its styles."""
    said = is_struck(run)
    return own.struck or paragraph.struck if said is None else said


def letters_of(text: str, run: Element, own: Style) -> tuple[str, int]:
    """The text of a run with letters of symbol fonts as signs, and how many of them are unknown."""
    low = font_of(run) or own.font or ""
    high = font_of(run, "hAnsi") or low
    fonts = child(run, "rPr/rFonts")
    if fonts is not None and fonts.get(f"{W}hint") == "eastAsia":
        high = ""  # ± and ° are then written in the Chinese font
    read, unknown = "", 0
    for part in _HIGH_OR_LOW.findall(text):
        font = high if "\x80" <= part[0] <= "\xff" else low or high
        letters, missing = letters_in(part, font)
        read, unknown = read + letters, unknown + missing
    return read, unknown


def mark_is_deleted(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted or moved away: the next one is joined with it."""
    return any(child(paragraph, f"pPr/rPr/{name}") is not None for name in ("del", "moveFrom"))
