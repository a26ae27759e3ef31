"""How many clusters, or how large ones, tell two arms apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.cluster.inputs import LARGEST
from design.errors import BadDesign
from design.sizes import round_up, with_dropout
from design.solving import root

Correction = Annotated[
    Literal["t", "plus_one", "none"],
    Field(
        description="For few clusters: t: noncentral t with 2(c-1) degrees of freedom; plus_one: "
        "normal, one cluster an arm more (two pairs, if matched); none: normal. 少量群的校正"
    ),
]
Matched = Annotated[
    bool, Field(description="Clusters are matched in pairs (k within pairs). 群配对")
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Difference of two arms, and the variance of a cluster's mean, summed over both arms.

    Attributes:
        difference: To be detected, above 0.
        within: Variance within clusters, both arms; over m it is that of a cluster's mean.
        between: Variance between clusters, both arms, with unequal sizes counted in.
        error: Type I error on one side.
        correction: As :data:`Correction`.
        matched: Whether clusters are matched in pairs.
    """

    difference: float
    within: float
    between: float
    error: float
    correction: str
    matched: bool

    def power(self, clusters: float, size: float) -> float:
        """Power of ``clusters`` an arm with ``size`` persons each."""
        more = self._more() if self.correction == "plus_one" else 0
        if clusters - more <= 0:
            return 0.0
        return self._power(clusters, (self.within / size + self.between) / (clusters - more))

    def _power(self, clusters: float, variance: float) -> float:
        distance = self.difference / math.sqrt(variance) if variance > 0 else math.inf
        if self.correction != "t":
            return float(special.ndtr(distance - float(special.ndtri(1 - self.error))))
        df = self._df(clusters)
        if df < 1:
            return 0.0
        t = float(special.stdtrit(df, 1 - self.error))
        if distance > 37 + t:
            return 1.0
        missed = float(special.nctdtr(df, distance, t))
        return 1 - missed if not math.isnan(missed) else 0.0

    def _df(self, clusters: float) -> float:
        return clusters - 1 if self.matched else 2 * (clusters - 1)

    def fewest(self) -> int:
        """Clusters an arm below which the correction leaves nothing."""
        return {"t": 2, "plus_one": self._more() + 1, "none": 1}[self.correction]

    def _more(self) -> int:
        return 2 if self.matched else 1

    def clusters(self, size: float, power: float) -> float:
        """Clusters an arm for a power, not yet rounded."""
        variance = self.within / size + self.between
        z = float(special.ndtri(1 - self.error)) + float(special.ndtri(power))
        normal = variance * (max(z, 0.0) / self.difference) ** 2
        if normal > LARGEST:
            raise BadDesign("more than a million clusters would be needed")
        if self.correction == "none":
            return normal
        if self.correction == "plus_one":
            return normal + self._more()
        low, high = 2.0, max(4.0, 2 * normal + 4)
        while self.power(high, size) < power:
            high *= 2
            if high > 2 * LARGEST:
                raise BadDesign("more than a million clusters would be needed")
        if self.power(low, size) >= power:
            return low
        return root(lambda c: self.power(c, size) - power, low, high)

    def size(self, clusters: int, power: float) -> float:
        """Persons a cluster for a power, not yet rounded.

        Raises:
            BadDesign: Not even clusters without end reach it.
        """
        more = self._more() if self.correction == "plus_one" else 0
        known = clusters - more
        if known <= 0 or (self.correction == "t" and clusters < 2):
            raise BadDesign(f"{clusters} clusters an arm are too few", "clusters")
        if self._power(clusters, self.between / known) < power:
            least = self.clusters(math.inf, power)
            raise BadDesign(
                f"{clusters} clusters an arm do not reach the power with any number of persons: "
                f"at least {math.floor(least) + 1} are needed",
                "clusters",
            )
        low, high = 0.0, 1.0
        while self.power(clusters, high) < power:
            low, high = high, 2 * high
            if high > 1e9:
                raise BadDesign("more than a billion persons a cluster would be needed", "clusters")
        if low == 0:
            return 1.0
        return root(lambda m: self.power(clusters, m) - power, low, high)


def solved(
    compared: Comparison,
    power: float | None,
    clusters: int | None,
    size: float | None,
    dropout: float,
    whole: bool = True,
) -> tuple[str, dict[str, Any]]:
    """What of power, clusters (an arm) and persons a cluster is left out; and all outputs.

    ``whole``: persons are rounded up, person-time is not.

    Raises:
        BadDesign: Not exactly one of the three is left out.
    """
    if sum(x is None for x in (power, clusters, size)) != 1:
        raise BadDesign(
            "give two of power, clusters (an arm) and m (persons a cluster); the third is found",
            "power",
        )
    outputs: dict[str, Any] = {}
    if power is None:
        assert clusters is not None and size is not None
        reached = compared.power(clusters, size)
        kind = "power"
    elif clusters is None:
        assert size is not None
        raw = compared.clusters(size, power)
        clusters = max(round_up(raw), compared.fewest())
        outputs = {"clusters_per_arm_raw": raw}
        reached = compared.power(clusters, size)
        kind = "clusters"
    else:
        raw = compared.size(clusters, power)
        size = float(round_up(raw)) if whole else raw
        outputs = {"m": round_up(raw) if whole else raw, "m_raw": raw}
        reached = compared.power(clusters, size)
        kind = "size"
    outputs |= {
        "clusters_per_arm": clusters,
        "clusters": 2 * clusters,
        "n_per_arm": round_up(clusters * size) if whole else clusters * size,
        "n_total": 2 * round_up(clusters * size) if whole else 2 * clusters * size,
        "power" if kind == "power" else "power_achieved": reached,
    }
    if dropout and kind != "power":
        outputs |= with_dropout("n_total", outputs["n_total"], dropout)
    return kind, outputs
