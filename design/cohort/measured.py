"""Measurements against bounds: units carried over, the right value of the window picked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from design.cohort.errors import BadCohort
from design.cohort.people import People
from design.cohort.rules import Measurement, Rule
from design.cohort.source import Source
from design.cohort.states import ALWAYS, MET, NOT_MET, REASONS, UNKNOWN, Judged
from design.cohort.texts import said
from design.cohort.units import conversion, unit_of, unit_of_concept
from design.cohort.vocabulary import MEASUREMENT
from design.wording import Text

# Bits of what was wrong with a record; of several the greatest is shown.
_PROBLEMS = {"value_missing": 1, "unit": 2, "no_reference_range": 4, "date_missing": 8}
_FIELDS = (
    "leaf BIGINT, concept BIGINT, alone BOOLEAN, unit_concept BIGINT, unit VARCHAR, "
    "usable BOOLEAN, low DOUBLE, low_open BOOLEAN, high DOUBLE, high_open BOOLEAN, uln BOOLEAN, "
    "before INTEGER, after INTEGER, origin INTEGER, step INTEGER"
)
_FIELDS_USABLE = 5  # where `usable` stands in a row of these
# By how the value is picked: rank = origin + step * day, and the greatest rank counts. No date
# comes near the origin of `first`, so ranks are not negative.
_RANK = {"latest": (0, 1), "first": (1_000_000, -1), "any": (0, 0), "every": (0, 0)}

# One row a record that counts: where its person and condition are (`spot`), and a code: twice the
# rank, plus one if it fits; or less than zero, the problem that keeps it from being judged.
_QUERY = """
SELECT w.leaf * {count} + b.row AS spot,
  CAST(CASE
    WHEN {day} IS NULL THEN -8
    WHEN w.uln AND NOT coalesce(r.high > 0, false) THEN -4
    WHEN NOT w.usable THEN -2
    WHEN r.value IS NULL OR NOT isfinite(r.value) THEN -1
    ELSE 2 * (w.origin + w.step * {day}) + CAST(
      (r.value > w.low * {scale} OR (NOT w.low_open AND r.value = w.low * {scale}))
      AND (r.value < w.high * {scale} OR (NOT w.high_open AND r.value = w.high * {scale}))
    AS INTEGER)
  END AS INTEGER) AS code
FROM measurement_rec r
JOIN wanted_values w ON w.concept = r.concept AND (w.alone OR
  (w.unit_concept IS NOT DISTINCT FROM r.unit_concept AND w.unit IS NOT DISTINCT FROM r.unit))
JOIN base b ON b.pid = r.pid
WHERE b.idx IS NOT NULL
  AND ({day} IS NULL OR {day} BETWEEN b.idx - w.before AND b.idx + w.after)
"""


def evaluate_measurements(source: Source, people: People, leaves: list[Rule]) -> list[Judged]:
    """Judge conditions on measurements.

    Raises:
        BadCohort: A measurement or a unit is not known.
    """
    if "measurement_rec" not in source.held:
        raise BadCohort(f"{source.name} holds no measurements", "measurement")
    given = [leaf.measurement for leaf in leaves if leaf.measurement is not None]
    concepts = [_concepts(source, rule) for rule in given]
    seen = _units_seen(source, sorted({id for ids in concepts for id in ids}))
    wanted: list[tuple[Any, ...]] = []
    unusable: dict[int, Text] = {}
    remarks: dict[int, list[Text]] = {}
    for place, (rule, ids) in enumerate(zip(given, concepts, strict=True)):
        mine = [row for row in seen if row[0] in ids]
        if rule.times_uln and not any(row[3] for row in mine):
            unusable[place] = said("unusable", "no_reference_range")
            continue
        bounds, remarks[place] = _wanted(source, place, rule, mine)
        if bounds and not any(row[_FIELDS_USABLE] for row in bounds):
            unusable[place] = _no_unit(source, rule, mine)
            continue
        wanted += bounds
    source.connection.execute(f"CREATE OR REPLACE TEMP TABLE wanted_values ({_FIELDS})")
    if wanted:
        marks = ", ".join("?" for _ in wanted[0])
        source.connection.executemany(f"INSERT INTO wanted_values VALUES ({marks})", wanted)
    day = "coalesce(r.day, 0)" if source.undated else "r.day"
    scale = "CASE WHEN w.uln THEN r.high ELSE 1 END" if any(r.times_uln for r in given) else "1.0"
    query = _QUERY.format(day=day, scale=scale, count=len(people))
    tally = _Tally.of(source.connection.execute(query).fetchnumpy(), len(given), len(people))
    found = []
    for place, rule in enumerate(given):
        if place in unusable:
            found.append(Judged.unusable_for(len(people), unusable[place]))
        else:
            judged = tally.judged(rule, place)
            judged.remarks = remarks[place]
            found.append(judged)
    return found


def _no_unit(
    source: Source, rule: Measurement, seen: list[tuple[int, int | None, str | None, bool]]
) -> Text:
    """Why no record can be compared: none has a unit the criterion's can be carried into."""
    units = {
        (spelled or "").strip() or (f"unit_concept_id {concept}" if concept else "—")
        for _, concept, spelled, _ in seen
    }
    shown = ", ".join(sorted(units)[:5])
    usual = source.vocabulary.units.get(seen[0][0]) or ""
    return said(
        "unusable", "unit", concept=str(rule.concept), unit=rule.unit or usual or "—", seen=shown
    )


def _concepts(source: Source, rule: Measurement) -> list[int]:
    ids = source.vocabulary.resolve([rule.concept], MEASUREMENT)
    return source.vocabulary.below(ids)


def _units_seen(
    source: Source, concepts: list[int]
) -> list[tuple[int, int | None, str | None, bool]]:
    """Units that occur with each concept, and whether any such record has an upper limit."""
    rows = source.connection.execute(
        "SELECT concept, unit_concept, unit, bool_or(coalesce(high > 0, false)) "
        "FROM measurement_rec WHERE list_contains(?, concept) GROUP BY ALL ORDER BY ALL",
        [concepts],
    ).fetchall()
    return [(row[0], row[1], row[2], bool(row[3])) for row in rows]


def record_unit(concept: int | None, spelled: str | None) -> str | None:
    """The unit of a record by its unit concept and its unit as written.

    ``None`` when neither is known, or when they contradict each other. An unknown local spelling
    beside a known concept is no contradiction.
    """
    by_concept = unit_of_concept(concept)
    by_text = unit_of(spelled) if spelled and spelled.strip() else None
    if by_concept is not None and by_text is not None and by_concept != by_text:
        line = conversion(None, by_text, by_concept)
        return by_concept if line is not None and line.factor == 1 else None
    if by_concept is None and by_text is None and not (spelled and spelled.strip()):
        return unit_of("") if concept is None else None
    return by_concept or by_text


def _wanted(
    source: Source,
    place: int,
    rule: Measurement,
    seen: list[tuple[int, int | None, str | None, bool]],
) -> tuple[list[tuple[Any, ...]], list[Text]]:
    """Bounds in each unit that occurs; a unit that cannot be carried over is marked unusable."""
    window = rule.window
    before = ALWAYS if window.before is None else window.before
    origin, step = _RANK[rule.pick]
    rows, remarks = [], []
    for concept, unit_concept, spelled, _ in seen:
        analyte = source.vocabulary.analyte(concept)
        usual = source.vocabulary.units.get(concept) or (analyte.unit if analyte else "")
        target = unit_of(usual if rule.unit is None else rule.unit)
        if target is None:
            raise BadCohort(f"the unit {rule.unit!r} of {rule.concept} is not known", "unit")
        if rule.unit is None and usual and target != "{score}" and not rule.times_uln:
            remark = said("remarks", "unit_taken", concept=str(rule.concept), unit=usual)
            if remark not in remarks:
                remarks.append(remark)
        unit = record_unit(unit_concept, spelled)
        line = None if unit is None else conversion(analyte, target, unit)
        usable = rule.times_uln or line is not None
        low, low_open, high, high_open = _bounds(rule)
        if line is not None and not rule.times_uln:
            low = line(low) if math.isfinite(low) else low
            high = line(high) if math.isfinite(high) else high
        alone = sum(other == concept for other, *_ in seen) == 1
        rows.append((
            place, concept, alone, unit_concept, spelled, usable, low, low_open, high, high_open,
            rule.times_uln, before, window.after, origin, step,
        ))  # fmt: skip
    return rows, remarks


def _bounds(rule: Measurement) -> tuple[float, bool, float, bool]:
    low = rule.min if rule.min is not None else rule.above
    high = rule.max if rule.max is not None else rule.below
    return (
        -math.inf if low is None else low,
        rule.above is not None,
        math.inf if high is None else high,
        rule.below is not None,
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """The records of all conditions and persons, one cell each; shape (conditions, persons).

    Attributes:
        best: Greatest code, of two records of the same day the one that fits; -1: none usable.
        worst: The same with the last bit turned round, so that the one that does not fit wins.
        problems: Bits of the problems of unusable records.
        records: Records that fit; shape (conditions,).
    """

    best: NDArray[np.int32]
    worst: NDArray[np.int32]
    problems: NDArray[np.uint8]
    records: NDArray[np.int64]

    @classmethod
    def of(cls, rows: dict[str, Any], conditions: int, persons: int) -> _Tally:
        """Gather the rows of the query: far cheaper here than grouped by the database."""
        spot = np.asarray(rows["spot"], np.int64)
        code = np.asarray(rows["code"], np.int32)
        shape = (conditions, persons)
        best = np.full(conditions * persons, -1, np.int32)
        worst = best.copy()
        problems = np.zeros(conditions * persons, np.uint8)
        bad = code < 0
        if bad.any():
            np.bitwise_or.at(problems, spot[bad], (-code[bad]).astype(np.uint8))
            spot, code = spot[~bad], code[~bad]
        np.maximum.at(best, spot, code)
        np.maximum.at(worst, spot, code ^ 1)
        fits = spot[(code & 1) == 1] // max(persons, 1)
        records = np.bincount(fits, minlength=conditions)
        return cls(best.reshape(shape), worst.reshape(shape), problems.reshape(shape), records)

    def judged(self, rule: Measurement, place: int) -> Judged:
        """One condition for all persons."""
        best, worst, problems = self.best[place], self.worst[place], self.problems[place]
        usable = best >= 0
        fits, fails = usable & (best & 1 == 1), usable & (worst & 1 == 1)
        if rule.pick == "every":
            met, conflict = ~fails, np.zeros(len(best), bool)
        elif rule.pick == "any":
            met, conflict = fits, np.zeros(len(best), bool)
        else:
            # Values of the same day on both sides of a bound.
            met, conflict = fits, fits & fails
        why = np.full(len(best), REASONS.index("not_recorded"), np.int8)
        for name, bit in _PROBLEMS.items():
            why[problems & bit > 0] = REASONS.index(name)
        why[conflict] = REASONS.index("conflict")
        known = usable & ~conflict
        states = np.where(known, np.where(met, MET, NOT_MET), UNKNOWN).astype(np.int8)
        return Judged(states, np.where(known, 0, why).astype(np.int8), int(self.records[place]))
