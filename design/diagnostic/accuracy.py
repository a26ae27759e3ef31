"""Sensitivity and specificity: precision, against a target value, and of two tests in pairs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.diagnostic.enrolment import Prevalence, Sensitivity, Specificity, enrolled, parts
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Level, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size
from design.widths import allowed_error
from design.wording import shortest

_SEARCHED = 2_000_000


@calculator(
    reference="Buderer NMF. Acad Emerg Med 1996;3:895-900; Hajian-Tilaki K. J Biomed Inform "
    "2014;48:193-204; Wilson EB. J Am Stat Assoc 1927;22:209-212; Clopper CJ, Pearson ES. "
    "Biometrika 1934;26:404-413",
    formula="n_diseased = z^2 Se (1 - Se) / d^2, n = n_diseased / prevalence; n_healthy with Sp, "
    "n = n_healthy / (1 - prevalence); the larger n counts",
)
def diagnostic_precision(
    *,
    sensitivity: Sensitivity | None = None,
    specificity: Specificity | None = None,
    abs_error: Annotated[
        float, Field(ge=1e-6, lt=0.5, description="Half width of the interval. 允许误差")
    ]
    | None = None,
    rel_error: Annotated[
        float,
        Field(
            ge=1e-6,
            lt=0.5,
            description="Half the width as a share of the expected value. 相对误差",
        ),
    ]
    | None = None,
    prevalence: Prevalence | None = None,
    level: Level = 0.95,
    interval: Annotated[
        Literal["wald", "wilson", "exact"],
        Field(description="Interval whose half width is meant; exact: Clopper-Pearson. 区间方法"),
    ] = "wald",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons to estimate a sensitivity, a specificity or both within an error."""
    if sensitivity is None and specificity is None:
        raise BadDesign("give sensitivity, specificity or both", "sensitivity")
    z = float(special.ndtri(0.5 + level / 2))
    error = allowed_error(abs_error, rel_error)

    def needed(expected: float | None) -> float | None:
        if expected is None:
            return None
        half = error.half_width(expected)
        if interval == "wald":
            return z * z * expected * (1 - expected) / half**2
        width = _wilson(expected, z) if interval == "wilson" else _exact(expected, level)
        return float(_smallest(lambda n: width(n) <= 2 * half, error.field))

    diseased, healthy = needed(sensitivity), needed(specificity)
    outputs = enrolled(diseased, healthy, prevalence, dropout)
    said = [f"{interval}_interval", error.convention]
    if prevalence is not None:
        said.append("consecutive")
    else:
        said.append("one_group" if None in (diseased, healthy) else "two_groups")
    small = min(x for x in (diseased, healthy) if x is not None)
    expected = [x for x in (sensitivity, specificity) if x is not None]
    crossing = interval == "wald" and any(not error.half_width(x) < min(x, 1 - x) for x in expected)
    warned = (
        *(("interval_crosses",) if crossing else ()),
        *(("few_persons",) if small < 30 else ()),
    )
    if dropout:
        said.append("dropout")
    values: dict[str, Any] = {"error": shortest(error.value)}
    values |= _told(sensitivity, specificity, prevalence, outputs)
    return Outcome(outputs, "size", tuple(said), warned, values)


def _told(
    sensitivity: float | None,
    specificity: float | None,
    prevalence: float | None,
    outputs: dict[str, object],
) -> dict[str, str]:
    zh, en = [], []
    for value, chinese, english in (
        (sensitivity, "灵敏度", "sensitivity"),
        (specificity, "特异度", "specificity"),
    ):
        if value is not None:
            zh.append(f"{chinese} {value * 100:.6g}%")
            en.append(f"{english} {value * 100:.6g}%")
    if prevalence is not None:
        zh.append(f"患病率 {prevalence * 100:.6g}%")
        en.append(f"prevalence {prevalence * 100:.6g}%")
    return {"expected_zh": "、".join(zh), "expected_en": ", ".join(en), **parts(outputs)}


def _wilson(p: float, z: float) -> Callable[[int], float]:
    return lambda n: 2 * z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)


def _exact(p: float, level: float) -> Callable[[int], float]:
    """Width of the Clopper-Pearson interval at the expected, not whole, number of successes."""
    tail = (1 - level) / 2

    def width(n: int) -> float:
        x = n * p
        low = float(special.betaincinv(x, n - x + 1, tail))
        return float(special.betaincinv(x + 1, n - x, 1 - tail)) - low

    return width


def _smallest(enough: Callable[[int], bool], field: str) -> int:
    """The smallest number that is enough, of a property that holds from some number on."""
    high = 2
    while not enough(high):
        high *= 2
        if high > _SEARCHED:
            raise BadDesign(f"more than {_SEARCHED} persons would be needed", field)
    low = high // 2 if high > 2 else 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


@calculator(
    reference="Zhou XH, Obuchowski NA, McClish DK. Statistical Methods in Diagnostic Medicine. "
    "2nd ed. 2011, section 6.2; NMPA 体外诊断试剂临床试验技术指导原则 (2021 No. 72), target value "
    "method; exact binomial: A'Hern RP. Stat Med 2001;20:859-866",
    formula="z: n = ((z_a sqrt(p0(1-p0)) + z_b sqrt(p1(1-p1))) / (p1 - p0))^2; exact: smallest n "
    "with P(X >= c | p1) >= power, c the smallest with P(X >= c | p0) <= alpha",
)
def diagnostic_target(
    *,
    measure: Annotated[
        Literal["sensitivity", "specificity"],
        Field(description="Whom it concerns: the diseased or the healthy. 指标"),
    ] = "sensitivity",
    expected: Probability,
    target: Annotated[float, Field(gt=0, lt=1, description="Value under H0. 目标值")],
    alpha: Alpha = 0.025,
    sides: Sides = 1,
    power: Power | None = None,
    n: Count | None = None,
    test: Annotated[
        Literal["z", "exact"], Field(description="Normal approximation or exact binomial. 检验")
    ] = "z",
    prevalence: Prevalence | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons to show that a sensitivity or specificity exceeds a target, or the power.

    ``n`` is the number of diseased (of healthy, for the specificity).
    """
    if expected - target < 1e-6:
        raise BadDesign(
            f"the expected value {expected:g} does not exceed the target {target:g}: it cannot be "
            "shown to",
            "expected",
        )
    power_or_size(power, n=n)
    error = alpha / sides
    z_alpha = float(special.ndtri(1 - error))
    null, own = (math.sqrt(p * (1 - p)) for p in (target, expected))
    said = [sides_key(sides), f"{test}_test"]
    if power is None:
        assert n is not None
        reached = _exact_power(n, expected, target, error)[0]
        if test == "z":
            z = ((expected - target) * math.sqrt(n) - z_alpha * null) / own
            reached = float(special.ndtr(z))
        return Outcome({"power": reached}, "power", tuple(said), values=_measured(measure))
    raw = ((z_alpha * null + float(special.ndtri(power)) * own) / (expected - target)) ** 2
    critical = None
    if test == "exact":
        first, critical = _exact_size(raw, expected, target, error, power)
        raw = float(first)
        said.append("saw_tooth")
    outputs = _of_measure(measure, raw, prevalence, dropout)
    size = outputs["n_diseased" if measure == "sensitivity" else "n_healthy"]
    outputs |= {"n": size, "n_raw": raw}
    if critical is not None:
        outputs |= {
            "critical": critical,
            "power_achieved": _exact_power(size, expected, target, error)[0],
        }
    said.append("consecutive" if prevalence is not None else "one_group")
    if dropout:
        said.append("dropout")
    few = min(size * (1 - target), size * (1 - expected)) < 5 and test == "z"
    values = _measured(measure)
    return Outcome(outputs, "size", tuple(said), ("few_expected",) if few else (), values)


def _of_measure(
    measure: str, raw: float, prevalence: float | None, dropout: float
) -> dict[str, Any]:
    if measure == "sensitivity":
        return enrolled(raw, None, prevalence, dropout)
    return enrolled(None, raw, prevalence, dropout)


def _measured(measure: str) -> dict[str, str]:
    return {"measure_zh": "灵敏度" if measure == "sensitivity" else "特异度"}


def _exact_power(n: int, expected: float, target: float, error: float) -> tuple[float, int]:
    """Power and the number of successes from which H0 is rejected."""
    low, high = 0, n + 1  # P(X >= low) > error >= P(X >= high)
    while high - low > 1:
        middle = (low + high) // 2
        above = float(special.betainc(middle, n - middle + 1, target))
        low, high = (middle, high) if above > error else (low, middle)
    if high > n:
        return 0.0, high
    return float(special.betainc(high, n - high + 1, expected)), high


def _exact_size(
    start: float, expected: float, target: float, error: float, power: float
) -> tuple[int, int]:
    """The smallest n that reaches the power; power is not monotone, so all are tried."""
    if start > 20_000:
        raise BadDesign(
            "more than 20000 persons would be needed; use test z for numbers this large", "expected"
        )
    for n in range(1, 40_000):
        reached, critical = _exact_power(n, expected, target, error)
        if reached >= power:
            return n, critical
    raise BadDesign("more than 40000 persons would be needed", "power")


@calculator(
    reference="Alonzo TA, Pepe MS, Moskowitz CS. Stat Med 2002;21:835-852; Connor RJ. Biometrics "
    "1987;43:207-211",
    formula="n = (z_a sqrt(psi) + z_b sqrt(psi - delta^2))^2 / delta^2, psi = p10 + p01 discordant",
)
def diagnostic_paired(
    *,
    p1: Annotated[float, Field(gt=0, lt=1, description="Of the new test. 新方法")],
    p2: Annotated[float, Field(gt=0, lt=1, description="Of the comparator. 对照方法")],
    measure: Annotated[
        Literal["sensitivity", "specificity"], Field(description="What is compared. 指标")
    ] = "sensitivity",
    discordant: Annotated[
        float, Field(gt=0, le=1, description="Share on which the tests differ. 不一致比例")
    ]
    | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Count | None = None,
    prevalence: Prevalence | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons to compare the sensitivities (specificities) of two tests done on each of them.

    Without ``discordant`` the tests are taken as independent given the disease, which mostly
    needs more persons than tests that agree.
    """
    delta = abs(p1 - p2)
    if delta < 1e-6:
        raise BadDesign("p1 and p2 are equal: there is no difference to detect", "p2")
    power_or_size(power, n=n)
    psi = discordant if discordant is not None else p1 * (1 - p2) + p2 * (1 - p1)
    most = min(p1, 1 - p2) + min(p2, 1 - p1)
    if not delta < psi <= most + 1e-12:
        raise BadDesign(
            f"with {p1:g} and {p2:g} the tests differ on more than {delta:g} and at most {most:g} "
            f"of the persons; discordant is {psi:g}",
            "discordant",
        )
    z_alpha = float(special.ndtri(1 - alpha / sides))
    root = math.sqrt(psi - delta**2)
    values = _measured(measure) | {"psi": psi}
    said = [sides_key(sides), "mcnemar"]
    said.append("independent_tests" if discordant is None else "discordant_given")
    if power is None:
        assert n is not None
        z = (delta * math.sqrt(n) - z_alpha * math.sqrt(psi)) / root
        return Outcome({"power": float(special.ndtr(z))}, "power", tuple(said), values=values)
    raw = ((z_alpha * math.sqrt(psi) + float(special.ndtri(power)) * root) / delta) ** 2
    outputs = _of_measure(measure, raw, prevalence, dropout)
    outputs |= {
        "n": outputs["n_diseased" if measure == "sensitivity" else "n_healthy"],
        "n_raw": raw,
    }
    said.append("consecutive" if prevalence is not None else "one_group")
    if dropout:
        said.append("dropout")
    few = outputs["n"] * psi < 10
    return Outcome(outputs, "size", tuple(said), ("few_discordant",) if few else (), values)
