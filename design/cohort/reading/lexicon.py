"""The patterns of ``words.toml``, compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled patterns; see ``words.toml`` for what each is for."""

    inclusion: re.Pattern[str]
    exclusion: re.Pattern[str]
    neutral: re.Pattern[str]
    windows: tuple[re.Pattern[str], ...]
    duration: re.Pattern[str]
    less: re.Pattern[str]
    washout: re.Pattern[str]
    negation: re.Pattern[str]
    joins: tuple[tuple[str, re.Pattern[str]], ...]
    compare: tuple[tuple[str, re.Pattern[str]], ...]
    after: tuple[tuple[str, re.Pattern[str]], ...]
    range: re.Pattern[str]
    between: re.Pattern[str]
    uln: re.Pattern[str]
    fill: re.Pattern[str]
    ages: tuple[re.Pattern[str], ...]
    one_age: re.Pattern[str]
    ever: re.Pattern[str]
    age_pair: re.Pattern[str]
    or_bound: re.Pattern[str]
    adult: re.Pattern[str]
    adult_from: int
    years: re.Pattern[str]
    sexes: tuple[tuple[str, re.Pattern[str]], ...]
    filler: re.Pattern[str]
    qualifier: re.Pattern[str]
    et_cetera: re.Pattern[str]
    current: re.Pattern[str]
    or_past: re.Pattern[str]
    exception: re.Pattern[str]
    excluding: re.Pattern[str]
    condition: re.Pattern[str]
    not_eligible: re.Pattern[str]
    for_some: re.Pattern[str]
    either_way: re.Pattern[str]
    must: re.Pattern[str]
    any_of: re.Pattern[str]
    all_of: re.Pattern[str]
    young: re.Pattern[str]
    together: re.Pattern[str]
    head: re.Pattern[str]
    head_of_drugs: re.Pattern[str]
    degree: re.Pattern[str]
    relative: re.Pattern[str]
    own_head: re.Pattern[str]
    tail: re.Pattern[str]
    person: re.Pattern[str]
    plain_heading: re.Pattern[str]
    group: re.Pattern[str]
    numbers: dict[str, float]
    roman: dict[str, int]
    days: dict[str, int]

    def number(self, text: str) -> float:
        """A number in digits or in words."""
        lowered = text.lower()
        return self.numbers[lowered] if lowered in self.numbers else float(text)

    def period(self, number: str, unit: str) -> int:
        """Days of a period."""
        return round(self.number(number) * self.days[unit.lower()])


@cache
def lexicon() -> Lexicon:
    """The reviewed patterns."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    compare, join, age, sex = table["compare"], table["join"], table["age"], table["sex"]
    signs = "|".join(pattern for _, pattern in compare["rules"])
    one_age = (
        age["one"]
        .replace("SIGNS", signs)
        .replace("MIN", compare["after_min"])
        .replace("MAX", compare["after_max"])
    )
    return Lexicon(
        inclusion=_compiled(table["sections"]["inclusion"]),
        exclusion=_compiled(table["sections"]["exclusion"]),
        neutral=_compiled(table["sections"]["neutral"]),
        windows=tuple(_compiled(pattern) for pattern in table["window"]["patterns"]),
        duration=_compiled(table["duration"]["pattern"]),
        less=_compiled(table["duration"]["less"]),
        washout=_compiled(table["duration"]["washout"]),
        negation=_compiled(table["negation"]["pattern"]),
        joins=tuple((key, _compiled(join[key])) for key in ("or", "and", "with", "list", "comma")),
        compare=tuple((key, _compiled(pattern)) for key, pattern in compare["rules"]),
        after=(("min", _compiled(compare["after_min"])), ("max", _compiled(compare["after_max"]))),
        range=_compiled(compare["range"]),
        between=_compiled(compare["between"]),
        uln=_compiled(compare["uln"]),
        fill=_compiled(compare["fill"]),
        ages=tuple(_compiled(pattern) for pattern in age["patterns"]),
        one_age=_compiled(one_age),
        ever=_compiled(table["measured"]["ever"]),
        age_pair=_compiled(age["pair"].replace("SIGNS", signs)),
        or_bound=_compiled(join["or_bound"]),
        adult=_compiled(age["adult"]),
        adult_from=age["adult_from"],
        years=_compiled(age["years"]),
        sexes=tuple((key, _compiled(sex[key])) for key in ("either", "female", "male")),
        filler=_compiled(table["filler"]["pattern"]),
        qualifier=_compiled(table["filler"]["qualifier"]),
        et_cetera=_compiled(table["filler"]["et_cetera"]),
        current=_compiled(table["current"]["pattern"]),
        or_past=_compiled(table["current"]["or_past"]),
        **{key: _compiled(pattern) for key, pattern in table["scope"].items()},
        numbers={key: float(value) for key, value in table["numbers"]["words"].items()},
        roman=dict(table["numbers"]["roman"]),
        days=dict(table["periods"]["days"]),
    )


def _compiled(pattern: Any) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
