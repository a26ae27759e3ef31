"""How long a funnel of 12 criteria over a million synthetic persons takes.

    python -m eval.bench_funnel [--persons 1000000] [--folder FOLDER] [--runs 3]

The persons are drawn by DuckDB's hash from their number alone, so the same call gives the same
rows; they are synthetic and say so (``is_synthetic``). Concepts are those of the synthetic cohort.
The folder is kept, so that a second call does not draw again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import duckdb

from design.cohort import Criteria, Options, funnel, open_source
from eval.machine import describe

_U = "(hash({keys}) % 1000003) / 1000003.0"
_FIRST = "DATE '2019-01-01'"
_DAYS = 2500
_VISITS = 3
_CONDITIONS = (201826, 443731, 316139, 443580, 4329847, 313217, 320128, 46271022)
_DRUGS = (1503297, 44785829, 45774751, 1502905, 1307046, 1545958)
# concept, lowest, spread, unit concept, unit
_MEASURES = (
    (3027172, 20, 50, 8554, "%"),
    (3029187, 50, 5000, 8845, "pg/mL"),
    (3016723, 40, 150, 8749, "umol/L"),
    (3023103, 3, 3, 8753, "mmol/L"),
    (3004249, 85, 90, 8876, "mmHg"),
    (3004410, 5, 6, 8554, "%"),
)

CRITERIA = {
    "title": "bench",
    "inclusion": [
        {"age": {"min": 18, "max": 80}},
        {"diagnosis": {"concepts": [316139]}},
        {"measurement": {"concept": 3027172, "max": 60, "unit": "%"}},
        {"measurement": {"concept": 3029187, "min": 300, "unit": "pmol/L",
                         "window": {"before": "3y"}}},
        {"any": [{"drug": 1307046}, {"drug": 1545958}]},
        {"measurement": {"concept": 3016723, "max": 2.0, "unit": "mg/dL"}},
    ],
    "exclusion": [
        {"measurement": {"concept": 3023103, "above": 5.5, "unit": "mmol/L"}},
        {"measurement": {"concept": 3004249, "below": 95, "unit": "mmHg"}},
        {"diagnosis": {"concepts": [4329847], "window": {"before": "90d"}}},
        {"drug": {"concepts": [44785829, 45774751], "window": {"before": "4w"}}},
        {"diagnosis": {"concepts": [46271022]}},
        {"all": [{"sex": "male"}, {"diagnosis": {"concepts": [313217]}}]},
    ],
}  # fmt: skip


def draw(folder: Path, persons: int, vocabulary: Path) -> dict[str, int]:
    """Write the tables; returns the number of rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    day = f"{_FIRST} + CAST(floor({{u}} * {_DAYS}) AS INTEGER)"
    everyone = f"range(1, {persons} + 1) p(id)"
    measures = ", ".join(str(row) for row in _MEASURES)
    queries = {
        "person": "SELECT id AS person_id, CASE WHEN hash(id, 1) % 2 = 0 THEN 8507 ELSE 8532 END "
        "AS gender_concept_id, CAST(1935 + hash(id, 2) % 65 AS INTEGER) AS year_of_birth, "
        "CAST(1 + hash(id, 3) % 12 AS INTEGER) AS month_of_birth, NULL::INTEGER AS day_of_birth, "
        "CAST(1 + hash(id, 4) % 6 AS INTEGER) AS care_site_id, "
        f"TRUE AS is_synthetic FROM {everyone}",
        "visit_occurrence": "SELECT id AS person_id, "
        f"{day.format(u=_U.format(keys='id, k, 5'))} AS visit_start_date, "
        f"TRUE AS is_synthetic FROM {everyone}, range({_VISITS}) v(k)",
        "condition_occurrence": "SELECT id AS person_id, c AS condition_concept_id, "
        f"{day.format(u=_U.format(keys='id, c, 6'))} AS condition_start_date, "
        f"TRUE AS is_synthetic FROM {everyone}, unnest({list(_CONDITIONS)}) t(c) "
        "WHERE hash(id, c, 7) % 10 < 4",
        "drug_exposure": "SELECT id AS person_id, c AS drug_concept_id, "
        f"{day.format(u=_U.format(keys='id, c, 8'))} AS drug_exposure_start_date, "
        "drug_exposure_start_date + CAST(hash(id, c, 9) % 400 AS INTEGER) "
        "AS drug_exposure_end_date, "
        f"TRUE AS is_synthetic FROM {everyone}, unnest({list(_DRUGS)}) t(c) "
        "WHERE hash(id, c, 10) % 10 < 4",
        "measurement": "SELECT id AS person_id, c AS measurement_concept_id, "
        f"{day.format(u=_U.format(keys='id, c, k, 11'))} AS measurement_date, "
        f"round(low + spread * {_U.format(keys='id, c, k, 12')}, 1)::DOUBLE AS value_as_number, "
        "CAST(uc AS INTEGER) AS unit_concept_id, u AS unit_source_value, "
        f"NULL::DOUBLE AS range_high, TRUE AS is_synthetic FROM {everyone}, "
        f"(VALUES {measures}) m(c, low, spread, uc, u), range({_VISITS}) v(k) "
        "WHERE hash(id, c, 13) % 10 < 8",
    }
    counts = {}
    with duckdb.connect() as connection:
        for name, query in queries.items():
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
            counts[name] = connection.execute(
                f"SELECT count(*) FROM read_parquet('{target}')"
            ).fetchall()[0][0]
    for name in ("concept", "concept_synonym", "concept_ancestor", "care_site"):
        file = f"{name}.parquet"
        (folder / file).write_bytes((vocabulary / file).read_bytes())
    (folder / "rows.json").write_text(json.dumps(counts), encoding="utf-8")
    return counts


def measure(folder: Path, runs: int, threads: int = 2) -> dict[str, object]:
    """Seconds of opening and counting, of each run; of all threads too."""
    taken, cpu = [], []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        with open_source(folder, threads) as source:
            found = funnel(source, Criteria.model_validate(CRITERIA), Options())
        taken.append(round(time.perf_counter() - start, 2))
        cpu.append(round(time.process_time() - used, 2))
    return {
        "threads": threads,
        "seconds": taken,
        "processor_seconds": cpu,
        "best": min(taken),
        "remaining": found.remaining,
    }


def main() -> None:
    """Draw the persons where they are not yet there, and time the funnel."""
    parser = argparse.ArgumentParser(description="Time a funnel of 12 criteria.")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.gettempdir()) / f"xinglin-funnel-{given.persons}"
    rows = folder / "rows.json"
    if not rows.is_file():
        draw(folder, given.persons, Path("corpus/cohort/omop"))
    print(json.dumps({
        "machine": describe(),
        "persons": given.persons,
        "criteria": len(Criteria.model_validate(CRITERIA).rules()),
        "rows": json.loads(rows.read_text(encoding="utf-8")),
        **measure(folder, given.runs),
    }, ensure_ascii=False, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
