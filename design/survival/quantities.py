"""Types of inputs that the survival calculators share. All times of a call are in one unit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

TimeUnit = Annotated[
    Literal["day", "week", "month", "year"],
    Field(description="Unit of all times; it is said in the sentence. 时间单位"),
]
Duration = Annotated[float, Field(ge=1e-3, le=1e4, description="A time, in the unit of all times.")]
Followup = Annotated[
    float,
    Field(ge=0, le=1e4, description="From the last patient in to the analysis. 末例入组后最短随访"),
]
Median = Annotated[float, Field(ge=1e-3, le=1e6, description="Median time to the event. 中位时间")]
HazardRatio = Annotated[
    float, Field(ge=0.01, le=100, description="Hazard ratio, treatment : control. 风险比")
]
NullHazardRatio = Annotated[
    float,
    Field(
        ge=0.01, le=100, description="Hazard ratio under H0: 1, or the margin. 原假设风险比/界值"
    ),
]
Better = Annotated[
    Literal["lower", "higher"],
    Field(description="Which hazard ratio is good: lower (death), higher (recovery)."),
]
HazardRate = Annotated[float, Field(ge=1e-8, le=100, description="Hazard per unit of time. 风险率")]
Loss = Annotated[
    float, Field(ge=0, le=10, description="Hazard of drop-out per unit of time. 脱落风险率")
]
Rate = Annotated[
    float, Field(ge=1e-6, le=1e6, description="Patients a unit of time; relative when n is sought.")
]
Share = Annotated[float, Field(ge=1e-6, le=1 - 1e-6, description="Between 0 and 1.")]
Survival = Annotated[
    float, Field(ge=1e-6, le=1 - 1e-6, description="Share without the event at a time. 生存率")
]
Events = Annotated[float, Field(ge=1, le=1e8, description="Number of events. 事件数")]
Interim = Annotated[
    float,
    Field(
        ge=0.1,
        le=0.95,
        description="One interim analysis at this share of the events, Lan-DeMets spending of the "
        "O'Brien-Fleming type. 期中分析信息比例",
    ),
]

_MOST = 60  # pieces of a hazard or of the accrual: five years by month


Hazards = Annotated[
    HazardRate | Annotated[list[HazardRate], Field(min_length=1, max_length=_MOST)],
    Field(description="Hazard of the control group; a list when it changes at hazard_times."),
]
HazardRatios = Annotated[
    HazardRatio | Annotated[list[HazardRatio], Field(min_length=1, max_length=_MOST)],
    Field(description="Hazard ratio, treatment : control; a list when it changes at hr_times."),
]
Rates = Annotated[
    Rate | Annotated[list[Rate], Field(min_length=1, max_length=_MOST)],
    Field(
        description="Patients a unit of time; a list for accrual_periods; relative when n is "
        "sought. 入组速率"
    ),
]
Times = Annotated[
    list[Duration],
    Field(max_length=_MOST, description="Times at which one value gives way to the next."),
]
Periods = Annotated[
    list[Duration],
    Field(min_length=1, max_length=_MOST, description="Lengths of the accrual periods."),
]
Decay = Annotated[
    float,
    Field(
        ge=-1, le=1, description="Accrual falls as exp(-decay t), truncated at its end; 0: even."
    ),
]
Shares = Annotated[
    list[Share],
    Field(min_length=2, max_length=50, description="Shares of the strata, adding up to 1. 层占比"),
]
Factors = Annotated[
    list[HazardRatio],
    Field(
        min_length=2, max_length=50, description="Hazard of each stratum, relative. 各层相对风险"
    ),
]
