"""Analysis of variance of independent groups: sample size and power of an F test."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.means.inputs import refuse_given
from design.means.phrases import dropout_phrase, warnings_for
from design.means.types import Size, Spread, TotalSize
from design.quantities import Alpha, Dropout, Power
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, round_up, with_dropout
from design.solving import smallest_size

Groups = Annotated[
    int, Field(ge=2, le=1000, description="Groups (cells of a factorial design). 组数")
]
EffectF = Annotated[
    float,
    Field(
        ge=1e-6, le=1e3, description="Cohen's f: SD of the group means / SD within groups. 效应量 f"
    ),
]
Means = Annotated[
    list[Annotated[float, Field(ge=-1e9, le=1e9)]],
    Field(min_length=2, max_length=1000, description="Expected means of the groups. 各组均数"),
]
Variance = Annotated[float, Field(ge=1e-12, le=1e12, description="Variance. 方差")]
NumeratorDf = Annotated[
    int,
    Field(
        ge=1,
        le=999,
        description="Degrees of freedom of the effect. Unset: groups - 1 (one-way). For a main "
        "effect, levels - 1; for an interaction, the product of these. 效应自由度",
    ),
]


@calculator(
    reference="Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, "
    "chapter 8; Chow SC, Shao J, Wang H. 2nd ed. 2008, section 3.4.2",
    formula="P(F_(u, N-k) > F_alpha | noncentrality f^2 N) = power; f^2 = variance of the k group "
    "means (divisor k) / sd^2; u = k - 1 one-way",
)
def anova(
    *,
    groups: Groups | None = None,
    f: EffectF | None = None,
    means: Means | None = None,
    sd: Spread | None = None,
    between_variance: Variance | None = None,
    within_variance: Variance | None = None,
    numerator_df: NumeratorDf | None = None,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n_per_group: Size | None = None,
    n_total: TotalSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients per group for the F test of an analysis of variance, or its power.

    The effect is ``f``, or the group ``means`` with the ``sd`` within groups, or the
    ``between_variance`` of the means (divisor k - 1) with the ``within_variance``. Groups are of
    equal size. Give ``power``, or ``n_per_group`` or ``n_total`` for the power.
    """
    count = _groups(groups, means)
    effect = _effect(count, f, means, sd, between_variance, within_variance)
    df = numerator_df or count - 1
    if df > count - 1:
        raise BadDesign(
            f"{count} groups leave at most {count - 1} degrees of freedom", "numerator_df"
        )
    power_or_size(power, n_per_group=n_per_group, n_total=n_total)

    def power_of(each: float) -> float:
        return anova_power(effect, df, count, each * count, alpha)

    shared = {"f": effect}
    said: dict[str, Any] = {"groups": count, "numerator_df": df}
    kind = "factorial" if df < count - 1 else "oneway"
    if power is None:
        each = n_per_group if n_per_group is not None else (n_total or 0) / count
        if each * count < count + 1:
            raise BadDesign(f"{count} groups need more than {count} patients in all", "n_per_group")
        found = power_of(each)
        warned = warnings_for(level=alpha / 2, power=found)
        return Outcome(
            {"power": found, **shared},
            f"power_{kind}",
            ("omnibus", "f_test", "equal_groups"),
            warned,
            {**said, "n_total": n_total or each * count},
        )
    raw = smallest_size(power_of, power, low=1 + 1 / count, field="f")
    outputs = _sizes(raw, count, dropout)
    outputs |= {"power_achieved": power_of(outputs["n_per_group"]), **shared}
    keys = ("omnibus", "f_test", "equal_groups", "round_up", *(("dropout",) if dropout else ()))
    said |= dropout_phrase(outputs, dropout, "n_total")
    return Outcome(outputs, f"size_{kind}", keys, warnings_for(level=alpha / 2, power=power), said)


def anova_power(f: float, df: int, groups: int, n_total: float, alpha: float) -> float:
    """Power of the F test of an effect with ``df`` degrees of freedom."""
    within = n_total - groups
    critical = special.fdtri(df, within, 1 - alpha)
    return float(1 - special.ncfdtr(df, within, f**2 * n_total, critical))


def _sizes(raw: float, groups: int, dropout: float) -> dict[str, Any]:
    each = round_up(raw)
    outputs: dict[str, Any] = {
        "n_per_group": each,
        "n_per_group_raw": raw,
        "n_total": each * groups,
        "n_total_raw": raw * groups,
    }
    if dropout:
        outputs |= with_dropout("n_per_group", each, dropout)
        for suffix in ("with_dropout", "dropout_added"):
            outputs[f"n_total_{suffix}"] = groups * outputs[f"n_per_group_{suffix}"]
    return outputs


def _groups(groups: int | None, means: list[float] | None) -> int:
    if means is not None:
        if groups is not None and groups != len(means):
            raise BadDesign(f"{len(means)} means are given for {groups} groups", "means")
        return len(means)
    if groups is None:
        raise BadDesign("give the number of groups, or their means", "groups")
    return groups


def _effect(
    groups: int,
    f: float | None,
    means: list[float] | None,
    sd: float | None,
    between: float | None,
    within: float | None,
) -> float:
    others = {"means": means, "sd": sd, "between_variance": between, "within_variance": within}
    if f is not None:
        refuse_given("f already says the effect", others)
        return f
    if means is not None:
        refuse_given("the means say the effect", {k: others[k] for k in list(others)[2:]})
        if sd is None:
            raise BadDesign("means need sd, the standard deviation within groups", "sd")
        middle = sum(means) / groups
        effect = (sum((mean - middle) ** 2 for mean in means) / groups) ** 0.5 / sd
        if effect == 0:
            raise BadDesign("all means are equal: there is nothing to detect", "means")
        return float(effect)
    if between is None or within is None:
        raise BadDesign("give f, or means with sd, or between_variance with within_variance", "f")
    return float(((groups - 1) / groups * between / within) ** 0.5)
