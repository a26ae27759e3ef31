"""The question a comparison of means asks, and the power of its test."""

from __future__ import annotations

from dataclasses import dataclass

from design.errors import BadDesign
from design.noncentral import both_above, t_above, t_critical


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
        critical = t_critical(self.level, df)
        if self.aim == "equality":
            shift = abs(self.difference) / error
            power = t_above(critical, df, shift)
            return min(1.0, power + t_above(critical, df, -shift)) if self.both_tails else power
        if self.aim == "equivalence":
            return self._equivalence(critical, error, df)
        gain = self.margin if self.aim == "noninferiority" else -self.margin
        return t_above(critical, df, (self.difference + gain) / error)

    def _equivalence(self, critical: float, error: float, df: float | None) -> float:
        if not self.exact:
            room = (self.margin - abs(self.difference)) / error
            return max(0.0, 2 * t_above(critical, df, room) - 1)
        upper = (self.margin - self.difference) / error
        lower = (self.margin + self.difference) / error
        return both_above(upper, lower, critical, df)


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
