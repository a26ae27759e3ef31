"""Text whose font gives glyph numbers for characters."""

from __future__ import annotations

from ingest.layout.shifted import glyph_character, is_suspect, shifted_fonts

TEXT = "Statistical Analysis Plan, Study Code MB102230, dated 22 Sep 2017."


def _numbers(text: str) -> list[int]:
    return [ord(c) - 29 for c in text]


def test_glyph_numbers_are_read_back() -> None:
    assert "".join(glyph_character(n) or "?" for n in _numbers(TEXT)) == TEXT
    assert glyph_character(178) == "–"
    assert glyph_character(148) == "≤"
    assert glyph_character(1) is None


def test_only_the_shifted_font_is_found() -> None:
    codes = {1: _numbers(TEXT), 2: [ord(c) for c in TEXT], 3: _numbers("930087408")}
    assert is_suspect(codes[1])
    assert shifted_fonts(codes) == {1, 3}


def test_formula_fonts_are_left_alone() -> None:
    # A font of operators: minus, dot and arrow as control characters among letters.
    assert shifted_fonts({1: [3, 4, 5, 6, 7, 0x41, 0x42, 0x21]}) == set()
    assert not is_suspect([ord(c) for c in TEXT] + [9, 10, 13])
