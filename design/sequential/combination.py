"""Tests that combine the P values of independent stages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome
from design.sequential import saying
from design.sequential.fisher import critical_values, exit_levels
from design.sequential.inputs import Timing, ZValues
from design.sequential.options import information_fractions

PValues = Annotated[
    list[Annotated[float, Field(gt=0, lt=1)]],
    Field(min_length=1, max_length=20, description="One-sided P value of each stage by itself."),
]
Weights = Annotated[
    list[Annotated[float, Field(gt=0, le=1000)]],
    Field(min_length=1, max_length=20, description="Weights of the stages, fixed in advance."),
]
OneSided = Annotated[
    float, Field(ge=1e-6, lt=0.5, description="One-sided type I error. 单侧显著性水平")
]


@calculator(
    reference="Lehmacher W, Wassmer G. Biometrics 1999;55:1286-90; Cui L, Hung HMJ, Wang SJ. "
    "Biometrics 1999;55:853-7",
    formula="Z_k = sum_{j<=k} w_j Phi^-1(1 - p_j) / sqrt(sum_{j<=k} w_j^2)",
)
def inverse_normal_combination(
    *, p_values: PValues, weights: Weights | None = None, upper: ZValues | None = None
) -> Outcome:
    """Combined z after each stage, compared with sequential bounds when they are given.

    ``weights`` are equal when left out; those of planned stage sizes n_j are sqrt(n_j).
    """
    used = [1.0] * len(p_values) if weights is None else list(weights)
    for field, given in (("weights", used), ("upper", upper)):
        if given is not None and len(given) != len(p_values):
            raise BadDesign(f"{len(p_values)} P values, but {len(given)} {field}", field)
    combined, squared, total = [], 0.0, 0.0
    for p, w in zip(p_values, used, strict=True):
        total -= w * float(special.ndtri(p))
        squared += w * w
        combined.append(total / math.sqrt(squared))
    outputs: dict[str, Any] = {
        "z": combined,
        "p": [float(special.ndtr(-z)) for z in combined],
        "combined_z": combined[-1],
        "combined_p": float(special.ndtr(-combined[-1])),
    }
    if upper is not None:
        crossed = [
            stage for stage, (z, c) in enumerate(zip(combined, upper, strict=True), 1) if z >= c
        ]
        outputs |= {"decision": "reject" if crossed else "continue"}
        outputs |= {"stage": crossed[0]} if crossed else {}
    return Outcome(
        outputs,
        "combined",
        ("fixed_weights",),
        values=saying.listed("p", p_values, "g")
        | saying.listed("w", used, "g")
        | saying.listed("z", combined, ".4f"),
    )


@calculator(
    reference="Bauer P, Köhne K. Biometrics 1994;50:1029-41; Wassmer G, Brannath W. Group "
    "Sequential and Confirmatory Adaptive Designs in Clinical Trials. 2016, chapter 6",
    formula="reject at stage k when prod_{j<=k} p_j^(w_j) <= c_k; sum of the probabilities of "
    "rejecting = alpha",
)
def fisher_combination(
    *,
    looks: Annotated[int, Field(ge=1, le=6, description="Number of stages. 期数")],
    alpha: OneSided = 0.025,
    method: Annotated[
        Literal["equal_alpha", "full_alpha"],
        Field(description="Same level at each stage, or alpha at the last (Bauer and Koehne)."),
    ] = "equal_alpha",
    alpha0: Annotated[
        list[Annotated[float, Field(gt=0, le=1)]],
        Field(
            max_length=5, description="Largest P value with which a stage goes on; 1 if left out."
        ),
    ]
    | None = None,
    weights: Weights | None = None,
    timing: Timing | None = None,
    p_values: PValues | None = None,
) -> Outcome:
    """Critical values of the product of P values, and the decision when P values are given.

    ``weights`` are exponents of the P values, 1 when left out; with ``timing`` they are
    sqrt((t_k - t_{k-1}) / t_1).
    """
    limits = [1.0] * (looks - 1) if alpha0 is None else list(alpha0)
    if len(limits) != looks - 1:
        raise BadDesign(f"alpha0 needs {looks - 1} values, one a stage but the last", "alpha0")
    if any(a <= alpha for a in limits):
        raise BadDesign(f"each alpha0 must be above alpha = {alpha:g}", "alpha0")
    used = _exponents(looks, weights, timing)
    critical, alone = critical_values(alpha, used, limits, method == "full_alpha")
    outputs: dict[str, Any] = {
        "crit": critical,
        "stage_levels": alone,
        "cum_alpha": list(itertools.accumulate(exit_levels(critical, used, limits))),
        "weights_used": used,
    }
    values: dict[str, Any] = saying.listed("crit", critical, ".6g")
    if p_values is not None:
        outputs |= _decided(p_values, used, critical, limits)
        values |= saying.listed("prod", outputs["products"], ".6g")
        values |= saying.named("verdict", "decision", outputs["decision"])
    return Outcome(
        outputs,
        "values" if p_values is None else "decision",
        ("one_sided", "product"),
        values=values,
    )


def _exponents(
    looks: int, weights: Sequence[float] | None, timing: Sequence[float] | None
) -> list[float]:
    if weights is not None and timing is not None:
        raise BadDesign("give weights or timing, not both", "timing")
    used = [1.0] * looks if weights is None else [w / weights[0] for w in weights]
    if timing is not None:
        times = information_fractions(looks, timing)
        gaps = [b - a for a, b in zip((0.0, *times), times, strict=False)]
        used = [math.sqrt(gap / times[0]) for gap in gaps]
    if len(used) != looks:
        raise BadDesign(f"{looks} stages, but {len(used)} weights", "weights")
    if not all(0.25 <= w <= 4 for w in used):
        raise BadDesign(
            "weights must lie within a quarter and four times that of stage 1", "weights"
        )
    return used


def _decided(
    p_values: Sequence[float],
    weights: Sequence[float],
    critical: Sequence[float],
    limits: Sequence[float],
) -> dict[str, Any]:
    if len(p_values) > len(critical):
        raise BadDesign(f"{len(p_values)} P values for {len(critical)} stages", "p_values")
    products: list[float] = []
    for stage, p in enumerate(p_values):
        products.append((products[-1] if products else 1.0) * p ** weights[stage])
        if products[-1] <= critical[stage]:
            return {"products": products, "decision": "reject", "stage": stage + 1}
        if stage < len(limits) and p > limits[stage]:
            return {"products": products, "decision": "futility", "stage": stage + 1}
    return {"products": products, "decision": "continue", "stage": len(p_values)}
