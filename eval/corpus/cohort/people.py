"""Persons, their visits and the sub-cohort each belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.corpus.cohort.settings import Assumptions

Days = NDArray[np.int64]
"""Days since 1970-01-01."""
_YOUNGEST, _OLDEST = 18, 95


@dataclass(frozen=True, slots=True)
class People:
    """One row a person.

    Attributes:
        cohort: Name of the sub-cohort.
        site: Index into the sites.
        male: Whether a man.
        birth: Day of birth.
        index: Day of the first visit, when the disease is recorded.
        end: Last day observed.
        died: Whether ``end`` is the day of death.
    """

    cohort: NDArray[np.str_]
    site: NDArray[np.int64]
    male: NDArray[np.bool_]
    birth: Days
    index: Days
    end: Days
    died: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.cohort)

    @property
    def ages(self) -> NDArray[np.float64]:
        """Age in years at the first visit."""
        return (self.index - self.birth) / 365.25


@dataclass(frozen=True, slots=True)
class Visits:
    """One row a visit: whose it is (index into the people), when, and whether as an inpatient."""

    person: NDArray[np.int64]
    day: Days
    inpatient: NDArray[np.bool_]


def draw_people(given: Assumptions, count: int, chance: np.random.Generator) -> People:
    """Draw ``count`` persons."""
    names = list(given.cohorts)
    shares = np.array([given.cohorts[name]["share"] for name in names])
    cohort = np.array(names)[chance.choice(len(names), count, p=shares / shares.sum())]
    weights = np.array([site["share"] for site in given.sites])
    site = chance.choice(len(weights), count, p=weights / weights.sum())
    first, last = (np.datetime64(day).astype("datetime64[D]").astype(int) for day in
                   (given.first_day, given.last_day))  # fmt: skip
    # More patients every year: the square root of a uniform number leans towards the end.
    index = first + (np.sqrt(chance.random(count)) * (last - 60 - first)).astype(np.int64)
    age = np.empty(count)
    male = np.empty(count, dtype=bool)
    hazard = np.empty(count)
    for name in names:
        own = cohort == name
        mean, sd = given.cohorts[name]["age"]
        age[own] = np.clip(chance.normal(mean, sd, own.sum()), _YOUNGEST, _OLDEST)
        male[own] = chance.random(own.sum()) < given.cohorts[name]["male"]
        hazard[own] = given.cohorts[name]["yearly_death"]
    hazard *= np.exp(0.035 * (age - 62))
    death = index + (chance.exponential(1 / hazard) * 365.25).astype(np.int64) + 1
    # Some move away: observation ends without death.
    gone = index + (chance.exponential(1 / 0.09, count) * 365.25).astype(np.int64) + 30
    end = np.minimum(np.minimum(death, gone), last)
    birth = index - np.ceil(age * 365.25).astype(np.int64)
    return People(cohort, site, male, birth, index, end, death == end)


def draw_visits(given: Assumptions, people: People, chance: np.random.Generator) -> Visits:
    """Draw the visits of everybody: the first day, and more until the end of observation."""
    mean = np.array([given.cohorts[name]["visits"] for name in people.cohort])
    follow = (people.end - people.index) / 365.25
    # The more of the seven years are observed, the more visits there can be.
    counts = chance.poisson(mean * np.minimum(follow / 2.0, 1.5))
    later = np.repeat(np.arange(len(people)), counts)
    span = (people.end - people.index)[later]
    days = people.index[later] + np.ceil(chance.random(len(later)) * span).astype(np.int64)
    person = np.concatenate([np.arange(len(people)), later])
    day = np.concatenate([people.index, days])
    acute = np.isin(people.cohort[person], ["stroke", "hf", "nsclc"])
    first = np.arange(len(person)) < len(people)
    inpatient = chance.random(len(person)) < np.where(first & acute, 0.75, 0.12)
    order = np.lexsort((day, person))
    return Visits(person[order], day[order], inpatient[order])
