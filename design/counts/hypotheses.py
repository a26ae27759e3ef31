"""What is to be shown of a rate ratio, as the null ratios that must be rejected."""

from __future__ import annotations

from dataclasses import dataclass

from design.errors import BadDesign


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Null ratios treatment : control and the level of each one-sided test.

    Attributes:
        above: H0 that the ratio is at most this one, to be rejected.
        below: H0 that the ratio is at least this one, to be rejected.
        alpha: One-sided level of each.
    """

    above: float | None
    below: float | None
    alpha: float

    @property
    def both(self) -> bool:
        """Equivalence: both null hypotheses must be rejected."""
        return self.above is not None and self.below is not None


def hypothesis(
    true: float,
    aim: str,
    margin: float | None,
    lower: float | None,
    upper: float | None,
    better: str,
    alpha: float,
    sides: int,
) -> Hypothesis:
    """The hypotheses of an aim, checked against the assumed ratio.

    Each one-sided test is at ``alpha / sides``, equality in the direction of the assumed ratio.

    Raises:
        BadDesign: A margin lacks, is one too many, or excludes the assumed ratio.
    """
    level = alpha / sides
    if aim == "equality":
        if margin is not None or lower is not None or upper is not None:
            raise BadDesign("equality has no margin; set aim, or leave the margin out", "margin")
        if true == 1:
            raise BadDesign("the rates are equal: there is no difference to detect", "rate2")
        return Hypothesis(1.0, None, level) if true > 1 else Hypothesis(None, 1.0, level)
    if aim == "equivalence":
        if lower is None and upper is None and margin is not None:
            lower, upper = min(margin, 1 / margin), max(margin, 1 / margin)
        if lower is None or upper is None:
            raise BadDesign("equivalence needs lower and upper, the limits of the ratio", "lower")
        if not lower < true < upper:
            raise BadDesign(
                f"the assumed rate ratio {true:.4g} lies outside {lower:g} to {upper:g}, so the "
                "rates would not be equivalent; widen the limits or change the rates",
                "upper",
            )
        return Hypothesis(lower, upper, level)
    if lower is not None or upper is not None:
        raise BadDesign(f"{aim} takes margin; lower and upper are for equivalence", "lower")
    if margin is None:
        raise BadDesign(f"{aim} needs margin, a rate ratio", "margin")
    good = margin < 1 if (aim == "superiority") == (better == "lower") else margin > 1
    if not good:
        side = "below 1" if (aim == "superiority") == (better == "lower") else "above 1"
        raise BadDesign(
            f"for {aim} with a {better} rate better the margin must be {side}, not {margin:g}",
            "margin",
        )
    inside = true < margin if better == "lower" else true > margin
    if not inside:
        raise BadDesign(
            f"the assumed rate ratio {true:.4g} lies on the wrong side of the margin {margin:g}, "
            "so H1 would be false; change the margin or the rates",
            "margin",
        )
    if better == "lower":
        return Hypothesis(None, margin, level)
    return Hypothesis(margin, None, level)
