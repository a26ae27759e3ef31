"""Two proportions of the same subjects (McNemar): sample size and power."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.proportions.binomial import critical, upper_tail
from design.proportions.normal import Border, plan
from design.proportions.search import smallest_steady
from design.proportions.sizing import (
    carried_out_once,
    conventions,
    given_size,
    sentence_key,
    warnings,
)
from design.quantities import Alpha, Count, Dropout, Power, Share, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up, with_dropout

MOST = 5000  # pairs up to which the exact test is enumerated


@calculator(
    reference="Connor RJ. Biometrics 1987;43:207 (connor); Duffy SW. Stat Med 1984;3:23 (exact)",
    formula="n = (z_a sqrt(p01+p10) + z_b sqrt(p01+p10 - (p01-p10)^2))^2 / (p01-p10)^2; exact: "
    "sum over the number of discordant pairs of its chance times the power of the binomial test",
)
def mcnemar(
    *,
    p01: Share,
    p10: Share,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_pairs: Count | None = None,
    test: Annotated[
        Literal["connor", "exact"],
        Field(description="Normal approximation, or the exact conditional test. 检验方法"),
    ] = "connor",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of pairs for McNemar's test, or the power of a number.

    ``p01`` and ``p10`` are the shares of pairs that change one way and the other.
    """
    known = given_size(power, n_pairs, "n_pairs")
    discordant, gap = p01 + p10, abs(p01 - p10)
    if discordant > 1:
        raise BadDesign(f"p01 + p10 is {discordant:g}, above 1", "p10")
    if gap == 0:
        raise BadDesign("p01 and p10 are equal: there is no difference to detect", "p10")
    own = discordant - gap**2
    if own < 1e-12:
        raise BadDesign("with p01 or p10 of 1 every pair changes: nothing is left to test", "p01")
    near = plan((Border(gap, math.sqrt(discordant), math.sqrt(own)),), alpha / sides)
    if test == "connor":
        outputs = carried_out_once(near, power, known, dropout, "n_pairs")
    else:
        share = max(p01, p10) / discordant
        exact = _Exact(discordant, share, alpha / sides, sides)
        if power is None:
            assert known is not None
            outputs = {"power": exact.power(int(known))}
        else:
            outputs = exact.outputs(power, round_up(near.size(power)), dropout)
    pairs = outputs["n_pairs"] if known is None else known
    said = [f"mcnemar_{test}"]
    if power is not None:
        said.append("searched" if test == "exact" else "one_round_up")
    few = (pairs * discordant / 2,) if test == "connor" else ()
    return Outcome(
        outputs | {"discordant": discordant},
        sentence_key(power is not None),
        conventions(sides, *said, dropout=dropout if power else 0.0),
        warnings(alpha, sides, power or outputs["power"], few),
        values={"n_pairs": pairs},
    )


class _Exact:
    """Power of the exact test by the number of discordant pairs."""

    def __init__(self, discordant: float, share: float, alpha: float, sides: int) -> None:
        self.discordant = discordant
        self.share = share
        self.alpha = alpha
        self.sides = sides
        self._rejects: NDArray[Any] = np.empty(0)

    def power(self, n: int) -> float:
        """Power with n pairs."""
        if n > MOST:
            raise BadDesign(
                f"the exact test is enumerated up to {MOST} pairs; take test=connor", "test"
            )
        if n >= len(self._rejects):
            self._rejects = self._rejected(min(MOST, 2 * n + 50))
        k = np.arange(n + 1)
        log = (
            special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
            + special.xlogy(k, self.discordant) + special.xlog1py(n - k, -self.discordant)
        )  # fmt: skip
        return min(1.0, float(np.exp(log) @ self._rejects[: n + 1]))

    def _rejected(self, most: int) -> NDArray[Any]:
        """Chance of rejection given 0 … most discordant pairs."""
        k = np.arange(most + 1, dtype=float)
        count = critical(k, 0.5, self.alpha)
        found = upper_tail(count, k, self.share)
        if self.sides == 2:
            found = found + upper_tail(count, k, 1 - self.share)
        return np.asarray(found)

    def outputs(self, wanted: float, start: int, dropout: float) -> dict[str, Any]:
        """The smallest number of pairs that holds the power."""
        n = smallest_steady(lambda pairs: self.power(pairs) >= wanted, start)
        found: dict[str, Any] = {"n_pairs": n, "power_achieved": self.power(n)}
        return found | (with_dropout("n_pairs", n, dropout) if dropout else {})
