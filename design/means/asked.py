"""What a comparison of means asks, the test of it, and what is said of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from design.means.hypotheses import Hypothesis, hypothesis
from design.means.inputs import expected_difference
from design.means.phrases import common_phrases, phrase, test_conventions, warnings_for


@dataclass(frozen=True, slots=True)
class Asked:
    """A hypothesis with its test.

    Attributes:
        hypothesis: What is to be shown.
        test: ``t``, ``welch`` or ``z``.
        keys: Keys of the conventions.
        said: Values of the sentence.
    """

    hypothesis: Hypothesis
    test: str
    keys: tuple[str, ...]
    said: Mapping[str, Any]

    def power(self, error: float, df: float) -> float:
        """Power with a standard error, and the degrees of freedom when it is a t test."""
        return self.hypothesis.power(error, None if self.test == "z" else df)

    def warnings(self, power: float, smallest: float | None = None) -> tuple[str, ...]:
        """Keys of the warnings on a power and on the smallest group."""
        level = self.hypothesis.level
        return warnings_for(level=level, power=power, smallest=smallest, test=self.test)

    def with_more(self, *keys: str, **said: Any) -> Asked:
        """The same with more conventions and values."""
        return replace(self, keys=(*self.keys, *keys), said={**self.said, **said})


def asked(
    difference: float,
    *,
    test: str,
    alpha: float,
    sides: int,
    aim: str = "equality",
    margin: float | None = None,
    better: str = "higher",
    both_tails: bool | None = None,
    equivalence_power: str | None = None,
) -> Asked:
    """A hypothesis on a difference, on whatever scale.

    Left out, ``both_tails`` and ``equivalence_power`` are those of the textbooks for a z test and
    of exact programs for the others.

    Raises:
        BadDesign: Its parts contradict each other.
    """
    counted = both_tails if both_tails is not None else test != "z"
    exact = (equivalence_power or ("split" if test == "z" else "exact")) == "exact"
    found = hypothesis(
        aim,
        difference,
        margin,
        level=alpha / sides,
        better=better,
        both_tails=counted and sides == 2,
        exact=exact,
    )
    keys = test_conventions(test=test, aim=aim, sides=sides, both_tails=counted, exact=exact)
    return Asked(found, test, keys, phrase("test", f"{test}_test", {}) | {"level": found.level})


def asked_of_means(
    means: Mapping[str, float | None],
    difference: float | None,
    spread: Mapping[str, float | None],
    *,
    alpha: float,
    sides: int,
    aim: str = "equality",
    margin: float | None = None,
    **more: Any,
) -> Asked:
    """A hypothesis on the difference of two means, with the phrases for its inputs.

    Args:
        means: The two means by the names of their inputs.
        difference: Instead of the means.
        spread: Standard deviations by the names of their inputs.
        alpha: Type I error.
        sides: 1 or 2.
        aim: What is to be shown.
        margin: Of the aim.
        more: Further inputs of :func:`asked`.

    Raises:
        BadDesign: The inputs contradict each other.
    """
    (name1, first), (name2, second) = means.items()
    expected = expected_difference(difference, first, second, (name1, name2))
    found = asked(expected, alpha=alpha, sides=sides, aim=aim, margin=margin, **more)
    given = {**means, "difference": difference, **spread}
    test = {"aim": aim, "margin": margin, "alpha": alpha, "sides": sides}
    return found.with_more(**common_phrases(given | test))
