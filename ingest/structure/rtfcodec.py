"""Which encoding the bytes of an RTF text are in: by font, else by the file's code page.

Follows the Rich Text Format Specification 1.9.1 (``\\ansicpg``, ``\\fcharset``, ``\\cpg``).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# Character sets of Windows fonts (\fcharsetN) as Python's encodings.
_CHARSETS = {
    77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 128: "cp932",
    129: "cp949", 130: "johab", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp437",
}  # fmt: skip
_EAST_ASIAN = frozenset([78, 79, 80, 81, 128, 129, 130, 134, 136])
SYMBOL_CHARSET = 2


@dataclass(slots=True)
class Font:
    """A font of the font table."""

    name: str = ""
    charset: int = 0
    codepage: int = 0

    @property
    def is_east_asian(self) -> bool:
        """Whether its character set is Chinese, Japanese or Korean."""
        return self.charset in _EAST_ASIAN


class Decoder:
    """Decodes bytes by font; ``lost`` counts the characters that no encoding could read."""

    def __init__(self) -> None:
        self.default = "cp1252"
        self.lost = 0

    def set_codepage(self, number: int) -> None:
        """Take the file's code page; an unknown one changes nothing."""
        self.default = _encoding(number) or self.default

    def decode(self, data: bytes, font: Font | None, far_east: Font | None = None) -> str:
        """Return the text of bytes that were written in a font.

        ``far_east`` is the font that Chinese, Japanese and Korean letters of the same run have.
        """
        if data.isascii():
            return data.decode("ascii")
        encoding = _of_font(font)
        if encoding and font is not None and font.charset != 0:
            text = _strictly(data, encoding)
            if text is not None:
                return text
        # A Western font may stand above double bytes, of another font of the run or of the code
        # page (files not by Word). A lone byte is a Western character: °C, 5±2.
        for other in (_of_font(far_east), encoding, self.default):
            text = _strictly(data, other) if other else None
            if text is not None and (_is_single(other) or _all_double(data, text)):
                return text
        text = data.decode("cp1252", errors="replace")
        self.lost += text.count("\ufffd")
        return text


def _of_font(font: Font | None) -> str:
    if font is None:
        return ""
    return (_encoding(font.codepage) if font.codepage else None) or _CHARSETS.get(font.charset, "")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_single(encoding: str) -> bool:
    return encoding.startswith(("cp125", "mac", "cp437", "cp850", "cp874", "iso"))


def _all_double(data: bytes, text: str) -> bool:
    """Tell whether every character outside ASCII was made of two bytes outside ASCII."""
    high = sum(1 for byte in data if byte >= 0x80)
    return high == 2 * sum(1 for character in text if ord(character) >= 0x80)


def _encoding(codepage: int) -> str | None:
    name = {936: "gb18030", 950: "big5hkscs", 10000: "mac_roman", 65001: "utf-8"}.get(codepage)
    try:
        return codecs.lookup(name or f"cp{codepage}").name
    except LookupError:
        return None
