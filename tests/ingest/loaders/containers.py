"""Containers of old office files, as small as the format allows (MS-CFB, version 3)."""

from __future__ import annotations

_SECTOR = 512
_FREE, _END, _FAT = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"


def ole_container(stream: str, data: bytes = b"") -> bytes:
    """A container with one stream of at most 60,000 bytes."""
    # Streams below 4,096 bytes would need a second table: this one is made longer.
    padded = data.ljust(4096, b"\0") if data else b""
    sectors = -(-len(padded) // _SECTOR)
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(_SECTOR, b"\0"))
    header[24:34] = b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    for place, number in ((44, 1), (48, 1), (56, 4096), (60, 0xFFFFFFFE), (68, 0xFFFFFFFE)):
        header[place : place + 4] = number.to_bytes(4, "little")
    header[76:] = bytes(4) + _FREE * 108
    chain = b"".join((3 + n).to_bytes(4, "little") for n in range(sectors - 1))
    table = (_FAT + _END + chain + (_END if sectors else b"")).ljust(_SECTOR, b"\xff")
    first = (2).to_bytes(4, "little") if sectors else _END
    directory = _entry("Root Entry", 5, 1, _END, 0)
    directory += _entry(stream, 2, 0xFFFFFFFF, first, len(padded)) + bytes(256)
    return bytes(header) + table + directory + padded.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: bytes, size: int) -> bytes:
    wide = f"{name}\0".encode("utf-16-le")
    links = _FREE * 2 + child.to_bytes(4, "little")
    head = wide.ljust(64, b"\0") + len(wide).to_bytes(2, "little") + bytes([kind, 1])
    return head + links + bytes(36) + start + size.to_bytes(8, "little")
