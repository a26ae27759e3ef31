"""From diseased and healthy persons to all who must be enrolled."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from design.errors import BadDesign
from design.sizes import round_up, with_dropout

Prevalence = Annotated[
    float,
    Field(
        ge=1e-9,
        lt=1,
        description="Share of diseased among those enrolled one after another; left out: "
        "diseased and healthy are enrolled separately. 患病率",
    ),
]
Sensitivity = Annotated[float, Field(ge=1e-6, lt=1, description="Expected sensitivity. 预期灵敏度")]
Specificity = Annotated[float, Field(ge=1e-6, lt=1, description="Expected specificity. 预期特异度")]
LARGEST = 100_000_000


def enrolled(
    diseased: float | None, healthy: float | None, prevalence: float | None, dropout: float
) -> dict[str, Any]:
    """Outputs of a study that needs so many diseased and healthy persons, not yet rounded.

    With a prevalence, the unrounded numbers are divided by it (Buderer 1996), and the larger
    total counts. Without, both groups are rounded up and added.
    """
    outputs: dict[str, Any] = {}
    totals = {}
    shares = {
        "diseased": prevalence,
        "healthy": None if prevalence is None else 1 - prevalence,
    }
    for name, raw in (("diseased", diseased), ("healthy", healthy)):
        if raw is None:
            continue
        share = shares[name]
        if raw / (share or 1) > LARGEST:
            raise BadDesign(
                "more than 100 million persons would be needed; allow a wider interval or a "
                "larger difference"
            )
        outputs |= {f"n_{name}": round_up(raw), f"n_{name}_raw": raw}
        totals[name] = outputs[f"n_{name}"] if share is None else round_up(raw / share)
        if share is not None:
            outputs[f"n_total_{name}"] = totals[name]
    outputs["n_total"] = sum(totals.values()) if prevalence is None else max(totals.values())
    if dropout:
        outputs |= with_dropout("n_total", outputs["n_total"], dropout)
    return outputs


def parts(outputs: dict[str, Any]) -> dict[str, str]:
    """The groups in words, for the sentences."""
    zh, en = [], []
    if "n_diseased" in outputs:
        zh.append(f"患者 {outputs['n_diseased']} 例")
        en.append(f"{outputs['n_diseased']} diseased")
    if "n_healthy" in outputs:
        zh.append(f"非患者 {outputs['n_healthy']} 例")
        en.append(f"{outputs['n_healthy']} healthy")
    return {"groups_zh": "、".join(zh), "groups_en": " and ".join(en)}
