"""The description of a table: which column is what, as its YAML holds it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from design.cohort.units import unit_of


def _texts(value: Any) -> Any:
    """Codes as text: YAML reads 1 as a number and yes as true."""
    if isinstance(value, (str, int, float, bool)):
        value = [value]
    if not isinstance(value, list):
        return value
    spelled = []
    for item in value:
        if isinstance(item, bool):
            spelled += ["true", "yes"] if item else ["false", "no"]
        else:
            spelled.append(str(item))
    return spelled


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Codes = Annotated[list[str], BeforeValidator(_texts), Field(max_length=200)]
Names = Annotated[list[str], BeforeValidator(_texts), Field(max_length=50)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SexColumn(_Model):
    """A column of sexes with its codes."""

    column: str
    male: Codes = ["m", "male", "男"]
    female: Codes = ["f", "female", "女"]


class NumberColumn(_Model):
    """A numeric column: unit, other names, what stands for missing, upper limit of normal."""

    column: str
    unit: str = ""
    names: Names = []
    missing: Codes = []
    uln: float | None = Field(None, gt=0)


class FlagColumn(_Model):
    """A column that says yes or no; anything else is not known."""

    column: str
    yes: Codes = ["1", "y", "yes", "true", "是", "有"]
    no: Codes = ["0", "n", "no", "false", "否", "无"]
    names: Names = []

    @model_validator(mode="after")
    def _disjoint(self) -> FlagColumn:
        both = {item.lower() for item in self.yes} & {item.lower() for item in self.no}
        if both:
            raise ValueError(f"{sorted(both)[0]!r} stands for both yes and no")
        return self


class WordColumn(_Model):
    """A column of words: disease groups, grades, arms."""

    column: str
    names: Names = []
    missing: Codes = []


class AgeColumn(_Model):
    """A column of ages in years."""

    column: str


class Description(_Model):
    """Which column of a table is what. The table's path is taken from the description's folder."""

    table: str
    title: str | None = None
    synthetic: bool = False
    person: str
    sex: Annotated[SexColumn | None, BeforeValidator(_column)] = None
    age: Annotated[AgeColumn | None, BeforeValidator(_column)] = None
    birth: Annotated[AgeColumn | None, BeforeValidator(_column)] = None
    date: str | None = Field(None, description="The day a row holds for.")
    year: str | None = Field(None, description="The year, where there is no date.")
    site: str | None = None
    measurements: dict[str, Annotated[NumberColumn, BeforeValidator(_column)]] = {}
    conditions: dict[str, Annotated[FlagColumn, BeforeValidator(_column)]] = {}
    drugs: dict[str, Annotated[FlagColumn, BeforeValidator(_column)]] = {}
    categories: dict[str, Annotated[WordColumn, BeforeValidator(_column)]] = {}

    @model_validator(mode="after")
    def _check(self) -> Description:
        if self.age and self.birth:
            raise ValueError("age and birth are both given; keep one")
        for name, column in self.measurements.items():
            if unit_of(column.unit) is None:
                raise ValueError(f"measurements.{name}: the unit {column.unit!r} is not known")
        return self
