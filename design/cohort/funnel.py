"""The funnel: criterion by criterion, how many persons remain, and what each criterion costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from design.cohort.describe import describe
from design.cohort.disclosure import Ledger, group_rows, level_of
from design.cohort.errors import BadCohort
from design.cohort.evaluate import Evaluated, evaluate
from design.cohort.people import People, gather
from design.cohort.rules import Criteria, Rule
from design.cohort.source import Source
from design.cohort.states import MET, REASONS, UNKNOWN
from design.cohort.texts import said
from design.wording import Text

_MUCH_MISSING = 0.2
_USUAL_THRESHOLD = 10


class Options(BaseModel):
    """How to count."""

    model_config = ConfigDict(extra="forbid")

    missing: Literal["exclude", "keep", "both"] = Field(
        "exclude",
        description="Persons for whom a criterion is not known: left out, kept, or both shown.",
    )
    threshold: int = Field(
        _USUAL_THRESHOLD, ge=1, le=1000, description="Counts from 1 to one less are hidden."
    )
    off: list[int] = Field([], max_length=30, description="Numbers of criteria not to apply.")


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion in the funnel. A count is ``None`` when it is hidden or not applicable.

    Attributes:
        number: Place in the list, from 1.
        name: What the criterion is called.
        meaning: The rule in words.
        status: ``applied``, ``off`` (switched off) or ``not_evaluable``.
        remaining: Persons left after it.
        lost: Persons it takes from those left before.
        not_met: Of the persons left before, those who do not meet it.
        unknown: Of the persons left before, those for whom it is not known.
        remaining_keep: Persons left when those not known are kept (``missing=both``).
        alone: Of all persons: ``met``, ``not_met``, ``unknown``, ``cost`` (not kept by it alone).
        without: Persons left when only this criterion is left out.
        gain: How many more that is.
        reasons: Why it is not known, with persons of all persons.
        records: Records that count for it.
        why: Why it could not be applied.
    """

    number: int
    name: Text
    meaning: Text
    status: Literal["applied", "off", "not_evaluable"]
    remaining: int | None
    lost: int | None
    not_met: int | None
    unknown: int | None
    remaining_keep: int | None
    alone: dict[str, int | None]
    without: int | None
    gain: int | None
    reasons: tuple[tuple[str, int | None], ...]
    records: int | None
    why: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines; ``suppressed`` names the counts that are hidden."""
        applied = self.status == "applied"
        hidden = [
            name
            for name in ("remaining", "lost", "not_met", "unknown", "without", "gain")
            if applied and getattr(self, name) is None
        ]
        judged = self.status != "not_evaluable"
        hidden += [f"alone.{key}" for key, value in self.alone.items() if judged and value is None]
        return {
            "number": self.number,
            "name": self.name.to_json(),
            "meaning": self.meaning.to_json(),
            "status": self.status,
            "why": self.why.to_json() if self.why else None,
            "remaining": self.remaining,
            "lost": self.lost,
            "not_met": self.not_met,
            "unknown": self.unknown,
            "remaining_keep": self.remaining_keep,
            "alone": dict(self.alone),
            "leave_one_out": {"remaining": self.without, "gain": self.gain},
            "missing": [
                {"reason": key, "text": said("reasons", key).to_json(), "persons": count}
                for key, count in self.reasons
            ],
            "records": self.records,
            "suppressed": hidden,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """A site or a year: persons there, and those who remain; ``None`` is hidden."""

    name: str | None
    persons: int | None
    remaining: int | None
    remaining_keep: int | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A counted funnel; it holds counts only, never a person.

    Attributes:
        source: What was counted in.
        title: Of the criteria.
        persons: Persons of the source.
        base: Persons with an index date.
        remaining: Persons who meet all applied criteria; ``None`` when hidden.
        remaining_keep: The same with those not known kept, when both are asked for.
        steps: One for each criterion, in order.
        sites: By site, those of most persons first.
        years: By calendar year of the index date.
        costliest: Numbers of the criteria with the greatest cost alone and the greatest gain, of
            those shown.
    """

    source: str
    title: str | None
    persons: int | None
    base: int | None
    remaining: int | None
    remaining_keep: int | None
    steps: tuple[Step, ...]
    sites: tuple[Group, ...]
    years: tuple[Group, ...]
    options: Options
    index: Text
    notes: tuple[Text, ...]
    conventions: tuple[Text, ...]
    warnings: tuple[Text, ...]
    costliest: dict[str, int | None] = field(default_factory=dict)

    @property
    def sentence(self) -> Text:
        """The result in a few sentences that can be quoted."""
        told = [
            said(
                "sentence", "remaining",
                source=self.source, persons=shown(self.persons), base=shown(self.base),
                count=sum(step.status == "applied" for step in self.steps),
                remaining=shown(self.remaining),
            )
        ]  # fmt: skip
        if self.options.missing == "both":
            told.append(said("sentence", "bounds", keep=shown(self.remaining_keep)))
        for key in ("cost", "gain"):
            number = self.costliest.get(key)
            if number is None:
                continue
            applied = [step for step in self.steps if step.status == "applied"]
            values = [step.alone["cost"] if key == "cost" else step.gain for step in applied]
            # A hidden count may be greater than those shown.
            which = f"{key}_of_shown" if None in values else key
            step = self.steps[number - 1]
            value = step.alone["cost"] if key == "cost" else step.gain
            told.append(
                said("sentence", which, number=number, name=step.name, **{key: shown(value)})
            )
        told += [Text(f"（{note.zh}）", f"({note.en})") for note in self.notes]
        return Text("".join(each.zh for each in told), " ".join(each.en for each in told))

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines; a hidden count is null."""
        groups = [
            [
                {
                    "name": group.name,
                    "persons": group.persons,
                    "remaining": group.remaining,
                    **(
                        {"remaining_keep": group.remaining_keep}
                        if self.options.missing == "both"
                        else {}
                    ),
                    "suppressed": group.persons is None or group.remaining is None,
                }
                for group in rows
            ]
            for rows in (self.sites, self.years)
        ]
        return {
            "source": self.source,
            "title": self.title,
            "index": self.index.to_json(),
            "options": self.options.model_dump(),
            "persons": self.persons,
            "with_index_date": self.base,
            "remaining": self.remaining,
            "remaining_keep": self.remaining_keep,
            "suppressed": self.remaining is None,
            "steps": [step.to_json() for step in self.steps],
            "costliest": dict(self.costliest),
            "sites": groups[0],
            "years": groups[1],
            "sentence": self.sentence.to_json(),
            "notes": [note.to_json() for note in self.notes],
            "conventions": [each.to_json() for each in self.conventions],
            "warnings": [each.to_json() for each in self.warnings],
        }

    def table(self, language: str = "zh") -> str:
        """The funnel as a text table."""
        from design.cohort.show import table

        return table(self, language)

    def svg(self, language: str = "zh") -> str:
        """The funnel as a drawing."""
        from design.cohort.svg import draw

        return draw(self, language)


def shown(count: int | None) -> Text:
    """A count in words; one that is hidden is said to be so."""
    if count is None:
        return said("table", "hidden_count")
    return Text(str(count), str(count))


def funnel(source: Source, criteria: Criteria, options: Options | None = None) -> Funnel:
    """Count who remains, criterion by criterion.

    Args:
        source: An opened cohort.
        criteria: Rules in the order they are applied.
        options: How missing data and small counts are dealt with, and which criteria are off.

    Raises:
        BadCohort: A rule names what the source does not know, or the source cannot be read.
    """
    options = options or Options()
    rules = criteria.rules()
    for number in options.off:
        if not 1 <= number <= len(rules):
            raise BadCohort(f"there is no criterion {number}; they are 1 to {len(rules)}", "off")
    people = gather(source, criteria.index)
    judged = evaluate(source, people, rules)
    return _Counter(source, criteria, options, people, judged).count()


class _Counter:
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
        if judged.unusable is not None or alone["met"] is None or alone["not_met"] is None:
            return None
        return None if self.ledger.small(judged.records) else judged.records

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
        if self.options.threshold < _USUAL_THRESHOLD:
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
