"""The simulated records as tables of OMOP CDM 5.4.

Columns are those of the CDM specification (OHDSI, Common Data Model v5.4), with ``is_synthetic``
added to every table. Concepts without an OHDSI id have one from 2,000,000,000, as the CDM provides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from eval.corpus.cohort.people import People, Visits
from eval.corpus.cohort.records import Spans, Values
from eval.corpus.cohort.settings import UNITS, Assumptions, Concept

_EHR = 32817  # type concept: EHR
_MALE, _FEMALE, _ASIAN, _NOT_STATED = 8507, 8532, 8515, 0
_INPATIENT, _OUTPATIENT = 9201, 9202
_FIRST_OWN_ID = 2_000_000_000
_RANGE = ("1970-01-01", "2099-12-31")
NOTICE = "合成数据，不含真实患者 (SYNTHETIC: no real patient)"
Columns = Mapping[str, Any]
_SPEC = {
    "person": "person_id gender_concept_id year_of_birth month_of_birth day_of_birth "
    "birth_datetime "
    "race_concept_id ethnicity_concept_id location_id provider_id care_site_id person_source_value "
    "gender_source_value gender_source_concept_id race_source_value race_source_concept_id "
    "ethnicity_source_value ethnicity_source_concept_id",
    "observation_period": "observation_period_id person_id observation_period_start_date "
    "observation_period_end_date period_type_concept_id",
    "visit_occurrence": "visit_occurrence_id person_id visit_concept_id visit_start_date "
    "visit_start_datetime visit_end_date visit_end_datetime visit_type_concept_id provider_id "
    "care_site_id visit_source_value visit_source_concept_id admitted_from_concept_id "
    "admitted_from_source_value discharged_to_concept_id discharged_to_source_value "
    "preceding_visit_occurrence_id",
    "condition_occurrence": "condition_occurrence_id person_id condition_concept_id "
    "condition_start_date condition_start_datetime condition_end_date condition_end_datetime "
    "condition_type_concept_id condition_status_concept_id stop_reason provider_id "
    "visit_occurrence_id visit_detail_id condition_source_value condition_source_concept_id "
    "condition_status_source_value",
    "drug_exposure": "drug_exposure_id person_id drug_concept_id drug_exposure_start_date "
    "drug_exposure_start_datetime drug_exposure_end_date drug_exposure_end_datetime "
    "verbatim_end_date drug_type_concept_id stop_reason refills quantity days_supply sig "
    "route_concept_id lot_number provider_id visit_occurrence_id visit_detail_id drug_source_value "
    "drug_source_concept_id route_source_value dose_unit_source_value",
    "measurement": "measurement_id person_id measurement_concept_id measurement_date "
    "measurement_datetime measurement_time measurement_type_concept_id operator_concept_id "
    "value_as_number value_as_concept_id unit_concept_id range_low range_high provider_id "
    "visit_occurrence_id visit_detail_id measurement_source_value measurement_source_concept_id "
    "unit_source_value unit_source_concept_id value_source_value measurement_event_id "
    "meas_event_field_concept_id",
    "death": "person_id death_date death_datetime death_type_concept_id cause_concept_id "
    "cause_source_value cause_source_concept_id",
    "care_site": "care_site_id care_site_name place_of_service_concept_id location_id "
    "care_site_source_value place_of_service_source_value",
    "concept": "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept "
    "concept_code valid_start_date valid_end_date invalid_reason",
    "concept_synonym": "concept_id concept_synonym_name language_concept_id",
    "concept_ancestor": "ancestor_concept_id descendant_concept_id min_levels_of_separation "
    "max_levels_of_separation",
    "cdm_source": "cdm_source_name cdm_source_abbreviation cdm_holder source_description "
    "source_documentation_reference cdm_etl_reference source_release_date cdm_release_date "
    "cdm_version cdm_version_concept_id vocabulary_version",
}
TABLES = {name: tuple(columns.split()) for name, columns in _SPEC.items()}
_CHINESE = 4182948  # language concept
_WORDS = frozenset({"domain_id", "vocabulary_id", "concept_class_id"})
_WHOLE = frozenset({
    "year_of_birth", "month_of_birth", "day_of_birth", "days_supply", "refills",
    "min_levels_of_separation", "max_levels_of_separation",
})  # fmt: skip


def dates(days: Any) -> Any:
    """Days since 1970-01-01 as dates."""
    return np.asarray(days).astype("datetime64[D]")


def build(
    given: Assumptions, known: Mapping[str, Concept], people: People, visits: Visits,
    conditions: Spans, drugs: Spans, values: Values,
) -> dict[str, Columns]:  # fmt: skip
    """The columns of each table that hold something; the others are empty."""
    ids = np.arange(1, len(people) + 1)
    visit_ids = np.arange(1, len(visits.person) + 1)
    concept = {key: item.concept_id for key, item in known.items()}
    units = np.where(values.unit == "", _of(values.key, {k: c.unit for k, c in known.items()}),
                     values.unit)  # fmt: skip
    dead = np.flatnonzero(people.died)
    stay = np.where(visits.inpatient, 6, 0)
    born = dates(people.birth)
    years = born.astype("datetime64[Y]").astype(int) + 1970
    months = born.astype("datetime64[M]").astype(int) % 12 + 1
    return {
        "person": {
            "person_id": ids,
            "gender_concept_id": np.where(people.male, _MALE, _FEMALE),
            "year_of_birth": years,
            "month_of_birth": months,
            "race_concept_id": np.full(len(ids), _ASIAN),
            "ethnicity_concept_id": np.full(len(ids), _NOT_STATED),
            "care_site_id": people.site + 1,
            "person_source_value": np.array([f"SYN-{n:06d}" for n in ids]),
            "gender_source_value": np.where(people.male, "男", "女"),
        },
        "observation_period": {
            "observation_period_id": ids,
            "person_id": ids,
            "observation_period_start_date": dates(people.index),
            "observation_period_end_date": dates(people.end),
            "period_type_concept_id": np.full(len(ids), _EHR),
        },
        "visit_occurrence": {
            "visit_occurrence_id": visit_ids,
            "person_id": visits.person + 1,
            "visit_concept_id": np.where(visits.inpatient, _INPATIENT, _OUTPATIENT),
            "visit_start_date": dates(visits.day),
            "visit_end_date": dates(np.minimum(visits.day + stay, people.end[visits.person])),
            "visit_type_concept_id": np.full(len(visit_ids), _EHR),
            "care_site_id": people.site[visits.person] + 1,
        },
        "condition_occurrence": {
            "condition_occurrence_id": np.arange(1, len(conditions.person) + 1),
            "person_id": conditions.person + 1,
            "condition_concept_id": _of(conditions.key, concept),
            "condition_start_date": dates(conditions.start),
            "condition_type_concept_id": np.full(len(conditions.person), _EHR),
            "condition_source_value": _of(conditions.key, {k: c.name_zh for k, c in known.items()}),
        },
        "drug_exposure": {
            "drug_exposure_id": np.arange(1, len(drugs.person) + 1),
            "person_id": drugs.person + 1,
            "drug_concept_id": _of(drugs.key, concept),
            "drug_exposure_start_date": dates(drugs.start),
            "drug_exposure_end_date": dates(drugs.end),
            "drug_type_concept_id": np.full(len(drugs.person), _EHR),
            "days_supply": drugs.end - drugs.start + 1,
            "drug_source_value": _of(drugs.key, {k: c.name_zh for k, c in known.items()}),
        },
        "measurement": {
            "measurement_id": np.arange(1, len(values.visit) + 1),
            "person_id": visits.person[values.visit] + 1,
            "measurement_concept_id": _of(values.key, concept),
            "measurement_date": dates(visits.day[values.visit]),
            "measurement_type_concept_id": np.full(len(values.visit), _EHR),
            "value_as_number": values.value,
            "unit_concept_id": _of(units, {u: UNITS.get(u, 0) for u in np.unique(units)}),
            "visit_occurrence_id": values.visit + 1,
            "measurement_source_value": _of(values.key, {k: c.name_zh for k, c in known.items()}),
            "unit_source_value": units,
        },
        "death": {
            "person_id": dead + 1,
            "death_date": dates(people.end[dead]),
            "death_type_concept_id": np.full(len(dead), _EHR),
        },
        **_vocabulary(known.values()),
        "care_site": {
            "care_site_id": np.array([site["id"] for site in given.sites]),
            "care_site_name": np.array([site["name"] for site in given.sites]),
            "care_site_source_value": np.array([f"SYN-SITE-{s['id']}" for s in given.sites]),
        },
        "cdm_source": _source(given.last_day),
    }


def _of(keys: Any, table: Mapping[str, Any]) -> Any:
    """``table`` at each of ``keys``."""
    names, places = np.unique(keys, return_inverse=True)
    return np.array([table[str(name)] for name in names])[places]


def _vocabulary(known: Any) -> dict[str, Columns]:
    items: Sequence[Concept] = list(known)
    by_key = {item.key: item for item in items}
    pairs = [(item.concept_id, item.concept_id, 0) for item in items]
    for item in items:
        level, above = 1, item.parent
        while above:
            pairs.append((by_key[above].concept_id, item.concept_id, level))
            level, above = level + 1, by_key[above].parent
    vocabularies = {"Condition": "SNOMED", "Measurement": "LOINC", "Drug": "RxNorm"}
    own = [item.concept_id >= _FIRST_OWN_ID for item in items]
    ancestors, descendants, levels = zip(*pairs, strict=True)
    return {
        "concept": {
            "concept_id": np.array([item.concept_id for item in items]),
            "concept_name": np.array([item.name_en for item in items]),
            "domain_id": np.array([item.domain for item in items]),
            "vocabulary_id": np.array([
                "Xinglin" if ours else vocabularies[item.domain]
                for item, ours in zip(items, own, strict=True)
            ]),
            "standard_concept": np.array(["" if ours else "S" for ours in own]),
            "concept_code": np.array([item.key for item in items]),
            "valid_start_date": np.full(len(items), np.datetime64(_RANGE[0])),
            "valid_end_date": np.full(len(items), np.datetime64(_RANGE[1])),
        },
        "concept_synonym": {
            "concept_id": np.array([item.concept_id for item in items]),
            "concept_synonym_name": np.array([item.name_zh for item in items]),
            "language_concept_id": np.full(len(items), _CHINESE),
        },
        "concept_ancestor": {
            "ancestor_concept_id": np.array(ancestors),
            "descendant_concept_id": np.array(descendants),
            "min_levels_of_separation": np.array(levels),
            "max_levels_of_separation": np.array(levels),
        },
    }  # fmt: skip


def _source(released: date) -> Columns:
    return {
        "cdm_source_name": np.array(["杏林合成专病队列 (SYNTHETIC)"]),
        "cdm_source_abbreviation": np.array(["XINGLIN-SYN"]),
        "cdm_holder": np.array(["Xinglin contributors"]),
        "source_description": np.array([NOTICE]),
        "source_documentation_reference": np.array(["corpus/cohort/README.md"]),
        "cdm_etl_reference": np.array(["python -m eval.corpus.cohort"]),
        "source_release_date": np.array([np.datetime64(released)]),
        "cdm_release_date": np.array([np.datetime64(released)]),
        "cdm_version": np.array(["5.4"]),
        "cdm_version_concept_id": np.array([756265]),
        "vocabulary_version": np.array(["concepts.csv of this project"]),
    }


def write(tables: Mapping[str, Columns], folder: Path) -> dict[str, int]:
    """Write each table as Parquet; returns the number of rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, columns in tables.items():
        table = {key: columns[key] for key in TABLES[name] if key in columns}
        count = len(next(iter(table.values())))
        with duckdb.connect() as connection:
            connection.register("given", {key: _plain(values) for key, values in table.items()})
            picked = [
                _column(key) if key in table else f"CAST(NULL AS {_null_type(key)}) AS {key}"
                for key in TABLES[name]
            ]
            query = f"SELECT {', '.join(picked)}, TRUE AS is_synthetic FROM given"  # noqa: S608
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(
                f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, "
                f"COMPRESSION_LEVEL 15, PARQUET_VERSION v2, KV_METADATA {{synthetic: '{NOTICE}'}})"
            )
        counts[name] = count
    return counts


def _plain(values: Any) -> Any:
    """A column in a type that DuckDB takes over from NumPy."""
    if values.dtype.kind == "M":
        return values.astype("datetime64[us]")
    return values.astype(object) if values.dtype.kind == "U" else values


def _column(key: str) -> str:
    if key.endswith("_date"):
        return f"CAST({key} AS DATE) AS {key}"
    if key == "value_as_number":
        return f"CAST({key} AS DOUBLE) AS {key}"
    if _null_type(key) == "INTEGER":
        return f"CAST({key} AS INTEGER) AS {key}"
    return key


def _null_type(key: str) -> str:
    if key.endswith("_datetime"):
        return "TIMESTAMP"
    if key.endswith("_date"):
        return "DATE"
    if key in {"range_low", "range_high", "quantity", "value_as_number"}:
        return "DOUBLE"
    if (key.endswith("_id") and key not in _WORDS) or key in _WHOLE:
        return "INTEGER"
    return "VARCHAR"
