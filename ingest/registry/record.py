"""One registered trial, as its registry tells it: the same shape for every registry.

Every value is verbatim and carries the path of the field it was read from. What a registry does
not say is ``None`` or empty; nothing is inferred here. The slots follow the WHO Trial Registration
Data Set (version 1.3.1), with the design fields of ClinicalTrials.gov beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.registry.dates import RegistryDate


@dataclass(frozen=True, slots=True)
class Value:
    """Text of one field and where it stands: a JSON pointer, an XPath or a column name."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field without a slot of its own, under the name its source gives it."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its language (``zh`` or ``en``) and its use."""

    value: Value
    language: str | None
    use: Literal["public", "scientific"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Number of participants.

    ``value`` is as written (``Control group:60;Experimental group:60;``); ``count`` is the number,
    or the sum where the registry gives one a group, ``None`` where it cannot be told.
    """

    value: Value
    count: int | None
    kind: Literal["actual", "anticipated"] | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm or group; ``size`` only where the registry counts participants by group."""

    label: str
    path: str
    kind: str = ""
    size: str = ""
    description: str = ""
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given, done or compared."""

    name: str
    path: str
    kind: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome measure; ``time_frame`` is empty where the registry has no such field."""

    measure: str
    path: str
    time_frame: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with its sub-items; ``group`` is the line it stands under, if any."""

    text: str
    path: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Criteria by side; ``unsorted`` are those the text puts under neither heading."""

    inclusion: tuple[Criterion, ...] = ()
    exclusion: tuple[Criterion, ...] = ()
    unsorted: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial in a registry at one moment; ``updated`` is that moment.

    Attributes:
        registry: The registry's usual name: ``ClinicalTrials.gov``, ``ChiCTR``, ``ISRCTN`` …
        line: Line of the file the record begins on, counted from 1.
        masking: All that is said about blinding, one value a field.
        results: What the registry says on whether results are posted, or when they were.
        other: Fields without a slot, under their own names.
        left_out: Parts of the source record that are not read.
        warnings: What a curator should check in this record.
    """

    id: Value
    registry: str
    line: int | None = None
    secondary_ids: tuple[Value, ...] = ()
    acronym: Value | None = None
    titles: tuple[Title, ...] = ()
    url: Value | None = None
    status: Value | None = None
    why_stopped: Value | None = None
    study_type: Value | None = None
    phases: tuple[Value, ...] = ()
    allocation: Value | None = None
    design: Value | None = None
    masking: tuple[Value, ...] = ()
    purpose: Value | None = None
    conditions: tuple[Value, ...] = ()
    keywords: tuple[Value, ...] = ()
    summary: Value | None = None
    description: Value | None = None
    interventions: tuple[Intervention, ...] = ()
    arms: tuple[Arm, ...] = ()
    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()
    enrolment: Enrolment | None = None
    registered: RegistryDate | None = None
    start: RegistryDate | None = None
    primary_completion: RegistryDate | None = None
    completion: RegistryDate | None = None
    updated: RegistryDate | None = None
    eligibility: Eligibility = Eligibility()
    min_age: Value | None = None
    max_age: Value | None = None
    sex: Value | None = None
    healthy_volunteers: Value | None = None
    sponsor: Value | None = None
    collaborators: tuple[Value, ...] = ()
    countries: tuple[Value, ...] = ()
    sites: tuple[Value, ...] = ()
    results: Value | None = None
    other: tuple[Field, ...] = ()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def has_results(self) -> bool | None:
        """Whether results are posted; ``None`` where the source does not say."""
        if self.results is None:
            return None
        return self.results.text.lower() not in {"no", "false", "0", "否", "无"}

    def title(self, language: str | None = None) -> str | None:
        """The public title, else the scientific one; in ``language`` if one is given."""
        fitting = [t for t in self.titles if language is None or t.language == language]
        fitting.sort(key=lambda title: title.use != "public")
        return fitting[0].value.text if fitting else None
