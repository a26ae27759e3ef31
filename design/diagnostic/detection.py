"""Persons to test so that a condition, if it is there, is found."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Level
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

_EXACT = 2_000_000
Array = npt.NDArray[np.float64]
Population = Annotated[
    int, Field(ge=1, le=1_000_000_000, description="Persons (units) in all. 总体例数")
]
Rate = Annotated[float, Field(gt=0, le=1, description="Prevalence to be found. 设计患病率")]


@calculator(
    reference="Cameron AR, Baldock FC. Prev Vet Med 1998;34:1-17; Dohoo I, Martin W, Stryhn H. "
    "Veterinary Epidemiologic Research. 2003, pp. 47, 102-103; Hanley JA, Lippman-Hand A. JAMA "
    "1983;249:1743-1745",
    formula="exact: smallest n with 1 - sum_y P(y diseased in n) (1 - Se)^y >= level, y "
    "hypergeometric; approximate: n = N/Se (1 - (1 - level)^(1/D)); without N: n = ln(1 - level) "
    "/ ln(1 - p Se)",
)
def detect_disease(
    *,
    prevalence: Rate,
    sensitivity: Annotated[
        float, Field(gt=0, le=1, description="Of the test (strategy). 检测灵敏度")
    ] = 1.0,
    population: Population | None = None,
    clusters: Population | None = None,
    cluster_prevalence: Rate | None = None,
    level: Level = 0.95,
    method: Annotated[
        Literal["exact", "approximate"],
        Field(description="Hypergeometric, or its approximation. 超几何精确或近似"),
    ] = "exact",
) -> Outcome:
    """Smallest sample in which one case at least is found, if the prevalence is that high.

    With ``cluster_prevalence`` in two stages: persons of each cluster, found in a cluster with
    probability ``level``, and ``clusters`` (left out: very many) to be sampled.
    """
    if clusters is not None and cluster_prevalence is None:
        raise BadDesign("clusters needs cluster_prevalence", "cluster_prevalence")
    n = _size(prevalence, sensitivity, population, level, method)
    outputs: dict[str, Any] = {"n": n, "n_total": n}
    said = [f"{method}_detection" if population is not None else "binomial_detection"]
    if cluster_prevalence is None:
        return Outcome(outputs, "one", tuple(said))
    many = _size(cluster_prevalence, level, clusters, level, method)
    outputs = {"n": n, "n_per_cluster": n, "clusters": many, "n_total": n * many}
    said.append("cluster_sensitivity")
    return Outcome(outputs, "two", tuple(said))


def _size(
    prevalence: float, sensitivity: float, population: int | None, level: float, method: str
) -> int:
    if population is None:
        miss = math.log1p(-prevalence * sensitivity) if prevalence * sensitivity < 1 else None
        size = 1 if miss is None else round_up(math.log(1 - level) / miss)
        if size > 1_000_000_000:
            raise BadDesign("more than a billion persons would have to be tested", "prevalence")
        return max(1, size)
    diseased = max(1, round(population * prevalence))
    if method == "approximate":
        raw = population / sensitivity * -math.expm1(math.log(1 - level) / diseased)
        if not raw <= population:
            raise _unreachable(population, sensitivity)
        return max(1, round_up(raw))
    if population > _EXACT:
        raise BadDesign(
            f"the exact method goes to a population of {_EXACT}; use method approximate or leave "
            "population out",
            "population",
        )
    if _found(population, population, diseased, sensitivity) < level:
        raise _unreachable(population, sensitivity)
    low, high = 0, population
    while high - low > 1:
        middle = (low + high) // 2
        enough = _found(middle, population, diseased, sensitivity) >= level
        low, high = (low, middle) if enough else (middle, high)
    return high


def _found(n: int, population: int, diseased: int, sensitivity: float) -> float:
    """Probability of at least one positive test among n of the population."""
    least, most = max(0, n + diseased - population), min(n, diseased)
    y = np.arange(least, most + 1, dtype=float)

    gamma = special.gammaln
    log_p = (
        _log_choose(np.full_like(y, diseased), y)
        + _log_choose(np.full_like(y, population - diseased), n - y)
        - float(gamma(population + 1) - gamma(n + 1) - gamma(population - n + 1))
    )
    missed = np.zeros_like(y) if sensitivity == 1 else y * math.log1p(-sensitivity)
    if sensitivity == 1:
        missed[y > 0] = -math.inf
    return 1 - float(np.exp(log_p + missed).sum())


def _log_choose(total: Array, part: Array) -> Array:
    gamma = special.gammaln
    return np.asarray(gamma(total + 1) - gamma(part + 1) - gamma(total - part + 1))


def _unreachable(population: int, sensitivity: float) -> BadDesign:
    return BadDesign(
        f"even all {population} persons, tested with a sensitivity of {sensitivity:g}, do not "
        "reach the level; take a higher prevalence or a better test",
        "population",
    )
