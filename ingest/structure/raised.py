"""Raised and lowered text on one line: 10⁹ must not become 109, nor 14.2 with note 1 14.21.

What Unicode has in raised form is written so; lists of references stand in square brackets, as they
do in articles; everything else behind ``^``, as in formulas.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum

from ingest.structure.docxmath import RAISED
from ingest.text import CJK


class Shift(IntEnum):
    """How a run stands to its line; ``NUDGED`` ones are raised by a distance, in whatever size.

    A ``FORMULA`` stands on the line, but its digits and those beside it are no number. What is
    ``GONE`` was struck through: it is not written, and what stands on both sides is no number.
    """

    LOWERED = -1
    LEVEL = 0
    NUDGED = 1
    RAISED = 2
    NOTE = 3
    FORMULA = 4
    GONE = 5


Piece = tuple[str, Shift]
"""The text of a run with its place; of a ``NOTE`` it is the plain number."""

LEAST_LIFT = 4
"""Half points below which a distance above or below the line is not seen."""

_FULL_WIDTH = {0xFF01 + place: chr(0x21 + place) for place in range(94)}
_FULL_WIDTH |= {ord(dash): "-" for dash in "\u2010\u2011\u2012"}
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_BELOW = str.maketrans("0123456789+-−–()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₍₎")
_UPPER_DIGITS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_REFERENCES = re.compile(r"[1-9]\d{0,2}(?:\s*[-−–—~,;、]\s*[1-9]\d{0,2})+")
_MARKS = re.compile(r"[a-pr-z](?:\s*,\s*[a-pr-z])*")
_POWER_OF_UNIT = re.compile(r"([+\-−–]?\d+)(\s*/\s*[^\d\s].*)", re.S)
_DEGREES = re.compile(r"\s*[CF](?![A-Za-z])")
_ORDINALS = frozenset(["st", "nd", "rd", "th"])
_TRADE = {"TM": "™", "SM": "℠"}
# What is lifted by a distance may also be a word set beside a drawing: only marks count.
_SMALL = re.compile(r"[\s\d+\-−–—.,;~/*†‡§()\[\]a-z]{1,8}")
_WORD = re.compile(rf"[^\W_{CJK}]")
_LONGEST = 24  # a sentence that somebody set raised is no mark


def written(pieces: Iterable[Piece]) -> str:
    """The text of runs; raised and lowered ones are told from the numbers beside them."""
    groups = _groups(pieces)
    done: list[str] = []
    before = ""
    for place, (text, shift) in enumerate(groups):
        after = groups[place + 1][0] if place + 1 < len(groups) else ""
        if shift is Shift.GONE:
            part = " " if text.strip() != text or _joins(before, after) else ""
        elif shift is Shift.NOTE:
            part = f"[{text}]" if before[-1:] in _UPPER_DIGITS else text.translate(RAISED)
        elif shift is Shift.RAISED or (shift is Shift.NUDGED and _is_mark(text, before, after)):
            part = _raised(text, before, after)
        elif shift is Shift.LOWERED:
            part = _lowered(text, before, after)
        else:
            sides = {shift, groups[place - 1][1] if place else Shift.LEVEL}
            apart = sides == {Shift.LEVEL, Shift.FORMULA} and _meet(before, text)
            part = f" {text}" if apart else text  # 2½ is not 21/2
        done.append(part)
        before = (before + part)[-_LONGEST:]
    return "".join(done)


def _is_mark(text: str, before: str, after: str) -> bool:
    """Whether what is lifted by a distance is a small thing beside something on the line."""
    return _SMALL.fullmatch(text.strip()) is not None and bool((before + after).strip())


def _meet(before: str, after: str) -> bool:
    return before[-1:].isdecimal() and re.match(r"[.,]?\d", after) is not None


def _joins(before: str, after: str) -> bool:
    """Whether what stands on both sides of a gap would read as one word or number."""
    return re.fullmatch(r"[A-Za-z0-9.,%]{2}", before[-1:] + after[:1]) is not None


def _groups(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbouring runs of the same place as one, for ``1``, ``,`` and ``2`` are one mark."""
    groups: list[tuple[list[str], Shift]] = []
    for text, shift in pieces:
        for part in re.split(r"(\n)", text) if shift is not Shift.LEVEL else (text,):
            place = Shift.LEVEL if part == "\n" else shift
            if not part:
                continue
            if groups and _is_one(groups[-1][1], place):
                parts, before = groups[-1]
                parts.append(part)
                groups[-1] = (parts, max(before, place))
            else:
                groups.append(([part], place))
    return [("".join(parts), shift) for parts, shift in groups]


def _is_one(left: Shift, right: Shift) -> bool:
    if {Shift.NOTE, Shift.FORMULA} & {left, right}:
        return False
    raised = {Shift.NUDGED, Shift.RAISED}
    return left == right or (left in raised and right in raised)


def _raised(text: str, before: str, after: str) -> str:
    core = text.strip()
    if not core:
        return text
    lead, _, trail = text.partition(core)
    return lead + _mark(core, before + lead, trail + after) + trail


def _mark(core: str, before: str, after: str) -> str:
    plain = core.translate(_FULL_WIDTH)
    behind = before[-1:]
    if plain in {"o", "O", "0"} and before.rstrip()[-1:].isdecimal() and _DEGREES.match(after):
        return "°"
    if all(ord(sign) in RAISED for sign in plain):
        follows = behind in _UPPER_DIGITS and plain[0].isdecimal()
        return f"[{plain}]" if follows else plain.translate(RAISED)
    if not any(map(_is_plain, plain)) or re.fullmatch(r"[\[【〔].*[\]】〕]", plain):
        return core
    if _REFERENCES.fullmatch(plain):
        return f"[{core}]"
    if power := _POWER_OF_UNIT.fullmatch(plain):
        return power[1].translate(RAISED) + power[2]
    if behind.isdecimal() and plain.lower() in _ORDINALS:
        return core
    if behind.isalpha() and plain in _TRADE:
        return _TRADE[plain]
    if _MARKS.fullmatch(plain):
        return plain.translate(_LETTERS)
    return _set_off(core) if _runs_on(plain, before, after) else core


def _runs_on(plain: str, before: str, after: str) -> bool:
    """Whether raised text would be read as part of what stands beside it."""
    has_digits = re.search(r"\d", plain) is not None
    line = before.rstrip(" \t\u00a0\u3000")
    if not line or line.endswith("\n"):
        return has_digits and after[:1].isalnum()
    return has_digits or (_WORD.match(before[-1:]) and _WORD.match(plain)) is not None


def _set_off(core: str) -> str:
    if len(core) > _LONGEST:
        return f" {core} "
    if len(core) == 1 or re.fullmatch(r"[(（][^()（）]*[)）]", core):
        return f"^{core}"
    return f"^({core})"


def _is_plain(sign: str) -> bool:
    """Whether a sign is a letter or digit on the line, not ², ①, ™ or ª."""
    if not (sign.isdecimal() or sign.isalpha()):
        return False
    return not unicodedata.decomposition(sign).startswith("<super>")


def _lowered(text: str, before: str, after: str) -> str:
    """Lowered text as it is, CO2 and HbA1c; in Unicode's lowered form between digits: log₁₀5."""
    core = text.strip()
    if not core:
        return text
    lead, _, trail = text.partition(core)
    if not _meet(before + lead, core[0]) and not _meet(core, trail + after):
        return text
    whole = all(ord(sign) in _BELOW for sign in core)
    return lead + (core.translate(_BELOW) if whole else f"_({core})") + trail
