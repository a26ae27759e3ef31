"""Numbers of a text with their units, dates and the side they bound, in one form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from assistant.verification.comparators import Bound, bounds, is_range
from assistant.verification.dates import find_dates, less_precise
from assistant.verification.numerals import plain_numbers

DATE = "日期"
NAME = "名称"
_TAKEN = "\x01"
_ENDS = "岁日天周月年例名人位次倍元级期时钟秒片粒剂份项分条款号版"  # 18岁-75岁 is a range
_UNITS = Path(__file__).with_name("units.toml")
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)*(?:/\d+(?![\d.]*\s*(?:年|月|\^)))?"
_MYRIADS = {"": 1, "万": 10_000, "亿": 100_000_000}
# A Latin name with digits in it: e6(r3), hba1c, pd-1, nct01234567. Its digits are no amounts.
_IDENTIFIER = re.compile(
    r"(?<![a-z0-9^])(?=[a-z0-9()-]*\d)[a-z]+[a-z0-9]*(?:-?\d[a-z0-9]*)*(?:\(r?\d+\))*(?:-\d+)*"
    r"(?![a-z0-9^])"
)
_ENUMERATED = re.compile(r"\s*(?:[、,/]|和|或|及|与|,?\s*and|,?\s*or|to|至|~|-|–|—|vs\.?|versus)\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text.

    Attributes:
        value: Digits without separators and trailing zeros; ISO 8601 for a date, ``1/3`` for a
            fraction, the folded name for an identifier such as ``e6(r3)``.
        unit: As in ``units.toml``; empty when none is written, ``日期`` for a date, ``名称`` for
            an identifier.
        bound: Which side it bounds.
        written: As it stands in the text, numerals in Arabic digits.
        word: The unit as it was spelled.
        start, end: Its place in :func:`plain_numbers` of the text.
        loose: The unit is taken from the next number (``0.05 and 90%``) and may not be meant.
    """

    value: str
    unit: str
    bound: Bound
    written: str
    word: str
    start: int
    end: int
    loose: bool = False


def quantities(text: str) -> set[tuple[str, str]]:
    """Numbers of a text with their units, in one form: Arabic digits, no thousands separators.

    A date stands in it also with less precision, so that ``2019`` is part of ``2019-07-01``.

    >>> sorted(quantities("应当在六十个工作日内，即1,200例，罚款50万元，占百分之十"))
    [('10', '%'), ('1200', '例'), ('500000', '元'), ('60', '工作日')]
    """
    return {
        (value, quantity.unit)
        for quantity in find_quantities(text)
        for value in (
            less_precise(quantity.value) if quantity.unit == DATE else [quantity.value]
        )
    }


def find_quantities(text: str) -> list[Quantity]:
    """The numbers of a text, in order of appearance."""
    return read_quantities(plain_numbers(text))


def read_quantities(text: str) -> list[Quantity]:
    """The numbers of a text that went through :func:`plain_numbers`."""
    text = _MEASURED_AREA.sub("/1.73m^2", text)
    taken = [(start, end) for start, end, _ in find_dates(text)]
    found = [
        Quantity(iso, DATE, Bound(), text[start:end], "", start, end)
        for start, end, iso in find_dates(text)
    ]
    free = _blanked(text, taken)
    names = list(_identifiers(free))
    found += names
    free = _blanked(free, [(name.start, name.end) for name in names])
    amounts = [_counted(free, quantity) for quantity in _amounts(free)]
    found += _with_bounds(free, _inherited(free, [*_ordinals(free), *amounts]))
    return sorted(found, key=lambda quantity: quantity.start)


_MEASURED_AREA = re.compile(r"/\s*1\.73\s*m\^?2")


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _TAKEN * (end - start) + text[end:]
    return text


def _identifiers(text: str) -> Iterator[Quantity]:
    for match in _IDENTIFIER.finditer(text):
        name = match.group(0)
        if _unit_alone().fullmatch(name):
            continue
        yield Quantity(name.replace("-", ""), NAME, Bound(), name, "", match.start(), match.end())


def _amounts(text: str) -> Iterator[Quantity]:
    for match in _amount().finditer(text):
        word = (match["unit"] or "").strip()
        yield Quantity(
            (match["sign"] or "") + _value(match["number"], match["myriad"] or ""),
            canonical_unit(word),
            Bound(),
            match.group(0).strip(),
            word,
            match.start(),
            match.end(),
        )


@cache
def _amount() -> re.Pattern[str]:
    unit = _unit_pattern()
    return re.compile(
        rf"(?P<sign>(?<![a-z0-9%)_{_ENDS}])-(?=\d))?(?<![\d.^])(?P<number>{_NUMBER})(?:\s*(?P<myriad>[万亿]))?"
        rf"(?P<unit>\s*-?(?:{unit})(?:\s*(?:/\s*(?:{unit})|(?:per|每)\s*(?:{_spellings('per')})))*)?"
    )


def _counted(text: str, quantity: Quantity) -> Quantity:
    """``96 of 100 vaccinated adults``: what is counted stands behind its adjectives."""
    if quantity.unit:
        return quantity
    match = _people().match(text, quantity.end)
    return replace(quantity, unit="例", word=match[1]) if match else quantity


@cache
def _people() -> re.Pattern[str]:
    nouns = [word for word in tables()["units"]["例"] if word.isascii()]
    return re.compile(
        rf"(?:\s+of(?:\s+the)?\s+{_NUMBER})?(?:\s+[a-z][a-z-]+){{0,2}}?\s+({'|'.join(nouns)})s?\b"
    )


_BEFORE = (
    "week", "day", "month", "year", "visit", "cycle", "grade", "phase", "stage", "article",
    "version", "part",
)  # fmt: skip
_ORDINALS = re.compile(
    rf"\b({'|'.join(_BEFORE)})s?\s+({_NUMBER}(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|"
    rf"\s+to\s+|\s*[-–]\s*){_NUMBER})*)(?!\s*(?:%|mg|kg|[a-z]))"
)


def _ordinals(text: str) -> Iterator[Quantity]:
    """``weeks 4, 8 and 12``: the unit stands ahead of the numbers."""
    for match in _ORDINALS.finditer(text):
        for number in re.finditer(_NUMBER, match.group(2)):
            start = match.start(2) + number.start()
            yield Quantity(
                _value(number.group(0), ""),
                canonical_unit(match.group(1)),
                Bound(),
                f"{match.group(1)} {number.group(0)}",
                match.group(1),
                start,
                match.start(2) + number.end(),
            )


def _inherited(text: str, found: list[Quantity]) -> list[Quantity]:
    """In ``5、10、20 mg`` and ``18 to 75 years`` the unit of the last holds for all."""
    unique: dict[int, Quantity] = {}
    for quantity in found:
        unique.setdefault(quantity.start, quantity)
    ordered = sorted(unique.values(), key=lambda quantity: quantity.start)
    for index in range(len(ordered) - 2, -1, -1):
        one, following = ordered[index], ordered[index + 1]
        between = text[one.end : following.start]
        if one.unit == "" and following.unit and _ENUMERATED.fullmatch(between):
            loose = bool(re.search(r"and|or|和|或|及|与|,", between))
            ordered[index] = replace(one, unit=following.unit, word=following.word, loose=loose)
    return ordered


def _with_bounds(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    for index, quantity in enumerate(found):
        before = found[index - 1] if index else None
        following = found[index + 1] if index + 1 < len(found) else None
        bound = bounds(text, quantity.start, quantity.end)
        if following and is_range(text, quantity.end, following.start, quantity.start):
            bound = replace(bound, side="from") if not bound.side else bound
        elif before and is_range(text, before.end, quantity.start, before.start):
            bound = replace(bound, side="to") if not bound.side else bound
        yield replace(quantity, bound=bound)


def _value(number: str, myriad: str) -> str:
    """A number without separators, trailing zeros or exponent; 1.2.3 is a name and stays."""
    bare = number.replace(",", "")
    if "/" in bare:
        above, below = bare.split("/")
        return f"{_value(above, '')}/{_value(below, '')}"
    if bare.count(".") > 1:
        return bare
    text = f"{Decimal(bare) * _MYRIADS[myriad]:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def unit_words() -> dict[str, str]:
    """Spellings of units and their canonical forms."""
    units: dict[str, list[str]] = tables()["units"]
    return {word: canonical for canonical, words in units.items() for word in words}


@cache
def tables() -> dict[str, Any]:
    """``units.toml``."""
    return tomllib.loads(_UNITS.read_text("utf-8"))


@cache
def _unit_pattern() -> str:
    return _spellings("units")


@cache
def _spellings(table: str) -> str:
    """Every spelling of all units, or of those that another is counted ``per``."""
    chosen = tables()["per"]["units"] if table == "per" else tables()["units"]
    forms = []
    words = [word for word, canonical in unit_words().items() if canonical in chosen]
    for word in sorted(words, key=len, reverse=True):
        latin = word[-1].isascii() and word[-1].isalpha()
        plural = "s?" if latin and len(word) > 2 else ""
        written = re.escape(word).replace(r"\ ", r"[\s-]+")
        forms.append(f"{written}{plural}{'(?![a-z])' if latin else ''}")
    return "|".join(forms if table == "per" else [*forms, "个"])


@cache
def _unit_alone() -> re.Pattern[str]:
    return re.compile(_unit_pattern())


@cache
def canonical_unit(written: str) -> str:
    """One form for a unit, however it is spelled; compound units part by part."""
    written = written.strip().removeprefix("-")
    if written in {"", "个"}:
        return ""
    parts = [part.strip() for part in re.split(r"/|per|每|·", written)]
    return "/".join(_single(part) for part in parts)


def _single(word: str) -> str:
    known = unit_words()
    word = re.sub(r"[\s-]+", " ", word)
    for form in (word, word.removesuffix("s"), word.replace(" ", "-")):
        if form in known:
            return known[form]
    return word
