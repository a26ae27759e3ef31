"""Counts from the states of all persons, each offered to the ledger before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from design.cohort.describe import describe
from design.cohort.disclosure import Ledger, group_rows, level_of
from design.cohort.evaluate import Evaluated
from design.cohort.outcome import USUAL_THRESHOLD, Funnel, Group, Options, Step
from design.cohort.people import People
from design.cohort.rules import Criteria, Rule
from design.cohort.source import Source
from design.cohort.states import MET, REASONS, UNKNOWN
from design.cohort.texts import said
from design.wording import Text

_MUCH_MISSING = 0.2


class Counter:
    """Counts from the states of all persons, offering each to the ledger before it is shown.

    Place 0 of a level is having an index date, place k criterion k.
    """

    def __init__(
        self,
        source: Source,
        criteria: Criteria,
        options: Options,
        people: People,
        judged: Sequence[Evaluated],
    ) -> None:
        self.source, self.criteria, self.options = source, criteria, options
        self.people, self.judged = people, judged
        self.width = len(judged) + 1
        self.applied = [
            number
            for number, each in enumerate(judged, start=1)
            if each.unusable is None and number not in options.off
        ]
        self.judgeable = [n for n, each in enumerate(judged, start=1) if each.unusable is None]
        self.level = UNKNOWN if options.missing == "keep" else MET
        self.other = MET if options.missing == "keep" else UNKNOWN
        self.base = ~np.isnan(people.index)
        self.left = {level: self._left(level) for level in self._levels()}
        patterns, counts = _patterns(people, judged)
        self.ledger = Ledger(patterns, counts, options.threshold)

    def count(self) -> Funnel:
        """The funnel with what may be shown of it."""
        self._offer_all()
        show = self.ledger.value
        steps = tuple(self._step(number) for number in range(1, self.width))
        both = self.options.missing == "both"
        last, keep = self._chain(self.width - 1), self._chain(self.width - 1, self.other)
        return Funnel(
            source=self.source.name,
            title=self.criteria.title,
            persons=show(self._at()),
            base=show(self._chain(0)),
            remaining=show(last),
            remaining_keep=show(keep) if both else None,
            steps=steps,
            sites=self._groups(self.people.site, list(self.people.sites)),
            years=self._years(),
            options=self.options,
            index=self._index(),
            notes=self.source.notes,
            conventions=self._conventions(),
            warnings=self._warnings(steps),
            costliest=_costliest(steps),
        )

    def _at(self, **levels: int) -> int:
        return level_of([levels.get(f"c{place}", 0) for place in range(self.width)])

    def _chain(self, number: int, level: int | None = None, last: int | None = None) -> int:
        """Those left after a criterion; ``last`` is the level asked of that criterion alone."""
        levels = {f"c{each}": level or self.level for each in self.applied if each <= number}
        if last is not None:
            levels[f"c{number}"] = last
        return self._at(c0=MET, **levels)

    def _alone(self, number: int, level: int) -> int:
        return self._at(c0=MET, **{f"c{number}": level})

    def _without(self, number: int) -> int:
        levels = {f"c{each}": self.level for each in self.applied if each != number}
        return self._at(c0=MET, **levels)

    def _offer_all(self) -> None:
        """The order decides what is kept back: the last offered go first."""
        both = self.options.missing == "both"
        end = self.width - 1
        offers = [self._at(), self._chain(0), self._chain(end)]
        offers += [self._chain(end, self.other)] if both else []
        offers += [self._chain(number) for number in self.applied]
        for level in (self.level, self.other):
            offers += [self._alone(number, level) for number in self.judgeable]
        offers += [self._chain(n, self.other) for n in self.applied] if both else []
        without = [self._without(number) for number in self.applied]
        splits = [self._chain(number, last=self.other) for number in self.applied]
        self.ledger.expect([*offers, *without, *splits])
        for offer in offers:
            self.ledger.offer(offer)
        for offer in without:
            self.ledger.offer(offer, left_out=len(without) > 1)
        for offer in splits:
            self.ledger.offer(offer)

    def _step(self, number: int) -> Step:
        judged = self.judged[number - 1]
        rule = self.criteria.rules()[number - 1]
        excluded = number > len(self.criteria.inclusion)
        meaning = _meaning(rule, excluded, self.source)
        name = Text(rule.name, rule.name) if rule.name else meaning
        if rule.name and excluded:
            name = said("rule", "exclude", rule=rule.name)
        value = self.ledger.value
        everyone = self._chain(0)
        alone: dict[str, int | None] = dict.fromkeys(("met", "not_met", "unknown", "cost"))
        if judged.unusable is None:
            met, maybe = self._alone(number, MET), self._alone(number, UNKNOWN)
            alone = {
                "met": value(met),
                "not_met": value(everyone, maybe),
                "unknown": value(maybe, met),
                "cost": value(everyone, self._alone(number, self.level)),
            }
        on = number in self.applied
        before, after = self._chain(number - 1), self._chain(number)
        split = self._chain(number, last=self.other)
        upper, lower = (after, split) if self.level == UNKNOWN else (split, after)
        last = self._chain(self.width - 1)
        both = self.options.missing == "both"
        return Step(
            number=number,
            name=name,
            meaning=meaning,
            status="not_evaluable" if judged.unusable else "applied" if on else "off",
            remaining=value(after),
            lost=value(before, after) if on else None,
            not_met=value(before, upper) if on else None,
            unknown=value(upper, lower) if on else None,
            remaining_keep=value(self._chain(number, UNKNOWN)) if both else None,
            alone=alone,
            without=value(self._without(number)) if on else None,
            gain=value(self._without(number), last) if on else None,
            reasons=self._reasons(judged, alone["unknown"]),
            records=self._records(judged, alone),
            why=judged.unusable,
        )

    def _reasons(
        self, judged: Evaluated, unknown: int | None
    ) -> tuple[tuple[str, int | None], ...]:
        """Why persons are not known; hidden together with their number."""
        unknown_for = (judged.reasons > 0) & self.base
        counts = np.bincount(judged.reasons[unknown_for], minlength=len(REASONS))
        found = [(REASONS[place], int(n)) for place, n in enumerate(counts) if place and n]
        if judged.unusable is not None:
            return ()
        visible = group_rows([[n] for _, n in found], self.options.threshold)
        if unknown is None or (len(found) > 1 and not any(visible)):
            visible = [False] * len(found)
        return tuple(
            (name, n if ok else None) for (name, n), ok in zip(found, visible, strict=True)
        )

    def _records(self, judged: Evaluated, alone: dict[str, int | None]) -> int | None:
        """Records that count, unless they tell of few persons.

        Where most persons have one record, records are as good as persons; so they are shown of
        one condition only, and not where they differ from persons shown by a small number.
        """
        met, not_met, unknown = alone["met"], alone["not_met"], alone["unknown"]
        if judged.records is None or judged.unusable is not None or met is None or not_met is None:
            return None
        persons = [0, met, not_met, met + not_met]
        persons += [] if unknown is None else [met + unknown, not_met + unknown]
        few = any(self.ledger.small(abs(judged.records - number)) for number in persons)
        return None if few else judged.records

    def _years(self) -> tuple[Group, ...]:
        """By calendar year; persons without one come last."""
        year = self.people.year
        known = year > 0
        first, last = (int(year[known].min()), int(year[known].max())) if known.any() else (1, 0)
        spots = np.where(known, year - first, last - first + 1)
        return self._groups(spots, [*(str(each) for each in range(first, last + 1)), None])

    def _groups(self, spot: NDArray[np.int64], names: list[str | None]) -> tuple[Group, ...]:
        """Persons and remaining by group, of those with an index date.

        Args:
            spot: Which of the names a person belongs to.
            names: Of the groups; ``None`` where it is not recorded.
        """
        both = self.options.missing == "both"
        columns = [self.base, *(self.left[level] for level in self._levels())]
        table = np.stack([np.bincount(spot[c], minlength=len(names)) for c in columns], axis=1)
        filled = [row for row in range(len(names)) if table[row, 0]]
        rows = [[int(n) for n in table[row]] for row in filled]
        everyone = group_rows([row[:1] for row in rows], self.options.threshold)
        inside = group_rows(rows, self.options.threshold)
        if self.ledger.value(self._chain(0)) is None:
            everyone = [False] * len(rows)
        totals = [self._chain(self.width - 1, level) for level in self._levels()]
        if self.source.grouped_by and any(map(self.source.groups_by, self.criteria.rules())):
            # A criterion on the site and the table of sites could be subtracted.
            everyone = inside = [False] * len(rows)
        if any(self.ledger.value(total) is None for total in totals):
            inside = [False] * len(rows)
        return tuple(
            Group(
                name=names[row],
                persons=counts[0] if whole else None,
                remaining=counts[-1] if whole and part else None,
                remaining_keep=counts[1] if both and whole and part else None,
            )
            for row, counts, whole, part in zip(filled, rows, everyone, inside, strict=True)
        )

    def _levels(self) -> tuple[int, ...]:
        """What remains is counted at these levels, the widest first."""
        return (UNKNOWN, MET) if self.options.missing == "both" else (self.level,)

    def _left(self, level: int) -> NDArray[np.bool_]:
        """Who remains at the end."""
        left = self.base.copy()
        for number in self.applied:
            left &= self.judged[number - 1].states >= level
        return left

    def _index(self) -> Text:
        index = self.criteria.index
        if self.source.undated:
            return said("index", "undated")
        concepts = "、".join(str(concept) for concept in index.concepts)
        return said("index", index.event, concepts=concepts, on=str(index.on))

    def _conventions(self) -> tuple[Text, ...]:
        threshold = self.options.threshold
        told = [said("conventions", key) for key in ("months", "absent", "latest")]
        told.append(said("conventions", self.options.missing))
        if threshold > 1:
            told.append(said("conventions", "hidden", last=threshold - 1, threshold=threshold))
        return tuple(told)

    def _warnings(self, steps: tuple[Step, ...]) -> tuple[Text, ...]:
        told = [remark for each in self.judged for remark in each.remarks]
        for step in steps:
            values = {"number": step.number, "name": step.name}
            if step.why is not None:
                told.append(said("remarks", "not_applied", why=step.why, **values))
            elif step.status == "off":
                told.append(said("remarks", "off", **values))
            unknown, base = step.alone["unknown"], self.ledger.value(self._chain(0))
            if unknown and base and unknown / base >= _MUCH_MISSING:
                share = round(unknown / base, 3)
                told.append(said("remarks", "much_missing", share=share, **values))
        if self.options.threshold < USUAL_THRESHOLD:
            told.append(said("remarks", "low_threshold"))
        return tuple(dict.fromkeys(told))


def _meaning(rule: Rule, excluded: bool, source: Source) -> Text:
    if excluded and rule.not_ is not None:
        return said("rule", "exclude", rule=describe(rule.not_, source.vocabulary))
    return describe(rule, source.vocabulary)


def _patterns(people: People, judged: Sequence[Evaluated]) -> tuple[Any, Any]:
    """Distinct states with their persons; shapes (patterns, criteria + 1) and (patterns,)."""
    based = ~np.isnan(people.index)
    code = based.astype(np.int64)
    for place, each in enumerate(judged, start=1):
        code += each.states.astype(np.int64) << 2 * place
    codes, counts = np.unique(code, return_counts=True)
    patterns = np.stack(
        [codes >> 2 * place & 0b11 for place in range(len(judged) + 1)], axis=1
    ).astype(np.int8)
    patterns[:, 0] *= MET
    # Without an index date nothing is judged.
    patterns[patterns[:, 0] == 0, 1:] = 0
    return patterns, counts.astype(np.int64)


def _costliest(steps: tuple[Step, ...]) -> dict[str, int | None]:
    """The criteria that cost most, of those whose cost is shown."""
    costs = [(step.alone["cost"] or 0, step.number) for step in steps if step.status == "applied"]
    gains = [(step.gain or 0, step.number) for step in steps if step.status == "applied"]

    def greatest(found: list[tuple[int, int]]) -> int | None:
        best = max(found, key=lambda item: (item[0], -item[1]), default=(0, 0))
        return best[1] if best[0] else None

    return {"cost": greatest(costs), "gain": greatest(gains)}
