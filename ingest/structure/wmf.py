"""The letters drawn by a Windows Metafile ([MS-WMF] 2.3.3, META_TEXTOUT and META_EXTTEXTOUT)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_PLACEABLE_SIZE, _HEADER_SIZE = 22, 18
_TEXT_OUT, _EXTENDED_TEXT_OUT = 0x0521, 0x0A32
_CLIPPED_OR_OPAQUE = 0x0006  # a rectangle stands before the string


def drawn_text(data: bytes) -> list[bytes]:
    """The strings that a picture draws, in the order of drawing; empty for other formats."""
    return list(_strings(data))


def _strings(data: bytes) -> Iterator[bytes]:
    place = _PLACEABLE_SIZE if data.startswith(_PLACEABLE) else 0
    if data[place : place + 4] not in {b"\x01\x00\x09\x00", b"\x02\x00\x09\x00"}:
        return
    place += _HEADER_SIZE
    while place + 6 <= len(data):
        words, function = struct.unpack_from("<IH", data, place)
        if words < 3:
            return
        record = data[place + 6 : place + 2 * words]
        if function == _TEXT_OUT and len(record) > 2:
            yield record[2 : 2 + int.from_bytes(record[:2], "little")]
        elif function == _EXTENDED_TEXT_OUT and len(record) > 8:
            length, options = struct.unpack_from("<HH", record, 4)
            start = 16 if options & _CLIPPED_OR_OPAQUE else 8
            yield record[start : start + length]
        place += 2 * words
