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

# Word writes the marks of the Symbol and Wingdings fonts into the private use area.
_SYMBOLS = {
    0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "▫", 0xF0D8: "➢", 0xF0FC: "✓", 0xF076: "❖", 0xF06E: "■",
    0xF06C: "●", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0AE: "→", 0xF0B0: "°",
}  # fmt: skip

_HYPHENS = {0x02, 0xAD, 0xFFFE}  # 2 and FFFE are how PDFium marks a hyphen at a line end


def meaning(code: int) -> str | None:
    """Return the text of a code: ``""`` for a mark without one, ``None`` where it is unknown."""
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _HYPHENS:
        return "-"
    if code < 0x20 or (code >= 0xFFFD and code <= 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return None
    if code in _RADICALS:
        return _RADICALS[code]
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if 0x2F00 <= code <= 0x2FDF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", chr(code))
    if unicodedata.category(chr(code)) in {"Cc", "Cf"}:
        return ""
    return chr(code)
