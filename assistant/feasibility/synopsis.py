"""The synopsis of a trial: what a feasibility report is made from, as a YAML file holds it.

Every part but title, condition and product may be left out; the report then says what is missing.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from assistant.feasibility.competing import Line
from assistant.feasibility.faults import value_given
from design import BadDesign, method
from design.cohort import Criteria, Options

Product = Literal["drug", "device", "ivd", "investigator_initiated"]
_STEPS = Path(__file__).with_name("timeline.toml")
_MOST_TEXT = 5_000
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def phase_of(value: Any) -> Any:
    """``III期``, ``Phase 3`` or ``3`` as ``3``; ``2/3`` and ``be`` too."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return value
    text = str(value).lower().translate(str.maketrans("ⅰⅱⅲⅳⅠⅡⅢⅣ", "12341234"))
    text = re.sub(r"phase|期|\s", "", text)
    return "/".join(_ROMAN.get(part, part) for part in re.split(r"[/-]", text))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


@cache
def step_keys() -> tuple[str, ...]:
    """Names of the steps of ``timeline.toml``."""
    rules = tomllib.loads(_STEPS.read_text(encoding="utf-8"))
    return tuple(step["key"] for step in rules["steps"])


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int)) else value


class Sensitivity(_Model):
    """How a calculation depends on one of its inputs."""

    vary: str = Field(max_length=80, description="The input that is varied.")
    values: list[float] = Field(min_length=2, max_length=60, description="Its values.")
    output: str | None = Field(
        None, max_length=80, description="The output followed; the number of patients if null."
    )
    by: str | None = Field(None, max_length=80, description="A second input, a line each value.")
    by_values: list[float | str] = Field(
        [], max_length=8, description="Values of the second input."
    )

    @model_validator(mode="after")
    def _both(self) -> Sensitivity:
        if bool(self.by) != bool(self.by_values):
            raise ValueError("by and by_values go together")
        return self


class Calculation(_Model):
    """A call of a calculator (`xinglin design list` names them)."""

    name: str | None = Field(None, max_length=200, description="What it is for: an endpoint.")
    method: str = Field(max_length=80, description="Name of the calculator.")
    inputs: dict[str, Any] = Field(description="Its inputs, as `xinglin design METHOD` takes them.")
    primary: bool = Field(
        False, description="Its number of patients is that of the trial; the first one if none is."
    )
    patients: str | None = Field(
        None, max_length=80, description="The output that is the number to enrol, if not the usual."
    )
    sensitivity: list[Sensitivity] = Field(
        [], max_length=6, description="What is varied; a smaller effect is tried in any case."
    )

    @model_validator(mode="after")
    def _known(self) -> Calculation:
        try:
            known = method(self.method)
        except BadDesign as error:
            raise ValueError(f"method: {error}") from None
        for name in self.inputs:
            if name not in known.inputs.model_fields:
                fields = ", ".join(known.inputs.model_fields)
                raise ValueError(f"inputs.{name}: {known.name} has no such input; it has {fields}")
        try:
            known.inputs.model_validate(self.inputs)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"][:1]) or "inputs"
            said = "is missing" if first["type"] == "missing" else first["msg"] + value_given(first)
            raise ValueError(f"inputs.{place}: {said}") from None
        for number, wanted in enumerate(self.sensitivity):
            for key in ("vary", "by"):
                name = getattr(wanted, key)
                if name is not None and name not in known.inputs.model_fields:
                    place = f"sensitivity.{number}.{key}"
                    raise ValueError(f"{place}: {known.name} has no input {name!r}")
        return self


class Cohort(_Model):
    """Eligibility criteria, given in one of three ways, and where persons are counted."""

    source: str = Field(
        "synthetic",
        max_length=1000,
        description="Name of a cohort of the settings (`synthetic` is always there), or, on the "
        "command line, a folder of OMOP tables or the description of a table.",
    )
    criteria: Criteria | None = Field(None, description="Rules, as `feasibility funnel` has them.")
    criteria_file: Path | None = Field(
        None, description="A file with rules (YAML, TOML, JSON) or text; command line only."
    )
    criteria_text: str | None = Field(
        None, max_length=50_000, description="Free text, read into rules that must be confirmed."
    )
    condition_criterion: int | None = Field(
        None,
        ge=1,
        description="Number of the criterion that is the condition itself; the first diagnosis if "
        "null. The share of eligible patients is of those who meet it.",
    )
    options: Options = Field(
        default_factory=Options, description="How missing data and small counts are dealt with."
    )

    @model_validator(mode="after")
    def _one(self) -> Cohort:
        given = [self.criteria, self.criteria_file, self.criteria_text]
        if sum(each is not None for each in given) != 1:
            raise ValueError("give one of criteria, criteria_file and criteria_text")
        return self


class Enrolment(_Model):
    """Until when patients are wanted, and how fast sites enrol when it is known."""

    months: float = Field(
        gt=0, le=600, description="Months from the first site being open to the last patient in."
    )
    target: int | None = Field(
        None, ge=1, le=100_000, description="Patients wanted; from the design if null."
    )
    assurance: float = Field(
        0.8, gt=0, lt=1, description="Probability with which the target is to be reached."
    )
    sites: int | None = Field(None, ge=1, le=5000, description="Number of sites planned.")
    rate: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="Patients a site and month; from the directory of sites if null.",
    )
    rate_cv: float = Field(0.7, ge=0, le=5, description="Coefficient of variation between sites.")
    start_window: float = Field(
        0, ge=0, le=600, description="Sites open evenly within so many months."
    )
    screen_failure: float = Field(0, ge=0, lt=1, description="Share lost, if rate is of screened.")

    @model_validator(mode="after")
    def _pair(self) -> Enrolment:
        if (self.sites is None) != (self.rate is None):
            raise ValueError("sites and rate go together; leave out both to use the directory")
        return self


class Sites(_Model):
    """Which sites are looked for."""

    directory: str = Field(
        "synthetic",
        max_length=1000,
        description="Name of a directory of the settings (`synthetic` is always there), or, on the "
        "command line, a folder of three CSV files.",
    )
    condition: str | None = Field(
        None,
        max_length=200,
        description="Condition in the directory; that of the synopsis if null.",
    )
    regions: Annotated[list[str], BeforeValidator(_as_list)] = Field(
        [], max_length=50, description="Only these regions; all if empty."
    )
    phase1: bool = Field(False, description="Only sites with a phase I unit.")
    eligible_share: float | None = Field(
        None, gt=0, le=1, description="Share of patients who are eligible; from the cohort if null."
    )
    top: int = Field(10, ge=1, le=100, description="How many are shown.")


class CompetingTrials(_Model):
    """Which registered trials compete."""

    condition: str | None = Field(
        None,
        max_length=200,
        description="Condition in the registries; that of the synopsis if null.",
    )
    region: str | None = Field(None, max_length=100, description="A country or place; any if null.")
    line: Line | None = Field(None, description="Line of treatment; any if null.")
    phases: Annotated[
        list[Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[1-4]$")]],
        BeforeValidator(_as_list),
    ] = Field([], description="Phases, 1 to 4; any if empty.")
    start: date | None = Field(
        None, description="From when patients are wanted; from the timeline if null."
    )
    end: date | None = Field(None, description="Until when; from the timeline if null.")


class Timeline(_Model):
    """From the final protocol to the report."""

    start: date = Field(description="The day the protocol is final and sites are selected.")
    follow_up_months: float = Field(
        0, ge=0, le=600, description="Months from the last patient in to that patient's last visit."
    )
    ind: Literal["standard", "30_day", "none"] | None = Field(
        None,
        description="Channel of a drug's IND; `none` where none is needed. Null: standard, and "
        "none for phase 4 and bioequivalence.",
    )
    high_risk_device: bool = Field(
        False, description="A class III device whose trial needs approval."
    )
    foreign_party: bool = Field(
        False, description="A foreign party takes part, so that human genetic resources need a "
        "licence."
    )  # fmt: skip
    steps: dict[str, Annotated[float, Field(ge=0, le=3650)]] = Field(
        {}, description="Days of a step, instead of what is found or assumed; docs name the steps."
    )
    holidays: list[date] = Field(
        [], max_length=400, description="Days that are no working days, besides weekends."
    )

    @model_validator(mode="after")
    def _known_steps(self) -> Timeline:
        for name in self.steps:
            if name not in step_keys():
                raise ValueError(f"steps.{name}: no such step; there are {', '.join(step_keys())}")
        return self


class Synopsis(_Model):
    """A trial in outline."""

    title: str = Field(min_length=1, max_length=300, description="Title of the trial.")
    objective: str | None = Field(
        None, max_length=_MOST_TEXT, description="The question the trial is to answer."
    )
    condition: str = Field(
        min_length=1, max_length=200, description="The disease, Chinese or English."
    )
    product: Product = Field(description="What is tested decides which rules apply.")
    phase: Annotated[
        Literal["1", "1/2", "2", "2/3", "3", "4", "be"] | None, BeforeValidator(phase_of)
    ] = Field(None, description="1, 1/2, 2, 2/3, 3, 4 or be; III期 is read as 3.")
    design: list[Calculation] = Field(
        [], max_length=10, description="Calculations of the sample size."
    )
    cohort: Cohort | None = Field(None, description="Criteria and where persons are counted.")
    enrolment: Enrolment | None = Field(None, description="Until when, and how fast.")
    sites: Sites | None = Field(None, description="Which sites are looked for.")
    competing: CompetingTrials | None = Field(None, description="Which trials compete.")
    timeline: Timeline | None = Field(None, description="When it starts, and what it needs.")

    @model_validator(mode="after")
    def _one_primary(self) -> Synopsis:
        if sum(each.primary for each in self.design) > 1:
            raise ValueError("design: only one calculation can be primary")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, however it was written."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
