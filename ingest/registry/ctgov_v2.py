"""ClinicalTrials.gov studies as its API gives them since 2023 (version 2, JSON).

Source: the study data structure of the ClinicalTrials.gov API
(https://clinicaltrials.gov/data-api/about-api/study-data-structure). Read are single studies,
answers of ``/studies`` (``{"studies": […]}``), arrays and JSON lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from ingest.loaders.base import Member, Source
from ingest.registry.collect import Entry, members_of
from ingest.registry.criteria import split_eligibility
from ingest.registry.dates import RegistryDate, read_date
from ingest.registry.fields import pointer, text_of, value_at, whole_number
from ingest.registry.jsonstream import json_entries
from ingest.registry.record import (
    Arm,
    Eligibility,
    Enrolment,
    Field,
    Intervention,
    Outcome,
    Title,
    TrialRecord,
    Value,
)

_SECTION = "protocolSection"
_READ_MODULES = frozenset(
    f"{name}Module"
    for name in (
        "identification",
        "status",
        "sponsorCollaborators",
        "oversight",
        "description",
        "conditions",
        "design",
        "armsInterventions",
        "outcomes",
        "eligibility",
        "contactsLocations",
        "ipdSharingStatement",
    )
)
_OTHER = (
    ("Observational model", ("designModule", "designInfo", "observationalModel")),
    ("Time perspective", ("designModule", "designInfo", "timePerspective")),
    (
        "Intervention model description",
        ("designModule", "designInfo", "interventionModelDescription"),
    ),
    ("Target duration", ("designModule", "targetDuration")),
    ("Study population", ("eligibilityModule", "studyPopulation")),
    ("Sampling method", ("eligibilityModule", "samplingMethod")),
    ("Gender description", ("eligibilityModule", "genderDescription")),
    ("Data monitoring committee", ("oversightModule", "oversightHasDmc")),
    ("FDA-regulated drug", ("oversightModule", "isFdaRegulatedDrug")),
    ("FDA-regulated device", ("oversightModule", "isFdaRegulatedDevice")),
    ("Individual participant data sharing", ("ipdSharingStatementModule", "ipdSharing")),
    ("Sharing plan", ("ipdSharingStatementModule", "description")),
)
# Escapes of the Markdown in long texts: "\>= 18" is ">= 18".
_ESCAPE = re.compile(r"\\([<>\[\]_*~#=+.()-])")
Kind = Literal["actual", "anticipated"]
_KINDS: dict[str, Kind] = {"ACTUAL": "actual", "ESTIMATED": "anticipated"}


def members(source: Source) -> Iterator[Member]:
    """Yield every study of the file under its NCT number."""
    return members_of(lambda: json_entries(source.data), _key, read)


def _key(study: dict[str, Any]) -> tuple[str, str]:
    number = value_at(study, "", _SECTION, "identificationModule", "nctId")
    updated = _date(_Study(study, ""), "statusModule", "lastUpdatePostDateStruct")
    return number.text if number else "", (updated.iso or "") if updated else ""


class _Study:
    """The protocol section of a study with the pointers to its fields."""

    def __init__(self, study: dict[str, Any], prefix: str) -> None:
        self.study = study
        self.prefix = prefix

    def get(self, *keys: str | int) -> Value | None:
        """The field at ``keys`` below the protocol section."""
        return value_at(self.study, self.prefix, _SECTION, *keys)

    def items(self, *keys: str) -> list[Any]:
        """The array at ``keys``, empty if there is none."""
        data: Any = self.study.get(_SECTION)
        for key in keys:
            data = data.get(key) if isinstance(data, dict) else None
        return data if isinstance(data, list) else []

    def values(self, *keys: str) -> tuple[Value, ...]:
        """The texts of an array of strings."""
        found = (self.get(*keys, number) for number in range(len(self.items(*keys))))
        return tuple(value for value in found if value)

    def objects(self, *keys: str) -> Iterator[tuple[dict[str, Any], str]]:
        """The objects of an array, each with its pointer."""
        for number, item in enumerate(self.items(*keys)):
            if isinstance(item, dict):
                yield item, self.prefix + pointer(_SECTION, *keys, number)


def read(entry: Entry) -> TrialRecord:
    """Read one study."""
    study = _Study(entry.content, entry.path)
    number = study.get("identificationModule", "nctId")
    assert number is not None
    criteria = _prose(study.get("eligibilityModule", "eligibilityCriteria"))
    design = ("designModule", "designInfo")
    masking = (
        study.get(*design, "maskingInfo", "masking"),
        *study.values(*design, "maskingInfo", "whoMasked"),
        study.get(*design, "maskingInfo", "maskingDescription"),
    )
    return TrialRecord(
        id=number,
        registry="ClinicalTrials.gov",
        line=entry.line,
        secondary_ids=_secondary_ids(study),
        acronym=study.get("identificationModule", "acronym"),
        titles=_titles(study),
        status=study.get("statusModule", "overallStatus"),
        why_stopped=study.get("statusModule", "whyStopped"),
        study_type=study.get("designModule", "studyType"),
        phases=study.values("designModule", "phases"),
        allocation=study.get(*design, "allocation"),
        design=study.get(*design, "interventionModel"),
        masking=tuple(value for value in masking if value),
        purpose=study.get(*design, "primaryPurpose"),
        conditions=study.values("conditionsModule", "conditions"),
        keywords=study.values("conditionsModule", "keywords"),
        summary=_prose(study.get("descriptionModule", "briefSummary")),
        description=_prose(study.get("descriptionModule", "detailedDescription")),
        interventions=_interventions(study),
        arms=_arms(study),
        primary_outcomes=_outcomes(study, "primaryOutcomes"),
        secondary_outcomes=_outcomes(study, "secondaryOutcomes"),
        other_outcomes=_outcomes(study, "otherOutcomes"),
        enrolment=_enrolment(study),
        registered=_plain_date(study, "statusModule", "studyFirstSubmitDate"),
        start=_date(study, "statusModule", "startDateStruct"),
        primary_completion=_date(study, "statusModule", "primaryCompletionDateStruct"),
        completion=_date(study, "statusModule", "completionDateStruct"),
        updated=_date(study, "statusModule", "lastUpdatePostDateStruct"),
        eligibility=split_eligibility(criteria.text, criteria.path) if criteria else Eligibility(),
        min_age=study.get("eligibilityModule", "minimumAge"),
        max_age=study.get("eligibilityModule", "maximumAge"),
        sex=study.get("eligibilityModule", "sex"),
        healthy_volunteers=study.get("eligibilityModule", "healthyVolunteers"),
        sponsor=study.get("sponsorCollaboratorsModule", "leadSponsor", "name"),
        collaborators=_collaborators(study),
        countries=_countries(study),
        sites=_sites(study),
        results=value_at(entry.content, entry.path, "hasResults"),
        other=tuple(Field(label, value) for label, keys in _OTHER if (value := study.get(*keys))),
        left_out=_left_out(entry.content),
    )


def _prose(value: Value | None) -> Value | None:
    return Value(_ESCAPE.sub(r"\1", value.text), value.path) if value else None


def _secondary_ids(study: _Study) -> tuple[Value, ...]:
    module = "identificationModule"
    own = study.get(module, "orgStudyIdInfo", "id")
    count = len(study.items(module, "secondaryIdInfos"))
    found = [study.get(module, "secondaryIdInfos", n, "id") for n in range(count)]
    return tuple(value for value in (own, *found, *study.values(module, "nctIdAliases")) if value)


def _titles(study: _Study) -> tuple[Title, ...]:
    public = study.get("identificationModule", "briefTitle")
    official = study.get("identificationModule", "officialTitle")
    titles = [Title(public, "en", "public")] if public else []
    if official and (public is None or official.text != public.text):
        titles.append(Title(official, "en", "scientific"))
    return tuple(titles)


def _interventions(study: _Study) -> tuple[Intervention, ...]:
    return tuple(
        Intervention(
            text_of(item.get("name")),
            path,
            text_of(item.get("type")),
            _ESCAPE.sub(r"\1", text_of(item.get("description"))),
        )
        for item, path in study.objects("armsInterventionsModule", "interventions")
    )


def _arms(study: _Study) -> tuple[Arm, ...]:
    return tuple(
        Arm(
            text_of(item.get("label")),
            path,
            kind=text_of(item.get("type")),
            description=_ESCAPE.sub(r"\1", text_of(item.get("description"))),
            interventions=_texts(item.get("interventionNames")),
        )
        for item, path in study.objects("armsInterventionsModule", "armGroups")
    )


def _texts(items: object) -> tuple[str, ...]:
    return tuple(map(text_of, items)) if isinstance(items, list) else ()


def _outcomes(study: _Study, name: str) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            _ESCAPE.sub(r"\1", text_of(item.get("measure"))),
            path,
            text_of(item.get("timeFrame")),
            _ESCAPE.sub(r"\1", text_of(item.get("description"))),
        )
        for item, path in study.objects("outcomesModule", name)
    )


def _enrolment(study: _Study) -> Enrolment | None:
    count = study.get("designModule", "enrollmentInfo", "count")
    if count is None:
        return None
    kind = study.get("designModule", "enrollmentInfo", "type")
    return Enrolment(count, whole_number(count.text), _KINDS.get(kind.text if kind else ""))


def _plain_date(study: _Study, *keys: str) -> RegistryDate | None:
    value = study.get(*keys)
    return read_date(value.text, value.path) if value else None


def _date(study: _Study, *keys: str) -> RegistryDate | None:
    value, kind = study.get(*keys, "date"), study.get(*keys, "type")
    return (
        read_date(value.text, value.path, _KINDS.get(kind.text if kind else "")) if value else None
    )


def _collaborators(study: _Study) -> tuple[Value, ...]:
    count = len(study.items("sponsorCollaboratorsModule", "collaborators"))
    found = (
        study.get("sponsorCollaboratorsModule", "collaborators", n, "name") for n in range(count)
    )
    return tuple(value for value in found if value)


def _countries(study: _Study) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for item, path in study.objects("contactsLocationsModule", "locations"):
        country = text_of(item.get("country"))
        if country:
            found.setdefault(country, Value(country, f"{path}/country"))
    return tuple(found.values())


def _sites(study: _Study) -> tuple[Value, ...]:
    sites = []
    for item, path in study.objects("contactsLocationsModule", "locations"):
        parts = (text_of(item.get(key)) for key in ("facility", "city", "state", "country"))
        site = ", ".join(part for part in parts if part)
        if site:
            sites.append(Value(site, path))
    return tuple(sites)


def _left_out(study: dict[str, Any]) -> tuple[str, ...]:
    """Sections and modules that no slot of the record takes."""
    protocol = study.get(_SECTION)
    modules = protocol if isinstance(protocol, dict) else {}
    names = [key for key in study if key not in {_SECTION, "hasResults"}]
    return tuple(names + [key for key in modules if key not in _READ_MODULES])
