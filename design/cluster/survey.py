"""Design effect, surveys of clusters, and conversions of the intracluster correlation."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.cluster.inputs import LARGEST, Clusters, Icc, Size, SizeCv, design_effect
from design.errors import BadDesign
from design.quantities import Dropout, Level, Probability
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up, with_dropout
from design.widths import allowed_error
from design.wording import shortest


@calculator(
    reference="Kish L. Survey Sampling. 1965; Donner A, Klar N. Design and Analysis of Cluster "
    "Randomization Trials. 2000; Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292-1300",
    formula="DE = 1 + ((1 + cv^2) m - 1) ICC, n = n_srs DE",
)
def cluster_design_effect(
    *,
    m: Size,
    icc: Icc,
    size_cv: SizeCv = 0.0,
    n_srs: Annotated[
        float, Field(gt=0, le=1e9, description="Persons without clustering. 不考虑聚集的例数")
    ]
    | None = None,
    n: Annotated[float, Field(gt=0, le=1e9, description="Persons in clusters. 实际例数")]
    | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Design effect, the persons needed with clustering, or how many a number is worth.

    With ``n_srs`` the inflated number and the clusters; with ``n`` the effective number.
    """
    if n_srs is not None and n is not None:
        raise BadDesign("give n_srs (to be inflated) or n (its effective size), not both", "n")
    effect = design_effect(m, icc, size_cv)
    outputs: dict[str, Any] = {"design_effect": effect}
    said = ("design_effect", *(("unequal_sizes",) if size_cv else ()))
    if n is not None:
        outputs["n_effective"] = n / effect
        return Outcome(outputs, "effective", said)
    if n_srs is None:
        return Outcome(outputs, "effect", said)
    raw = n_srs * effect
    outputs |= {"n": round_up(raw), "n_raw": raw, "n_total": round_up(raw)}
    outputs["clusters"] = round_up(outputs["n"] / m)
    if dropout:
        outputs |= with_dropout("n", outputs["n"], dropout)
    said += ("round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said)


@calculator(
    reference="Bennett S, Woods T, Liyanage WM, Smith DL. World Health Stat Q 1991;44:98-106; Levy "
    "PS, Lemeshow S. Sampling of Populations. 3rd ed. 1999; Cochran WG. Sampling Techniques. 3rd "
    "ed. 1977 (finite population)",
    formula="c = z^2 p(1-p) DE / (m d^2) (or SD^2 for p(1-p)), DE = 1 + ((1 + cv^2) m - 1) ICC; of "
    "N clusters: c / (1 + c/N)",
)
def cluster_survey(
    *,
    p: Probability | None = None,
    mean: Annotated[
        float, Field(ge=-1e9, le=1e9, description="Expected mean, for a relative error. 均值")
    ]
    | None = None,
    sd: Annotated[float, Field(ge=1e-9, le=1e9, description="SD of a person. 标准差")]
    | None = None,
    abs_error: Annotated[
        float, Field(ge=1e-9, le=1e9, description="Half width of the interval. 允许误差")
    ]
    | None = None,
    rel_error: Annotated[
        float,
        Field(ge=1e-9, le=1e9, description="Half the width as a share of p or the mean. 相对误差"),
    ]
    | None = None,
    icc: Icc,
    m: Size,
    size_cv: SizeCv = 0.0,
    population: Clusters | None = None,
    level: Level = 0.95,
) -> Outcome:
    """Clusters to sample for a prevalence (``p``) or a mean (``sd``) within an error.

    ``population`` is the number of clusters there are, when it is small.
    """
    if (p is None) == (sd is None):
        raise BadDesign("give either p (a prevalence) or sd (a mean)", "p")
    error = allowed_error(abs_error, rel_error)
    half = error.half_width(p if p is not None else mean)
    if half < 1e-12:
        raise BadDesign("the error is too small to calculate with", error.field)
    if p is not None and half >= min(p, 1 - p):
        raise BadDesign(
            f"p = {p:g} with an error of {half:g} reaches beyond 0 or 1; take a smaller error",
            error.field,
        )
    variance = p * (1 - p) if p is not None else (sd or 0) ** 2
    z = float(special.ndtri(0.5 + level / 2))
    effect = design_effect(m, icc, size_cv)
    persons = z * z * variance / half**2
    raw = persons * effect / m
    if population is not None:
        raw = raw / (1 + raw / population)
    if raw > LARGEST:
        raise BadDesign("more than a million clusters would be needed; allow a larger error")
    clusters = round_up(raw)
    outputs = {
        "clusters": clusters,
        "clusters_raw": raw,
        "n_total": round_up(clusters * m),
        "design_effect": effect,
        "n_srs": round_up(persons),
    }
    said = ["design_effect", error.convention]
    if size_cv:
        said.append("unequal_sizes")
    if population is not None:
        said.append("finite_population")
    values = {
        "error": shortest(error.value),
        "what_zh": f"患病率 {p * 100:.6g}%" if p is not None else f"标准差 {sd:.6g}",
        "what_en": f"prevalence {p * 100:.6g}%" if p is not None else f"SD {sd:.6g}",
    }
    few = ("few_survey_clusters",) if clusters < 25 else ()
    return Outcome(outputs, "size", (*said, "round_up_clusters"), few, values)


@calculator(
    reference="Hayes RJ, Moulton LH. Cluster Randomised Trials. 2nd ed. 2017, chapter 2; Donner A, "
    "Klar N. 2000; Eldridge SM, Ukoumunne OC, Carlin JB. Int Stat Rev 2009;77:378-394",
    formula="ICC = s_b^2 / (s_b^2 + s_w^2); k = s_b / mean; proportions: ICC = k^2 p / (1 - p); "
    "logistic scale: s_w^2 = pi^2/3; design effect: ICC = (DE - 1) / (m - 1)",
)
def cluster_icc(
    *,
    between: Annotated[
        float, Field(ge=0, le=1e9, description="Variance between clusters. 群间方差")
    ]
    | None = None,
    within: Annotated[
        float, Field(ge=1e-9, le=1e9, description="Variance within clusters. 群内方差")
    ]
    | None = None,
    k: Annotated[
        float, Field(ge=0, le=10, description="CV between clusters, SD over mean. 群间变异系数")
    ]
    | None = None,
    p: Probability | None = None,
    mean: Annotated[float, Field(ge=1e-9, le=1e9, description="Mean of the outcome. 均值")]
    | None = None,
    effect: Annotated[float, Field(ge=1, le=1e9, description="Design effect. 设计效应")]
    | None = None,
    m: Size | None = None,
) -> Outcome:
    """Intracluster correlation from variances, from the CV k of a proportion, or a design effect.

    ``between`` alone is taken as the variance of a logistic mixed model.
    """
    if sum(x is not None for x in (between, k, effect)) != 1:
        raise BadDesign("give exactly one of between (variance), k (with p) and effect (with m)")
    outputs: dict[str, Any] = {}
    if between is not None:
        spread = within if within is not None else math.pi**2 / 3
        outputs["icc"] = between / (between + spread)
        said = "from_variances" if within is not None else "logistic_scale"
        if mean is not None:
            outputs["k"] = math.sqrt(between) / mean
    elif k is not None:
        if p is None:
            raise BadDesign("k needs p: the two give the variance between clusters", "p")
        outputs["icc"] = k * k * p / (1 - p)
        said = "from_k"
        if outputs["icc"] >= 1:
            raise BadDesign(f"k = {k:g} is too large for a proportion of {p:g}", "k")
    else:
        assert effect is not None
        if m is None or m <= 1:
            raise BadDesign("effect needs m, the persons a cluster, above 1", "m")
        outputs["icc"] = (effect - 1) / (m - 1)
        said = "from_effect"
        if outputs["icc"] >= 1:
            raise BadDesign(f"a design effect of {effect:g} is not below m = {m:g}", "effect")
    if p is not None and "k" not in outputs and said != "logistic_scale":
        outputs["k"] = math.sqrt(outputs["icc"] * (1 - p) / p)
    if m is not None:
        outputs["design_effect"] = design_effect(m, outputs["icc"])
    return Outcome(outputs, "value", (said,))
