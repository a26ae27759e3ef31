"""Average bioequivalence and non-inferiority: sample size and power."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from design.bioequivalence.designs import (
    DESIGNS,
    DesignName,
    StudyDesign,
    given_sizes,
    split,
)
from design.bioequivalence.search import smallest_balanced
from design.bioequivalence.tost import PowerMethod, log_sd, tost_power
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Power
from design.registry import calculator
from design.result import Outcome
from design.sizes import with_dropout

_LIMIT = 1_000_000
_FEW = 12  # EMA CPMP/EWP/QWP/1401/98 Rev. 1: not fewer evaluable subjects

Cv = Annotated[
    float,
    Field(
        ge=1e-6,
        le=10,
        description="Coefficient of variation as a ratio, 0.3 for 30%: within subjects, in a "
        "parallel design of all. 个体内变异系数",
    ),
]
Sd = Annotated[
    float,
    Field(
        ge=1e-9, le=1e9, description="Residual standard deviation on the raw scale. 原始尺度标准差"
    ),
]
Scale = Annotated[
    Literal["log", "raw"],
    Field(description="log: ratio of means after log transformation; raw: difference. 分析尺度"),
]
Theta0 = Annotated[
    float,
    Field(
        ge=-1e9,
        le=1e9,
        description="True ratio (log scale) or difference (raw scale). 真实比值或差值",
    ),
]
Lower = Annotated[
    float, Field(ge=-1e9, le=1e9, description="Lower margin; 0.8 or, on the raw scale, -0.2. 下界")
]
Upper = Annotated[
    float, Field(ge=-1e9, le=1e9, description="Upper margin; left out: 1/theta1 or -theta1. 上界")
]
Sequences = Annotated[
    list[Annotated[int, Field(ge=0, le=1_000_000)]],
    Field(
        max_length=6, description="Subjects of each sequence or group, for the power. 各序列例数"
    ),
]
Robust = Annotated[
    bool, Field(description="Degrees of freedom of intra-subject contrasts. 稳健自由度")
]


@dataclass(frozen=True, slots=True)
class _Aim:
    """Margins, truth and spread on the scale of the analysis."""

    lower: float
    upper: float
    difference: float
    sd: float


@calculator(
    reference="Schuirmann DJ. J Pharmacokinet Biopharm 1987;15:657-680; Owen DB. Biometrika "
    "1965;52:437-446; Phillips KF. J Pharmacokinet Biopharm 1990;18:137-144; Chow SC, Liu JP. "
    "Design and Analysis of Bioavailability and Bioequivalence Studies. 3rd ed. 2009, chapter 9 "
    "(replicate designs)",
    formula="power = Q(-t, d2; 0, R) - Q(t, d1; 0, R) (Owen's Q), d_i = (ln theta0 - ln theta_i) "
    "/ (s_w sqrt(b sum 1/n_i)), s_w^2 = ln(1 + CV^2), R = (d1 - d2) sqrt(df) / (2t)",
)
def be_tost(
    *,
    cv: Cv | None = None,
    sd: Sd | None = None,
    theta0: Theta0 | None = None,
    theta1: Lower | None = None,
    theta2: Upper | None = None,
    scale: Scale = "log",
    design: DesignName = "2x2",
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Count | None = None,
    n_sequences: Sequences | None = None,
    method: PowerMethod = "exact",
    robust: Robust = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects for average bioequivalence (or equivalence of means), or the power of a number.

    Give ``cv`` on the log scale, ``sd`` on the raw scale; ``power`` for the sample size, ``n`` or
    ``n_sequences`` for the power. Left out, ``theta0`` is 0.95 (raw: 0.05), ``theta1`` 0.8
    (raw: -0.2), ``theta2`` its reciprocal (raw: its negative).
    """
    spread = _spread(scale, cv, sd)
    truth = theta0 if theta0 is not None else (0.95 if scale == "log" else 0.05)
    low, high = _margins(scale, theta1, theta2)
    if not low < truth < high:
        raise BadDesign(
            f"theta0 = {truth:g} does not lie between the margins {low:g} and {high:g}: "
            "equivalence would be false; give a theta0 inside or wider margins",
            "theta0",
        )
    on = math.log if scale == "log" else float
    aim = _Aim(on(low), on(high), on(truth), spread)
    study = DESIGNS[design]
    solved = _solve(study, aim, alpha, power, (n, n_sequences), robust, method)
    variable = scale == "log" and cv is not None and cv >= 0.3 and low == 0.8
    # The CV of parallel groups is that between subjects: no replicate design can scale it.
    warned = ("highly_variable",) if variable and design != "parallel" else ()
    values = {"theta0": truth, "theta1": low, "theta2": high, "spread": cv or sd}
    said = ("beta_whole", f"by_{method}")
    return _told(study, solved, power is not None, scale, robust, dropout, said, values, warned)


@calculator(
    reference="Julious SA. Stat Med 2004;23:1921-1986, sections on non-inferiority; Chow SC, "
    "Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. 2008, chapter 10",
    formula="power = P(T > t_(1-alpha, df)), T noncentral t with (ln theta0 - ln margin) / "
    "(s_w sqrt(b sum 1/n_i)); the signs turn when margin > 1 (raw scale: > 0)",
)
def be_noninferiority(
    *,
    cv: Cv | None = None,
    sd: Sd | None = None,
    theta0: Theta0 | None = None,
    margin: Annotated[
        float,
        Field(description="Below 1 (raw: below 0): non-inferiority; above: non-superiority. 界值"),
    ]
    | None = None,
    scale: Scale = "log",
    design: DesignName = "2x2",
    alpha: Alpha = 0.025,
    power: Power | None = None,
    n: Count | None = None,
    n_sequences: Sequences | None = None,
    robust: Robust = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects for non-inferiority of a ratio (or difference) of means, or the power of a number.

    One test at one-sided ``alpha``. Left out, ``theta0`` is 0.95 (raw: -0.05) and ``margin`` 0.8
    (raw: -0.2).
    """
    spread = _spread(scale, cv, sd)
    truth = theta0 if theta0 is not None else (0.95 if scale == "log" else -0.05)
    bound = margin if margin is not None else (0.8 if scale == "log" else -0.2)
    on = _log_or_raw(scale, theta0=truth, margin=bound)
    zero = 1.0 if scale == "log" else 0.0
    if bound == zero:
        raise BadDesign(f"margin {bound:g} leaves no room: give one below or above it", "margin")
    higher_is_better = bound < zero
    if (truth <= bound) if higher_is_better else (truth >= bound):
        raise BadDesign(
            f"theta0 = {truth:g} lies beyond the margin {bound:g}: the test product would be "
            "inferior; give a theta0 on the good side of the margin",
            "theta0",
        )
    lower, upper = (on(bound), math.inf) if higher_is_better else (-math.inf, on(bound))
    aim = _Aim(lower, upper, on(truth), spread)
    study = DESIGNS[design]
    solved = _solve(study, aim, alpha, power, (n, n_sequences), robust)
    values = {"theta0": truth, "margin": bound, "spread": cv or sd}
    said = ("one_sided", "noninferiority" if higher_is_better else "nonsuperiority")
    return _told(study, solved, power is not None, scale, robust, dropout, said, values)


def _solve(
    study: StudyDesign,
    aim: _Aim,
    alpha: float,
    power: float | None,
    given: tuple[int | None, list[int] | None],
    robust: bool,
    method: str = "exact",
) -> tuple[tuple[int, ...], float]:
    """Subjects a sequence and the power they give."""
    if (power is None) == (given == (None, None)):
        raise BadDesign("give either power (for the sample size) or n (for the power)", "power")

    def power_of(sizes: tuple[int, ...]) -> float:
        se = aim.sd * math.sqrt(study.factor(sizes))
        df = study.df(sum(sizes), robust)
        return tost_power(alpha, aim.lower, aim.upper, aim.difference, se, df, method)

    if power is None:
        sizes = given_sizes(study, *given, robust)
        return sizes, power_of(sizes)
    step = study.groups
    total, reached = smallest_balanced(
        lambda k: power_of(split(k, step)), power, study.smallest, step, _LIMIT
    )
    return split(total, step), reached


def _told(
    study: StudyDesign,
    solved: tuple[tuple[int, ...], float],
    searched: bool,
    scale: str,
    robust: bool,
    dropout: float,
    said: tuple[str, ...],
    values: dict[str, Any],
    warned: tuple[str, ...] = (),
) -> Outcome:
    """The outcome of either method."""
    sizes, reached = solved
    n = sum(sizes)
    outputs: dict[str, Any] = {
        "n_total": n,
        "power_achieved" if searched else "power": reached,
        "n_per_sequence": list(sizes),
        "df": study.df(n, robust),
    }
    keys = [*said, f"{scale}_scale", *(("robust_df",) if robust else ())]
    if dropout:
        outputs |= _with_dropout(n, dropout, study.groups)
        keys.append("dropout_balanced")
    if searched:
        keys.append("balanced")
    elif len(set(sizes)) > 1:
        keys.append("unbalanced")
    few = ("few_subjects",) if n < _FEW else ()
    low = ("low_power",) if reached < 0.8 else ()
    spread = values["spread"]
    values = values | {
        "design_zh": study.zh,
        "design_en": study.name,
        "groups": study.groups,
        "sizes": "/".join(map(str, sizes)),
        "measure_zh": "CV" if scale == "log" else "标准差",
        "measure_en": "CV" if scale == "log" else "standard deviation",
        "spread": f"{spread * 100:.6g}%" if scale == "log" else f"{spread:.6g}",
    }
    kind = "size" if searched else "power"
    return Outcome(outputs, kind, tuple(keys), (*warned, *few, *low), values)


def _with_dropout(n: int, dropout: float, step: int) -> dict[str, int]:
    """Sizes with drop-out, rounded up to balanced sequences."""
    return {
        name: -(-size // step) * step for name, size in with_dropout("n_total", n, dropout).items()
    }


def _spread(scale: str, cv: float | None, sd: float | None) -> float:
    if scale == "log":
        if cv is None or sd is not None:
            raise BadDesign("give cv, and no sd, for an analysis on the log scale", "cv")
        return log_sd(cv)
    if sd is None or cv is not None:
        raise BadDesign("give sd, and no cv, for an analysis on the raw scale", "sd")
    return sd


def _margins(scale: str, theta1: float | None, theta2: float | None) -> tuple[float, float]:
    """Both margins, one made from the other where it is left out."""
    if scale == "log":
        for name, value in (("theta1", theta1), ("theta2", theta2)):
            if value is not None and not 1e-6 <= value <= 1e6:
                raise BadDesign(f"{name} = {value:g} is no ratio", name)
        low = theta1 if theta1 is not None else (1 / theta2 if theta2 is not None else 0.8)
        high = theta2 if theta2 is not None else 1 / low
    else:
        low = theta1 if theta1 is not None else (-theta2 if theta2 is not None else -0.2)
        high = theta2 if theta2 is not None else -low
    if low >= high:
        raise BadDesign(f"theta1 = {low:g} is not below theta2 = {high:g}", "theta1")
    return low, high


def _log_or_raw(scale: str, **ratios: float) -> Callable[[float], float]:
    if scale == "raw":
        return float
    for name, value in ratios.items():
        if not 1e-6 <= value <= 1e6:
            raise BadDesign(f"{name} = {value:g} is no ratio", name)
    return math.log
