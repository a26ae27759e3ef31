"""Variability of earlier studies: conversions, from a confidence interval, pooled, its limits."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.bioequivalence.average import Cv, Robust, Sequences
from design.bioequivalence.designs import DESIGNS, DesignName, given_sizes
from design.bioequivalence.tost import cv_of, log_sd
from design.errors import BadDesign
from design.quantities import Count, Positive
from design.registry import calculator
from design.result import Outcome

Df = Annotated[float, Field(gt=0, le=1e7, description="Degrees of freedom of the residual. 自由度")]
OneSidedAlpha = Annotated[
    float,
    Field(gt=0, lt=0.5, description="Error of one limit: 0.2 for a one-sided 80% limit. 单侧 α"),
]


@calculator(
    reference="Julious SA. Sample Sizes for Clinical Trials. 2010, chapter 1; Diletti E, "
    "Hauschke D, Steinijans VW. Int J Clin Pharmacol Ther Toxicol 1991;29:1-8",
    formula="mse = ln(1 + CV^2), sd = sqrt(mse)",
)
def be_cv(
    *,
    cv: Cv | None = None,
    mse: Annotated[
        float,
        Field(gt=0, le=50, description="Residual variance on the log scale. 对数尺度均方误差"),
    ]
    | None = None,
    sd: Annotated[
        float, Field(gt=0, le=7, description="Residual SD on the log scale. 对数尺度标准差")
    ]
    | None = None,
) -> Outcome:
    """CV, mean squared error and SD on the log scale, from one of them."""
    if sum(value is not None for value in (cv, mse, sd)) != 1:
        raise BadDesign("give exactly one of cv, mse and sd", "cv")
    if cv is not None:
        variance = math.log1p(cv * cv)
    elif mse is not None:
        variance = mse
    else:
        assert sd is not None
        variance = sd * sd
    outputs = {"cv": cv_of(variance), "mse": variance, "sd": math.sqrt(variance)}
    return Outcome(outputs, "value", ("log_normal",), values=outputs)


@calculator(
    reference="Schütz H, Labes D, in PowerTOST (function CVfromCI); the algebra of the interval "
    "of two one-sided tests, Schuirmann DJ 1987",
    formula="s_w = (ln upper - ln pe) / (t_(1-alpha, df) sqrt(b sum 1/n_i)), CV = sqrt(exp(s_w^2) "
    "- 1)",
)
def be_cv_from_ci(
    *,
    lower: Annotated[float, Field(gt=0, description="Lower limit of the interval of the ratio.")],
    upper: Annotated[float, Field(gt=0, description="Upper limit of the interval of the ratio.")],
    pe: Annotated[float, Field(gt=0, description="Point estimate of the ratio. 点估计")]
    | None = None,
    n: Count | None = None,
    n_sequences: Sequences | None = None,
    design: DesignName = "2x2",
    alpha: OneSidedAlpha = 0.05,
    robust: Robust = False,
) -> Outcome:
    """CV of a study of which only the confidence interval was published.

    ``alpha`` is 0.05 for a 90% interval. Without ``pe`` it is the geometric mean of the limits.
    """
    middle = pe if pe is not None else math.sqrt(lower * upper)
    if not lower < middle < upper:
        raise BadDesign(
            f"the point estimate {middle:g} does not lie between {lower:g} and {upper:g}", "lower"
        )
    study = DESIGNS[design]
    sizes = given_sizes(study, n, n_sequences, robust)
    t = float(special.stdtrit(study.df(sum(sizes), robust), 1 - alpha))
    halves = (math.log(middle / lower), math.log(upper / middle))
    if max(halves) > 1.2 * min(halves):
        raise BadDesign(
            "the point estimate does not lie in the middle of the interval on the log scale; "
            "check pe, lower and upper",
            "pe",
        )
    half = sum(halves) / 2
    cv = cv_of((half / t) ** 2 / study.factor(sizes))
    values = {
        "n": sum(sizes),
        "design_zh": study.zh,
        "design_en": study.name,
        "level": 1 - 2 * alpha,
    }
    outputs = {"cv": cv, "pe": middle}
    said = ("log_normal", *(("robust_df",) if robust else ()))
    return Outcome(outputs, "value", said, values=values)


@calculator(
    reference="Patterson S, Jones B. Bioequivalence and Statistics in Clinical Pharmacology. "
    "2nd ed. 2017, section 5.7",
    formula="CV = sqrt(exp(sum df_i ln(1 + CV_i^2) / sum df_i) - 1), upper limit as for one CV",
)
def be_cv_pooled(
    *,
    cv: Annotated[
        list[Cv], Field(min_length=1, max_length=1000, description="CV of each study. 各研究的 CV")
    ],
    df: Annotated[
        list[Df],
        Field(max_length=1000, description="Degrees of freedom of each study. 各研究的自由度"),
    ]
    | None = None,
    n: Annotated[
        list[Count], Field(max_length=1000, description="Subjects of each study. 各研究的例数")
    ]
    | None = None,
    designs: Annotated[
        list[DesignName],
        Field(max_length=1000, description="Design of each study; left out: 2x2. 各研究的设计"),
    ]
    | None = None,
    alpha: OneSidedAlpha = 0.2,
    robust: Robust = False,
) -> Outcome:
    """CV of several studies together, with its upper confidence limit.

    Give ``df``, or ``n`` and the ``designs``.
    """
    if (df is None) == (n is None):
        raise BadDesign("give either df or n (with designs)", "df")
    if df is None:
        assert n is not None
        named = designs or ["2x2"] * len(cv)
        if not len(cv) == len(n) == len(named):
            raise BadDesign("cv, n and designs must have one number a study", "n")
        df = [float(DESIGNS[name].df(size, robust)) for name, size in zip(named, n, strict=True)]
        if min(df) < 1:
            raise BadDesign("a study has too few subjects for a degree of freedom", "n")
    if len(df) != len(cv):
        raise BadDesign("cv and df must have one number a study", "df")
    total = sum(df)
    pooled = sum(f * log_sd(c) ** 2 for f, c in zip(df, cv, strict=True)) / total
    outputs = {"cv": cv_of(pooled), "df": total, "upper": _limit(pooled, total, alpha)}
    values = {
        "studies": len(cv),
        "cvs": cv,
        "level": 1 - alpha,
    }
    return Outcome(outputs, "value", ("log_normal", "cv_limit"), values=values)


@calculator(
    reference="Julious SA. Sample Sizes for Clinical Trials. 2010, section 3.3; chi-squared "
    "distribution of the sample variance",
    formula="upper = sqrt(exp(df ln(1 + CV^2) / chi2_(alpha, df)) - 1)",
)
def be_cv_limits(
    *,
    cv: Cv,
    df: Df | None = None,
    n: Count | None = None,
    design: DesignName = "2x2",
    side: Annotated[
        Literal["upper", "lower", "both"], Field(description="Which limit. 上限、下限或双侧")
    ] = "upper",
    alpha: Positive = 0.2,
) -> Outcome:
    """Confidence limits of a CV that was estimated with ``df`` degrees of freedom.

    ``alpha`` is the error in all, half of it on each side with ``side`` both.
    """
    if alpha >= 1:
        raise BadDesign(f"alpha = {alpha:g} is not below 1", "alpha")
    if (df is None) == (n is None):
        raise BadDesign("give either df or n (with the design)", "df")
    if df is None:
        assert n is not None
        df = float(DESIGNS[design].df(n))
        if df < 1:
            raise BadDesign(f"{n} subjects leave no degree of freedom in {design}", "n")
    variance = log_sd(cv) ** 2
    each = alpha / 2 if side == "both" else alpha
    outputs = {}
    if side != "upper":
        outputs["lower"] = _limit(variance, df, 1 - each)
    if side != "lower":
        outputs["upper"] = _limit(variance, df, each)
    outputs["df_used"] = df
    values = {"level": 1 - alpha}
    return Outcome(outputs, side, ("log_normal", "cv_limit"), values=values)


def _limit(variance: float, df: float, below: float) -> float:
    """CV of df s^2 over the quantile of the chi-squared distribution with ``below`` under it."""
    quantile = 2 * float(special.gammaincinv(df / 2, below))
    if quantile <= 0:
        raise BadDesign("too few degrees of freedom for a limit of this level", "df")
    return cv_of(df * variance / quantile)
