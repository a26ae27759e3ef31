"""Made-up trials in the shapes of the registries; no such trial exists."""

from __future__ import annotations

import json
from typing import Any

from ingest.loaders.base import Loaded, Source
from ingest.registry import members, recognise

V2: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT90000001",
            "orgStudyIdInfo": {"id": "MADEUP-01"},
            "secondaryIdInfos": [{"id": "2031-000001-01", "type": "EUDRACT_NUMBER"}],
            "briefTitle": "Madeupmab in Invented Fever",
            "officialTitle": "A Randomised Trial of Madeupmab in Adults With Invented Fever",
            "acronym": "INVENT-1",
        },
        "statusModule": {
            "overallStatus": "TERMINATED",
            "whyStopped": "Slow accrual",
            "startDateStruct": {"date": "2031-02", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2033-05-06", "type": "ESTIMATED"},
            "studyFirstSubmitDate": "2031-01-02",
            "lastUpdatePostDateStruct": {"date": "2032-03-04", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Nowhere Hospital", "class": "OTHER"},
            "collaborators": [{"name": "Nowhere University"}],
        },
        "conditionsModule": {"conditions": ["Invented Fever"], "keywords": ["fever"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT"]},
            },
            "enrollmentInfo": {"count": 120, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Madeupmab",
                    "type": "EXPERIMENTAL",
                    "description": "5 mg once a day",
                    "interventionNames": ["Drug: Madeupmab"],
                },
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR"},
            ],
            "interventions": [{"type": "DRUG", "name": "Madeupmab", "description": "tablets"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Fever at day 7", "timeFrame": "7 days"}],
            "secondaryOutcomes": [
                {"measure": "Death", "timeFrame": "28 days", "description": "from any cause"}
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": (
                "Inclusion Criteria:\n\n* Age \\>= 18 years\n* Any of:\n\n  * cough\n  * rash\n\n"
                "Exclusion Criteria:\n\n* Pregnancy"
            ),
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {
            "locations": [
                {"facility": "Nowhere Hospital", "city": "Nowhere", "country": "China"},
                {"facility": "Other Hospital", "city": "Elsewhere", "country": "China"},
            ]
        },
        "referencesModule": {"references": []},
    },
    "resultsSection": {"participantFlowModule": {}},
    "hasResults": True,
}

FLAT: dict[str, Any] = {
    "nct": "NCT90000002",
    "Drug intervention Number": "2.0",
    "Genetic intervention Number": "0.0",
    "brief_title": "Two Made-up Drugs",
    "condition": "['Invented Fever', 'Invented Cough']",
    "eligibility/criteria/textblock": (
        "Inclusion Criteria:\r\n\r\n-  Fever for at least three\r\ndays before entry\r\n\r\n"
        "-  Written consent\r\n\r\nExclusion Criteria:\r\n\r\n-  Pregnancy"
    ),
    "enrollment": "24.0",
    "intervention/intervention_name": "['Madeupmab', 'Placebo']",
    "intervention/description": "['5 mg', 'matching']",
    "phase": "Phase 2",
    "study_design_info/masking": "None (Open Label)",
}

FACTS: dict[str, Any] = {
    "nct": "NCT90000003",
    "phase_bucket": "Phase2",
    "dropout_rate": 0.125,
    "termination_reason": "poor enrollment",
    "mortality": {"mortality_rate": "0.0", "Y/N": "0"},
    "start_date": "August 23, 2018",
    "allocation": None,
}

WHO: dict[str, str] = {
    "TrialID": "ChiCTR9900000001",
    "Last Refreshed on": "2031-03-09 00:00:00",
    "Public title": "Made-up granules for invented fever",
    "Source Register": "ChiCTR",
    "Date registration": "2031-03-07 00:00:00",
    "Date registration3": "20310307",
    "Inclusion agemin": "18",
    "Inclusion agemax": "-",
    "Target size": "Treatment group:50;Control group:40;",
    "Intervention": "Treatment group:granules; twice a day;Control group:water;",
    "Primary outcome": "fever; death [time window: 28 days];",
    "Inclusion Criteria": "Inclusion criteria: 1. Fever;_x000D_<br>2. Consent &gt;= 1 day.",
    "Exclusion Criteria": "Exclusion criteria: Pregnancy",
    "Condition": "Invented fever",
    "Contact Firstname": "Somebody",
}

CHICTR_XML = """<?xml version="1.0" encoding="UTF-8"?>
<trials subjects="1">
  <Triall>
    <main>
      <trial_id>ChiCTR9900000002</trial_id>
      <reg_name>ChiCTR</reg_name>
      <date_registration>2031-07-02</date_registration>
      <primary_sponsor>虚构医院</primary_sponsor>
      <public_title>虚构颗粒治疗虚构热的随机对照试验</public_title>
      <target_size>试验组:30;对照组:30;</target_size>
      <hc_freetext>虚构热</hc_freetext>
      <i_freetext>试验组:虚构颗粒;对照组:温水;</i_freetext>
    </main>
    <contacts><contact><firstname>某人</firstname><telephone>000</telephone>
      <affiliation>虚构医院感染科</affiliation></contact></contacts>
    <criteria>
      <inclusion_criteria>（1）发热；（2）签署知情同意书。</inclusion_criteria>
      <agemin>18</agemin><agemax>75</agemax><gender>Both</gender>
      <exclusion_criteria>1、妊娠；
2、不能随访。</exclusion_criteria>
    </criteria>
    <primary_outcome><prim_outcome>体温;</prim_outcome></primary_outcome>
  </Triall>
</trials>
"""

ICTRP_XML = """<?xml version="1.0" encoding="UTF-8"?>
<Trials_downloaded_from_ICTRP>
  <Trial>
    <Internal_Number>1</Internal_Number>
    <TrialID>ISRCTN00000001</TrialID>
    <Last_Refreshed_on>17 February 2031</Last_Refreshed_on>
    <Public_title>Invented tea for invented fever</Public_title>
    <Date_registration>03/10/2030</Date_registration>
    <Source_Register>ISRCTN</Source_Register>
    <Target_size>60</Target_size>
    <Countries>China;France</Countries>
    <Primary_outcome>Fever; measured twice [Time Frame: 7 days]</Primary_outcome>
    <Inclusion_Criteria>Adults</Inclusion_Criteria>
    <Exclusion_Criteria>Children</Exclusion_Criteria>
    <results_yes_no>No</results_yes_no>
  </Trial>
</Trials_downloaded_from_ICTRP>
"""


def lines(*records: dict[str, Any]) -> bytes:
    """Records as JSON lines."""
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def read_all(data: bytes) -> dict[str, Loaded | Exception]:
    """All members of a file whose format is found by its content."""
    kind = recognise("file", data)
    assert kind is not None
    return dict(members(kind, Source("file", data)))


def read_one(data: bytes) -> Loaded:
    """The only member of a file."""
    (loaded,) = read_all(data).values()
    assert isinstance(loaded, Loaded)
    return loaded


def texts(loaded: Loaded, section: str = "") -> list[str]:
    """Texts of the blocks that are no headings, of one section if it is named."""
    return [
        block.text
        for block in loaded.blocks
        if block.kind != "heading" and section in (block.locator.section or "")
    ]


def where(loaded: Loaded, text: str) -> str | None:
    """The path of the first block that holds ``text``."""
    return next(b.locator.path for b in loaded.blocks if text in b.text and b.kind != "heading")
