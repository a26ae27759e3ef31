"""Bounds of measurements as they are written: comparisons, ranges, units, multiples of the ULN."""

from __future__ import annotations

import re
from dataclasses import dataclass

from design.cohort.reading.lexicon import lexicon
from design.cohort.units import unit_of

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.000")
_MULTIPLE = re.compile(r"\s*(?:倍|times\b|fold\b|-fold\b|[xX×](?!\s*\d))")
_NUMBERED = re.compile(r"\d{1,2}\.\d{2,}")
_TIMES = re.compile(r"\s*(?:的)?\s*(\d+(?:\.\d+)?)\s*倍")
_UNIT = 40  # characters a unit can take: kilograms per meter squared
_REPEATED = re.compile(r"\s*[(（](?P<unit>[^()（）\d]{1,12}\d?)[)）]")


@dataclass(slots=True)
class Bound:
    """Bounds with their unit and their place in the text."""

    start: int
    end: int
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    unit: str | None = None
    times_uln: bool = False

    def given(self) -> dict[str, float]:
        """The bounds that are set."""
        sides = ("min", "max", "above", "below")
        return {side: getattr(self, side) for side in sides if getattr(self, side) is not None}

    def possible(self) -> bool:
        """Whether a value can lie between them; > 100, < 60 are two conditions."""
        low = [value for value in (self.min, self.above) if value is not None]
        high = [value for value in (self.max, self.below) if value is not None]
        strict = self.above is not None or self.below is not None
        return not (low and high) or low[0] < high[0] or (low[0] == high[0] and not strict)


@dataclass(slots=True)
class _Value:
    number: float
    end: int
    unit: str | None = None
    uln: bool = False


def read_bound(text: str, place: int, scored: bool) -> Bound | None:
    """The bounds that follow a name, ``None`` when there are none.

    Args:
        text: The item.
        place: Where the name ends.
        scored: The measurement is a score or class: Roman numerals and lists of numbers fit.
    """
    words = lexicon()
    start = place
    place = _past(words.fill, text, place)
    between = words.between.match(text, place)
    if between is not None:
        place = _past(words.fill, text, between.end())
    bound = _range(text, start, place, scored)
    if bound is not None:
        return bound
    found = Bound(start, place)
    for _ in range(2):
        end = _compared(text, place, found, scored)
        if end is None:
            break
        found.end = end
        # ≥ 18.5 and < 28: a second comparison of the same name.
        more = re.compile(r"\s*(?:,|且|并且|并|and|&)?\s*", re.IGNORECASE).match(text, end)
        place = more.end() if more is not None else end
    if not found.given() and scored:
        return _listed(text, start, place)
    return found if found.given() and found.possible() else None


def read_before(text: str, start: int, end: int, scored: bool) -> Bound | None:
    """``7.0% ≤ HbA1c ≤ 10.5%``: a bound on each side of the name."""
    left = re.search(
        r"(\d+(?:\.\d+)?)\s*([^\s\d<>≤≥,，、]{0,20})\s*(≤|<=|<|≥|>=|>)\s*$", text[:start]
    )
    if left is None or unit_of(left[2]) is None:
        return None
    if not text[: left.start()].strip() and _NUMBERED.fullmatch(left[1]):
        return None  # 「3.18≤BMI≤28」 is item 3
    side = {"≤": "min", "<=": "min", "<": "above", "≥": "max", ">=": "max", ">": "below"}[left[3]]
    found = Bound(left.start(), end, unit=left[2] or None)
    setattr(found, side, float(left[1]))
    place = _compared(text, _past(lexicon().fill, text, end), found, scored)
    if place is not None:
        found.end = place
    return found if found.possible() else None


def read_compared(text: str, place: int) -> Bound | None:
    """A comparison that stands alone: ``> 40 kg/m2``."""
    if not any(pattern.match(text, place) for _, pattern in lexicon().compare):
        return None
    found = Bound(place, place)
    end = _compared(text, place, found, False)
    if end is None:
        return None
    found.end = end
    return found


def _compared(text: str, place: int, found: Bound, scored: bool) -> int | None:
    """Read one comparison into ``found``; gives where it ends."""
    words = lexicon()
    side = None
    for name, pattern in words.compare:
        match = pattern.match(text, place)
        if match is not None:
            side, place = name, match.end()
            break
    value = _value(text, place, scored)
    if value is None:
        if side is not None:
            match = words.uln.match(text, _past(re.compile(r"\s*"), text, place))
            if match is not None:
                value = _Value(1.0, match.end(), uln=True)
                times = _TIMES.match(text, match.end())  # 大于正常值上限1.5倍
                if times is not None:
                    value = _Value(float(times[1]), times.end(), uln=True)
        if value is None:
            return None
    end = value.end
    for name, pattern in words.after:
        match = pattern.match(text, _past(re.compile(r"\s*"), text, end))
        if match is not None and side is None:
            side, end = name, match.end()
            break
    if side is None:
        return None
    sides = ("min", "max") if side == "equal" else (side,)
    opposite = {"min", "above"} if side in {"min", "above"} else {"max", "below"}
    if any(getattr(found, name) is not None for name in opposite):
        return None
    for name in sides:
        setattr(found, name, value.number)
    found.unit = found.unit or value.unit
    found.times_uln = found.times_uln or value.uln
    return end


def _range(text: str, start: int, place: int, scored: bool) -> Bound | None:
    low = _value(text, place, scored)
    if low is None:
        return None
    joined = lexicon().range.match(text, low.end)
    if joined is None:
        return None
    high = _value(text, joined.end(), scored)
    if high is None or high.number < low.number:
        return None
    end = high.end
    tail = re.compile(r"\s*(?:之间|范围内|\(含[^)]*\))").match(text, end)
    end = tail.end() if tail is not None else end
    unit = high.unit or low.unit
    return Bound(start, end, min=low.number, max=high.number, unit=unit,
                 times_uln=high.uln)  # fmt: skip


def _listed(text: str, start: int, place: int) -> Bound | None:
    """``0 或 1``, ``II、III``, ``3``: scores one after another."""
    values: list[int] = []
    end = place
    separator = re.compile(r"\s*(?:、|/|,|或者|或|or|and|和)\s*", re.IGNORECASE)
    while True:
        value = _value(text, end if not values else place, True)
        if value is None or value.number != int(value.number):
            break
        values.append(int(value.number))
        end = value.end
        match = separator.match(text, end)
        if match is None:
            break
        place = match.end()
    if not values or values != list(range(values[0], values[0] + len(values))):
        return None
    return Bound(start, end, min=float(values[0]), max=float(values[-1]))


def _value(text: str, place: int, scored: bool) -> _Value | None:
    place = _past(re.compile(r"\s*"), text, place)
    words = lexicon()
    if scored:
        numeral = "|".join(sorted(words.roman, key=len, reverse=True))
        match = re.compile(rf"({numeral})(?![A-Za-z])\s*(?:级|期|分|class)?").match(text, place)
        if match is not None:
            return _Value(float(words.roman[match[1]]), match.end())
    match = _NUMBER.match(text, place)
    if match is None:
        return None
    if _THOUSANDS.fullmatch(match[0]):
        return None  # 50.000/μL is written for fifty and for fifty thousand
    number = float(match[0].replace(",", ""))
    uln = words.uln.match(text, _past(re.compile(r"\s*"), text, match.end()))
    if uln is not None:
        return _Value(number, uln.end(), uln=True)
    if _MULTIPLE.match(text, match.end()):
        return None  # 3倍正常量: of what is not told
    unit, end = _unit(text, match.end())
    return _Value(number, end, unit)


def _unit(text: str, place: int) -> tuple[str | None, int]:
    """The longest unit that follows a number; a bracket that repeats it belongs to it."""
    start = _past(re.compile(r"\s*"), text, place)
    for length in range(min(_UNIT, len(text) - start), 0, -1):
        piece = text[start : start + length]
        if piece != piece.strip() or unit_of(piece) is None:
            continue
        after = text[start + length : start + length + 1]
        if piece[-1].isascii() and piece[-1].isalnum() and after.isascii() and after.isalnum():
            continue
        again = _REPEATED.match(text, start + length)
        repeats = again is not None and unit_of(again["unit"]) == unit_of(piece)
        return piece, again.end() if again is not None and repeats else start + length
    return None, place


def _past(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match is not None else place
