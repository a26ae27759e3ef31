"""Measurements against bounds: units carried over, the right value of the window picked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from design.cohort.errors import BadCohort
from design.cohort.people import People
from design.cohort.rules import Measurement, Rule
from design.cohort.source import Source
from design.cohort.states import ALWAYS, MET, NOT_MET, REASONS, UNKNOWN, Judged
from design.cohort.texts import said
from design.cohort.units import conversion, unit_of, unit_of_concept
from design.cohort.vocabulary import MEASUREMENT
from design.wording import Text

# Bits of what was wrong with a record; the reason shown is the first of them.
_PROBLEMS = {"date_missing": 8, "no_reference_range": 4, "unit": 2, "value_missing": 1}
_FIELDS = (
    "leaf INTEGER, concept BIGINT, unit_concept BIGINT, unit VARCHAR, usable BOOLEAN, "
    "low DOUBLE, low_open BOOLEAN, high DOUBLE, high_open BOOLEAN, uln BOOLEAN, "
    "before INTEGER, after INTEGER, origin INTEGER, step INTEGER"
)
# By how the value is picked: rank = origin + step * day, and the greatest rank counts.
_RANK = {"latest": (0, 1), "first": (0, -1), "any": (0, 0), "every": (0, 0)}

_QUERY = """
WITH fitting AS (
  SELECT b.row, w.leaf, w.usable, r.value, r.high AS uln_of, w.uln, {day} AS day,
    w.origin + w.step * {day} AS rank,
    CASE WHEN w.uln THEN r.high ELSE 1 END AS scale, w.low, w.low_open, w.high, w.high_open
  FROM measurement_rec r
  JOIN wanted_values w ON w.concept = r.concept
    AND w.unit_concept IS NOT DISTINCT FROM r.unit_concept AND w.unit IS NOT DISTINCT FROM r.unit
  JOIN base b ON b.pid = r.pid
  WHERE b.idx IS NOT NULL
    AND ({day} IS NULL OR {day} BETWEEN b.idx - w.before AND b.idx + w.after)
), judged AS (
  SELECT row, leaf, rank,
    CASE WHEN day IS NULL THEN 8
         WHEN uln AND (uln_of IS NULL OR uln_of <= 0) THEN 4
         WHEN NOT usable THEN 2
         WHEN value IS NULL OR NOT isfinite(value) THEN 1 ELSE 0 END AS problem,
    CAST((value > low * scale OR (NOT low_open AND value = low * scale))
     AND (value < high * scale OR (NOT high_open AND value = high * scale)) AS INTEGER) AS met
  FROM fitting
)
SELECT leaf, row,
  max(CASE WHEN problem = 0 THEN 2 * rank + met END) AS best,
  max(CASE WHEN problem = 0 THEN 2 * rank + 1 - met END) AS worst,
  bit_or(problem) AS problems,
  sum(CASE WHEN problem = 0 THEN met ELSE 0 END) AS records
FROM judged GROUP BY leaf, row
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
        wanted += bounds
    source.connection.execute(f"CREATE OR REPLACE TEMP TABLE wanted_values ({_FIELDS})")
    if wanted:
        marks = ", ".join("?" for _ in wanted[0])
        source.connection.executemany(f"INSERT INTO wanted_values VALUES ({marks})", wanted)
    day = "coalesce(r.day, 0)" if source.undated else "r.day"
    rows = source.connection.execute(_QUERY.format(day=day)).fetchnumpy()
    found = []
    for place, rule in enumerate(given):
        if place in unusable:
            found.append(Judged.unusable_for(len(people), unusable[place]))
        else:
            judged = _states(rule, place, len(people), rows)
            judged.remarks = remarks[place]
            found.append(judged)
    return found


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
        rows.append((
            place, concept, unit_concept, spelled, usable, low, low_open, high, high_open,
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


def _states(rule: Measurement, place: int, count: int, rows: dict[str, Any]) -> Judged:
    mine = np.asarray(rows["leaf"]) == place
    who = np.asarray(rows["row"])[mine]
    best, worst = np.ma.masked_array(rows["best"])[mine], np.ma.masked_array(rows["worst"])[mine]
    usable = ~np.ma.getmaskarray(best)
    met = (np.ma.filled(best, 0).astype(np.int64) & 1) == 1
    missed = (np.ma.filled(worst, 0).astype(np.int64) & 1) == 1
    if rule.pick == "any":
        found, conflict = np.where(met, MET, NOT_MET), np.zeros(len(who), bool)
    elif rule.pick == "every":
        found, conflict = np.where(missed, NOT_MET, MET), np.zeros(len(who), bool)
    else:
        # Values of the same day on both sides of a bound.
        found, conflict = np.where(met, MET, NOT_MET), met & missed
    problems = np.ma.filled(np.ma.masked_array(rows["problems"])[mine], 0).astype(np.int64)
    why = np.full(len(who), REASONS.index("not_recorded"), np.int8)
    for name, bit in sorted(_PROBLEMS.items(), key=lambda item: item[1]):
        why[problems & bit > 0] = REASONS.index(name)
    why[conflict] = REASONS.index("conflict")
    known = usable & ~conflict
    states = np.full(count, UNKNOWN, np.int8)
    reasons = np.full(count, REASONS.index("not_recorded"), np.int8)
    states[who] = np.where(known, found, UNKNOWN)
    reasons[who] = np.where(known, 0, why)
    records = np.ma.filled(np.ma.masked_array(rows["records"])[mine], 0)
    return Judged(states, reasons, int(np.sum(records)))
