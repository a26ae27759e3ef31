"""Requests and responses of ``/v1/feasibility``: criteria read from text, and the funnel."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas import Request
from design.cohort import Criteria, Options

_SMALLEST = 10


class Said(BaseModel):
    """One thing said in Chinese and in English."""

    zh: str
    en: str


class CriteriaRequest(Request):
    """Criteria as text."""

    text: str = Field(
        max_length=50_000,
        description="One criterion a line, in Chinese or English; headings tell inclusions from "
        "exclusions.",
        examples=["纳入标准：\n1. 年龄18–75岁\n2. 2型糖尿病\n排除标准：\n1. 近6个月内心肌梗死"],
    )
    source: str = Field("synthetic", max_length=100, description="Name of a cohort.")


class UnparsedText(BaseModel):
    """Words that were not made a rule."""

    text: str
    reason: Said
    excluded: bool = Field(description="It stood among the exclusions.")


class ParsedCriteriaResponse(BaseModel):
    """Rules to be confirmed, and everything that was not read."""

    criteria: Criteria | None = Field(
        description="Give this to /v1/feasibility/funnel once confirmed; null when none was read."
    )
    meanings: list[Said] = Field(description="Each rule in words, exclusions after inclusions.")
    unparsed: list[UnparsedText]
    questions: list[Said] = Field(description="What was taken as meant and must be confirmed.")


class CountOptions(Options):
    """How to count; over HTTP small counts can be hidden more, not less."""

    threshold: int = Field(
        _SMALLEST, ge=_SMALLEST, le=1000, description="Counts from 1 to one less are hidden."
    )


class FunnelRequest(Request):
    """Confirmed criteria to count with."""

    source: str = Field("synthetic", max_length=100, description="Name of a cohort.")
    criteria: Criteria
    options: CountOptions = Field(default_factory=CountOptions)
    svg: bool = Field(False, description="Draw the funnel too.")
    language: Literal["zh", "en"] = Field("zh", description="Language of the drawing.")


class AloneCounts(BaseModel):
    """A criterion by itself, of all persons with an index date; null is hidden."""

    met: int | None
    not_met: int | None
    unknown: int | None
    cost: int | None = Field(description="Persons it does not keep by itself.")


class LeaveOneOut(BaseModel):
    """What remains when only this criterion is left out; null is hidden."""

    remaining: int | None
    gain: int | None


class MissingReason(BaseModel):
    """Why a criterion is not known for persons."""

    reason: str
    text: Said
    persons: int | None


class FunnelStep(BaseModel):
    """One criterion; null is hidden or does not apply."""

    number: int
    name: Said
    meaning: Said
    status: Literal["applied", "off", "not_evaluable"]
    why: Said | None
    remaining: int | None
    lost: int | None
    not_met: int | None = Field(description="Of the persons left before.")
    unknown: int | None = Field(description="Of the persons left before.")
    remaining_keep: int | None = Field(description="With persons not known kept (missing=both).")
    alone: AloneCounts
    leave_one_out: LeaveOneOut
    missing: list[MissingReason]
    records: int | None = Field(description="Records that count for it.")
    suppressed: list[str] = Field(description="Names of counts that are hidden.")


class FunnelGroup(BaseModel):
    """A site or a year."""

    name: str | None
    persons: int | None
    remaining: int | None
    remaining_keep: int | None = None
    suppressed: bool


class Costliest(BaseModel):
    """Numbers of the criteria that cost most."""

    cost: int | None = Field(description="By itself.")
    gain: int | None = Field(description="By what leaving it out would keep.")


class FunnelResponse(BaseModel):
    """A counted funnel; it holds counts only."""

    source: str
    title: str | None
    index: Said
    options: Options
    persons: int | None
    with_index_date: int | None
    remaining: int | None
    remaining_keep: int | None
    suppressed: bool = Field(description="What remains is hidden.")
    steps: list[FunnelStep]
    costliest: Costliest
    sites: list[FunnelGroup]
    years: list[FunnelGroup]
    sentence: Said
    notes: list[Said]
    conventions: list[Said]
    warnings: list[Said]
    svg: str | None = None
