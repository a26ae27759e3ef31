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
_FEW = 3


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


def is_symbol_font(font: str) -> bool:
    """Whether the letters of a font are signs that are known here.

    >>> is_symbol_font("Wingdings 2"), is_symbol_font("Arial")
    (True, False)
    """
    return font.strip().lower() in _FONTS


def letters_in(text: str, font: str) -> tuple[str, int]:
    """Text of a run in a font, and how many private letters in it are unknown.

    Private letters are those of a symbol font whatever the font is called. In Symbol plain letters
    are signs too: ``m`` is μ, and nobody must read 5 mg for 5 μg. In the Wingdings they are when a
    few stand alone; nobody writes words there.

    >>> letters_in("m", "Symbol"), letters_in("m", "Arial"), letters_in("\uf0b3", "")
    (('μ', 0), ('m', 0), ('≥', 0))
    """
    unknown = 0

    def read(match: re.Match[str]) -> str:
        nonlocal unknown
        written, missing = symbol_text(bytes(ord(letter) & 0xFF for letter in match[0]), font)
        unknown += missing
        return written

    name = font.strip().lower()
    signs = _FONTS.get(name, {})
    few = [ord(letter) for letter in text if not letter.isspace()]
    if name == "symbol" or (len(few) <= _FEW and all(code in signs for code in few)):
        text = "".join(signs.get(ord(letter), letter) for letter in text)
    return PRIVATE.sub(read, text), unknown
