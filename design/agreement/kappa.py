"""Cohen's kappa of two raters: test and precision."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Level, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.widths import width_or_size

Array = npt.NDArray[np.float64]
_LARGEST = 100_000_000

Kappa = Annotated[float, Field(gt=-1, lt=1, description="Kappa expected. 预期 kappa")]
Shares = Annotated[
    list[Annotated[float, Field(gt=0, lt=1)]],
    Field(
        min_length=1,
        max_length=12,
        description="Shares of the categories, a rater; one number for two of them. 各类比例",
    ),
]


@calculator(
    reference="Donner A, Eliasziw M. Stat Med 1992;11:1511-1519 (goodness of fit); Cantor AB. "
    "Psychol Methods 1996;1:150-153 (two categories); Flack VF, Afifi AA, Lachenbruch PA, Schouten "
    "HJA. Psychometrika 1988;53:321-325 (more, largest variance); Fleiss JL, Cohen J, Everitt BS. "
    "Psychol Bull 1969;72:323-327 (variance)",
    formula="n = ((z_a sqrt(Q0) + z_b sqrt(Q1)) / (k1 - k0))^2, Q/n the variance of kappa; "
    "goodness of fit: n = ncp(alpha, power, 1) / sum (P_i(k1) - P_i(k0))^2 / P_i(k0)",
)
def kappa_test(
    *,
    kappa0: Annotated[float, Field(gt=-1, lt=1, description="Kappa under H0. 零假设 kappa")],
    kappa1: Kappa,
    shares: Shares,
    shares2: Shares | None = None,
    method: Annotated[
        Literal["variance", "goodness_of_fit"],
        Field(description="variance: Cantor, Flack; goodness_of_fit: Donner-Eliasziw (binary)."),
    ] = "variance",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Count | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects rated by two raters to test a kappa against ``kappa0``, or the power.

    ``shares2`` is of the second rater, left out the same. With more than two categories the table
    of the largest variance is taken.
    """
    if abs(kappa0 - kappa1) < 1e-6:
        raise BadDesign("kappa0 and kappa1 are equal: there is no difference to detect", "kappa1")
    power_or_size(power, n=n)
    first, second = _margins(shares, shares2)
    said = [sides_key(sides), method]
    z_alpha = float(special.ndtri(1 - alpha / sides))
    values: dict[str, Any] = {"shown": _shown(first, second)}
    used = {"shares_used": [float(share) for share in first]}
    if shares2 is not None:
        used["shares2_used"] = [float(share) for share in second]
    if method == "goodness_of_fit":
        if len(first) != 2 or shares2 is not None:
            raise BadDesign(
                "goodness_of_fit takes two categories with the same shares of both raters; use "
                "method variance",
                "shares2",
            )
        distance = _distance(kappa0, kappa1, float(first[0]))
        if power is None:
            assert n is not None
            root = float(np.sqrt(n * distance))
            both = sides == 2
            reached = float(special.ndtr(root - z_alpha))
            reached += float(special.ndtr(-root - z_alpha)) if both else 0.0
            return Outcome({"power": reached, **used}, "power", tuple(said), values=values)
        raw = _noncentrality(z_alpha, power, sides == 2) / distance
    else:
        null, own = (largest_variance(first, second, k) for k in (kappa0, kappa1))
        if len(first) > 2:
            said.append("largest_variance")
        difference = abs(kappa1 - kappa0)
        if power is None:
            assert n is not None
            z = (difference * n**0.5 - z_alpha * null**0.5) / own**0.5
            reached = float(special.ndtr(z))
            return Outcome({"power": reached, **used}, "power", tuple(said), values=values)
        z = z_alpha * null**0.5 + float(special.ndtri(power)) * own**0.5
        raw = (max(z, 0.0) / difference) ** 2
    if raw > _LARGEST:
        raise BadDesign("more than 100 million subjects would be needed", "kappa1")
    outputs = {**one_arm_sizes(raw, dropout), **used}
    said += ["round_up_one", *(("dropout",) if dropout else ())]
    rare = min(first.min(), second.min()) ** 2 * outputs["n"] < 5
    return Outcome(outputs, "size", tuple(said), ("few_in_cell",) if rare else (), values)


@calculator(
    reference="Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327",
    formula="n = 4 z^2 Q / ci_width^2, Q/n the variance of (weighted) kappa",
)
def kappa_precision(
    *,
    kappa: Kappa | None = None,
    shares: Shares | None = None,
    shares2: Shares | None = None,
    table: Annotated[
        list[Annotated[list[Annotated[float, Field(ge=0)]], Field(max_length=20)]],
        Field(
            max_length=20,
            description="Expected joint table instead, rater 1 in rows. 预期配对频数表",
        ),
    ]
    | None = None,
    weights: Annotated[
        Literal["none", "linear", "quadratic"],
        Field(description="Weights of partial agreement; need a table. 权重"),
    ] = "none",
    ci_width: Annotated[
        float, Field(ge=1e-6, lt=2, description="Full width of the interval. 区间全宽")
    ]
    | None = None,
    n: Count | None = None,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Subjects for an interval of kappa of a width, or the interval of a number.

    Give ``kappa`` with ``shares``, or a joint ``table`` (for weighted kappa too).
    """
    width_or_size(ci_width, n)
    said = ["fleiss"]
    if table is not None:
        if kappa is not None or shares is not None:
            raise BadDesign("give either a table, or kappa with shares", "table")
        estimate, variance = _weighted(_joint(table), weights)
        said.append(f"weights_{weights}")
    else:
        if kappa is None or shares is None:
            raise BadDesign("give kappa with shares, or a table", "kappa")
        if weights != "none":
            raise BadDesign("weighted kappa needs the expected joint table", "table")
        first, second = _margins(shares, shares2)
        estimate, variance = kappa, largest_variance(first, second, kappa)
        if len(first) > 2:
            said.append("largest_variance")
    z = float(special.ndtri(0.5 + level / 2))
    if ci_width is None:
        assert n is not None
        half = z * (variance / n) ** 0.5
        outputs: dict[str, Any] = {
            "kappa": estimate,
            "lower": max(-1.0, estimate - half),
            "upper": min(1.0, estimate + half),
            "ci_width": 2 * half,
        }
        return Outcome(outputs, "interval", tuple(said))
    raw = 4 * z * z * variance / ci_width**2
    if raw > _LARGEST:
        raise BadDesign("more than 100 million subjects would be needed", "ci_width")
    outputs = one_arm_sizes(raw, dropout) | {"kappa": estimate}
    said += ["round_up_one", *(("dropout",) if dropout else ())]
    return Outcome(outputs, "size", tuple(said))


def largest_variance(first: Array, second: Array, kappa: float) -> float:
    """n times the variance of kappa, the largest of all tables with these margins and kappa.

    With two categories there is one such table. The variance is linear in the cells, so that the
    largest is a linear programme (Flack 1988).

    Raises:
        BadDesign: No table has these margins and this kappa.
    """
    k = len(first)
    by_chance = float(first @ second)
    observed = by_chance + kappa * (1 - by_chance)
    off = (1 - kappa) ** 2 * (second[:, None] + first[None, :]) ** 2
    gain = off.copy()
    np.fill_diagonal(gain, (1 - (first + second) * (1 - kappa)) ** 2)
    rows = np.kron(np.eye(k), np.ones(k))
    columns = np.kron(np.ones(k), np.eye(k))
    diagonal = np.eye(k).reshape(1, -1)
    matrix = np.vstack([rows, columns[:-1], diagonal])
    target = np.concatenate([first, second[:-1], [observed]])
    from scipy.optimize import linprog

    found = linprog(-gain.ravel(), A_eq=matrix, b_eq=target, bounds=(0, 1))
    if not found.success:
        raise BadDesign(
            f"no pair of raters with these shares can have a kappa of {kappa:g}", "shares"
        )
    constant = (kappa - by_chance * (1 - kappa)) ** 2
    variance = (float(-found.fun) - constant) / (1 - by_chance) ** 2
    if not variance > 1e-12:
        raise BadDesign(f"kappa {kappa:g} leaves no variance with these shares", "shares")
    return variance


def _margins(shares: list[float], shares2: list[float] | None) -> tuple[Array, Array]:
    found: list[Array] = []
    for name, given in (("shares", shares), ("shares2", shares2)):
        if given is None:
            found.append(found[0])
            continue
        filled = [given[0], 1 - given[0]] if len(given) == 1 else given
        if abs(sum(filled) - 1) > 1e-3:
            raise BadDesign(f"{name} sum to {sum(filled):g}, not to 1", name)
        found.append(np.array(filled) / sum(filled))
    if len(found[0]) != len(found[1]):
        raise BadDesign("both raters must have the same number of categories", "shares2")
    return found[0], found[1]


def _shown(first: Array, second: Array) -> str:
    one, two = ("/".join(f"{x:.4g}" for x in shares) for shares in (first, second))
    return one if one == two else f"{one}, {two}"


def _distance(kappa0: float, kappa1: float, p: float) -> float:
    """Chi-squared distance of the three outcomes (both, one, none) under both hypotheses."""
    q = 1 - p
    null = np.array([p * p + kappa0 * p * q, 2 * p * q * (1 - kappa0), q * q + kappa0 * p * q])
    if null.min() <= 0:
        raise BadDesign(f"kappa0 = {kappa0:g} cannot be with a share of {p:g}", "kappa0")
    shift = (kappa1 - kappa0) * p * q * np.array([1, -2, 1])
    if (null + shift).min() < 0:
        raise BadDesign(f"kappa1 = {kappa1:g} cannot be with a share of {p:g}", "kappa1")
    return float((shift**2 / null).sum())


def _noncentrality(z_alpha: float, power: float, both: bool) -> float:
    """Squared distance of a normal variable that is found with a power."""
    if not both:
        return max(0.0, z_alpha + float(special.ndtri(power))) ** 2
    low, high = 0.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        reached = float(special.ndtr(middle - z_alpha) + special.ndtr(-middle - z_alpha))
        low, high = (middle, high) if reached < power else (low, middle)
    return high**2


def _joint(table: list[list[float]]) -> Array:
    size = len(table)
    if not 2 <= size <= 12 or any(len(row) != size for row in table):
        raise BadDesign("table must be square, of 2 to 12 categories", "table")
    cells = np.array(table, dtype=float)
    if not cells.sum() > 0:
        raise BadDesign("table has no ratings", "table")
    return np.asarray(cells / cells.sum())


def _weighted(cells: Array, weights: str) -> tuple[float, float]:
    """(Weighted) kappa of a table and n times its variance, by Fleiss, Cohen and Everitt."""
    size = len(cells)
    lag = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    w = {"none": (lag == 0).astype(float), "linear": 1 - lag, "quadratic": 1 - lag**2}[weights]
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    observed, by_chance = float((w * cells).sum()), float(rows @ w @ columns)
    if by_chance >= 1 - 1e-12:
        raise BadDesign("all ratings fall into one category: kappa does not exist", "table")
    kappa = (observed - by_chance) / (1 - by_chance)
    mean = (w @ columns)[:, None] + (rows @ w)[None, :]
    inner = (cells * (w - mean * (1 - kappa)) ** 2).sum() - (kappa - by_chance * (1 - kappa)) ** 2
    variance = float(inner) / (1 - by_chance) ** 2
    if not variance > 1e-12:
        raise BadDesign("the table leaves kappa no variance (perfect agreement)", "table")
    return kappa, variance
