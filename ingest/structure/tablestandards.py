"""Which clinical data standard a table follows, told by the names of its columns.

OMOP Common Data Model v5.4 (OHDSI); CDISC SDTM IG v3.4 and ADaM IG v1.3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# The columns without which a table is not the one named; the first that fits wins.
_OMOP: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (name, frozenset(columns.split()))
    for name, columns in (
        ("PERSON", "person_id gender_concept_id year_of_birth"),
        ("OBSERVATION_PERIOD", "person_id observation_period_start_date"),
        ("VISIT_DETAIL", "visit_detail_id person_id visit_detail_concept_id"),
        ("VISIT_OCCURRENCE", "visit_occurrence_id person_id visit_concept_id"),
        ("CONDITION_OCCURRENCE", "condition_occurrence_id person_id condition_concept_id"),
        ("DRUG_EXPOSURE", "drug_exposure_id person_id drug_concept_id"),
        ("PROCEDURE_OCCURRENCE", "procedure_occurrence_id person_id procedure_concept_id"),
        ("DEVICE_EXPOSURE", "device_exposure_id person_id device_concept_id"),
        ("MEASUREMENT", "measurement_id person_id measurement_concept_id"),
        ("OBSERVATION", "observation_id person_id observation_concept_id"),
        ("DEATH", "person_id death_date death_type_concept_id"),
        ("NOTE_NLP", "note_nlp_id note_id lexical_variant"),
        ("NOTE", "note_id person_id note_text"),
        ("SPECIMEN", "specimen_id person_id specimen_concept_id"),
        ("PAYER_PLAN_PERIOD", "payer_plan_period_id person_id"),
        ("COST", "cost_id cost_event_id cost_domain_id"),
        ("DRUG_ERA", "drug_era_id person_id drug_concept_id"),
        ("DOSE_ERA", "dose_era_id person_id drug_concept_id"),
        ("CONDITION_ERA", "condition_era_id person_id condition_concept_id"),
        ("EPISODE", "episode_id person_id episode_concept_id"),
        ("EPISODE_EVENT", "episode_id event_id episode_event_field_concept_id"),
        ("COHORT", "cohort_definition_id subject_id cohort_start_date"),
        ("COHORT_DEFINITION", "cohort_definition_id cohort_definition_name"),
        ("FACT_RELATIONSHIP", "domain_concept_id_1 fact_id_1 domain_concept_id_2"),
        ("LOCATION", "location_id address_1 location_source_value"),
        ("CARE_SITE", "care_site_id care_site_name"),
        ("PROVIDER", "provider_id provider_name specialty_concept_id"),
        ("CDM_SOURCE", "cdm_source_name cdm_source_abbreviation cdm_version"),
        ("METADATA", "metadata_concept_id metadata_type_concept_id"),
        ("CONCEPT", "concept_id concept_name vocabulary_id"),
        ("CONCEPT_RELATIONSHIP", "concept_id_1 concept_id_2 relationship_id"),
        ("CONCEPT_ANCESTOR", "ancestor_concept_id descendant_concept_id"),
        ("CONCEPT_SYNONYM", "concept_id concept_synonym_name"),
        ("CONCEPT_CLASS", "concept_class_id concept_class_name"),
        ("VOCABULARY", "vocabulary_id vocabulary_name"),
        ("DOMAIN", "domain_id domain_name domain_concept_id"),
        ("RELATIONSHIP", "relationship_id relationship_name"),
        ("DRUG_STRENGTH", "drug_concept_id ingredient_concept_id amount_value"),
        ("SOURCE_TO_CONCEPT_MAP", "source_code source_concept_id target_concept_id"),
    )
)
# Tables about the study or the database, not about persons: their rows may be read.
READABLE = frozenset(
    {"SDTM TA", "SDTM TE", "SDTM TV", "SDTM TI", "SDTM TS", "SDTM TM", "SDTM TD", "SDTM TX"}
    | {"OMOP CDM_SOURCE", "OMOP COHORT_DEFINITION", "OMOP VOCABULARY", "OMOP DOMAIN"}
    | {"OMOP METADATA", "OMOP CONCEPT_CLASS"}
)
PERSON_COLUMNS = (
    "usubjid",
    "person_id",
    "subject_id",
    "subjid",
    "patient_id",
    "patientid",
    "subjectid",
    "pid",
    "ptid",
    "mrn",
    "case.id",
    "case_id",
    "caseid",
    "sno",
    "id",
    "患者编号",
    "病案号",
    "住院号",
    "受试者编号",
    "患者id",
    "登记号",
    "筛选号",
)
_TRAITS = frozenset(
    {"age", "sex", "gender", "male", "female", "race", "birthdate", "dob", "weight", "height"}
    | {
        "bmi",
        "death",
        "status",
        "futime",
        "年龄",
        "性别",
        "体重",
        "身高",
        "出生日期",
        "诊断",
        "民族",
    }
)


def standard_of(columns: Sequence[str], first_row: Sequence[str] = ()) -> str | None:
    """Return ``OMOP MEASUREMENT``, ``SDTM DM``, ``ADaM ADSL``, ``cohort table`` or ``None``.

    Args:
        columns: The header row.
        first_row: The row after it: an SDTM table says there which domain it is.
    """
    names = [column.strip().casefold() for column in columns]
    known = set(names)
    for table, needed in _OMOP:
        if needed <= known:
            return f"OMOP {table}"
    if "studyid" in known and "domain" in known:
        position = names.index("domain")
        domain = first_row[position].strip().upper() if position < len(first_row) else ""
        return f"SDTM {domain}" if re.fullmatch(r"[A-Z][A-Z0-9]{1,3}", domain) else "SDTM"
    if {"studyid", "usubjid"} <= known:
        if {"paramcd", "param"} & known:
            return "ADaM BDS"
        if {"trt01p", "trt01a"} & known:
            return "ADaM ADSL"
        if any(re.fullmatch(r"a(st|en)?dt|trt(p|a)|anl\d\dfl", name) for name in known):
            return "ADaM OCCDS"
        return "SDTM"
    if {"studyid", "rdomain", "qnam"} <= known:
        return "SDTM SUPP"
    if person_column(columns) is not None and len(known & _TRAITS) >= 2:
        return "cohort table"
    return None


def person_column(columns: Sequence[str]) -> int | None:
    """Position of the column that tells persons apart, or ``None``."""
    names = [column.strip().casefold() for column in columns]
    return next((names.index(name) for name in PERSON_COLUMNS if name in names), None)


def code_system(column: str) -> str:
    """The terminology a column draws on, where its name says so."""
    name = column.strip().casefold()
    if name.endswith("concept_id") or name in {"concept_id_1", "concept_id_2"}:
        return "OMOP concepts (source)" if "source_concept" in name else "OMOP standard concepts"
    if re.fullmatch(r"(ae|mh|ce)(decod|llt|hlt|hlgt|bodsys|soc|ptcd|lltcd|soccd)", name):
        return "MedDRA (as coded by the sponsor)"
    if re.fullmatch(r"(cm|ex)(decod|clas|clascd)", name):
        return "WHODrug or ATC (as coded by the sponsor)"
    for part, system in (
        ("loinc", "LOINC"),
        ("icd10", "ICD-10"),
        ("icd9", "ICD-9"),
        ("icd", "ICD"),
        ("snomed", "SNOMED CT"),
        ("atc", "ATC"),
        ("rxnorm", "RxNorm"),
        ("meddra", "MedDRA"),
    ):
        if part in name:
            return system
    return ""
