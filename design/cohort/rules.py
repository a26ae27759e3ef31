"""Eligibility criteria as structured rules: what a criteria file holds, checked.

A rule sets exactly one of its kinds. Windows are days around the index date.

Example:
    >>> given = {"inclusion": [{"age": {"min": 18, "max": 75}}], "exclusion": [{"sex": "male"}]}
    >>> len(Criteria.model_validate(given).rules())
    2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MAX_CRITERIA = 30
MAX_LEAVES = 200
MAX_DEPTH = 8
DAYS = {
    "d": 1, "day": 1, "days": 1, "天": 1, "日": 1,
    "w": 7, "week": 7, "weeks": 7, "周": 7,
    "m": 30, "month": 30, "months": 30, "月": 30, "个月": 30,
    "y": 365, "year": 365, "years": 365, "年": 365,
}  # fmt: skip
KINDS = (
    "age", "sex", "diagnosis", "history", "drug", "washout", "measurement", "category",
    "observed", "all", "any", "not_",
)  # fmt: skip
_PERIOD = re.compile(r"\s*(\d{1,5})\s*([a-z]+|个月|[天日周月年])\s*", re.IGNORECASE)


def days(value: Any) -> Any:
    """``28``, ``4w``, ``6m`` or ``1y`` as days; a month is 30 days, a year 365."""
    if isinstance(value, str):
        found = _PERIOD.fullmatch(value)
        if found is None or found[2].lower() not in DAYS:
            raise ValueError(f"{value!r} is not a number of days or a period like 4w, 6m, 1y")
        return int(found[1]) * DAYS[found[2].lower()]
    return value


Days = Annotated[int, BeforeValidator(days), Field(ge=0, le=36_500)]
Concept = Annotated[int | str, Field(description="A concept id, or a name the source knows.")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Window(_Model):
    """Days around the index date in which a record counts."""

    before: Days | None = Field(None, description="Days before the index date; all if null.")
    after: Days = Field(0, description="Days after the index date.")


class Age(_Model):
    """Completed years of age on the index date, ends included."""

    min: float | None = Field(None, ge=0, le=150, description="Youngest, in years.")
    max: float | None = Field(None, ge=0, le=150, description="Oldest, in years.")
    above: float | None = Field(None, ge=0, le=150, description="Older than this.")
    below: float | None = Field(None, ge=0, le=150, description="Younger than this.")

    @model_validator(mode="after")
    def _check(self) -> Age:
        _check_bounds(self, "age")
        return self


def _as_concepts(value: Any) -> Any:
    return {"concepts": [value]} if isinstance(value, (int, str)) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (int, str)) else value


ConceptList = Annotated[
    list[Concept], BeforeValidator(_as_list), Field(min_length=1, max_length=99)
]


class Coded(_Model):
    """Records of any of some concepts: diagnoses, or exposures to drugs."""

    concepts: ConceptList
    descendants: bool = Field(True, description="Count the kinds of these concepts too.")
    window: Window = Field(default_factory=Window)


class Washout(_Model):
    """No exposure in the last days before the index date."""

    concepts: ConceptList
    days: Annotated[Days, Field(ge=1)] = Field(description="Days without it; 28 or 4w.")
    descendants: bool = True


class Measurement(_Model):
    """A value between bounds, in a unit, in a window."""

    concept: Concept
    min: float | None = Field(None, description="At least.")
    max: float | None = Field(None, description="At most.")
    above: float | None = Field(None, description="More than.")
    below: float | None = Field(None, description="Less than.")
    unit: str | None = Field(None, max_length=40, description="Unit of the bounds.")
    times_uln: bool = Field(
        False, description="Bounds are multiples of the upper limit of normal of the record."
    )
    window: Window = Field(default_factory=Window)
    pick: Literal["latest", "first", "any", "every"] = Field(
        "latest", description="Which value in the window must fit."
    )

    @model_validator(mode="after")
    def _check(self) -> Measurement:
        _check_bounds(self, "measurement")
        if self.times_uln and self.unit:
            raise ValueError("bounds in multiples of the upper limit of normal have no unit")
        return self


class Category(_Model):
    """A column of a described table that holds one of some words."""

    variable: str = Field(max_length=120)
    values: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1, max_length=99)]


class Observed(_Model):
    """Observed for so many days before the index date (OMOP: one observation period)."""

    days: Days


class Rule(_Model):
    """One criterion, or a part of one: exactly one kind is set."""

    name: str | None = Field(None, max_length=300, description="What to call it.")
    text: str | None = Field(None, max_length=2000, description="The words it was read from.")
    age: Age | None = None
    sex: Literal["male", "female"] | None = None
    diagnosis: Annotated[Coded | None, BeforeValidator(_as_concepts)] = Field(
        None, description="A diagnosis recorded in the window; up to the index date by default."
    )
    history: Annotated[Coded | None, BeforeValidator(_as_concepts)] = Field(
        None, description="The same as `diagnosis`."
    )
    drug: Annotated[Coded | None, BeforeValidator(_as_concepts)] = Field(
        None, description="An exposure that overlaps the window."
    )
    washout: Washout | None = None
    measurement: Measurement | None = None
    category: Category | None = None
    observed: Observed | None = None
    all: list[Rule] | None = Field(None, min_length=1, max_length=50)
    any: list[Rule] | None = Field(None, min_length=1, max_length=50)
    not_: Rule | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            known = ", ".join(kind.rstrip("_") for kind in KINDS)
            raise ValueError(f"a rule names exactly one of {known}; this one has {len(given)}")
        return self

    @property
    def kind(self) -> str:
        """The kind that is set; ``history`` counts as ``diagnosis``."""
        found = next(kind for kind in KINDS if getattr(self, kind) is not None)
        return "diagnosis" if found == "history" else found.rstrip("_")

    @property
    def coded(self) -> Coded | None:
        """The diagnosis or drug of the rule."""
        return self.diagnosis or self.history or self.drug

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rules this one joins."""
        return tuple(self.all or self.any or ([self.not_] if self.not_ else ()))

    def leaves(self) -> Iterator[Rule]:
        """The rules that join no others."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def to_json(self) -> dict[str, Any]:
        """As a criteria file holds it."""
        return self.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)


class Index(_Model):
    """The day a person is judged on."""

    event: Literal["last_visit", "first_visit", "first_diagnosis", "first_drug", "date"] = Field(
        "last_visit", description="Which day; a described table has one day a row or none."
    )
    concepts: Annotated[list[Concept], BeforeValidator(_as_list)] = Field(
        [], max_length=99, description="For first_diagnosis and first_drug; descendants count."
    )
    on: date | None = Field(None, description="For `date`: the day.")

    @model_validator(mode="after")
    def _check(self) -> Index:
        if (self.event == "date") != (self.on is not None):
            raise ValueError("index: `on` goes with event: date, and only with it")
        if self.event in {"first_diagnosis", "first_drug"} and not self.concepts:
            raise ValueError(f"index: {self.event} needs concepts")
        return self


class Criteria(_Model):
    """Inclusion and exclusion criteria with the index date."""

    title: str | None = Field(None, max_length=300)
    note: str | None = Field(None, max_length=2000)
    index: Index = Field(default_factory=Index)
    inclusion: list[Rule] = []
    exclusion: list[Rule] = []

    @model_validator(mode="after")
    def _bounded(self) -> Criteria:
        count = len(self.inclusion) + len(self.exclusion)
        if not 1 <= count <= MAX_CRITERIA:
            raise ValueError(f"there must be 1 to {MAX_CRITERIA} criteria; these are {count}")
        rules = [*self.inclusion, *self.exclusion]
        if sum(1 for rule in rules for _ in rule.leaves()) > MAX_LEAVES:
            raise ValueError(f"the criteria hold more than {MAX_LEAVES} conditions")
        if max(_depth(rule) for rule in rules) > MAX_DEPTH:
            raise ValueError(f"rules are nested more than {MAX_DEPTH} deep")
        return self

    def rules(self) -> list[Rule]:
        """All criteria in order, as rules to be met; an exclusion becomes its negation."""
        excluded = [
            Rule(name=rule.name, text=rule.text, **{"not": rule}) for rule in self.exclusion
        ]
        return [*self.inclusion, *excluded]

    def to_json(self) -> dict[str, Any]:
        """As a criteria file holds it."""
        found: dict[str, Any] = {"title": self.title} if self.title else {}
        if self.note:
            found["note"] = self.note
        found["index"] = self.index.model_dump(mode="json", exclude_none=True)
        if not self.index.concepts:
            found["index"].pop("concepts")
        found["inclusion"] = [rule.to_json() for rule in self.inclusion]
        found["exclusion"] = [rule.to_json() for rule in self.exclusion]
        return found


def _depth(rule: Rule) -> int:
    return 1 + max((_depth(part) for part in rule.parts), default=0)


def _check_bounds(bounds: Age | Measurement, what: str) -> None:
    low = [value for value in (bounds.min, bounds.above) if value is not None]
    high = [value for value in (bounds.max, bounds.below) if value is not None]
    if not low and not high:
        raise ValueError(f"{what} needs a bound: min, max, above or below")
    if len(low) > 1 or len(high) > 1:
        raise ValueError(f"{what} has two bounds on the same side")
    strict = bounds.above is not None or bounds.below is not None
    if low and high and (low[0] > high[0] or (strict and low[0] == high[0])):
        raise ValueError(f"{what}: the lower bound {low[0]:g} leaves nothing below {high[0]:g}")
