"""Types of inputs that the calculators for counts share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

EventRate = Annotated[
    float,
    Field(ge=1e-6, le=1e4, description="Events a patient and unit of time. 单位时间人均事件率"),
]
Exposure = Annotated[
    float, Field(ge=1e-3, le=1e4, description="Time each patient is observed. 人均观察时间")
]
Dispersion = Annotated[
    float,
    Field(
        ge=0, le=100, description="Negative binomial dispersion k: variance mu + k mu^2. 离散参数"
    ),
]
OverDispersion = Annotated[
    float,
    Field(ge=0.1, le=100, description="Variance relative to the mean (quasi-Poisson), 1: Poisson."),
]
RatioMargin = Annotated[
    float,
    Field(ge=0.01, le=100, description="Margin of the rate ratio, treatment : control. 率比界值"),
]
Better = Annotated[
    Literal["lower", "higher"], Field(description="Which rate is good: lower or higher.")
]
Patients = Annotated[
    float, Field(gt=0, le=1e7, description="Patients of an arm, for the power. 例数")
]
EventCount = Annotated[int, Field(ge=0, le=10_000_000, description="Observed events. 事件数")]
PersonTime = Annotated[float, Field(ge=1e-6, le=1e10, description="Person-time. 人时")]
