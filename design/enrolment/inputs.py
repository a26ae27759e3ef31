"""Inputs of the enrolment methods: a value for all groups of sites, or a list with one a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from design.enrolment.model import Season, SiteGroup
from design.enrolment.times import LONGEST
from design.errors import BadDesign

ANISIMOV = (
    "Anisimov VV, Fedorov VV. Modelling, prediction and adaptive adjustment of recruitment in "
    "multicentre trials. Stat Med 2007;26:4958-75"
)
MOST_SITES = 5000
MOST_GROUPS = 200  # countries or kinds of site, each with a distribution of its own
NumberOfSites = Annotated[int, Field(ge=1, le=MOST_SITES)]
Months = Annotated[float, Field(ge=0, le=600)]
Positive = Annotated[float, Field(gt=0, le=1000)]
Spread = Annotated[float, Field(ge=0)]
Part = Annotated[float, Field(ge=0, lt=1)]
Sites = Annotated[
    NumberOfSites | Annotated[list[NumberOfSites], Field(max_length=MOST_GROUPS)],
    Field(description="Number of sites; a list: one a country or kind of site. 中心数"),
]
Rate = Annotated[
    Positive | Annotated[list[Positive], Field(max_length=MOST_GROUPS)],
    Field(description="Patients screened a site and month, mean of the sites. 每中心每月例数"),
]
RateVariance = Annotated[
    Spread | Annotated[list[Spread], Field(max_length=MOST_GROUPS)],
    Field(description="Variance of that rate between sites; goes before rate_cv."),
]
RateCv = Annotated[
    float,
    Field(ge=0, le=5, description="Coefficient of variation of the rate between sites, 0: alike."),
]
Lost = Annotated[
    Part | Annotated[list[Part], Field(max_length=MOST_GROUPS)],
    Field(description="Share lost, of those screened or enrolled. 筛选失败率或脱落率"),
]
Start = Annotated[
    Months | Annotated[list[Months], Field(max_length=MOST_GROUPS)],
    Field(description="Months from the start of the trial; sites start uniformly in between."),
]
Multiplier = Annotated[float, Field(ge=0, le=20)]
Multipliers = Annotated[
    list[Multiplier],
    Field(
        max_length=12,
        description="Twelve multipliers of the rate, January first; none: constant. 季节系数",
    ),
]
Target = Annotated[int, Field(ge=1, le=100_000, description="Patients wanted. 目标例数")]
Time = Annotated[float, Field(gt=0, le=LONGEST, description="Months from the start. 月数")]
CalendarMonth = Annotated[int, Field(ge=1, le=12, description="Month the trial starts in, 1-12.")]


def site_groups(
    *,
    sites: int | Sequence[int],
    rate: float | Sequence[float],
    rate_variance: float | Sequence[float] | None,
    rate_cv: float,
    screen_failure: float | Sequence[float],
    dropout: float | Sequence[float],
    start_from: float | Sequence[float],
    start_to: float | Sequence[float],
) -> list[SiteGroup]:
    """The groups of sites that inputs describe.

    Raises:
        BadDesign: Two lists have different lengths, or a start window is the wrong way round.
    """
    given: dict[str, Any] = {
        "sites": sites,
        "rate": rate,
        "rate_variance": rate_variance,
        "screen_failure": screen_failure,
        "dropout": dropout,
        "start_from": start_from,
        "start_to": start_to,
    }
    lengths = {name: len(value) for name, value in given.items() if isinstance(value, list)}
    count = max(lengths.values(), default=1)
    for name, length in lengths.items():
        if length != count:
            raise BadDesign(f"{name} has {length} values, another list has {count}", name)
    return [
        _group({k: v[i] if isinstance(v, list) else v for k, v in given.items()}, rate_cv)
        for i in range(count)
    ]


def season_of(multipliers: Sequence[float], month: int) -> Season:
    """The season that inputs describe.

    Raises:
        BadDesign: Not twelve multipliers, or all are 0.
    """
    if len(multipliers) not in {0, 12}:
        raise BadDesign(f"seasonality has {len(multipliers)} values, it needs 12", "seasonality")
    if multipliers and not any(multipliers):
        raise BadDesign("all multipliers are 0: nobody would be enrolled", "seasonality")
    return Season(tuple(multipliers), month)


def _group(one: dict[str, Any], rate_cv: float) -> SiteGroup:
    if one["start_to"] < one["start_from"]:
        raise BadDesign("start_to is before start_from", "start_to")
    variance = one["rate_variance"]
    return SiteGroup(
        sites=one["sites"],
        rate=one["rate"],
        variance=(one["rate"] * rate_cv) ** 2 if variance is None else variance,
        kept=(1 - one["screen_failure"]) * (1 - one["dropout"]),
        start_from=one["start_from"],
        start_to=one["start_to"],
    )
