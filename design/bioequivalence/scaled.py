"""Reference-scaled bioequivalence: limits, and power and sample size by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import special

from design.bioequivalence.average import Cv
from design.bioequivalence.designs import DESIGNS, given_sizes, split
from design.bioequivalence.replicate import Simulated, Truth, simulate
from design.bioequivalence.search import smallest_balanced
from design.bioequivalence.tost import log_sd
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Power
from design.registry import calculator
from design.result import Outcome
from design.sizes import with_dropout

_LIMIT = 1000
_ROUGH = 100_000  # studies that find about how many subjects are needed
_LN125 = math.log(1.25)
_SWITCH = 0.294  # s_wR from which FDA and NMPA scale, CV of 30%
_RATIO = 2.5  # upper limit of s_wT / s_wR for narrow therapeutic index drugs
_NARROW = -math.log(0.9) / 0.1


@dataclass(frozen=True, slots=True)
class _Rules:
    """How an agency scales: the constant, the largest CV it scales by, and the analysis."""

    constant: float
    cap: float
    analysis: str

    @property
    def expands(self) -> bool:
        """Whether limits are expanded (ABEL), not a criterion linearised (RSABE)."""
        return math.isfinite(self.cap)


_RULES = {
    "EMA": _Rules(0.76, 0.5, "anova"),
    "HC": _Rules(0.76, 0.57382, "contrasts"),
    "FDA": _Rules(_LN125 / 0.25, math.inf, "contrasts"),
    "NMPA": _Rules(_LN125 / 0.25, math.inf, "contrasts"),
}

Regulator = Annotated[
    Literal["EMA", "HC", "FDA", "NMPA"],
    Field(description="EMA, HC: expanded limits (ABEL); FDA, NMPA: RSABE. 监管机构"),
]
Drug = Annotated[
    Literal["highly_variable", "narrow_therapeutic_index"],
    Field(description="Kind of drug. 高变异药物或窄治疗指数药物"),
]
ReplicateDesign = Annotated[
    Literal["2x2x3", "2x2x4", "2x3x3"],
    Field(description="2x2x3: TRT|RTR, 2x2x4: TRTR|RTRT, 2x3x3: TRR|RTR|RRT. 重复交叉设计"),
]


@calculator(
    reference="EMA CPMP/EWP/QWP/1401/98 Rev. 1 (2010), section 4.1.10; FDA Draft Guidance on "
    "Progesterone (2011) and on Warfarin Sodium (2012); NMPA 高变异药物生物等效性研究技术指导原则 "
    "(2018), 窄治疗指数药物生物等效性研究技术指导原则 (2020); Health Canada (2016)",
    formula="exp(-/+ k s_wR), s_wR = sqrt(ln(1 + CV_wR^2)); k = 0.760 (EMA to CV 50%, HC to "
    "57.4%), ln(1.25)/0.25 (FDA, NMPA), ln(1/0.9)/0.1 (narrow therapeutic index, within 0.8-1.25)",
)
def be_scaled_limits(
    *, cv_wr: Cv, regulator: Regulator = "EMA", drug: Drug = "highly_variable"
) -> Outcome:
    """Acceptance limits of a drug by the within-subject CV of the reference.

    For FDA and NMPA these are the limits the scaled criterion implies; the decision is taken on
    the upper confidence bound of the criterion.
    """
    spread = log_sd(cv_wr)
    said: tuple[str, ...]
    if drug == "narrow_therapeutic_index":
        if regulator in {"EMA", "HC"}:
            lower, upper = 0.9, 1.12 if regulator == "HC" else 1 / 0.9
            said = ("narrow_fixed",)
        else:
            width = min(_NARROW * spread, _LN125)
            lower, upper = math.exp(-width), math.exp(width)
            said = ("narrow_scaled", "implied")
    else:
        rules = _RULES[regulator]
        scaled = cv_wr > 0.3 if rules.expands else spread >= _SWITCH
        largest = log_sd(rules.cap) if rules.expands else math.inf
        width = rules.constant * min(spread, largest) if scaled else _LN125
        lower, upper = math.exp(-width), math.exp(width)
        kind = "expanded" if rules.expands else "implied"
        said = (kind, "pe_constraint") if scaled else ("not_scaled",)
    said += {"HC": ("auc_only",), "EMA": ("cmax",)}.get(regulator, ())
    outputs = {"lower": lower, "upper": upper, "s_wr": spread}
    return Outcome(outputs, "limits", said)


@calculator(
    reference="Tóthfalusi L, Endrényi L. J Pharm Pharm Sci 2012;15:73-84; Howe WG. J Am Stat Assoc "
    "1974;69:789-794 (bound of the linearised criterion); EMA CPMP/EWP/QWP/1401/98 Rev. 1; FDA "
    "Draft Guidance on Progesterone and on Warfarin Sodium; NMPA "
    "高变异药物生物等效性研究技术指导原则, 窄治疗指数药物生物等效性研究技术指导原则",
    formula="ABEL: 90% interval within exp(-/+ 0.76 s_wR) and estimate within 0.8-1.25; RSABE: "
    "upper bound of (mT - mR)^2 - theta s_wR^2 <= 0; power = share of simulated studies that pass",
)
def be_scaled(
    *,
    cv_wr: Cv,
    cv_wt: Cv | None = None,
    theta0: Annotated[float, Field(gt=0.01, lt=100, description="True ratio. 真实比值")]
    | None = None,
    design: ReplicateDesign = "2x2x4",
    regulator: Regulator = "NMPA",
    drug: Drug = "highly_variable",
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Count | None = None,
    n_sequences: Annotated[
        list[Annotated[int, Field(ge=0, le=100_000)]],
        Field(max_length=6, description="Subjects of each sequence, for the power. 各序列例数"),
    ]
    | None = None,
    simulations: Annotated[
        int, Field(ge=1000, le=1_000_000, description="Studies to simulate. 模拟次数")
    ] = 100_000,
    seed: Annotated[
        int, Field(ge=0, le=2**63 - 1, description="Of the random numbers. 随机种子")
    ] = (123456),
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects for reference-scaled bioequivalence, or the power of a number, by simulation.

    ``cv_wt`` is that of the test product, left out the same as ``cv_wr``; ``theta0`` is 0.90,
    0.975 for narrow therapeutic index drugs.
    """
    narrow = drug == "narrow_therapeutic_index"
    if narrow and regulator in {"EMA", "HC"}:
        raise BadDesign(
            f"{regulator} does not scale narrow therapeutic index drugs: use be_tost with "
            "theta1 0.9",
            "regulator",
        )
    if narrow and design == "2x3x3":
        raise BadDesign(
            "the variances of both products are compared, which design 2x3x3 cannot: use 2x2x4",
            "design",
        )
    if (power is None) == (n is None and n_sequences is None):
        raise BadDesign("give either power (for the sample size) or n (for the power)", "power")
    truth_ratio = theta0 if theta0 is not None else (0.975 if narrow else 0.9)
    cv_test = cv_wt if cv_wt is not None else cv_wr
    truth = Truth(math.log(truth_ratio), log_sd(cv_test) ** 2, log_sd(cv_wr) ** 2)
    analysis = _RULES[regulator].analysis

    def shares(sizes: tuple[int, ...], many: int = simulations) -> dict[str, float]:
        studies = simulate(design, sizes, truth, analysis, many, seed)
        return _shares(studies, regulator, narrow, alpha)

    study = DESIGNS[design]
    if power is None:
        sizes = given_sizes(study, n, n_sequences)
        if min(sizes) < 3 or sum(sizes) > 100_000:
            raise BadDesign("give 3 to 100000 subjects in every sequence", "n")
    else:
        if not 0.8 <= truth_ratio <= 1.25:
            raise BadDesign(
                f"theta0 = {truth_ratio:g} lies outside 0.8 to 1.25, where the point estimate "
                "must lie: no number of subjects reaches the power",
                "theta0",
            )
        sizes = _smallest(shares, study.groups, power, simulations)
    found = shares(sizes)
    reached = found.pop("power")
    outputs: dict[str, Any] = {
        "n_total": sum(sizes),
        "power" if power is None else "power_achieved": reached,
        **found,
        "power_error": math.sqrt(reached * (1 - reached) / simulations),
        "n_per_sequence": list(sizes),
    }
    if dropout:
        step = study.groups
        for name, size in with_dropout("n_total", sum(sizes), dropout).items():
            outputs[name] = -(-size // step) * step
    values = {
        "theta0": truth_ratio,
        "cv_wt": cv_test,
        "design_zh": study.zh,
        "design_en": study.name,
        "groups": study.groups,
        "sizes": "/".join(map(str, sizes)),
    }
    rule = "nti" if narrow else ("abel" if regulator in {"EMA", "HC"} else "rsabe")
    said = (
        "each_one_sided",
        rule,
        analysis,
        "simulated",
        *(("dropout_balanced",) if dropout else ()),
    )
    few = sum(sizes) < 24 and regulator in {"FDA", "NMPA"} and not narrow
    warned = (
        *(("few_for_rsabe",) if few else ()),
        *(("not_highly_variable",) if not narrow and cv_wr < 0.3 else ()),
        *(("low_power",) if reached < 0.8 else ()),
    )
    return Outcome(outputs, "power" if power is None else "size", said, warned, values)


def _smallest(
    shares: Callable[[tuple[int, ...], int], dict[str, float]],
    groups: int,
    power: float,
    simulations: int,
) -> tuple[int, ...]:
    """Sequences of the smallest study; where very many are simulated, from what fewer find."""
    near = 3 * groups
    for many in sorted({min(simulations, _ROUGH), simulations}):
        near, _ = smallest_balanced(
            lambda n, many=many: shares(split(n, groups), many)["power"],  # type: ignore[misc]
            power, 3 * groups, groups, _LIMIT, near,
        )  # fmt: skip
    return split(near, groups)


def _shares(studies: Simulated, regulator: str, narrow: bool, alpha: float) -> dict[str, float]:
    """Shares of the studies that pass, in all and each criterion by itself."""
    t = float(special.stdtrit(studies.df, 1 - alpha))
    half = t * np.sqrt(studies.variance)
    reach = np.abs(studies.estimate) + half
    average = reach <= _LN125
    if narrow:
        scaled = _criterion(studies, half, _NARROW**2, alpha)
        quantile = float(special.fdtri(studies.test_df, studies.reference_df, alpha))
        ratio = studies.test <= _RATIO**2 * quantile * studies.reference
        return {
            "power": float(np.mean(scaled & average & ratio)),
            "power_scaled": float(np.mean(scaled)),
            "power_average": float(np.mean(average)),
            "power_ratio": float(np.mean(ratio)),
        }
    rules = _RULES[regulator]
    if rules.expands:
        switch, cap = log_sd(0.3) ** 2, log_sd(rules.cap) ** 2
        width = rules.constant * np.sqrt(np.minimum(studies.reference, cap))
        scaled = reach <= np.where(studies.reference > switch, width, _LN125)
    else:
        passed = _criterion(studies, half, rules.constant**2, alpha)
        scaled = np.where(studies.reference >= _SWITCH**2, passed, average)
    within = np.abs(studies.estimate) <= _LN125
    return {
        "power": float(np.mean(scaled & within)),
        "power_scaled": float(np.mean(scaled)),
        "power_estimate": float(np.mean(within)),
        "power_average": float(np.mean(average)),
    }


def _criterion(
    studies: Simulated, half: npt.NDArray[np.float64], theta: float, alpha: float
) -> npt.NDArray[np.bool_]:
    """Whether Howe's upper bound of (mT - mR)^2 - theta s_wR^2 is not above 0."""
    squared = studies.estimate**2 - studies.variance
    scale = theta * studies.reference
    quantile = 2 * float(special.gammaincinv(studies.reference_df / 2, 1 - alpha))
    squared_bound = (np.abs(studies.estimate) + half) ** 2
    scale_bound = scale * studies.reference_df / quantile
    bound = squared - scale + np.hypot(squared_bound - squared, scale_bound - scale)
    return np.asarray(bound <= 0)
