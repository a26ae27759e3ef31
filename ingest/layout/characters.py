"""What a character code found in a PDF means as text."""

from __future__ import annotations

import unicodedata

# Fonts of some Chinese producers map a character to the radical that looks the same; a search for
# the character would never find it. Unicode's own NFKC table covers U+2F00..2FDF, not these.
_RADICALS = dict(
    zip(
        (
            0x2EA0, 0x2E9F, 0x2EC1, 0x2EC4, 0x2EC5, 0x2EC6, 0x2EC9, 0x2ECB, 0x2ED3, 0x2ED4,
            0x2ED8, 0x2ED9, 0x2EDA, 0x2EDB, 0x2EDC, 0x2EDD, 0x2EE2, 0x2EE3, 0x2EE4, 0x2EE5,
            0x2EE6, 0x2EE8, 0x2EE9, 0x2EEC, 0x2EEE, 0x2EF0, 0x2EF3,
        ),
        "民母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)  # fmt: skip

# Word writes the Symbol and Wingdings fonts into the private use area, F000 plus the font's code.
_PRIVATE = range(0xF020, 0xF100)
_GREEK = dict(
    zip(
        "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghijklmnopqrstuwxyz",
        "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηιϕκλμνοπθρστυωξψζ",
        strict=True,
    )
)
_SYMBOL = {
    0xA1: "ϒ", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xA8: "♦", 0xAB: "↔", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…",
    0xC7: "∩", 0xC8: "∪", 0xCE: "∈", 0xCF: "∉", 0xD0: "∠", 0xD1: "∇", 0xD2: "®", 0xD3: "©",
    0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xE5: "∑",
    0xF2: "∫", 0x2D: "−", 0x2A: "∗", 0x40: "≅", 0x22: "∀", 0x24: "∃", 0x7E: "∼",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA7: "▪",
    0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓",
    0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_BULLETS = {0xA7: "▪", 0xD8: "➢", 0xFC: "✓"}  # common marks even where the font has no name

_HYPHENS = {0x02, 0xAD, 0xFFFE}  # 2 and FFFE are how PDFium marks a hyphen at a line end


def meaning(code: int, wingdings: bool = False) -> str | None:
    """Return the text of a code: ``""`` for a mark without one, ``None`` where it is unknown.

    ``wingdings`` tells that the font is one of Wingdings, whose private codes differ from Symbol's.
    """
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _HYPHENS:
        return "-"
    if code < 0x20 or (code >= 0xFFFD and code <= 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return None
    if code in _RADICALS:
        return _RADICALS[code]
    if code in _PRIVATE:
        return _private(code - 0xF000, wingdings)
    if 0x2F00 <= code <= 0x2FDF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", chr(code))
    if unicodedata.category(chr(code)) in {"Cc", "Cf"}:
        return ""
    return chr(code)


def _private(code: int, wingdings: bool) -> str:
    if wingdings:
        return _WINGDINGS.get(code, chr(0xF000 + code))
    if code in _BULLETS:
        return _BULLETS[code]
    if code in _SYMBOL:
        return _SYMBOL[code]
    if code < 0x7F:
        return _GREEK.get(chr(code), chr(code))
    return chr(0xF000 + code)
