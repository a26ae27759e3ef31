"""Read the lines of a trial record's section: cohorts with counts, results, criteria."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Kind = Literal["events", "results", "intervention", "eligibility", "other"]

_HEADS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("events", re.compile(r"adverse events?\s*(\d*)\s*:", re.I)),
    ("results", re.compile(r"(?:outcome measurement|results?\s*(\d*))\s*:", re.I)),
    ("intervention", re.compile(r"(?:intervention|arm)\s*(\d*)\s*:", re.I)),
    ("eligibility", re.compile(r"\W*(?:key |main )?(inclusion|exclusion) criteria", re.I)),
)
_COUNT = re.compile(r"\s*(.+?)\s*(?:\*|\[\d+\])*\s*(\d+)\s*/\s*(\d+)(?:\s*\(([\d.]+)\s*%\))?\s*$")
_UNIT = re.compile(r"\s*unit of measure:\s*(.*?)\s{2,}(.*)", re.I)
_VALUE = re.compile(r"^(?:(.*?):\s*)?(-?\d+(?:\.\d+)?)(?:\s+(?:\(?(-?[\d.]+)(?:\s+to\s+(-?[\d.]+))?\)?|([\d.]+)\s*%))?")
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"))
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Value:
    """One reported number of a cohort, with the share of participants when it is a count."""

    label: str
    number: Decimal
    unit: str


@dataclass(slots=True)
class Cohort:
    """One arm: its number, how many had which event, and what was measured.

    ``counts`` holds participants affected and at risk by the event's name in :func:`plain` form;
    ``doubtful`` the events whose count and percentage do not agree.
    """

    number: int
    title: str = ""
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    total: tuple[int, int] | None = None
    values: list[Value] = field(default_factory=list)
    analysed: int | None = None
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A section of a trial's record.

    ``criteria`` pairs ``inclusion`` or ``exclusion`` with the criterion; ``outcome`` is the title
    and definition of what was measured.
    """

    kind: Kind
    lines: list[str]
    cohorts: list[Cohort] = field(default_factory=list)
    criteria: list[tuple[str, str]] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)


def read_section(lines: Sequence[str]) -> Section:
    """Read the lines of one section.

    >>> section = read_section(["Adverse Events 1:", "  Total: 3/12 (25.00%)", "  Sepsis 2/12 (16.67%)"])
    >>> section.cohorts[0].counts
    {'sepsis': (2, 12)}
    """
    section = Section(_kind(lines), list(lines))
    side, unit, in_title = "inclusion", "", True
    for line in lines:
        head = _head(line)
        if section.kind == "eligibility":
            if head:
                side = head.lower()
            else:
                section.criteria.append((side, line.strip()))
            continue
        if head is not None and (section.kind != "results" or line.lower().startswith("result")):
            section.cohorts.append(Cohort(int(head or len(section.cohorts) + 1)))
            unit, in_title = "", False
        elif section.kind == "results" and in_title and head is None:
            section.outcome.append(line.strip())
        elif section.cohorts:
            unit = _read_line(section.cohorts[-1], line, unit)
    return section


def plain(name: str) -> str:
    """A name in lower case and one spelling: anaemia and anemia, diarrhoea and diarrhea.

    >>> plain("Anaemia *")
    'anemia'
    """
    name = re.sub(r"[^a-z0-9 ]+", " ", name.lower())
    for british, american in _SPELLINGS:
        name = name.replace(british, american)
    return " ".join(name.split())


def share(count: tuple[int, int]) -> Fraction | None:
    """Affected among those at risk; ``None`` when nobody was."""
    return Fraction(*count) if count[1] else None


def _kind(lines: Sequence[str]) -> Kind:
    for line in lines:
        for kind, pattern in _HEADS:
            if pattern.match(line):
                return kind
    return "other"


def _head(line: str) -> str | None:
    for _, pattern in _HEADS:
        if match := pattern.match(line):
            return match.group(1) or ""
    return None


def _read_line(cohort: Cohort, line: str, unit: str) -> str:
    """Add a line to its cohort; gives the unit that following values have."""
    cohort.lines.append(line.strip())
    text = line.strip()
    if match := _COUNT.match(text):
        _add_count(cohort, match)
    elif match := re.match(r"arm/group title:\s*(.*)", text, re.I):
        cohort.title = match.group(1)
    elif match := re.match(r"overall number of participants analyzed:\s*(\d+)", text, re.I):
        cohort.analysed = int(match.group(1))
    elif match := _UNIT.match(text):
        unit = match.group(1).lower()
        _add_value(cohort, match.group(2), unit)
    elif unit:
        _add_value(cohort, text, unit)
    elif not cohort.title:
        cohort.title = text
    return unit


def _add_count(cohort: Cohort, match: re.Match[str]) -> None:
    """A footnote mark may be glued to the count (20/65 for 0/65): such a line is not counted."""
    name, affected, at_risk, percent = match.groups()
    affected, at_risk = int(affected), int(at_risk)
    expected = float(percent) * at_risk / 100 if percent else affected
    if at_risk and abs(affected - expected) > 0.5:
        cohort.doubtful.add(plain(name))
    elif name.rstrip(": ").lower() == _TOTAL:
        cohort.total = (affected, at_risk)
    else:
        cohort.counts[plain(name)] = (affected, at_risk)


def _add_value(cohort: Cohort, text: str, unit: str) -> None:
    match = _VALUE.match(text.strip())
    if not match or not match.group(2):
        return
    label = (match.group(1) or "").strip()
    percent = match.group(5)
    if percent:
        cohort.values.append(Value(label, Decimal(percent.strip(".")), "%"))
    cohort.values.append(Value(label, Decimal(match.group(2)), unit))
