"""Tests of several hypotheses that keep the family-wise type I error."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from design.errors import BadDesign
from design.multiplicity import procedures
from design.registry import calculator
from design.result import Outcome
from design.wording import shortest

MAX_TESTS = 50
_DUST = 1e-9

PValues = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]],
    Field(min_length=1, max_length=MAX_TESTS, description="Raw P values, in the order of testing."),
]
Shares = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]],
    Field(min_length=1, max_length=MAX_TESTS, description="Shares of alpha at the start, sum 1."),
]
FamilyAlpha = Annotated[
    float, Field(gt=0, lt=0.5, description="Family-wise type I error. 总体I类错误率")
]
Procedure = Annotated[
    Literal["bonferroni", "sidak", "holm", "hochberg", "hommel", "fixed_sequence", "fallback"],
    Field(description="Procedure. 多重性校正方法"),
]


@calculator(
    reference="Bonferroni; Šidák Z. JASA 1967;62:626-33; Holm S. Scand J Stat 1979;6:65-70; "
    "Hochberg Y. Biometrika 1988;75:800-2; Hommel G. Biometrika 1988;75:383-6; Wright SP. "
    "Biometrics 1992;48:1005-13 (adjusted P values); Wiens BL. Pharm Stat 2003;2:211-5 (fallback)",
    formula="adjusted p, rejected when <= alpha: Holm max_{j<=i} (m-j+1) p_(j); Hochberg "
    "min_{j>=i} (m-j+1) p_(j); Hommel closed Simes; fixed sequence max_{j<=i} p_j",
)
def multiple_testing(
    *,
    p_values: PValues,
    method: Procedure = "holm",
    alpha: FamilyAlpha = 0.05,
    weights: Shares | None = None,
) -> Outcome:
    """Adjusted P values and decisions for several hypotheses.

    ``weights`` are for ``fallback``: the share of alpha each hypothesis starts with.
    """
    p = np.array(p_values, dtype=float)
    if weights is not None and method != "fallback":
        raise BadDesign("weights are for fallback; see graphical_testing for others", "weights")
    if method in ("fixed_sequence", "fallback"):
        start = np.eye(len(p))[0]
        if method == "fallback":
            start = _shares(weights, len(p))
        adjusted = procedures.graph(p, start, procedures.chain(len(p)))
    else:
        adjusted = getattr(procedures, method)(p)
    keys = ["family", method]
    return _told(p, adjusted, alpha, "adjusted", tuple(keys))


@calculator(
    reference="Bretz F, Maurer W, Brannath W, Posch M. Stat Med 2009;28:586-604",
    formula="reject H_j with p_j <= w_j alpha; w_l += w_j g_jl, g_lk = (g_lk + g_lj g_jk) / "
    "(1 - g_lj g_jl)",
)
def graphical_testing(
    *,
    p_values: PValues,
    weights: Shares,
    transitions: Annotated[
        list[Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(max_length=MAX_TESTS)]],
        Field(
            min_length=1,
            max_length=MAX_TESTS,
            description="Row i: shares of the weight of i that go on when i is rejected.",
        ),
    ],
    alpha: FamilyAlpha = 0.05,
) -> Outcome:
    """Adjusted P values and decisions of a sequentially rejective graph with Bonferroni tests."""
    p = np.array(p_values, dtype=float)
    if len(transitions) != len(p) or any(len(row) != len(p) for row in transitions):
        raise BadDesign(f"transitions must have {len(p)} rows of {len(p)} values", "transitions")
    moves = np.array(transitions, dtype=float)
    if np.any(moves.sum(axis=1) > 1 + _DUST):
        raise BadDesign("a row of transitions sums to more than 1", "transitions")
    if np.any(np.diag(moves) != 0):
        raise BadDesign("a hypothesis cannot pass weight to itself (diagonal 0)", "transitions")
    adjusted = procedures.graph(p, _shares(weights, len(p)), moves)
    return _told(p, adjusted, alpha, "adjusted", ("family", "graph"))


@calculator(
    reference="Bonferroni; Šidák Z. JASA 1967;62:626-33; Dmitrienko A, D'Agostino RB. Stat Med "
    "2013;32:5172-218",
    formula="Bonferroni alpha_i = w_i alpha (alpha / m); Šidák 1 - (1 - alpha)^(1/m)",
)
def multiplicity_levels(
    *,
    tests: Annotated[int, Field(ge=1, le=1000, description="Number of hypotheses. 假设个数")],
    alpha: FamilyAlpha = 0.05,
    method: Annotated[
        Literal["bonferroni", "sidak"], Field(description="Bonferroni, or Šidák (independent).")
    ] = "bonferroni",
    weights: Annotated[
        list[Annotated[float, Field(ge=0, le=1)]],
        Field(max_length=1000, description="Shares of alpha, sum 1; equal when left out."),
    ]
    | None = None,
) -> Outcome:
    """The level of each hypothesis when alpha is divided among them."""
    if method == "sidak":
        if weights is not None:
            raise BadDesign("weights are for bonferroni", "weights")
        levels = [-float(np.expm1(np.log1p(-alpha) / tests))] * tests
    else:
        levels = [float(alpha * share) for share in _shares(weights, tests)]
    outputs: dict[str, Any] = {"alpha_levels": levels}
    equal = max(levels) - min(levels) < 1e-12
    if equal:
        outputs["alpha_each"] = levels[0]
    shown = [shortest(level) for level in levels[: 1 if equal else 20]]
    return Outcome(
        outputs,
        "equal" if equal else "unequal",
        ("family", method),
        values={"levels_zh": "、".join(shown), "levels_en": ", ".join(shown)},
    )


def _shares(weights: list[float] | None, count: int) -> procedures.Array:
    if weights is None:
        return np.full(count, 1 / count)
    if len(weights) != count:
        raise BadDesign(f"{count} hypotheses, but {len(weights)} weights", "weights")
    total = sum(weights)
    if total > 1 + _DUST or total <= 0:
        raise BadDesign(f"the weights sum to {total:g}; they must sum to 1", "weights")
    return np.array(weights, dtype=float)


def _told(
    p: procedures.Array,
    adjusted: procedures.Array,
    alpha: float,
    sentence: str,
    conventions: tuple[str, ...],
) -> Outcome:
    rejected = [bool(value <= alpha * (1 + _DUST)) for value in adjusted]
    names = [str(place) for place, gone in enumerate(rejected, start=1) if gone]
    raw, shown = ([f"{v:.4g}" for v in values] for values in (p, adjusted))
    outputs: dict[str, Any] = {
        "adjusted_p": [float(value) for value in adjusted],
        "rejected": rejected,
        "rejected_count": len(names),
    }
    return Outcome(
        outputs,
        sentence,
        conventions,
        values={
            "p_zh": "、".join(raw),
            "p_en": ", ".join(raw),
            "adjusted_zh": "、".join(shown),
            "adjusted_en": ", ".join(shown),
            "which_zh": f"拒绝第 {'、'.join(names)} 个假设" if names else "均未拒绝",
            "which_en": f"rejected: {', '.join(names)}" if names else "none is rejected",
        },
    )
