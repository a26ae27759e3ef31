"""Ways to damage a file: as disks and networks do, as editors do, and as an attacker would."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from ingest.archive import READ_ERRORS

Mutation = Callable[[bytes, random.Random], bytes]
_NASTY = (
    b"\x00",
    b"\xff" * 16,
    b"-1",
    b"99999999999999999999",
    b"NaN",
    b"<" * 300,
    b"[" * 3000,
    b"{" * 3000,
    b'"',
    b"]]>",
    b"<!--",
    b"&bomb;",
    b"%PDF-",
    "\u202e\u200b\ufeff".encode(),
    "姓名：".encode() * 50,
    b"\xed\xa0\x80",
)


def mutate(data: bytes, chooser: random.Random) -> bytes:
    """Damage a file in one to four ways; an office file also inside one of its parts."""
    for _ in range(chooser.choice((1, 1, 2, 4))):
        inside = data.startswith(b"PK\x03\x04") and chooser.random() < 0.7
        way = chooser.choice(_WAYS)
        data = _inside(data, way, chooser) if inside else way(data, chooser)
    return data


def _place(data: bytes, chooser: random.Random) -> int:
    return chooser.randrange(len(data) + 1)


def _flip(data: bytes, chooser: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chooser.randint(1, 1 + len(changed) // 100)):
        if changed:
            changed[chooser.randrange(len(changed))] = chooser.randrange(256)
    return bytes(changed)


def _cut_off(data: bytes, chooser: random.Random) -> bytes:
    return data[: _place(data, chooser)]


def _leave_out(data: bytes, chooser: random.Random) -> bytes:
    start, end = sorted((_place(data, chooser), _place(data, chooser)))
    return data[:start] + data[end:]


def _repeat(data: bytes, chooser: random.Random) -> bytes:
    start, end = sorted((_place(data, chooser), _place(data, chooser)))
    times = max(1, min(50, 400_000 // max(1, end - start)))
    return data[:start] + data[start:end] * chooser.randint(1, times) + data[end:]


def _put_in(data: bytes, chooser: random.Random) -> bytes:
    place = _place(data, chooser)
    return data[:place] + chooser.choice(_NASTY) + data[place:]


def _swap(data: bytes, chooser: random.Random) -> bytes:
    a, b, c = sorted(_place(data, chooser) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _numbers(data: bytes, chooser: random.Random) -> bytes:
    """Other digits: sizes, offsets and counts that no longer hold."""
    changed = bytearray(data)
    digits = [place for place, byte in enumerate(changed) if 48 <= byte <= 57]
    for place in chooser.sample(digits, min(len(digits), chooser.randint(1, 20))):
        changed[place] = chooser.randrange(48, 58)
    return bytes(changed)


def _recode(data: bytes, chooser: random.Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(chooser.choice(("utf-16", "gb18030", "utf-7")), errors="replace")


def _inside(data: bytes, way: Mutation, chooser: random.Random) -> bytes:
    """Damage one part of a zip package and pack it again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except READ_ERRORS:
        return way(data, chooser)
    if not parts:
        return way(data, chooser)
    name = chooser.choice(sorted(parts))
    parts[name] = way(parts[name], chooser)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return output.getvalue()


_WAYS: tuple[Mutation, ...] = (
    _flip,
    _cut_off,
    _leave_out,
    _repeat,
    _put_in,
    _put_in,
    _swap,
    _numbers,
    _recode,
)
