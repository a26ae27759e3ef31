"""Letters of symbol fonts as Unicode: Symbol whole, of the Wingdings what documents use.

The table of Symbol follows the encoding that Adobe and Unicode published for it (SYMBOL.TXT); the
tilde and the hyphen stay as they are written, because ranges are searched with them.
"""

from __future__ import annotations

import re

# Word puts the letters of symbol fonts here (U+F000 and the letter's number).
PRIVATE = re.compile("[\uf020-\uf0ff]+")
_LOW = (
    " !∀#∃%&∋()*+,-./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾"
    "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~"
)
_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
_HIGHEST = "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_SYMBOL = (
    {0x20 + place: letter for place, letter in enumerate(_LOW)}
    | {0xA0 + place: letter for place, letter in enumerate(_HIGH)}
    | {0xF1 + place: letter for place, letter in enumerate(_HIGHEST)}
)
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": {
        0xA8: "□", 0x6F: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0x78: "☒", 0x6C: "●",
        0x6E: "■", 0xE0: "→", 0xD8: "➢", 0x71: "❑", 0xA7: "▪", 0x75: "◆", 0xDF: "←", 0xE1: "↑",
        0xE2: "↓", 0x76: "❖",
    },
    "wingdings 2": {0x52: "☑", 0x53: "☒", 0xA3: "□", 0x50: "✓", 0x4F: "✗", 0x2A: "□", 0x54: "☒"},
}  # fmt: skip


def symbol_text(data: bytes, font: str) -> tuple[str, int]:
    """Text of bytes in a symbol font, and how many are unknown: they stand as □ or \ufffd.

    Bytes of a font that is not known here are read as Symbol, the commonest.

    >>> symbol_text(b"2~8\xb0C", "Symbol")
    ('2~8°Χ', 0)
    """
    name = font.strip().lower()
    known = _FONTS.get(name, _SYMBOL)
    missing = "□" if name.startswith("wingdings") else "\ufffd"
    text = "".join(known.get(code, " " if code == 0x20 else missing) for code in data)
    return text, sum(1 for code in data if code not in known and code != 0x20)
