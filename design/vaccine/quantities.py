"""Types of inputs that the vaccine calculators share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Efficacy = Annotated[
    float,
    Field(ge=-5, le=0.999, description="Vaccine efficacy 1 - rate ratio. 疫苗保护效力"),
]
NullEfficacy = Annotated[
    float,
    Field(
        ge=-5,
        le=0.99,
        description="Efficacy that must be exceeded, the limit of H0. 效力下限目标值",
    ),
]
Incidence = Annotated[
    float,
    Field(ge=1e-7, le=0.99, description="Share with the disease over the trial. 累积发病率"),
]
Cases = Annotated[int, Field(ge=1, le=100_000, description="Cases in all, both groups. 总病例数")]
LogSd = Annotated[
    float,
    Field(
        ge=0.01, le=10, description="SD of the log titre, on the scale of log_scale. 对数滴度标准差"
    ),
]
RatioMargin = Annotated[
    float,
    Field(ge=0.01, le=100, description="Margin of the ratio of geometric means. GMT 比界值"),
]
MeanRatio = Annotated[
    float, Field(ge=0.01, le=100, description="True ratio of geometric means. 真实 GMT 比")
]
