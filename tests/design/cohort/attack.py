"""An attacker who knows every count of a funnel that is shown and solves for those hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from design.cohort.counting import Counter
from design.cohort.evaluate import Evaluated
from design.cohort.outcome import Funnel, Options
from design.cohort.people import People
from design.cohort.rules import Criteria
from design.cohort.source import Source
from design.cohort.states import MET, UNKNOWN
from design.cohort.vocabulary import Vocabulary


def count(states: Any, site: Any, year: Any, options: Options) -> Funnel:
    """A funnel of given states; shapes (persons, criteria), (persons,), (persons,)."""
    persons, criteria = states.shape
    people = People(
        index=np.zeros(persons),
        age=np.full(persons, 50.0),
        sex=np.zeros(persons, np.int64),
        site=site,
        sites=("a", "b", "c", None),
        year=year + 2020,
    )
    judged = [
        Evaluated(
            states[:, place].astype(np.int8),
            np.where(states[:, place] == UNKNOWN, 1, 0).astype(np.int8),
            records=0,
        )
        for place in range(criteria)
    ]
    rules = Criteria.model_validate({"inclusion": [{"age": {"min": 18}}] * criteria})
    source = Source("made up", None, Vocabulary({}), frozenset())  # type: ignore[arg-type]
    return Counter(source, rules, options, people, judged).count()


class Cells:
    """What the counts of a funnel mean, as sums over kinds of persons."""

    def __init__(self, criteria: int, sites: int, years: int) -> None:
        self.kinds = list(product(*[range(3)] * criteria, range(sites), range(years)))
        self.criteria = criteria

    def _mask(self, wanted: Any) -> Any:
        return np.array([bool(wanted(kind)) for kind in self.kinds], float)

    def _upto(self, number: int, level: int) -> Any:
        return self._mask(lambda kind: all(state >= level for state in kind[:number]))

    def of(self, found: Funnel) -> Iterator[tuple[str, Any, int | None]]:
        """Name, sum over kinds, and the count if it is shown."""
        level = UNKNOWN if found.options.missing == "keep" else MET
        both = found.options.missing == "both"
        k = self.criteria
        everyone = self._mask(lambda kind: True)
        yield "persons", everyone, found.persons
        yield "base", everyone, found.base
        yield "remaining", self._upto(k, level), found.remaining
        if both:
            yield "keep", self._upto(k, UNKNOWN), found.remaining_keep
        for step in found.steps:
            n = step.number
            before, after = self._upto(n - 1, level), self._upto(n, level)
            this = [self._mask(lambda kind, s=s, n=n: kind[n - 1] == s) for s in range(3)]
            yield f"{n} remaining", after, step.remaining
            yield f"{n} lost", before - after, step.lost
            yield f"{n} not met", before * this[0], step.not_met
            yield f"{n} unknown", before * this[1], step.unknown
            if both:
                yield f"{n} keep", self._upto(n, UNKNOWN), step.remaining_keep
            yield f"{n} alone met", this[2], step.alone["met"]
            yield f"{n} alone not met", this[0], step.alone["not_met"]
            yield f"{n} alone unknown", this[1], step.alone["unknown"]
            kept = this[2] if level == MET else this[1] + this[2]
            yield f"{n} cost", everyone - kept, step.alone["cost"]
            without = self._mask(
                lambda kind, n=n: all(
                    state >= level for place, state in enumerate(kind[:k], 1) if place != n
                )
            )
            yield f"{n} without", without, step.without
            yield f"{n} gain", without - self._upto(k, level), step.gain
            for _, persons in step.reasons:
                yield f"{n} reason", this[1], persons
        yield from self._groups("site", found.sites, ["a", "b", "c"], k, level, both)
        years = [str(2020 + place) for place in range(3)]
        yield from self._groups("year", found.years, years, k + 1, level, both)

    def _groups(
        self, what: str, groups: Sequence[Any], names: list[str], at: int, level: int, both: bool
    ) -> Iterator[tuple[str, Any, int | None]]:
        for group in groups:
            place = names.index(group.name)
            here = self._mask(lambda kind, place=place: kind[at] == place)
            yield f"{what} {group.name}", here, group.persons
            left = here * self._upto(self.criteria, level)
            yield f"{what} {group.name} left", left, group.remaining
            if both:
                keep = here * self._upto(self.criteria, UNKNOWN)
                yield f"{what} {group.name} keep", keep, group.remaining_keep


def intervals(cells: list[tuple[str, Any, int | None]], true: Any) -> list[tuple[str, int, float]]:
    """For each hidden cell: its name, its true count, and how far apart its bounds are.

    Args:
        cells: As :meth:`Cells.of` gives them.
        true: Persons of each kind.
    """
    known = [(row, value) for _, row, value in cells if value is not None]
    if not known:
        return [(name, round(float(row @ true)), float("inf")) for name, row, _ in cells]
    rows = np.array([row for row, _ in known])
    values = np.array([value for _, value in known], float)
    found = []
    for name, row, value in cells:
        real = round(float(row @ true))
        if value is not None:
            assert value == real, f"{name} is shown as {value} and is {real}"
            continue
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * row, A_eq=rows, b_eq=values, bounds=(0, None), method="highs")
            ends.append(float("inf") if solved.status == 3 else sign * solved.fun)
        found.append((name, real, abs(ends[1] - ends[0])))
    return found
