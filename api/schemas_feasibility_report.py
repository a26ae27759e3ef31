"""Requests and responses of ``/v1/feasibility``: sites, competing trials, enrolment, the report."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.routes.design import CalculationResult, Wording
from api.schemas import Request
from assistant.feasibility.synopsis import Synopsis
from design.enrolment.plan import EnrolmentQuestion


class SitesRequest(Request):
    """Which sites are looked for."""

    directory: str = Field("synthetic", max_length=100, description="Name of a directory.")
    condition: str = Field(
        max_length=200, description="A condition of the directory, by key or name.",
        examples=["心力衰竭"],
    )  # fmt: skip
    months: float = Field(gt=0, le=600, description="Months for enrolment.", examples=[18])
    target: int | None = Field(
        None, ge=1, le=100_000, description="Patients wanted in all, after drop-out."
    )
    eligible_share: float | None = Field(
        None, gt=0, le=1, description="Share of a site's patients who are eligible."
    )
    product: Literal["drug", "device", "any"] = Field(
        "drug", description="Sites must be filed for trials of it."
    )
    regions: list[str] = Field([], max_length=50, description="Only these; all if empty.")
    phase1: bool = Field(False, description="Only sites with a phase I unit.")
    assurance: float = Field(0.8, gt=0, lt=1, description="Probability of reaching the target.")
    lead_days: float = Field(
        0,
        ge=0,
        le=3650,
        description="Days from the selection of sites until the months begin: start-up counts only "
        "as far as it is longer.",
    )
    svg: bool = Field(False, description="Draw the forecast of the chosen sites too.")
    language: Literal["zh", "en"] = Field("zh", description="Language of the drawing.")


class SiteInvestigator(BaseModel):
    """Who could lead at a site."""

    investigator_id: str
    name: str
    site_id: str
    department: str
    title: str
    condition: str
    condition_zh: str
    trials_as_pi: int
    trials_ongoing: int
    gcp_certificate_year: int
    drug_pi_eligible: bool
    publications_5y: int


class SiteEntry(BaseModel):
    """A ranked site, with the reasons."""

    rank: int
    site_id: str
    name: str
    region: str
    level: str
    rate_per_month: float = Field(description="Patients a month once open.")
    opens_after_months: float
    months_open: float
    expected: float = Field(description="Patients in the months wanted, after drop-out.")
    limited_by_patients: bool
    patients_per_year: float
    trials_completed: int
    trials_ongoing: int
    enrolled_of_planned: float
    startup_days: float
    reasons: list[Wording]
    investigators: list[SiteInvestigator]


class PlanBounds(BaseModel):
    """Patients by the months planned."""

    mean: float
    low: int
    high: int


class ForecastBody(BaseModel):
    """Enrolment month by month."""

    months: list[float]
    mean: list[float]
    low: list[int]
    high: list[int]
    level: float = Field(description="Of the prediction interval at each point.")
    enrolled: int = Field(description="Patients there already, included in all numbers.")
    target: int | None
    planned_months: float | None
    probability: float | None = Field(description="Of the target by the months planned.")
    at_plan: PlanBounds | None
    median_months: float | None = Field(description="Until the target with probability 0.5.")
    assured_months: float | None = Field(description="Until the target with `assurance`.")
    assurance: float


class SitesResponse(BaseModel):
    """All sites that can take part, those expected to enrol most first."""

    wanted: dict[str, Any] = Field(description="What was asked.")
    sentence: Wording
    chosen: int | None = Field(description="How many of the first reach the target; null if none.")
    probability: float | None
    synthetic: bool = Field(description="The directory is made up.")
    left_out: dict[str, int] = Field(description="Sites that cannot take part, by reason.")
    assumptions: dict[str, float]
    sites: list[SiteEntry]
    forecast: ForecastBody
    svg: str | None = None


class CompetingRequest(Request):
    """Which registered trials compete."""

    condition: str = Field(
        min_length=1, max_length=200, description="The disease, Chinese or English.",
        examples=["心力衰竭"],
    )  # fmt: skip
    region: str | None = Field(None, max_length=100, description="A country or place.")
    line: Literal["first", "second_or_later", "adjuvant", "neoadjuvant", "maintenance"] | None = (
        Field(None, description="Line of treatment.")
    )
    phases: list[Literal["1", "2", "3", "4"]] = Field([], description="Any if empty.")
    start: date | None = Field(None, description="From when patients are wanted.")
    end: date | None = Field(None, description="Until when.")


class CompetingEntry(BaseModel):
    """A registered trial of the condition."""

    number: str
    title: str
    document_id: str
    source: str | None
    status: str | None
    status_class: str
    phase: str | None
    size: int | None
    sponsor: str | None
    countries: str | None
    start: str | None
    end: str | None
    lines: list[str]
    updated: str | None
    competes: bool | None = Field(description="Null when its status is not known.")
    not_said: list[str] = Field(description="What the record leaves open.")
    blocks: dict[str, int] = Field(description="Block of each field, for the source view.")


class CompetingResponse(BaseModel):
    """All trials that match, those that compete first."""

    sought: dict[str, Any]
    names: list[str] = Field(description="Names of the condition that were looked for.")
    sentences: list[Wording]
    records: int = Field(description="Registry records searched; 0: the index holds none.")
    matched: int
    competing: int
    by_status: dict[str, int]
    snapshot: str = Field(description="Snapshot of the index.")
    latest_update: str | None = Field(description="The latest update among the records.")
    added: str | None = Field(description="When records were last indexed.")
    trials: list[CompetingEntry]


class EnrolmentRequest(EnrolmentQuestion):
    """What is to be predicted."""

    condition: str | None = Field(
        None, max_length=200, description="Take the rate from this condition of the directory."
    )
    directory: str = Field("synthetic", max_length=100, description="Name of a directory.")
    svg: bool = Field(False, description="Draw the forecast too.")
    language: Literal["zh", "en"] = Field("zh", description="Language of the drawing.")


class RateSource(BaseModel):
    """A rate from the directory."""

    condition: str
    rate: float
    sites: int
    trials: int
    synthetic: bool
    sentence: Wording


class EnrolmentResponse(BaseModel):
    """What the calculators say, and the forecast."""

    question: dict[str, Any]
    sentences: list[Wording]
    results: list[CalculationResult]
    warnings: list[Wording]
    forecast: ForecastBody
    rate_from: RateSource | None
    svg: str | None = None


class ReportRequest(Request):
    """A synopsis to make a report from. Cohorts and directories are named, never given as paths."""

    synopsis: Synopsis
    as_of: date | None = Field(None, description="The day sources must hold for; today if null.")
    language: Literal["zh", "en"] = Field("zh", description="Language of the page or document.")
    format: Literal["json", "html", "docx"] = Field("json", description="What is sent back.")


class ReportPart(BaseModel):
    """A line, a table or a figure, with what it rests on."""

    kind: Literal["line", "table", "figure"]
    basis: Literal["cited", "computed", "assumed", "absent"]
    call: str | None = Field(description="The command that repeats it.")
    text: Wording | None = None
    title: Wording | None = None
    citations: list[int] = []
    warns: bool = False
    head: list[Wording] = []
    rows: list[list[dict[str, Any]]] = []


class ReportSection(BaseModel):
    """A part of the report; an absent one says why, and what would settle it."""

    key: str
    title: Wording
    state: Literal["done", "absent"]
    numbers: dict[str, Any] = Field(description="Its key figures.")
    parts: list[ReportPart]


class ReportRecord(BaseModel):
    """What the report was made from."""

    as_of: str
    made: str
    version: str
    snapshot: str | None
    documents: int
    synopsis: str = Field(description="SHA-256 of the synopsis.")
    cohort: str | None
    directory: str | None
    calls: list[str] = Field(description="Commands that repeat the numbers.")


class ReportResponse(BaseModel):
    """A feasibility report."""

    title: str
    objective: str | None
    language: str
    sections: list[ReportSection]
    citations: list[dict[str, Any]] = Field(description="As in the answers of /v1/ask.")
    notices: list[str]
    record: ReportRecord
