"""Each criterion for each person: met, not met, or not known (three-valued logic of Kleene).

A state is 0 (not met), 1 (not known) or 2 (met), so that *and* is the minimum, *or* the maximum
and *not* is two minus the state. Each table of the source is read once for all criteria.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from design.cohort.engine import quiet
from design.cohort.errors import BadCohort
from design.cohort.measured import evaluate_measurements
from design.cohort.people import People
from design.cohort.rules import Rule
from design.cohort.source import Source
from design.cohort.states import ALWAYS, MET, NOT_MET, REASONS, UNKNOWN, Judged, States
from design.cohort.texts import said
from design.cohort.vocabulary import CATEGORY, CONDITION, DRUG
from design.wording import Text


@dataclass(slots=True)
class Evaluated:
    """A criterion judged for all persons.

    Attributes:
        states: One state a person.
        reasons: Why a state is not known: a place in ``REASONS``; 0 where it is known.
        records: Records that count for it; ``None`` where several conditions are joined, since the
            sum of what counts for each would tell of their overlap.
        unusable: Why the source cannot tell; then the states are all not known.
        remarks: What was taken as agreed while judging it.
    """

    states: States
    reasons: NDArray[np.int8]
    records: int | None
    unusable: Text | None = None
    remarks: list[Text] = field(default_factory=list)


def evaluate(source: Source, people: People, rules: Sequence[Rule]) -> list[Evaluated]:
    """Judge rules for all persons, reading each table once.

    Raises:
        BadCohort: A rule names what the source does not know.
    """
    leaves = [leaf for rule in rules for leaf in rule.leaves()]
    judged: dict[int, Judged] = {}
    for kinds, judge in _JUDGES:
        mine = {id(leaf): leaf for leaf in leaves if leaf.kind in kinds}
        usable = {}
        for key, leaf in mine.items():
            why = _undated(source, leaf)
            if why is not None:
                judged[key] = Judged.unusable_for(len(people), why)
            else:
                usable[key] = leaf
        if usable:
            with quiet(f"{source.name}: {', '.join(kinds)} records"):
                found = judge(source, people, list(usable.values()))
            judged |= dict(zip(usable, found, strict=True))
    return [_joined(rule, judged) for rule in rules]


def _joined(rule: Rule, judged: dict[int, Judged]) -> Evaluated:
    states, reasons = _kleene(rule, judged)
    leaves = [judged[id(leaf)] for leaf in rule.leaves()]
    can_be_met, _ = _possible(rule, judged)
    whys = [leaf.unusable for leaf in leaves if leaf.unusable is not None]
    return Evaluated(
        states=states,
        reasons=reasons,
        records=leaves[0].records if len(leaves) == 1 else None,
        unusable=None if can_be_met else whys[0],
        remarks=[remark for leaf in leaves for remark in leaf.remarks]
        + (whys if can_be_met else []),
    )


def _kleene(rule: Rule, judged: dict[int, Judged]) -> tuple[States, NDArray[np.int8]]:
    if not rule.parts:
        leaf = judged[id(rule)]
        return leaf.states, leaf.reasons
    parts = [_kleene(part, judged) for part in rule.parts]
    states = parts[0][0]
    if rule.not_ is not None:
        states = (MET - states).astype(np.int8)
    else:
        join = np.minimum if rule.all else np.maximum
        for other, _ in parts[1:]:
            states = join(states, other)
    reasons = np.zeros(len(states), np.int8)
    for state, why in reversed(parts):
        reasons = np.where(state == UNKNOWN, why, reasons)
    return states, np.where(states == UNKNOWN, reasons, 0).astype(np.int8)


def _possible(rule: Rule, judged: dict[int, Judged]) -> tuple[bool, bool]:
    """Whether the rule could be met, and could be not met, given what the source cannot tell."""
    if not rule.parts:
        usable = judged[id(rule)].unusable is None
        return usable, usable
    met, missed = zip(*(_possible(part, judged) for part in rule.parts), strict=True)
    if rule.not_ is not None:
        return missed[0], met[0]
    return (all(met), any(missed)) if rule.all else (any(met), all(missed))


def _undated(source: Source, leaf: Rule) -> Text | None:
    """Why a window cannot be judged: the source has no dates."""
    if not source.undated:
        return None
    if leaf.washout is not None or leaf.observed is not None:
        return said("unusable", "undated")
    given = leaf.measurement or leaf.coded
    if given is not None and (given.window.before is not None or given.window.after):
        return said("unusable", "undated")
    return None


def _ages(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
    if np.isnan(people.age).all() and not np.isnan(people.index).all():
        why = said("unusable", "no_age")
        return [Judged.unusable_for(len(people), why) for _ in leaves]
    found = []
    for leaf in leaves:
        assert leaf.age is not None
        bounds = leaf.age
        fits = np.ones(len(people), bool)
        for limit, compare in (
            (bounds.min, np.greater_equal), (bounds.above, np.greater),
            (bounds.max, np.less_equal), (bounds.below, np.less),
        ):  # fmt: skip
            if limit is not None:
                fits &= compare(people.age, limit)
        known = ~np.isnan(people.age)
        found.append(Judged.of(fits, known, "not_recorded", _based(people, fits & known)))
    return found


def _based(people: People, who: NDArray[np.bool_]) -> int:
    """How many of them have an index date."""
    return int((who & ~np.isnan(people.index)).sum())


def _sexes(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
    known = people.sex >= 0
    if not known.any():
        why = said("unusable", "no_sex")
        return [Judged.unusable_for(len(people), why) for _ in leaves]
    found = []
    for leaf in leaves:
        fits = known & (people.sex == (leaf.sex == "female"))
        found.append(Judged.of(fits, known, "not_recorded", _based(people, fits)))
    return found


def _categories(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
    found = []
    for leaf in leaves:
        assert leaf.category is not None
        ids = source.vocabulary.resolve([leaf.category.variable], CATEGORY)
        values = [value.strip().lower() for value in leaf.category.values]
        rows = source.connection.execute(
            "SELECT b.row, bool_or(list_contains(?, c.value)) AS hit, count(*) AS n "
            "FROM category_rec c JOIN base b USING (pid) WHERE list_contains(?, c.concept) "
            "GROUP BY b.row",
            [values, ids],
        ).fetchnumpy()
        known, fits = np.zeros(len(people), bool), np.zeros(len(people), bool)
        known[rows["row"]] = True
        fits[rows["row"]] = np.asarray(rows["hit"], bool)
        found.append(Judged.of(fits, known, "not_recorded", _based(people, fits)))
    return found


def _observed(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
    if "period_rec" not in source.held:
        why = said("unusable", "no_periods")
        return [Judged.unusable_for(len(people), why) for _ in leaves]
    rows = source.connection.execute(
        "SELECT b.row, max(b.idx - p.day) AS days FROM period_rec p JOIN base b USING (pid) "
        "WHERE p.day <= b.idx AND p.last >= b.idx GROUP BY b.row"
    ).fetchnumpy()
    days = np.full(len(people), -1, np.int64)
    days[rows["row"]] = rows["days"]
    every = np.ones(len(people), bool)
    return [
        Judged.of(
            days >= leaf.observed.days,
            every,
            "not_recorded",
            _based(people, days >= leaf.observed.days),
        )
        for leaf in leaves
        if leaf.observed is not None
    ]


def _coded(
    view: str, domain: str, matches: str
) -> Callable[[Source, People, list[Rule]], list[Judged]]:
    """Judge of diagnoses or of drugs; ``matches`` is SQL that says a record is in the window."""

    def judge(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
        if view not in source.held:
            what = view.removesuffix("_rec")
            raise BadCohort(
                f"{source.name} holds no {what} records: it has no such table, or its description "
                f"names no column under `{what}s`",
                domain,
            )
        wanted = [
            row for place, leaf in enumerate(leaves) for row in _wanted(source, place, leaf, domain)
        ]
        _load(
            source,
            "wanted_codes",
            "leaf INTEGER, concept BIGINT, before INTEGER, after INTEGER",
            wanted,
        )
        day = "coalesce(r.day, 0)" if source.undated else "r.day"
        last = "coalesce(r.last, r.day, 0)" if source.undated else "coalesce(r.last, r.day)"
        rows = source.connection.execute(
            f"SELECT w.leaf, b.row, {day} IS NULL AS undated FROM {view} r "
            "JOIN wanted_codes w ON w.concept = r.concept JOIN base b ON b.pid = r.pid "
            f"WHERE b.idx IS NOT NULL AND ({day} IS NULL OR "
            f"({matches.format(day=day, last=last)}))"
        ).fetchnumpy()
        unknown = source.connection.execute(
            "SELECT w.leaf, b.row FROM unknown_rec r "
            "JOIN wanted_codes w ON w.concept = r.concept JOIN base b ON b.pid = r.pid"
        ).fetchnumpy()
        return [
            _coded_states(leaf, place, len(people), rows, unknown)
            for place, leaf in enumerate(leaves)
        ]

    return judge


def _wanted(source: Source, place: int, leaf: Rule, domain: str) -> list[tuple[int, ...]]:
    coded = leaf.coded or leaf.washout
    assert coded is not None
    ids = source.vocabulary.resolve(coded.concepts, domain)
    ids = source.vocabulary.below(ids) if coded.descendants else ids
    if leaf.washout is not None:
        # The last dose 28 days ago is 28 days without it.
        before, after = leaf.washout.days - 1, 0
    else:
        assert leaf.coded is not None
        window = leaf.coded.window
        before = ALWAYS if window.before is None else window.before
        after = window.after
    return [(place, concept, before, after) for concept in ids]


def _coded_states(
    leaf: Rule, place: int, count: int, rows: dict[str, Any], unknown: dict[str, Any]
) -> Judged:
    states = np.zeros(count, np.int8)
    reasons = np.zeros(count, np.int8)
    mine = np.asarray(rows["leaf"]) == place
    who = np.asarray(rows["row"])[mine]
    undated = np.asarray(rows["undated"], bool)[mine]
    nowhere = np.asarray(unknown["row"])[np.asarray(unknown["leaf"]) == place]
    for whom, why in ((nowhere, "not_recorded"), (who[undated], "date_missing")):
        states[whom], reasons[whom] = UNKNOWN, REASONS.index(why)
    states[who[~undated]], reasons[who[~undated]] = MET, 0
    if leaf.washout is not None:
        states = (MET - states).astype(np.int8)
    return Judged(states, reasons, int((~undated).sum()))


def _load(source: Source, table: str, fields: str, rows: list[tuple[Any, ...]]) -> None:
    """A small temporary table of what is wanted."""
    source.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({fields})")
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        source.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


_JUDGES: tuple[tuple[tuple[str, ...], Callable[..., list[Judged]]], ...] = (
    (("age",), _ages),
    (("sex",), _sexes),
    (("category",), _categories),
    (("observed",), _observed),
    (
        ("diagnosis",),
        _coded("condition_rec", CONDITION, "{day} BETWEEN b.idx - w.before AND b.idx + w.after"),
    ),
    (
        ("drug", "washout"),
        _coded("drug_rec", DRUG, "{day} <= b.idx + w.after AND {last} >= b.idx - w.before"),
    ),
    (("measurement",), evaluate_measurements),
)
__all__ = ["MET", "NOT_MET", "UNKNOWN", "Evaluated", "evaluate"]
