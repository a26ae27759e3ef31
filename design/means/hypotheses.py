"""The question a comparison of means asks, and the power of its test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from design.errors import BadDesign

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(240)
_NORMAL_FROM = 1e5  # degrees of freedom above which t and z differ by less than 1e-6


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What is to be shown of a difference.

    Attributes:
        aim: ``equality``, ``superiority``, ``noninferiority`` or ``equivalence``.
        difference: Expected difference, in the direction of benefit.
        margin: Positive; 0 for equality.
        level: Type I error of one side.
        both_tails: For equality, whether rejection in the wrong direction counts as power.
        exact: For equivalence, both margins counted as they are; otherwise the nearer one twice.
    """

    aim: str
    difference: float
    margin: float
    level: float
    both_tails: bool = False
    exact: bool = False

    def power(self, error: float, df: float | None) -> float:
        """Power when the difference is estimated with a standard error.

        Args:
            error: Standard error of the difference.
            df: Degrees of freedom of the t test; ``None`` for a z test.
        """
        critical = critical_value(self.level, df)
        if self.aim == "equality":
            shift = abs(self.difference) / error
            power = _above(critical, df, shift)
            return power + _above(critical, df, -shift) if self.both_tails else power
        if self.aim == "equivalence":
            return self._equivalence(critical, error, df)
        gain = self.margin if self.aim == "noninferiority" else -self.margin
        return _above(critical, df, (self.difference + gain) / error)

    def _equivalence(self, critical: float, error: float, df: float | None) -> float:
        if not self.exact:
            room = (self.margin - abs(self.difference)) / error
            return max(0.0, 2 * _above(critical, df, room) - 1)
        upper = (self.margin - self.difference) / error
        lower = (self.margin + self.difference) / error
        if df is None or df > _NORMAL_FROM:
            both = special.ndtr(upper - critical) - special.ndtr(critical - lower)
            return max(0.0, float(both))
        return _both_one_sided(upper, lower, critical, df)


def hypothesis(
    aim: str,
    difference: float,
    margin: float | None,
    *,
    level: float,
    better: str = "higher",
    both_tails: bool = False,
    exact: bool = False,
) -> Hypothesis:
    """A hypothesis whose parts agree.

    Raises:
        BadDesign: No margin where one is needed, one where none is, or an expected difference
            under which the hypothesis to be shown is false.
    """
    if aim == "equality":
        if margin is not None:
            raise BadDesign(
                "a test of equality has no margin; say the aim: superiority, noninferiority or "
                "equivalence",
                "margin",
            )
        if difference == 0:
            raise BadDesign(
                "the expected difference is 0: there is nothing to detect", "difference"
            )
        return Hypothesis(aim, difference, 0.0, level, both_tails)
    if margin is None:
        raise BadDesign(f"{aim} needs a margin", "margin")
    gain = difference if better == "higher" else -difference
    _refuse_false(aim, gain, margin)
    return Hypothesis(aim, gain, margin, level, exact=exact)


def _refuse_false(aim: str, gain: float, margin: float) -> None:
    if aim == "noninferiority" and gain <= -margin:
        raise BadDesign(
            f"the treatment is expected to be worse by {-gain:g}, which is not less than the "
            f"margin {margin:g}: noninferiority is then false. Check the margin, the difference, "
            "and whether higher or lower is better",
            "margin",
        )
    if aim == "superiority" and gain <= margin:
        raise BadDesign(
            f"the expected benefit {gain:g} is not above the superiority margin {margin:g}: "
            "superiority by that margin is then false. Check the margin, the difference, and "
            "whether higher or lower is better",
            "margin",
        )
    if aim == "equivalence" and abs(gain) >= margin:
        raise BadDesign(
            f"the expected difference {abs(gain):g} is not within the equivalence margin "
            f"{margin:g}: equivalence is then false",
            "margin",
        )


def critical_value(level: float, df: float | None) -> float:
    """Quantile of t (``df`` degrees of freedom) or of the normal (``None``) above which H0 falls."""
    if df is None:
        return float(-special.ndtri(level))
    return float(-special.stdtrit(df, level))


def _above(critical: float, df: float | None, shift: float) -> float:
    """P(T > critical) of a noncentral t (or a normal) with the noncentrality ``shift``."""
    if df is None or df > 100 * _NORMAL_FROM:
        return float(special.ndtr(shift - critical))
    return float(special.nctdtr(df, -shift, -critical))


def _both_one_sided(upper: float, lower: float, critical: float, df: float) -> float:
    """P(both one-sided t tests reject): the normal parts integrated over the estimated SD.

    ``upper`` and ``lower`` are the distances to the margins in standard errors.
    """
    start = (2 * special.gammaincinv(df / 2, 1e-15) / df) ** 0.5
    far = (2 * special.gammainccinv(df / 2, 1e-15) / df) ** 0.5
    end = min(far, (upper + lower) / (2 * critical))
    if end <= start:
        return 0.0
    ratio: NDArray[np.float64] = start + (end - start) * (_NODES + 1) / 2
    log_density = (
        np.log(2)
        + df / 2 * np.log(df / 2)
        - special.gammaln(df / 2)
        + (df - 1) * np.log(ratio)
        - df * ratio**2 / 2
    )
    inside = special.ndtr(upper - critical * ratio) - special.ndtr(critical * ratio - lower)
    total = float(np.sum(_WEIGHTS * np.exp(log_density) * inside) * (end - start) / 2)
    return min(1.0, max(0.0, total))
