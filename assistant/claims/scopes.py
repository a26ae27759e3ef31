"""Which cohorts of which trials a phrase is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.claims.records import Cohort, Section

PRIMARY, SECONDARY = "primary", "secondary"
_TRIAL = re.compile(r"\b(primary|secondary)(?:\s+(?:trial|study))?\b")
_COHORT = re.compile(r"\b(?:cohort|arm|group)s?\s+(\d)(?:\s*(?:and|,|&|or)\s*(?:cohort\s+)?(\d))?\b")


@dataclass(frozen=True, slots=True)
class Scope:
    """Trials and cohort numbers; no numbers means all cohorts."""

    trials: tuple[str, ...]
    numbers: tuple[int, ...] = ()

    def cohorts(self, sections: Mapping[str, Section]) -> list[Cohort]:
        """The cohorts meant, in order."""
        return [
            cohort
            for trial in self.trials
            for cohort in sections[trial].cohorts
            if not self.numbers or cohort.number in self.numbers
        ]


def scope_of(phrase: str, sections: Mapping[str, Section], default: Scope | None = None) -> Scope:
    """What a phrase names; where it names no trial, those of ``default`` or all."""
    phrase = phrase.lower()
    trials = tuple(
        dict.fromkeys(name for name in _TRIAL.findall(phrase) if name in sections)
    )
    numbers = tuple(
        int(number) for match in _COHORT.finditer(phrase) for number in match.groups() if number
    )
    if not trials:
        trials = default.trials if default else tuple(sections)
    return Scope(trials, numbers)


def each_named(phrase: str, sections: Mapping[str, Section]) -> list[Scope]:
    """The scopes that a claim about several of them holds for one by one.

    ``most common in cohort 1 and 2`` is said of either cohort, ``in the primary trial and the
    secondary trial`` of either trial.
    """
    whole = scope_of(phrase, sections)
    if whole.numbers:
        return [Scope((trial,), (number,)) for trial in whole.trials for number in whole.numbers]
    if re.search(r"\b(?:both|each|either|all)\b[^.]*\bcohorts?\b", phrase.lower()):
        return [
            Scope((trial,), (cohort.number,))
            for trial in whole.trials
            for cohort in sections[trial].cohorts
        ]
    return [Scope((trial,)) for trial in whole.trials]
