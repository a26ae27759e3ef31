"""Agreement of measurements: intraclass and concordance correlation, limits of agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.bioequivalence.tost import both_reject
from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Level, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.widths import width_or_size

_LARGEST = 10_000_000

Spread = Annotated[float, Field(ge=1e-9, le=1e9, description="SD of the differences. 差值标准差")]
Raters = Annotated[int, Field(ge=2, le=1000, description="Ratings a subject. 每例重复（评分者）数")]


@calculator(
    reference="Walter SD, Eliasziw M, Donner A. Stat Med 1998;17:101-110",
    formula="n = 1 + 2 (z_a + z_b)^2 k / ((ln C)^2 (k - 1)), C = (1 + k t0)/(1 + k t1), "
    "t = r/(1-r)",
)
def icc_test(
    *,
    icc0: Annotated[float, Field(ge=0, lt=1, description="ICC under H0. 零假设 ICC")],
    icc1: Annotated[float, Field(ge=0, lt=1, description="ICC expected. 预期 ICC")],
    raters: Raters = 2,
    alpha: Alpha = 0.05,
    sides: Sides = 1,
    power: Power | None = None,
    n: Count | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects to show that a reliability (one-way ICC) exceeds ``icc0``, or the power."""
    if icc1 <= icc0:
        raise BadDesign(f"icc1 {icc1:g} does not exceed icc0 {icc0:g}", "icc1")
    power_or_size(power, n=n)
    null, own = (r / (1 - r) for r in (icc0, icc1))
    log_ratio = math.log((1 + raters * own) / (1 + raters * null))
    if log_ratio < 1e-7:
        raise BadDesign("icc0 and icc1 are too near to each other", "icc1")
    z_alpha = float(special.ndtri(1 - alpha / sides))
    said = [sides_key(sides), "one_way"]
    if power is None:
        assert n is not None
        z = log_ratio * math.sqrt((n - 1) * (raters - 1) / (2 * raters)) - z_alpha
        return Outcome({"power": float(special.ndtr(z))}, "power", tuple(said))
    total = max(0.0, z_alpha + float(special.ndtri(power)))
    raw = 1 + 2 * total**2 * raters / (log_ratio**2 * (raters - 1))
    return _sized(raw, dropout, said)


@calculator(
    reference="Bonett DG. Stat Med 2002;21:1331-1335",
    formula="n = 8 z^2 (1-r)^2 (1 + (k-1) r)^2 / (k (k-1) w^2) + 1; + 5 r when k = 2 and r >= 0.7",
)
def icc_precision(
    *,
    icc: Annotated[float, Field(ge=0, lt=1, description="ICC expected. 预期 ICC")],
    raters: Raters = 2,
    ci_width: Annotated[
        float, Field(ge=1e-6, lt=1, description="Full width of the interval. 区间全宽")
    ]
    | None = None,
    n: Count | None = None,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects for an interval of an ICC of a width, or the width of a number."""
    width_or_size(ci_width, n)
    z = float(special.ndtri(0.5 + level / 2))
    spread = 8 * (z * (1 - icc) * (1 + (raters - 1) * icc)) ** 2 / (raters * (raters - 1))
    more = 5 * icc if raters == 2 and icc >= 0.7 else 0.0
    if ci_width is None:
        assert n is not None
        if n - 1 - more <= 0:
            raise BadDesign(f"{n} subjects are too few for the approximation", "n")
        return Outcome({"ci_width": math.sqrt(spread / (n - 1 - more))}, "interval", ("bonett",))
    return _sized(spread / ci_width**2 + 1 + more, dropout, ["bonett"])


@calculator(
    reference="Lu MJ, Zhong WH, Liu YX, Miao HZ, Li YC, Ji MH. Int J Biostat 2016;12(2); Bland JM, "
    "Altman DG. Lancet 1986;1:307-310",
    formula="both |d| + q s < delta, q = z + t_(1-a/2, n-1) sqrt(1/n + z^2/(2(n-1))), exact by "
    "Owen's Q; lu: 1 - b1 - b2, b = P(T' <= t), T' noncentral t with (delta -/+ mu - z SD) / (SD "
    "sqrt(1/n + z^2/(2(n-1))))",
)
def limits_of_agreement(
    *,
    mean: Annotated[
        float, Field(ge=-1e9, le=1e9, description="Mean of the differences. 差值均值")
    ] = 0.0,
    sd: Spread,
    allowed: Annotated[
        float, Field(gt=0, le=1e9, description="Largest allowed difference. 临床允许差值")
    ],
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Count | None = None,
    coverage: Annotated[
        float, Field(gt=0.5, lt=1, description="Of the limits of agreement. 一致性界限覆盖率")
    ] = 0.95,
    method: Annotated[
        Literal["exact", "lu"],
        Field(description="exact: Owen's Q; lu: noncentral t of Lu 2016, mostly fewer. 算法"),
    ] = "exact",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Pairs to show that both limits of agreement lie within the allowed difference.

    The 1 - ``alpha`` intervals of the limits must lie within -``allowed`` to ``allowed``.
    """
    power_or_size(power, n=n)
    z = float(special.ndtri(0.5 + coverage / 2))
    room = (allowed - abs(mean)) / sd - z
    if room <= 1e-9:
        raise BadDesign(
            f"the expected limit of agreement, {abs(mean) + z * sd:.4g}, is not below the allowed "
            f"difference {allowed:g}: agreement would be false",
            "allowed",
        )

    def power_of(size: int) -> float:
        t = float(special.stdtrit(size - 1, 1 - alpha / 2))
        se = math.sqrt(1 / size + z * z / (2 * (size - 1)))
        if method == "exact":
            root = math.sqrt(size)
            above, below = ((allowed + x) / sd * root for x in (mean, -mean))
            return min(1.0, both_reject((z + t * se) * root, above, below, size - 1))
        missed = 0.0
        for distance in (room, (allowed + abs(mean)) / sd - z):
            ratio = distance / se
            missed += 0.0 if ratio > t + 37 else float(special.nctdtr(size - 1, ratio, t))
        return max(0.0, 1 - missed) if not math.isnan(missed) else 0.0

    said = ["loa_interval", f"loa_{method}"]
    if power is None:
        assert n is not None
        if n < 2:
            raise BadDesign("limits of agreement need 2 pairs at least", "n")
        return Outcome({"power": power_of(n)}, "power", tuple(said))
    low, high = 2, 3
    while power_of(high) < power:
        low, high = high, 2 * high
        if high > _LARGEST:
            raise BadDesign("more than 10 million pairs would be needed", "allowed")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(middle) >= power else (middle, high)
    return _sized(float(high), dropout, said, {"power_achieved": power_of(high)})


@calculator(
    reference="Bland JM, Altman DG. Lancet 1986;1:307-310",
    formula="n = 3 (2 z / ci_width)^2, width of the interval of a limit in units of the SD",
)
def limits_of_agreement_precision(
    *,
    ci_width: Annotated[
        float,
        Field(
            ge=1e-9, le=1e9, description="Full width of the interval of a limit. 界限置信区间全宽"
        ),
    ]
    | None = None,
    sd: Spread = 1.0,
    n: Count | None = None,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Pairs for an interval of a limit of agreement of a width, or the width of a number.

    ``sd`` is that of the differences; left out, the width is in units of it.
    """
    width_or_size(ci_width, n)
    z = float(special.ndtri(0.5 + level / 2))
    if ci_width is None:
        assert n is not None
        return Outcome({"ci_width": 2 * z * sd * math.sqrt(3 / n)}, "interval", ("bland_altman",))
    return _sized(3 * (2 * z * sd / ci_width) ** 2, dropout, ["bland_altman"])


@calculator(
    reference="Lin LI. Biometrics 1989;45:255-268 (corrected 2000;56:324-325) and 1992;48:599-604",
    formula="n = ((z_a + z_b) / (Z1 - Z0))^2 V + 2, Z = atanh(CCC), V = (1-r^2)c^2/((1-c^2)r^2) + "
    "2c^3(1-c)u^2/(r(1-c^2)^2) - c^4u^4/(2r^2(1-c^2)^2), c the CCC expected",
)
def ccc_test(
    *,
    ccc0: Annotated[float, Field(ge=0, lt=1, description="CCC under H0. 零假设一致性相关")],
    correlation: Annotated[
        float, Field(ge=0.01, lt=1, description="Pearson correlation expected. 预期相关系数")
    ],
    shift: Annotated[
        float, Field(ge=0, le=100, description="Difference of means over the SD. 位置偏移")
    ] = 0.0,
    scale: Annotated[float, Field(ge=0.01, le=100, description="Ratio of the SDs. 尺度偏移")] = 1.0,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Count | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Pairs to show that a concordance correlation exceeds ``ccc0`` (one-sided), or the power.

    ``shift`` is the difference of the means over the geometric mean of both SDs, ``scale`` the
    ratio of the SDs; with the ``correlation`` they give the CCC that is expected.
    """
    power_or_size(power, n=n)
    ccc = correlation * 2 / (scale + 1 / scale + shift**2)
    if ccc - ccc0 < 1e-6:
        raise BadDesign(
            f"the expected concordance correlation is {ccc:.4g}, not above ccc0 {ccc0:g}", "ccc0"
        )
    r2, c2 = correlation**2, ccc**2
    variance = (
        (1 - r2) * c2 / ((1 - c2) * r2)
        + 2 * ccc**3 * (1 - ccc) * shift**2 / (correlation * (1 - c2) ** 2)
        - ccc**4 * shift**4 / (2 * r2 * (1 - c2) ** 2)
    )
    if not variance > 0:
        raise BadDesign("the approximation fails for this shift and correlation", "shift")
    distance = math.atanh(ccc) - math.atanh(ccc0)
    z_alpha = float(special.ndtri(1 - alpha))
    said = ["one_sided", "fisher_z"]
    if power is None:
        assert n is not None
        if n < 3:
            raise BadDesign("a concordance correlation needs 3 pairs at least", "n")
        z = distance * math.sqrt((n - 2) / variance) - z_alpha
        outputs = {"power": float(special.ndtr(z)), "ccc": ccc}
        return Outcome(outputs, "power", tuple(said))
    total = max(0.0, z_alpha + float(special.ndtri(power)))
    return _sized((total / distance) ** 2 * variance + 2, dropout, said, {"ccc": ccc})


def _sized(
    raw: float, dropout: float, said: list[str], found: Mapping[str, float] | None = None
) -> Outcome:
    """The outcome of a raw number; ``found`` are outputs besides the sizes."""
    if raw > _LARGEST:
        raise BadDesign("more than 10 million subjects would be needed")
    outputs = one_arm_sizes(raw, dropout) | dict(found or {})
    keys = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    few = ("few_subjects",) if outputs["n"] < 10 else ()
    return Outcome(outputs, "size", keys, few)
