"""Inputs that the calculators for clustered studies share, and the design effect."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Icc = Annotated[
    float, Field(ge=0, lt=1, description="Intracluster correlation. 群内相关系数（ICC）")
]
Size = Annotated[
    float, Field(ge=1, le=1e7, description="Persons a cluster, on average. 平均群大小")
]
SizeCv = Annotated[
    float,
    Field(ge=0, le=10, description="CV of the cluster sizes, SD over mean. 群大小的变异系数"),
]
Clusters = Annotated[int, Field(ge=1, le=1_000_000, description="Clusters in all. 群总数")]
LARGEST = 1_000_000


def design_effect(size: float, icc: float, size_cv: float = 0.0) -> float:
    """Variance inflation of a mean over clusters of (un)equal sizes.

    Source: Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292-1300.
    """
    return 1 + ((1 + size_cv**2) * size - 1) * icc
