"""Recover text set in fonts that do not say which characters their glyphs stand for.

Some producers drop the map from glyphs to characters. PDFium then answers with the glyph numbers,
and ``Study 12`` arrives as ``6WXG\\\\ \\x14\\x15`` with the digits as control characters. TrueType
fonts of the usual make number their glyphs in the order of the Macintosh character set (glyph 3 is
the space, 36 the A), so the text can be read all the same. It stays a guess and is marked as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_FREQUENT = frozenset(" etaoinsrhld")
_MIN_CONTROL = 3  # control characters on a page before its fonts are looked at


def glyph_character(number: int) -> str | None:
    """The character of a glyph number in Macintosh order, or None beyond it."""
    if 3 <= number <= 97:
        return chr(number + 29)
    if 98 <= number <= 225:
        return bytes([number + 30]).decode("mac_roman")
    return None


def is_suspect(codes: Iterable[int]) -> bool:
    """Whether a page holds control characters that only glyph numbers explain."""
    return sum(1 for code in codes if _is_control(code)) >= _MIN_CONTROL


def shifted_fonts(by_font: dict[int, list[int]]) -> set[int]:
    """The fonts of a suspect page (keys) whose codes (values) are glyph numbers."""
    found = set()
    for font, codes in by_font.items():
        control = sum(1 for code in codes if _is_control(code))
        raw = _likeness(chr(code) for code in codes if code < 0x110000)
        read = _likeness(glyph_character(code) or "" for code in codes)
        # A stamp of digits has no letters to judge by. Fonts of formulas hold control characters
        # too, but few of them make digits.
        stamp = control > 0.5 * len(codes) and _digits(codes) > 0.5 and len(codes) >= 8
        if stamp or (control and read > raw + 0.15):
            found.add(font)
    return found


def _is_control(code: int) -> bool:
    return 3 <= code < 0x20 and code not in (9, 10, 13)


def _likeness(characters: Iterable[str]) -> float:
    """Share of the commonest letters and the space, leaders aside; half or more in prose."""
    counts = Counter(c.lower() for c in characters if c and c != ".")
    total = sum(counts.values())
    return sum(counts[c] for c in _FREQUENT) / total if total else 0.0


def _digits(codes: list[int]) -> float:
    return sum(1 for code in codes if (glyph_character(code) or "").isdigit()) / len(codes)
