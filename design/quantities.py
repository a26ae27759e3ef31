"""Types of inputs that many methods share: range, unit and what the value means.

A method annotates its parameters with these; the range is checked before it is called, and the
description is what ``xinglin design METHOD --help`` and the HTTP API show.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Alpha = Annotated[
    float,
    Field(
        ge=1e-9, lt=0.5, description="Type I error; two-sided in all when sides is 2. 显著性水平"
    ),
]
Power = Annotated[float, Field(gt=0, lt=1, description="Power to reach, 1 - beta. 把握度")]
Sides = Annotated[Literal[1, 2], Field(description="1: one-sided, 2: two-sided. 单侧或双侧")]
Level = Annotated[float, Field(ge=0.01, lt=1, description="Confidence level, two-sided. 置信水平")]
Probability = Annotated[
    float, Field(ge=1e-9, le=1 - 1e-9, description="Between 0 and 1, both excluded.")
]
Share = Annotated[float, Field(ge=0, le=1, description="From 0 to 1.")]
Dropout = Annotated[
    float, Field(ge=0, lt=1, description="Share of patients without an outcome. 脱落率")
]
Ratio = Annotated[
    float,
    Field(
        ge=0.01, le=100, description="Allocation n1/n2, treatment : control. 试验组与对照组例数之比"
    ),
]
Positive = Annotated[float, Field(gt=0, description="Above 0.")]
NotNegative = Annotated[float, Field(ge=0, description="0 or more.")]
Count = Annotated[int, Field(ge=1, le=10_000_000, description="A whole number from 1.")]
Aim = Annotated[
    Literal["equality", "superiority", "noninferiority", "equivalence"],
    Field(description="What is to be shown; all but equality need a margin. 检验目的"),
]
