"""Minimisation after Pocock and Simon: one patient at a time, balancing several factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from design.errors import BadDesign
from design.randomisation.draws import Draws

_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Assigned:
    """The arm of one patient, and why.

    Attributes:
        arm: Name of the arm drawn.
        preferred: Arms that would leave the least imbalance.
        imbalance: Total imbalance that each arm would leave, by name.
        chances: Probability with which each arm was drawn, by name.
    """

    arm: str
    preferred: tuple[str, ...]
    imbalance: Mapping[str, float]
    chances: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Minimisation:
    """The rule by which patients are assigned.

    Attributes:
        arms: Names of the arms.
        factors: Levels of each factor.
        ratio: Whole numbers, one an arm; equal when empty.
        weights: Weight of a factor, 1 when left out.
        probability: With which a preferred arm is drawn; the rest is shared by the others
            according to the ratio.
        measure: Imbalance within a level: ``range`` or ``variance`` of the arms' numbers, each
            divided by its part of the ratio.
        seed: What the draws follow from; the draw for the k-th patient depends on it and k only.
    """

    arms: tuple[str, ...]
    factors: Mapping[str, Sequence[str]]
    seed: str | int
    ratio: tuple[int, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    probability: float = 0.8
    measure: str = "range"

    def __post_init__(self) -> None:
        if len(self.arms) < 2 or len(set(self.arms)) < len(self.arms):
            raise BadDesign("minimisation needs two arms or more, each with its own name", "arms")
        if not self.factors:
            raise BadDesign("minimisation needs a factor to balance", "factors")
        if self.ratio and (len(self.ratio) != len(self.arms) or min(self.ratio) < 1):
            raise BadDesign("ratio takes one whole number from 1 for each arm", "ratio")
        if not 1 / len(self.arms) <= self.probability <= 1:
            raise BadDesign(
                f"probability must be from 1/{len(self.arms)} (no minimisation) to 1", "probability"
            )
        if unknown := set(self.weights) - set(self.factors):
            raise BadDesign(f"weights names no factor: {', '.join(sorted(unknown))}", "weights")
        if any(weight <= 0 for weight in self.weights.values()):
            raise BadDesign("weights must be above 0", "weights")

    def assign(
        self, patient: Mapping[str, str], history: Sequence[tuple[Mapping[str, str], str]]
    ) -> Assigned:
        """The arm for a patient after those of ``history`` (their levels, their arm).

        Raises:
            BadDesign: A factor or arm is missing or unknown.
        """
        self._check(patient, "patient")
        for number, (levels, arm) in enumerate(history, start=1):
            self._check(levels, f"patient {number} of history")
            if arm not in self.arms:
                raise BadDesign(f"patient {number} of history has no arm of ours: {arm}", "history")
        totals = {arm: self._total(patient, history, arm) for arm in self.arms}
        least = min(totals.values())
        preferred = tuple(arm for arm in self.arms if totals[arm] <= least + _DUST)
        chances = self._chances(preferred)
        draw = Draws(self.seed, len(history)).pick([chances[arm] for arm in self.arms])
        return Assigned(self.arms[draw], preferred, totals, chances)

    def _chances(self, preferred: tuple[str, ...]) -> dict[str, float]:
        """Equally preferred arms share the probability, the others the rest, by the ratio."""
        parts = dict(zip(self.arms, self.ratio or (1,) * len(self.arms), strict=True))
        others = [arm for arm in self.arms if arm not in preferred]
        if not others:
            return {arm: part / sum(parts.values()) for arm, part in parts.items()}
        shares = {True: self.probability, False: 1 - self.probability}
        sums = {
            True: sum(parts[arm] for arm in preferred),
            False: sum(parts[arm] for arm in others),
        }
        return {
            arm: shares[arm in preferred] * parts[arm] / sums[arm in preferred] for arm in self.arms
        }

    def _total(
        self,
        patient: Mapping[str, str],
        history: Sequence[tuple[Mapping[str, str], str]],
        arm: str,
    ) -> float:
        total = 0.0
        for name in self.factors:
            counts = dict.fromkeys(self.arms, 0)
            counts[arm] += 1
            for levels, given in history:
                counts[given] += levels[name] == patient[name]
            total += self.weights.get(name, 1.0) * self._spread(list(counts.values()))
        return total

    def _spread(self, counts: Sequence[int]) -> float:
        ratio = self.ratio or (1,) * len(counts)
        scaled = [count / parts for count, parts in zip(counts, ratio, strict=True)]
        if self.measure == "range":
            return max(scaled) - min(scaled)
        mean = sum(scaled) / len(scaled)
        return sum((value - mean) ** 2 for value in scaled) / (len(scaled) - 1)

    def _check(self, levels: Mapping[str, str], who: str) -> None:
        where = "patient" if who == "patient" else "history"
        for name, known in self.factors.items():
            if levels.get(name) not in known:
                raise BadDesign(
                    f"{who} has {name} = {levels.get(name)!r}, not one of {', '.join(known)}", where
                )
        if unknown := set(levels) - set(self.factors):
            raise BadDesign(f"{who} has unknown factors: {', '.join(sorted(unknown))}", where)
