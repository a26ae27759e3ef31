"""A column of a patient-level table in figures that point to no person."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

SMALLEST = 10
_ENOUGH = 100
_MOST_LEVELS = 20  # shown
_MOST_KEPT = 5000
_MOST_DISTINCT = 100_000
_LONGEST_LEVEL = 80
_QUARTILES = ((0.25, 0.75), "quartiles")
_MISSING = frozenset({"", "na", "n/a", "null", "none", "nan", ".", "nat"})
_DATE = re.compile(r"^(\d{4})-\d{2}(?:-\d{2})?(?:[T ].*)?$")
_YEAR = re.compile(r"^(\d{4})$")  # a partial date where the column is one of dates
_DATE_NAME = re.compile(r"(?:dtc|date|datetime|日期)$", re.I)
_CODED_ID = re.compile(r"(?:_concept_id(?:_\d)?|^concept_id(?:_\d)?)$")
_IDENTIFYING = re.compile(
    r"(?:^|[_.\s])(?:id|ids|mrn|ssn|name|zip|postcode|address(?:_\d)?|phone|email|tel|note|text|"
    r"latitude|longitude|county|city|seq)(?:$|[_.\s])|source_value$|birth|^dob$|^pid$|^sno$|"
    r"^rownames$|id$|initials|spid$|grpid$|refid$|seq$|^invnam$|^invid$|physician|doctor|nurse|investigator|note_text|"
    r"姓名|医生|医师|护士|签名|身份证|电话|地址|住址|出生|病案号|住院号|门诊号|编号|手机|邮箱|登记号|医保",
    re.I,
)
_FREE_TEXT = re.compile(r"(?:term|text|comment|coval|note|desc|reason|备注|描述|主诉|病史)$", re.I)


def is_identifying(name: str) -> bool:
    """Tell whether a column may hold what identifies a person, place or row."""
    clean = name.strip()
    return _CODED_ID.search(clean.lower()) is None and _IDENTIFYING.search(clean) is not None


def masked(count: int) -> str:
    """A number of persons as shown: exact from ten on, else ``<10``."""
    return str(count) if count >= SMALLEST or count == 0 else f"<{SMALLEST}"


@dataclass(slots=True)
class Column:
    """Running figures of one column; values are forgotten unless many persons share them."""

    name: str
    rows: int = 0
    missing: int = 0
    dates: int = 0
    _numbers: list[float] = field(default_factory=list)
    _years: dict[str, set[str]] = field(default_factory=dict)
    _levels: dict[str, set[str]] | None = field(default_factory=dict)
    _persons: set[str] = field(default_factory=set)

    def add(self, value: str, person: str) -> None:
        """Take in one cell of a row that belongs to ``person``."""
        self.rows += 1
        text = value.strip()
        if text.casefold() in _MISSING:
            self.missing += 1
            return
        if len(self._persons) < _ENOUGH:
            self._persons.add(person)
        is_partial = _DATE_NAME.search(self.name.strip()) is not None
        if match := _DATE.match(text) or (_YEAR.match(text) if is_partial else None):
            self.dates += 1
            people = self._years.setdefault(match.group(1), set())
            if len(people) < SMALLEST:
                people.add(person)
        elif (number := _number(text)) is not None and len(self._numbers) < _MOST_DISTINCT:
            self._numbers.append(number)
        if self._levels is not None:
            people = self._levels.setdefault(text, set())
            people.add(person)
            if len(self._levels) > _MOST_KEPT or len(text) > _LONGEST_LEVEL:
                self._levels = None

    @property
    def filled(self) -> int:
        """Cells that hold a value."""
        return self.rows - self.missing

    @property
    def type(self) -> str:
        """``number``, ``date``, ``text`` or ``empty``, by what all filled cells hold."""
        if not self.filled:
            return "empty"
        if self.dates == self.filled:
            return "date"
        return "number" if self._all_numbers else "text"

    @property
    def _all_numbers(self) -> bool:
        return len(self._numbers) == min(self.filled, _MOST_DISTINCT)

    @property
    def missing_share(self) -> str:
        """Share of empty cells in whole per cent."""
        if not self.rows:
            return ""
        share = 100 * self.missing / self.rows
        return f"{share:.0f} %" if share == 0 or share >= 1 else "<1 %"

    def range(self) -> str:
        """5th to 95th percentile, of fewer than 100 persons the quartiles; for dates the years.

        The extremes are left out: the oldest patient is one person. Nothing is said of fewer
        than ten persons. Numbers are rounded to three digits.
        """
        if is_identifying(self.name) or len(self._persons) < SMALLEST:
            return ""
        if self.type == "date":
            years = sorted(year for year, people in self._years.items() if len(people) >= SMALLEST)
            return f"{years[0]} to {years[-1]}" if years else ""
        if self.type != "number" or _CODED_ID.search(self.name.lower()):
            return ""
        many = len(self._persons) >= _ENOUGH
        shares, label = ((0.05, 0.95), "5th to 95th percentile") if many else _QUARTILES
        ordered = sorted(self._numbers)
        low, high = (ordered[round(share * (len(ordered) - 1))] for share in shares)
        return f"{_rounded(low)} to {_rounded(high)} ({label})"

    def levels(self) -> list[tuple[str, str]]:
        """The commonest values of a column and their persons; of numbers only if they are few.

        Only values that at least ten persons share are named. Where the persons of the others
        could be found by subtraction, the smallest number shown is ``≥10`` in place of exact.
        """
        if self._levels is None or self.type == "date" or is_identifying(self.name):
            return []
        if _FREE_TEXT.search(self.name.strip()):
            return []
        is_measure = self.type == "number" and _CODED_ID.search(self.name.lower()) is None
        if is_measure and len(self._levels) > _MOST_LEVELS:
            return []
        counts = sorted(
            ((value, len(people)) for value, people in self._levels.items()),
            key=lambda item: (-item[1], item[0]),
        )
        shown = [(value, str(count)) for value, count in counts if count >= SMALLEST]
        shown = shown[:_MOST_LEVELS]
        rare = counts[len(shown) :]
        if shown and rare:
            if sum(count for _, count in rare) < SMALLEST:
                shown[-1] = (shown[-1][0], f"≥{SMALLEST}")
            shown.append((f"(other values: {len(rare)})", ""))
        return shown


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _rounded(value: float) -> str:
    if value.is_integer() and 1900 <= value <= 2100:
        return str(int(value))  # a year
    return f"{float(f'{value:.3g}'):g}"
