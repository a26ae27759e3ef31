"""Text smuggled in characters that no reader sees, or wrapped in base64."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Unicode tags (U+E0020 to U+E007E mirror ASCII); legitimate only in flags of countries' parts,
# a black flag followed by tags and closed by U+E007F (Unicode Technical Standard #51, ED-14a).
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{1,7}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{6,}")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{8,}")
_SCATTERED = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]")
_OVERRIDE = re.compile("[\u202d\u202e][^\u202c\n]*\u202c?")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MANY = 24
_SHARE = 0.1
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])")


@dataclass(frozen=True, slots=True)
class Smuggled:
    """A run of hidden characters; ``text`` is what it says, where that can be told."""

    start: int
    end: int
    how: str
    text: str = ""


def smuggled(text: str) -> Iterator[Smuggled]:
    """Return the hidden runs of ``text``.

    A few zero-width characters, as web pages and Indic or Arabic scripts have them, are none.
    """
    if text.isascii():
        return
    flags = {match.span() for match in _FLAG.finditer(text)}
    for match in _TAGS.finditer(text):
        if not any(start <= match.start() < end for start, end in flags):
            said = "".join(chr(ord(mark) - 0xE0000) for mark in match.group())
            yield Smuggled(*match.span(), "tag characters", _printable(said))
    for match in _SELECTORS.finditer(text):
        said = bytes(_selected(ord(mark)) for mark in match.group()).decode("utf-8", "ignore")
        yield Smuggled(*match.span(), "variation selectors", _printable(said))
    for match in _ZERO_WIDTH.finditer(text):
        yield Smuggled(*match.span(), "a run of zero-width characters")
    hidden = [match.start() for match in _SCATTERED.finditer(text)]
    if len(hidden) >= _MANY and len(hidden) > len(text) * _SHARE:
        yield Smuggled(hidden[0], hidden[-1] + 1, "many zero-width characters between letters")
    if not _RIGHT_TO_LEFT.search(text):
        for match in _OVERRIDE.finditer(text):
            yield Smuggled(*match.span(), "a bidirectional override")


def base64_texts(text: str, shortest: int) -> Iterator[Smuggled]:
    """Return the base64 runs of ``text`` that decode to readable text."""
    for match in _BASE64.finditer(text):
        run = match.group()
        if len(run) < shortest:
            continue
        bare = run.rstrip("=")
        try:
            said = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if said.replace("\n", " ").isprintable():
            yield Smuggled(*match.span(), "base64", said)


def _selected(code: int) -> int:
    return code - 0xFE00 if code < 0xFF00 else code - 0xE0100 + 16


def _printable(text: str) -> str:
    return "".join(mark for mark in text if mark.isprintable())
