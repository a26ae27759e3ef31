"""The FHIR loader, on synthetic resources made here."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.fhir import load, recognise

Resource = dict[str, Any]
SECRETS = ("Wangfang", "1961-03-04", "Secret Street", "MRN-77", "13800000000", "sad since May")


def read(*resources: Resource) -> Loaded:
    tree = resources[0]
    if len(resources) > 1:
        entries = [{"resource": resource} for resource in resources]
        tree = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return load(Source("a.json", json.dumps(tree, ensure_ascii=False).encode()))


def whole(loaded: Loaded) -> str:
    """Everything that leaves the loader."""
    tables = [str(block.table) for block in loaded.blocks]
    places = [f"{block.text}\n{block.locator}" for block in loaded.blocks]
    return "\n".join([*places, *tables, str(loaded.title), str(loaded.metadata), *loaded.warnings])


def texts(loaded: Loaded) -> list[str]:
    return [block.text for block in loaded.blocks]


def coding(code: str, display: str) -> Resource:
    return {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": display}]}


PATIENT: Resource = {
    "resourceType": "Patient",
    "id": "MRN-77",
    "text": {"status": "generated", "div": "<div>Wangfang</div>"},
    "name": [{"family": "Wangfang"}],
    "birthDate": "1961-03-04",
    "telecom": [{"value": "13800000000"}],
    "address": [{"line": ["Secret Street"]}],
}
CONDITION: Resource = {
    "resourceType": "Condition",
    "subject": {"reference": "Patient/MRN-77", "display": "Wangfang"},
    "code": {**coding("38341003", "Hypertension"), "text": "sad since May"},
    "onsetDateTime": "2021-05-06T08:00:00Z",
    "note": [{"text": "sad since May"}],
}


def conditions(patients: int) -> list[Resource]:
    """One condition of each of several patients."""
    return [{**CONDITION, "subject": {"reference": f"Patient/MRN-{n}"}} for n in range(patients)]


STUDY: Resource = {
    "resourceType": "ResearchStudy",
    "id": "s1",
    "language": "en",
    "title": "A synthetic study",
    "status": "active",
    "identifier": [{"system": "urn:x", "value": "SYN-9"}],
    "phase": coding("phase-3", "Phase 3"),
    "description": "First paragraph.\n\nSecond paragraph with more words.",
    "contact": [{"name": "Wangfang", "telecom": [{"value": "13800000000"}]}],
    "principalInvestigator": {"reference": "Practitioner/1", "display": "Wangfang"},
    "objective": [{"name": "Show benefit", "type": coding("primary", "Primary")}],
    "arm": [{"name": "Drug", "description": "10 mg daily"}],
}


def test_patient_level_resources_leave_only_counts() -> None:
    loaded = read(PATIENT, *conditions(12))
    assert not [secret for secret in SECRETS if secret in whole(loaded)]
    assert "Condition | SNOMED CT | 38341003 | Hypertension | 12" in "\n".join(texts(loaded))
    assert "Condition | 2021 | 12" in "\n".join(texts(loaded))
    assert "Patient | <10" in "\n".join(texts(loaded))
    assert loaded.metadata == {"kind": "data"}
    assert any("counts only" in warning for warning in loaded.warnings)


def test_small_numbers_are_masked() -> None:
    rare = {"code": coding("59621000", "Essential hypertension"), "onsetDateTime": "2019"}
    lines = "\n".join(texts(read(PATIENT, *conditions(12), {**CONDITION, **rare})))
    assert "Essential hypertension | <10" in lines
    assert "Condition | 2019 | <10" in lines


def test_codes_of_few_patients_are_their_histories_and_not_shown() -> None:
    lines = "\n".join(texts(read(PATIENT, *[CONDITION] * 40)))
    assert "Condition | 40" in lines
    assert "Hypertension" not in lines
    assert "2021" not in lines
    assert "fewer than 10 patients" in lines
    assert "Hypertension" not in "\n".join(texts(read(*[CONDITION] * 40)))
    assert "Hypertension" in "\n".join(texts(read(*conditions(40))))


def test_a_file_of_patients_is_neither_kept_nor_named() -> None:
    loaded = read(PATIENT, *conditions(12))
    assert (loaded.keep_original, loaded.private_name) == (False, True)
    loaded = read(STUDY)
    assert (loaded.keep_original, loaded.private_name) == (True, False)


@given(
    st.sampled_from(["Observation", "Claim", "Immunization", "Unheard", "QuestionnaireResponse"])
)
def test_no_text_of_any_patient_level_type_passes(kind: str) -> None:
    resource = {**PATIENT, **CONDITION, "resourceType": kind, "valueString": "sad since May"}
    assert not [secret for secret in SECRETS if secret in whole(read(resource))]


def test_a_study_is_read_in_full_without_its_persons() -> None:
    loaded = read(STUDY)
    found = texts(loaded)
    assert found[0] == "Research study: A synthetic study"
    assert "Phase: Phase 3 (SNOMED CT phase-3)" in found
    assert any(text.endswith("First paragraph.") for text in found)
    assert "Second paragraph with more words." in "\n".join(found)
    assert any("Show benefit" in text and "Primary" in text for text in found)
    assert any("10 mg daily" in text for text in found)
    assert "Wangfang" not in whole(loaded)
    assert loaded.metadata["kind"] == "protocol"
    assert loaded.metadata["identifiers"] == ("SYN-9",)
    assert loaded.title == "A synthetic study"


def test_characteristics_of_a_group_are_criteria() -> None:
    age = {
        "code": {"text": "Age"},
        "valueRange": {"low": {"value": 18, "unit": "a"}, "high": {"value": 75, "unit": "a"}},
        "exclude": False,
    }
    pregnant = {"code": {"text": "Pregnant"}, "valueBoolean": True, "exclude": True}
    group = {
        "resourceType": "Group",
        "type": "person",
        "actual": False,
        "name": "Adults",
        "characteristic": [age, pregnant],
        "member": [{"entity": {"reference": "Patient/MRN-77", "display": "Wangfang"}}],
    }
    loaded = read(group)
    assert "Inclusion criterion: Age = 18 a to 75 a" in texts(loaded)
    assert "Exclusion criterion: Pregnant = yes" in texts(loaded)
    assert not [secret for secret in SECRETS if secret in whole(loaded)]


def test_questionnaire_items_in_order_with_answers() -> None:
    questions = [
        {
            "linkId": "g",
            "text": "Symptoms",
            "type": "group",
            "item": [
                {
                    "linkId": "q1",
                    "text": "Pain?",
                    "type": "choice",
                    "required": True,
                    "answerOption": [{"valueString": "None"}, {"valueString": "Severe"}],
                },
                {"linkId": "q2", "text": "Where?", "type": "string"},
            ],
        }
    ]
    loaded = read({"resourceType": "Questionnaire", "title": "Form", "item": questions})
    assert [(b.kind, b.text) for b in loaded.blocks] == [
        ("heading", "Questionnaire: Form"),
        ("heading", "1 Symptoms"),
        ("list_item", "1.1 Pain? (choice, required); answers: None | Severe"),
        ("list_item", "1.2 Where? (string)"),
    ]
    assert loaded.blocks[2].locator.path == "$.item[0].item[0]"
    assert loaded.metadata["kind"] == "form"


def test_actions_of_a_plan_are_numbered() -> None:
    steps = [{"title": "Screen", "action": [{"title": "ECG"}, {"description": "Blood draw"}]}]
    found = texts(read({"resourceType": "PlanDefinition", "title": "Plan", "action": steps}))
    assert found[1:] == ["1 Screen", "1.1 ECG", "1.2 Blood draw"]


def test_text_attachments_are_read_and_others_named() -> None:
    def attachment(kind: str, data: bytes) -> Resource:
        return {"contentType": kind, "data": base64.b64encode(data).decode(), "title": kind}

    library = {
        "resourceType": "Library",
        "title": "Logic",
        "content": [
            attachment("text/plain", "第一段。\n\n第二段。".encode()),
            attachment("text/cql", b"define X: true"),
            attachment("application/pdf", b"%PDF-"),
        ],
    }
    loaded = read(library)
    assert {"第一段。", "第二段。", "define X: true"} <= set(texts(loaded))
    assert any("application/pdf" in warning for warning in loaded.warnings)


def test_a_document_about_a_patient_is_only_counted() -> None:
    document = {
        "resourceType": "DocumentReference",
        "subject": {"reference": "Patient/MRN-77"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "V2FuZ2Zhbmc="}}],
    }
    assert "Wangfang" not in whole(read(document))


def test_a_document_with_a_patient_in_its_context_is_only_counted() -> None:
    context = {"sourcePatientInfo": {"reference": "urn:uuid:1", "display": "Wangfang"}}
    document = {"resourceType": "DocumentReference", "context": context, "description": "Wangfang"}
    assert "Wangfang" not in whole(read(document))


def test_the_narrative_adds_what_the_elements_do_not_say() -> None:
    narrative = {"status": "additional", "div": "<div><p>active</p><p>Only here.</p></div>"}
    found = texts(read({**STUDY, "text": narrative}))
    assert "Only here." in found
    assert "active" not in found


def test_no_part_of_the_narrative_is_lost_to_a_part_of_a_word() -> None:
    div = "<div><p>5 mg</p><p>Dose 15 mg.</p><p>18 years</p></div>"
    study = {**STUDY, "description": "Dose 15 mg.", "text": {"status": "additional", "div": div}}
    assert texts(read(study))[-2:] == ["5 mg", "18 years"]


@pytest.mark.parametrize(
    "text",
    [
        "Exclude if haemoglobin <LLN or creatinine >ULN at screening",
        "AST <ULN and ALT >3 x ULN",
        "if p <s and t >u",
        "<anti-HBs> positive",
    ],
)
def test_words_in_angle_brackets_are_text(text: str) -> None:
    assert f"Description: {text}" in texts(read({**STUDY, "description": text}))
    marked = f"<div><b>Note</b> {text}</div>"
    assert f"Description: Note {text}" in texts(read({**STUDY, "description": marked}))


def test_markup_raises_strikes_and_hides() -> None:
    loaded = read(
        {
            **STUDY,
            "description": "<div>ANC 1.5 x 10<sup>9</sup>/L, <del>18</del> 20 years"
            "<span style='display:none'>never</span></div>",
        }
    )
    assert "Description: ANC 1.5 x 10⁹/L, 20 years" in texts(loaded)
    assert "1 struck-out passages were left out: “18”" in loaded.warnings
    assert [item.text for item in loaded.withheld] == ["never"]
    assert loaded.withheld[0].locator.path == "$.description"


def test_persons_in_notes_and_references_are_left_out() -> None:
    study: Resource = {
        "resourceType": "ResearchStudy",
        "title": "A synthetic study",
        "note": [{"authorString": "Dr. Jane Roe", "time": "2024-03-05", "text": "Approved"}],
        "sponsor": {"display": "Synthetic Pharma"},
        "site": [{"display": "Ward of Dr Chen"}, {"display": "Made-up Hospital"}],
        "enrollment": [{"reference": "urn:uuid:2", "display": "Li Ming"}, {"display": "Li Hua"}],
        "protocol": [{"reference": "PlanDefinition/9", "display": "Plan 9"}],
        "result": {"type": "Evidence", "display": "Evidence 1"},
        "phase": {"coding": [{"display": "Phase 3"}]},
        "usage": {"valueCoding": {"display": "Adults"}},
    }
    loaded = read(study)
    shown = whole(loaded)
    for person in ("Roe", "Chen", "Li Ming", "Li Hua"):
        assert person not in shown
    for thing in ("Approved", "Synthetic Pharma", "Made-up Hospital", "Plan 9", "Evidence 1",
                  "Phase 3", "Adults"):  # fmt: skip
        assert thing in shown
    assert any(warning.startswith("4 contacts") for warning in loaded.warnings)


def test_references_inside_the_file_tell_what_they_lead_to() -> None:
    group: Resource = {"resourceType": "Group", "id": "g", "name": "Adults"}
    person: Resource = {"resourceType": "Practitioner", "id": "p", "name": [{"family": "Wangfang"}]}
    study: Resource = {
        "resourceType": "ResearchStudy",
        "title": "A synthetic study",
        "contained": [person],
        "sponsor": {"reference": "#p", "display": "Wangfang"},
        "enrollment": [{"reference": "urn:uuid:1", "display": "Adults of the study"}],
    }
    entries = [{"fullUrl": "urn:uuid:1", "resource": group}, {"resource": study}]
    loaded = load(
        Source("a.json", json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    )
    assert "Wangfang" not in whole(loaded)
    assert "Enrollment: Adults of the study" in texts(loaded)


def test_lines_of_ndjson_are_resources_with_their_line() -> None:
    lines = [json.dumps(STUDY), "", "{broken", json.dumps({**STUDY, "title": "Second"})]
    loaded = load(Source("a.ndjson", "\n".join(lines).encode()))
    second = next(b for b in loaded.blocks if b.text == "Research study: Second")
    assert second.locator.line == 4
    assert "1 lines are no JSON objects and were left out: 3" in loaded.warnings


def test_recognise() -> None:
    assert recognise("a.json", b'\xef\xbb\xbf {"resourceType": "Patient"}')
    assert not recognise("a.json", b'{"resource": "Patient"}')
    assert not recognise("a.txt", b'a text on "resourceType": "Patient"')


@pytest.mark.parametrize(
    "data",
    [b"{", b'{"a": 1}', b'{"resourceType": "Bundle", "entry": []}', b"[1, 2]", b'{"a":' * 3000],
)
def test_unusable_files_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.json", data))


@pytest.mark.shared
def test_real_bundles_show_no_name_and_no_identifier(shared: Path) -> None:
    files = sorted((shared / "documents" / "fhir").glob("*.json"))
    if not files:
        pytest.skip("the bundles are not here")
    for path in files:
        data = path.read_bytes()
        assert recognise(path.name, data)
        shown = whole(load(Source(path.name, data)))
        for entry in json.loads(data)["entry"]:
            resource = entry["resource"]
            assert resource["id"] not in shown
            if resource["resourceType"] in {"Patient", "Practitioner"}:
                names = [name["family"] for name in resource["name"]]
                lines = [line for a in resource["address"] for line in a.get("line", [])]
                born = [resource["birthDate"]] if "birthDate" in resource else []
                assert not [text for text in (*names, *lines, *born) if text in shown]
