"""Types of inputs that the calculators for means share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Mean = Annotated[float, Field(ge=-1e9, le=1e9, description="Expected mean. 均数")]
Difference = Annotated[
    float,
    Field(
        ge=-1e9,
        le=1e9,
        description="Expected difference, treatment minus control. 均数差（试验−对照）",
    ),
]
Spread = Annotated[float, Field(ge=1e-9, le=1e9, description="Standard deviation. 标准差")]
Margin = Annotated[
    float,
    Field(
        ge=1e-9,
        le=1e9,
        description="Margin, a positive number: how much worse (noninferiority), how much better "
        "(superiority), how far apart (equivalence). 界值",
    ),
]
Better = Annotated[
    Literal["higher", "lower"],
    Field(description="Whether a higher or a lower value is the better one. 高优或低优"),
]
Correlation = Annotated[float, Field(gt=-1, lt=1, description="Correlation. 相关系数")]
ZOrT = Annotated[
    Literal["t", "z"],
    Field(description="t test, or z test with the standard deviation taken as known."),
]
BothTails = Annotated[
    bool,
    Field(
        description="Whether the power of a two-sided test counts rejection in the wrong "
        "direction. Unset: yes for t (as the R package pwr), no for z (as the textbooks); R's "
        "power.t.test does not."
    ),
]
EquivalencePower = Annotated[
    Literal["split", "exact"],
    Field(
        description="Power of equivalence: split (beta halved, the nearer margin counted twice; "
        "the textbook's) or exact (both margins). Unset: split for z, exact for t."
    ),
]
Size = Annotated[float, Field(ge=1, le=1e7, description="Patients. 例数")]
TotalSize = Annotated[float, Field(ge=2, le=2e7, description="Patients in all. 总例数")]
