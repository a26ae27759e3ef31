"""The dated steps of a trial: what the index says they take, else what is assumed.

A working day is Monday to Friday and no holiday of the synopsis; a month is a calendar month, its
fraction of 30 days.
"""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.feasibility.citing import Cited, Citer
from assistant.feasibility.reading import BadSynopsis
from assistant.feasibility.synopsis import Synopsis
from design import Text

_FILE = Path(__file__).with_name("timeline.toml")
_LAST_YEAR = 2200
Unit = Literal["days", "working_days", "months"]
Ground = Literal["cited", "synopsis", "directory", "assumed"]


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step takes, and where that is from."""

    amount: float
    unit: Unit
    ground: Ground
    cited: Cited | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step between two dates; ``after`` are those it waited for."""

    key: str
    name: Text
    start: date
    end: date
    duration: Duration
    milestone: bool
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """All steps in order. ``activated`` is when the first site can take patients."""

    start: date
    steps: tuple[Step, ...]

    def end(self, key: str) -> date | None:
        """When a step ends, if there is such a step."""
        return next((step.end for step in self.steps if step.key == key), None)

    @property
    def activated(self) -> date:
        """When the first site is open."""
        return self.end("activation") or self.start

    @property
    def lead_days(self) -> int:
        """Days from the start until the first site is open."""
        return (self.activated - self.start).days

    def critical(self) -> tuple[str, ...]:
        """Steps on the longest path to the first open site, in order."""
        by_key = {step.key: step for step in self.steps}
        path: list[str] = []
        step = by_key.get("activation")
        while step is not None:
            path.append(step.key)
            before = [by_key[key] for key in step.after if key in by_key]
            step = next((each for each in before if each.end == step.start), None)
        return tuple(reversed(path))


def facts_of(synopsis: Synopsis) -> frozenset[str]:
    """What of a synopsis decides which steps apply."""
    facts: set[str] = {synopsis.product}
    if synopsis.phase == "be":
        facts.add("be")
    timeline = synopsis.timeline
    if timeline is not None:
        usual = "none" if synopsis.phase in {"4", "be"} else "standard"
        facts.add(f"ind:{timeline.ind or usual}")
        if timeline.high_risk_device:
            facts.add("high_risk")
        if timeline.foreign_party:
            facts.add("foreign_party")
    if synopsis.enrolment is not None:
        facts.add("enrolment")
    return frozenset(facts)


def schedule(
    synopsis: Synopsis, citer: Citer | None, known: Mapping[str, float] | None = None
) -> Schedule:
    """Work out the dates of all steps that apply.

    Args:
        synopsis: With a timeline.
        citer: Finds what the index says; ``None`` without an index.
        known: Days of steps known from the directory of sites.

    Raises:
        BadSynopsis: It has no timeline, or ends too late.
    """
    given = synopsis.timeline
    if given is None:
        raise BadSynopsis("timeline is missing", "timeline")
    rules, facts = _rules()["steps"], facts_of(synopsis)
    ends: dict[str, date] = {"start": given.start}
    steps = []
    for rule in rules:
        if not applies(rule, facts):
            continue
        duration = _duration(rule, synopsis, citer, known or {})
        start = max((ends[key] for key in rule["after"] if key in ends), default=given.start)
        end = _later(start, duration, frozenset(given.holidays))
        ends[rule["key"]] = end
        steps.append(
            Step(
                rule["key"], Text(rule["zh"], rule["en"]), start, end, duration,
                rule.get("milestone", False), tuple(rule["after"]),
            )
        )  # fmt: skip
    return Schedule(given.start, tuple(steps))


def order_rules(synopsis: Synopsis, citer: Citer) -> list[Cited]:
    """What the index says on what must come before what."""
    facts = facts_of(synopsis)
    found = [_find(rule, citer) for rule in _rules()["rules"] if applies(rule, facts)]
    return list({each.citation.id: each for each in found if each is not None}.values())


def benchmark(synopsis: Synopsis, citer: Citer, what: Literal["duration", "dropout"]) -> Any:
    """What registered trials of the phase took or lost; ``None`` when the index does not say."""
    rules = _rules()["benchmark"]
    phase = rules["phases"].get(synopsis.phase)
    if phase is None:
        return None
    query = rules[f"find_{what}"].format(phase=phase)
    return citer.find(query, rules[what].format(phase=phase))


def applies(rule: Mapping[str, Any], facts: Collection[str]) -> bool:
    """Whether one of each list of ``when`` is among the facts."""
    return all(any(fact in facts for fact in group) for group in rule["when"])


def _duration(
    rule: Mapping[str, Any], synopsis: Synopsis, citer: Citer | None, known: Mapping[str, float]
) -> Duration:
    assert synopsis.timeline is not None
    key = rule["key"]
    if key in synopsis.timeline.steps:
        return Duration(synopsis.timeline.steps[key], "days", "synopsis")
    if "given" in rule:
        found: Any = synopsis
        for name in rule["given"].split("."):
            found = getattr(found, name)
        return Duration(found, rule["unit"], "synopsis")
    if key in known:
        return Duration(known[key], "days", "directory")
    if "find" in rule and citer is not None:
        cited = _find(rule, citer)
        if cited is not None:
            return Duration(cited.number(), rule["unit"], "cited", cited)
    return Duration(rule["assumed"], rule["unit"], "assumed")


def _find(rule: Mapping[str, Any], citer: Citer) -> Cited | None:
    """The quote of a rule that was in force on the day asked about."""
    if citer.as_of < rule.get("since", ""):
        return None
    return citer.find(rule["find"], rule["quote"])


def _later(start: date, duration: Duration, holidays: Collection[date]) -> date:
    try:
        if duration.unit == "working_days":
            return _after_working_days(start, round(duration.amount), holidays)
        if duration.unit == "months":
            return _after_months(start, duration.amount)
        end = start + timedelta(days=round(duration.amount))
    except (OverflowError, ValueError):
        end = date.max
    if end.year > _LAST_YEAR:
        raise BadSynopsis(f"the timeline runs beyond the year {_LAST_YEAR}", "timeline")
    return end


def _after_working_days(start: date, count: int, holidays: Collection[date]) -> date:
    """The day on which the last of so many working days ends; the first is the day after."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in holidays
    return day


def _after_months(start: date, months: float) -> date:
    whole, part = divmod(months, 1)
    year, month = divmod(start.month - 1 + int(whole), 12)
    last = calendar.monthrange(start.year + year, month + 1)[1]
    day = date(start.year + year, month + 1, min(start.day, last))
    return day + timedelta(days=round(part * 30))


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
