"""Cut an RTF file into tokens (Rich Text Format Specification 1.9.1, *RTF syntax*)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?"  # control word
    rb"|\\'([0-9A-Fa-f]{2})"  # one byte
    rb"|\\([^A-Za-z])"  # control symbol
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)


class Token(NamedTuple):
    """``kind`` is ``open``, ``close``, ``word``, ``symbol``, ``byte`` or ``text``.

    ``name`` is the control word or symbol, ``number`` its parameter, ``data`` the raw bytes.
    """

    kind: str
    name: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file; binary data behind ``\\bin`` is passed over."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, byte, symbol, brace, text = match.groups()
        if text is not None:
            yield Token("text", data=text)
        elif word is not None:
            parameter = None if number is None else int(number)
            if word == b"bin":
                place += max(0, parameter or 0)
            else:
                yield Token("word", word.decode("ascii"), parameter)
        elif byte is not None:
            yield Token("byte", data=bytes([int(byte, 16)]))
        elif brace is not None:
            yield Token("open" if brace == b"{" else "close")
        elif symbol is not None:
            # A line end behind a backslash is an end of paragraph.
            name = "par" if symbol in b"\r\n" else symbol.decode("latin-1")
            yield Token("word", name) if name == "par" else Token("symbol", name)
