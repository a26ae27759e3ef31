"""Raised and lowered parts of text under way, kept in the text itself until the line is whole.

Readers of markup meet ``10``, ``<sup>``, ``9`` one after the other and join them much later, while
how a raised part is written depends on what stands on both sides of it. So they mark it with signs
that no text holds (noncharacters of Unicode), and :func:`settled` writes the finished line.
"""

from __future__ import annotations

import re

from ingest.structure.raised import Piece, Shift, written

RAISE, LOWER, END = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = re.compile(f"([{RAISE}{LOWER}{END}])")
# Short words keep their letters, so that they are found: CD45ˡᵒ, XXᵗʰ.
_WORD = re.compile(r"\s*[a-pr-z]{2,3}\s*")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_ORDINALS = frozenset(["st", "nd", "rd", "th"])
_SHIFTS = {RAISE: Shift.RAISED, LOWER: Shift.LOWERED}


def raised(text: str) -> str:
    """Mark text as raised."""
    return f"{RAISE}{text}{END}"


def lowered(text: str) -> str:
    """Mark text as lowered."""
    return f"{LOWER}{text}{END}"


def without_marks(text: str) -> str:
    """Text of a file, which must not bring marks of its own."""
    return _MARKS.sub("", text)


def settled(text: str) -> str:
    """The text with its marked parts written so that no number runs into another.

    A mark without its counterpart reaches to the end of the text, or comes from its beginning.

    >>> settled("10" + raised("9") + "/L")
    '10⁹/L'
    """
    if not _MARKS.search(text):
        return text
    open_parts: list[tuple[Shift, list[Piece]]] = [(Shift.LEVEL, [])]
    for part in _MARKS.split(text):
        if part in _SHIFTS:
            open_parts.append((_SHIFTS[part], []))
        elif part == END:
            shift, pieces = open_parts.pop()
            if not open_parts:
                shift = Shift.RAISED
                open_parts.append((Shift.LEVEL, []))
            around = open_parts[-1][1]
            around.append(_part(written(pieces), shift, around[-1][0] if around else ""))
        elif part:
            open_parts[-1][1].append((part, Shift.LEVEL))
    while len(open_parts) > 1:
        shift, pieces = open_parts.pop()
        open_parts[-1][1].append((written(pieces), shift))
    return written(open_parts[0][1])


def _part(text: str, shift: Shift, before: str) -> Piece:
    is_ordinal = before[-1:].isdecimal() and text.strip() in _ORDINALS
    if shift is Shift.RAISED and _WORD.fullmatch(text) and not is_ordinal:
        return text.translate(_LETTERS), shift
    return text, shift
