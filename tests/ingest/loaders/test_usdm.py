"""The USDM loader, on a synthetic study definition made here."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.usdm import load, recognise
from ingest.model import Block

Tree = dict[str, Any]


def code(decode: str) -> Tree:
    return {"code": "C1", "decode": decode, "instanceType": "Code"}


def quantity(identifier: str, value: float, unit: str) -> Tree:
    return {"id": identifier, "value": value, "unit": {"standardCode": code(unit)}}


def visit(number: int, following: str | None, *activities: str) -> Tree:
    return {
        "id": f"I{number}",
        "label": f"Visit {number}",
        "encounterId": f"E{number}",
        "epochId": "EP",
        "activityIds": list(activities),
        "defaultConditionId": following,
    }


STUDY: Tree = {
    "study": {
        "name": "SYN-1",
        "versions": [
            {
                "id": "V",
                "versionIdentifier": "3",
                "titles": [
                    {"id": "T1", "text": "SYN", "type": code("Study Acronym")},
                    {"id": "T2", "text": "A synthetic trial", "type": code("Official Study Title")},
                ],
                "studyIdentifiers": [{"id": "SI", "text": "SYN-0001", "scopeId": "ORG"}],
                "organizations": [
                    {"id": "ORG", "label": "Synthetic Pharma", "type": code("Study Sponsor")}
                ],
                "dateValues": [
                    {"id": "D", "dateValue": "2025-02-03", "type": code("Sponsor Approval Date")}
                ],
                "roles": [
                    {
                        "id": "R",
                        "label": "Investigator",
                        "assignedPersons": [{"id": "P", "label": "Zhang Wei"}],
                    }
                ],
                "abbreviations": [
                    {"id": "AB", "abbreviatedText": "OS", "expandedText": "overall survival"}
                ],
                "amendments": [
                    {
                        "id": "AM",
                        "number": "1",
                        "summary": "Longer follow-up",
                        "primaryReason": {"id": "AR", "code": code("Regulator request")},
                    }
                ],
                "dictionaries": [
                    {
                        "id": "DIC",
                        "parameterMaps": [
                            {
                                "tag": "min_age",
                                "reference": '<usdm:ref klass="Quantity" id="Q1" '
                                'attribute="value"></usdm:ref>',
                            },
                            {
                                "tag": "loop",
                                "reference": "<usdm:ref id='CI3' attribute='text'/>",
                            },
                        ],
                    }
                ],
                "eligibilityCriterionItems": [
                    {
                        "id": "CI1",
                        "text": '<p>At least <usdm:tag name="min_age"/> years &amp; able</p>',
                        "dictionaryId": "DIC",
                    },
                    {"id": "CI2", "text": 'HbA1c <7 % or <usdm:tag name="nobody"/>'},
                    {"id": "CI3", "text": "x<usdm:tag name='loop'/>", "dictionaryId": "DIC"},
                ],
                "studyInterventions": [{"id": "INT", "label": "Drug A"}],
                "narrativeContentItems": [
                    {"id": "N1", "text": "<div><p>Background text.</p></div>"},
                    {"id": "N2", "text": '<p><usdm:ref id="OBJ" attribute="text"/></p>'},
                    {"id": "N3", "text": "<div></div>"},
                ],
                "somethingNew": [{"id": "NEW", "label": "Told all the same"}],
                "studyDesigns": [
                    {
                        "id": "SD",
                        "name": "Main",
                        "studyPhase": {"standardCode": code("Phase III Trial")},
                        "studyType": code("Interventional Study"),
                        "population": {
                            "id": "POP",
                            "label": "Adults",
                            "plannedAge": {
                                "minValue": quantity("Q1", 18.0, "Year"),
                                "maxValue": quantity("Q2", 75.0, "Year"),
                            },
                        },
                        "eligibilityCriteria": [
                            {
                                "id": "C1",
                                "identifier": "01",
                                "criterionItemId": "CI1",
                                "category": code("Inclusion Criteria"),
                            },
                            {
                                "id": "C2",
                                "identifier": "02",
                                "criterionItemId": "CI2",
                                "category": code("Exclusion Criteria"),
                            },
                            {
                                "id": "C3",
                                "identifier": "03",
                                "criterionItemId": "CI3",
                                "category": code("Exclusion Criteria"),
                            },
                        ],
                        "objectives": [
                            {
                                "id": "OBJ",
                                "text": "To show benefit",
                                "level": code("Study Primary Objective"),
                                "endpoints": [
                                    {
                                        "id": "END",
                                        "text": "Overall survival",
                                        "level": code("Primary Endpoint"),
                                    }
                                ],
                            }
                        ],
                        "estimands": [
                            {
                                "id": "EST",
                                "name": "E1",
                                "analysisPopulationId": "AP",
                                "interventionIds": ["INT"],
                                "variableOfInterestId": "END",
                                "populationSummary": "Hazard ratio",
                                "intercurrentEvents": [
                                    {"id": "ICE", "text": "Rescue", "strategy": "Treatment policy"}
                                ],
                            },
                            {"id": "EST2", "name": "E2"},
                        ],
                        "analysisPopulations": [{"id": "AP", "text": "All randomised"}],
                        "epochs": [{"id": "EP", "label": "Treatment"}],
                        "encounters": [
                            {"id": "E1", "label": "Baseline"},
                            {"id": "E2", "label": "Week 4"},
                        ],
                        "activities": [
                            {"id": "A2", "label": "ECG", "previousId": "A1"},
                            {"id": "A1", "label": "Consent", "nextId": "A2"},
                        ],
                        "arms": [{"id": "ARM", "label": "Drug A arm"}],
                        "scheduleTimelines": [
                            {
                                "id": "TL",
                                "label": "Main timeline",
                                "mainTimeline": True,
                                "entryId": "I1",
                                "instances": [
                                    visit(2, None, "A2"),
                                    visit(1, "I2", "A1", "A2"),
                                ],
                                "timings": [
                                    {
                                        "id": "TM",
                                        "valueLabel": "4 weeks",
                                        "type": code("After"),
                                        "relativeFromScheduledInstanceId": "I2",
                                        "relativeToScheduledInstanceId": "I1",
                                        "windowLabel": "±3 days",
                                    }
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
        "documentedBy": [
            {
                "id": "DOC",
                "templateName": "M11",
                "language": {"code": "en"},
                "versions": [
                    {
                        "id": "DV",
                        "contents": [
                            {
                                "id": "S2",
                                "sectionNumber": "1.1",
                                "sectionTitle": "Aim",
                                "contentItemId": "N2",
                                "previousId": "S1",
                                "nextId": "S3",
                            },
                            {
                                "id": "S1",
                                "sectionNumber": "1",
                                "sectionTitle": "Introduction",
                                "contentItemId": "N1",
                                "nextId": "S2",
                                "childIds": ["S2"],
                            },
                            {
                                "id": "S3",
                                "sectionNumber": "2",
                                "sectionTitle": "Nothing here",
                                "contentItemId": "N3",
                                "previousId": "S2",
                            },
                        ],
                    }
                ],
            }
        ],
    },
    "usdmVersion": "4.0.0",
}


def read(tree: Tree = STUDY) -> Loaded:
    return load(Source("study.json", json.dumps(tree).encode()))


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read()


def texts(loaded: Loaded, kind: str) -> list[str]:
    return [block.text for block in loaded.blocks if block.kind == kind]


def under(loaded: Loaded, heading: str) -> list[Block]:
    """The blocks between a heading and the next one."""
    start = next(i for i, b in enumerate(loaded.blocks) if b.text == heading)
    rest = loaded.blocks[start + 1 :]
    end = next((i for i, b in enumerate(rest) if b.kind == "heading"), len(rest))
    return rest[:end]


def test_title_and_front_matter(loaded: Loaded) -> None:
    assert loaded.title == "A synthetic trial"
    assert loaded.metadata["kind"] == "protocol"
    assert loaded.metadata["issuer"] == "Synthetic Pharma"
    assert loaded.metadata["issued"] == "2025-02-03"
    assert loaded.metadata["language"] == "en"
    assert loaded.metadata["identifiers"] == ("SYN-0001",)


def test_criteria_have_their_identifiers_and_their_tags_filled(loaded: Loaded) -> None:
    items = texts(loaded, "list_item")
    assert "Inclusion criterion 01: At least 18 years & able" in items
    assert "Exclusion criterion 02: HbA1c <7 % or [nobody]" in items
    assert any("nobody" in warning for warning in loaded.warnings)


def test_a_text_that_refers_to_itself_ends(loaded: Loaded) -> None:
    criterion = next(t for t in texts(loaded, "list_item") if "criterion 03" in t)
    assert criterion.startswith("Exclusion criterion 03: x")
    assert len(criterion) < 100


def test_objectives_carry_their_endpoints(loaded: Loaded) -> None:
    assert [block.text for block in under(loaded, "Objectives and endpoints")] == [
        "Primary Objective: To show benefit",
        "Primary Endpoint: Overall survival",
    ]


def test_estimands_have_all_five_attributes(loaded: Loaded) -> None:
    assert [block.text for block in under(loaded, "Estimand E1")] == [
        "Treatment: Drug A",
        "Population: All randomised",
        "Variable (endpoint): Overall survival",
        "Intercurrent events and strategies: Rescue (strategy: Treatment policy)",
        "Population-level summary: Hazard ratio",
    ]
    assert all(block.text.endswith("not stated") for block in under(loaded, "Estimand E2"))


def test_schedule_is_a_table_in_order_of_visits(loaded: Loaded) -> None:
    schedule = next(b for b in loaded.blocks if b.text.startswith("Schedule of activities: "))
    assert schedule.table is not None
    assert schedule.table.rows == (
        ("Epoch", "Treatment", "Treatment"),
        ("Encounter", "Baseline", "Week 4"),
        ("Time point", "Visit 1", "Visit 2"),
        ("Timing", "", "4 weeks after Visit 1"),
        ("Window", "", "±3 days"),
        ("Consent", "X", ""),
        ("ECG", "X", "X"),
    )
    assert schedule.table.header_rows == 5
    visits = [b.text for b in under(loaded, "Main timeline") if b.kind == "list_item"]
    assert visits == [
        "Visit 1 (Baseline, Treatment): Consent, ECG",
        "Visit 2 (Week 4, Treatment, 4 weeks after Visit 1, window ±3 days): ECG",
    ]


def test_narrative_follows_its_links_and_empty_sections_are_counted(loaded: Loaded) -> None:
    start = next(i for i, b in enumerate(loaded.blocks) if "template M11" in b.text)
    assert [(b.kind, b.level, b.text) for b in loaded.blocks[start + 1 :]] == [
        ("heading", 3, "1 Introduction"),
        ("paragraph", None, "Background text."),
        ("heading", 4, "1.1 Aim"),
        ("paragraph", None, "To show benefit"),
    ]
    assert any("hold no text and were left out: 2 Nothing here" in w for w in loaded.warnings)


def test_persons_are_left_out_and_counted(loaded: Loaded) -> None:
    assert "Zhang" not in "\n".join(block.text for block in loaded.blocks)
    assert any(warning.startswith("1 persons") for warning in loaded.warnings)


def test_attributes_unknown_to_the_loader_are_told(loaded: Loaded) -> None:
    assert [b.text for b in under(loaded, "Something new")] == ["Told all the same"]


def test_every_block_is_located_by_a_json_path(loaded: Loaded) -> None:
    assert all((block.locator.path or "").startswith("$.study") for block in loaded.blocks)


def test_repeated_sections_stand_once() -> None:
    tree = copy.deepcopy(STUDY)
    again = copy.deepcopy(tree["study"]["documentedBy"][0])
    tree["study"]["documentedBy"].append(again)
    loaded = read(tree)
    assert texts(loaded, "paragraph").count("Background text.") == 1
    assert any("word for word" in warning for warning in loaded.warnings)


def test_links_in_a_circle_lose_nothing() -> None:
    tree = copy.deepcopy(STUDY)
    activities = tree["study"]["versions"][0]["studyDesigns"][0]["activities"]
    activities[0].update(nextId="A1", previousId="A1")
    activities[1].update(nextId="A2", previousId="A2")
    assert {b.text for b in under(read(tree), "Activities")} == {"ECG", "Consent"}


def test_long_descriptions_are_read_to_their_end() -> None:
    tree = copy.deepcopy(STUDY)
    version = tree["study"]["versions"][0]
    version["notes"] = [{"id": "N", "text": "Dose rules. " * 900 + "Never exceed 5 mg."}]
    assert any(text.endswith("Never exceed 5 mg.") for text in texts(read(tree), "list_item"))


def test_references_that_multiply_end() -> None:
    tree = copy.deepcopy(STUDY)
    version = tree["study"]["versions"][0]
    version["notes"] = [
        {"id": f"N{n}", "text": f'<usdm:ref klass="x" id="N{n + 1}" attribute="text"/>' * 40}
        for n in range(9)
    ]
    start = time.perf_counter()
    read(tree)
    assert time.perf_counter() - start < 60


def test_markup_raises_strikes_and_hides() -> None:
    tree = copy.deepcopy(STUDY)
    version = tree["study"]["versions"][0]
    version["notes"] = [
        {"id": "N", "text": "<p>X<sup>1</sup>, <s>18</s> 20 <b style='display:none'>never</b></p>"}
    ]
    loaded = read(tree)
    assert "X¹, 20" in texts(loaded, "list_item")
    assert "1 struck-out passages were left out: “18”" in loaded.warnings
    assert [item.text for item in loaded.withheld] == ["never"]


def test_recognise() -> None:
    assert recognise("a.json", json.dumps(STUDY).encode())
    assert not recognise("a.json", b'{"study": {}}')
    assert not recognise("a.json", b'{"resourceType": "Bundle"}')


@pytest.mark.parametrize(
    "data",
    [b"{", b'{"study": {"versions": []}, "usdmVersion": "4"}', b"[]", b"[" * 5000, b"\xff\xfe\x00"],
)
def test_unusable_files_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.json", data))


@pytest.mark.shared
def test_real_study_agrees_with_its_protocol(shared: Path) -> None:
    path = shared / "documents" / "usdm" / "CDISC_Pilot_Study.json"
    if not path.exists():
        pytest.skip("the study definition is not here")
    loaded = load(Source(path.name, path.read_bytes()))
    items = texts(loaded, "list_item")
    criteria = [t for t in items if t.startswith(("Inclusion c", "Exclusion c"))]
    numbers = {t.split(":")[0] for t in criteria if "continued" not in t.split(":")[0]}
    assert len(numbers) == 31
    assert "Inclusion criterion 03: MMSE score of 10 to 23." in criteria
    assert not any("<usdm" in block.text for block in loaded.blocks)
    schedule = next(b for b in loaded.blocks if "Activities: Main" in b.text.title())
    assert schedule.table is not None
    assert len(schedule.table.rows[0]) == 17
