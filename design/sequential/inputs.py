"""Annotated inputs that the group sequential methods share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

MAX_LOOKS = 20

Looks = Annotated[
    int, Field(ge=1, le=MAX_LOOKS, description="Number of analyses, the final one too. 分析次数")
]
Timing = Annotated[
    list[float],
    Field(
        min_length=1,
        max_length=MAX_LOOKS,
        description="Information fractions, the last 1; equal when left out. 信息比",
    ),
]
AlphaOrNot = Annotated[
    float,
    Field(
        gt=0,
        lt=0.5,
        description="Type I error; 0.025 with sides 1 and 0.05 in all with sides 2 when left out.",
    ),
]
Boundary = Annotated[
    Literal[
        "obrien_fleming",
        "pocock",
        "wang_tsiatis",
        "haybittle_peto",
        "bonferroni",
        "lan_demets_obf",
        "lan_demets_pocock",
        "kim_demets",
        "hwang_shih_decani",
        "user_spending",
    ],
    Field(
        description="Efficacy bound: a classical shape (exact), or an alpha spending function. "
        "有效性界值类型"
    ),
]
Shape = Annotated[
    float,
    Field(
        description="Delta of wang_tsiatis, rho of kim_demets, gamma of hwang_shih_decani, or the "
        "early z bound of haybittle_peto (3)."
    ),
]
Spent = Annotated[
    list[float],
    Field(max_length=MAX_LOOKS, description="Error spent up to each analysis, the last in all."),
]
Futility = Annotated[
    Literal[
        "none",
        "bounds",
        "lan_demets_obf",
        "lan_demets_pocock",
        "kim_demets",
        "hwang_shih_decani",
        "user_spending",
    ],
    Field(
        description="Futility bound: none, given z values, or a beta spending function. 无效界值"
    ),
]
FutilityShape = Annotated[float, Field(description="rho or gamma of the beta spending function.")]
FutilityBounds = Annotated[
    list[float],
    Field(max_length=MAX_LOOKS - 1, description="z values of the interim analyses, with bounds."),
]
Binding = Annotated[
    bool,
    Field(description="Whether the futility bound must be obeyed; alpha is saved by it. 约束性"),
]
ZValues = Annotated[
    list[Annotated[float, Field(ge=-50, le=50)]],
    Field(min_length=1, max_length=MAX_LOOKS, description="z values, one an analysis. 界值"),
]
Times = Annotated[
    list[float],
    Field(
        min_length=1, max_length=20, description="Information times, in which 1 is that of drift."
    ),
]
Drift = Annotated[
    float, Field(ge=-30, le=30, description="Mean of the statistic at information 1. 漂移参数")
]
