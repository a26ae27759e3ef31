"""Cluster randomised trials of two arms: means, proportions, rates."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from design.cluster.comparison import Comparison, Correction, Matched, solved
from design.cluster.inputs import Icc, Size, SizeCv
from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome

K = Annotated[
    float,
    Field(
        ge=0,
        le=10,
        description="CV of the true values between clusters (within pairs, if matched), instead "
        "of icc. 群间变异系数 k",
    ),
]
Rate = Annotated[
    float,
    Field(
        ge=1e-9,
        le=1e6,
        description="Events a person-time; rate1 of the treatment arm. 每单位人时发生率",
    ),
]
Mean = Annotated[
    float, Field(ge=-1e9, le=1e9, description="Mean of an arm; mean1: treatment. 均值")
]
ArmClusters = Annotated[
    int, Field(ge=1, le=1_000_000, description="Clusters of each arm. 每组群数")
]
_REFERENCE = (
    "Donner A, Klar N. Design and Analysis of Cluster Randomization Trials in Health Research. "
    "2000, chapter 5; Hayes RJ, Bennett S. Int J Epidemiol 1999;28:319-326; Eldridge SM, Ashby D, "
    "Kerry S. Int J Epidemiol 2006;35:1292-1300 (unequal sizes)"
)
_FEW_CLUSTERS = 4


@calculator(
    reference=_REFERENCE,
    formula="c = (t_a + t_b)^2 2 SD^2 DE / (m d^2) an arm, DE = 1 + ((1 + cv^2) m - 1) ICC; with "
    "k: (z_a + z_b)^2 (2 SD^2/m + k^2 (mean1^2 + mean2^2)) / d^2 (+ 1)",
)
def cluster_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Annotated[
        float, Field(ge=-1e9, le=1e9, description="mean1 - mean2, instead of the means. 均值差")
    ]
    | None = None,
    sd: Annotated[float, Field(ge=1e-9, le=1e9, description="SD of a person. 标准差")],
    icc: Icc | None = None,
    k: K | None = None,
    m: Size | None = None,
    size_cv: SizeCv = 0.0,
    clusters: ArmClusters | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    correction: Correction = "t",
    matched: Matched = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Clusters an arm for a difference of means, their size, or the power.

    Give two of ``power``, ``clusters`` (an arm) and ``m``. ``sd`` is that of all persons with
    ``icc``, that within clusters with ``k``.
    """
    if (difference is None) == (mean1 is None or mean2 is None):
        raise BadDesign("give either difference or both mean1 and mean2", "difference")
    if difference is None:
        assert mean1 is not None and mean2 is not None
        difference = mean1 - mean2
    if k is not None and (mean1 is None or mean2 is None):
        raise BadDesign("k is relative to the means: give mean1 and mean2", "k")
    _one_spread(icc, k)
    within, between = _variances(2 * sd**2, icc, size_cv)
    if k is not None:
        assert mean1 is not None and mean2 is not None
        within, between = 2 * sd**2, k**2 * (1 + size_cv**2) * (mean1**2 + mean2**2)
    what = {
        "what_zh": f"均值差 {abs(difference):.6g}、标准差 {sd:.6g}",
        "what_en": f"Difference {abs(difference):.6g}, SD {sd:.6g}",
    }
    compared = _comparison(difference, within, between, alpha, sides, correction, matched)
    return _told(compared, what, (power, clusters, m), dropout, sides, icc, k, size_cv)


@calculator(
    reference=_REFERENCE,
    formula="c = (t_a + t_b)^2 (p1 q1 + p2 q2) DE / (m (p1 - p2)^2) an arm; with k: (z_a + z_b)^2 "
    "((p1 q1 + p2 q2)/m + k^2 (p1^2 + p2^2)) / (p1 - p2)^2 (+ 1)",
)
def cluster_proportions(
    *,
    p1: Probability,
    p2: Probability,
    icc: Icc | None = None,
    k: K | None = None,
    m: Size | None = None,
    size_cv: SizeCv = 0.0,
    clusters: ArmClusters | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    correction: Correction = "t",
    matched: Matched = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Clusters an arm for a difference of proportions, their size, or the power.

    Give two of ``power``, ``clusters`` (an arm) and ``m``.
    """
    _one_spread(icc, k)
    variance = p1 * (1 - p1) + p2 * (1 - p2)
    within, between = _variances(variance, icc, size_cv)
    if k is not None:
        within, between = variance, k**2 * (1 + size_cv**2) * (p1**2 + p2**2)
    what = {
        "what_zh": f"两组率 {p1 * 100:.6g}% 与 {p2 * 100:.6g}%",
        "what_en": f"Proportions {p1 * 100:.6g}% and {p2 * 100:.6g}%",
    }
    compared = _comparison(p1 - p2, within, between, alpha, sides, correction, matched)
    return _told(compared, what, (power, clusters, m), dropout, sides, icc, k, size_cv)


@calculator(
    reference="Hayes RJ, Bennett S. Int J Epidemiol 1999;28:319-326; Hayes RJ, Moulton LH. Cluster "
    "Randomised Trials. 2nd ed. 2017, chapter 7",
    formula="c = (z_a + z_b)^2 ((rate1 + rate2)/y + k^2 (rate1^2 + rate2^2)) / (rate1 - rate2)^2 "
    "an arm (+ 1; + 2 pairs, if matched; or by noncentral t)",
)
def cluster_rates(
    *,
    rate1: Rate,
    rate2: Rate,
    k: K,
    person_time: Annotated[
        float, Field(ge=1e-6, le=1e9, description="Person-time a cluster. 每群人时")
    ]
    | None = None,
    clusters: ArmClusters | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    correction: Correction = "plus_one",
    matched: Matched = False,
) -> Outcome:
    """Clusters an arm for a difference of rates, their person-time, or the power.

    Give two of ``power``, ``clusters`` (an arm) and ``person_time``.
    """
    what = {
        "what_zh": f"两组发生率 {rate1:.6g} 与 {rate2:.6g}（每单位人时）",
        "what_en": f"Rates {rate1:.6g} and {rate2:.6g} a unit of person-time",
    }
    between = k**2 * (rate1**2 + rate2**2)
    compared = _comparison(rate1 - rate2, rate1 + rate2, between, alpha, sides, correction, matched)
    given = (power, clusters, person_time)
    outcome = _told(compared, what, given, 0.0, sides, None, k, 0.0, "人时", "person-time")
    outputs = dict(outcome.outputs)
    outputs["person_time_total"] = outputs.pop("n_total")
    outputs["person_time_per_arm"] = outputs.pop("n_per_arm")
    if "m" in outputs:
        outputs["person_time"] = outputs.pop("m")
        del outputs["m_raw"]
    return Outcome(outputs, outcome.sentence, outcome.conventions, outcome.warnings, outcome.values)


def _one_spread(icc: float | None, k: float | None) -> None:
    if (icc is None) == (k is None):
        raise BadDesign("give either icc or k, the spread between clusters", "icc")


def _variances(total: float, icc: float | None, size_cv: float) -> tuple[float, float]:
    """Within and between clusters, so that their sum over m is ``total`` times DE / m."""
    shared = icc or 0.0
    return total * (1 - shared), total * shared * (1 + size_cv**2)


def _comparison(
    difference: float,
    within: float,
    between: float,
    alpha: float,
    sides: int,
    correction: str,
    matched: bool,
) -> Comparison:
    if abs(difference) < 1e-12:
        raise BadDesign("both arms are equal: there is no difference to detect")
    return Comparison(abs(difference), within, between, alpha / sides, correction, matched)


def _told(
    compared: Comparison,
    what: dict[str, str],
    given: tuple[float | None, int | None, float | None],
    dropout: float,
    sides: int,
    icc: float | None,
    k: float | None,
    size_cv: float,
    unit_zh: str = "例",
    unit_en: str = "persons",
) -> Outcome:
    power, clusters, size = given
    kind, outputs = solved(compared, power, clusters, size, dropout, unit_en == "persons")
    if size is None:
        size = float(outputs["m"])
    if icc is not None:
        outputs["design_effect"] = 1 + ((1 + size_cv**2) * size - 1) * icc
    said = [
        sides_key(sides),
        f"correction_{compared.correction}",
        *(("matched",) if compared.matched else ()),
        *(("unequal_sizes",) if size_cv else ()),
        *(("dropout",) if dropout and kind != "power" else ()),
    ]
    if kind == "clusters":
        said.append("round_up_clusters")
    few = ("few_clusters",) if outputs["clusters_per_arm"] < _FEW_CLUSTERS else ()
    values: dict[str, Any] = {
        **what,
        "spread": f"ICC {icc:.6g}" if icc is not None else f"k {k:.6g}",
        "each": f"{size:.6g}",
        "unit_zh": unit_zh,
        "unit_en": unit_en,
        "all_units": f"{outputs['n_total']:.10g}",
    }
    return Outcome(outputs, kind, tuple(said), few, values)
