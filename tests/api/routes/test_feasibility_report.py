"""``/v1/feasibility``: sites, competing trials, enrolment and the report over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

LEAST: dict[str, Any] = {"title": "t", "condition": "心力衰竭", "product": "drug", "phase": 3}


def post(client: TestClient, name: str, body: dict[str, Any]) -> Any:
    return client.post(f"/v1/feasibility/{name}", json=body)


def test_sites(reader: TestClient) -> None:
    asked = {"condition": "heart failure", "months": 18, "target": 100, "svg": True}
    found = post(reader, "sites", asked).json()
    assert found["chosen"] and found["synthetic"] and found["sites"][0]["reasons"][0]["zh"]
    assert found["svg"].startswith("<svg") and found["forecast"]["probability"] >= 0.8


def test_competing_without_records_says_so(reader: TestClient) -> None:
    found = post(reader, "competing", {"condition": "心力衰竭"}).json()
    assert found["records"] == 0 and found["trials"] == [] and found["snapshot"]


def test_enrolment(reader: TestClient) -> None:
    asked = {"target": 100, "months": 12, "sites": 10, "rate": 1, "start_from": 2, "svg": True}
    found = post(reader, "enrolment", asked).json()
    assert found["results"][0]["method"] == "enrolment_by_time" and found["svg"]
    prior = post(reader, "enrolment", {"target": 100, "months": 12, "condition": "hf"}).json()
    assert prior["rate_from"]["rate"] == prior["question"]["rate"]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("sites", {"condition": "麻风", "months": 1}, "no condition"),
        ("sites", {"condition": "hf", "months": 1, "directory": "/etc"}, "no directory"),
        ("sites", {"condition": "hf", "months": -1}, "months"),
        ("competing", {"condition": "x", "start": "2027-02-01", "end": "2027-01-01"}, "ends"),
        ("competing", {"condition": "x", "phases": ["9"]}, "phases"),
        ("enrolment", {"target": 10}, "rate"),
        ("report", {"synopsis": LEAST | {"product": "x"}}, "product"),
        ("report", {"synopsis": LEAST | {"cohort": {"criteria_file": "/etc/passwd"}}}, "HTTP"),
        ("report", {"synopsis": LEAST | {"cohort": {
            "criteria": {"inclusion": [{"age": {"min": 18}}]},
            "options": {"threshold": 1}}}}, "threshold"),
        ("report", {"synopsis": LEAST | {"design": [
            {"method": "two_proportions", "inputs": {"px": 1}}]}}, "px"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(
    reader: TestClient, name: str, body: dict[str, Any], told: str
) -> None:
    reply = post(reader, name, body)
    assert reply.status_code == 422 and told in reply.json()["error"]["message"]


def test_a_report_as_json_page_and_document(reader: TestClient) -> None:
    synopsis = LEAST | {
        "design": [{"method": "two_proportions", "inputs": {"p1": 0.8, "p2": 0.6, "power": 0.8}}],
        "timeline": {"start": "2027-01-04"},
        "enrolment": {"months": 12},
        "sites": {"top": 2},
    }
    found = post(reader, "report", {"synopsis": synopsis, "as_of": "2026-11-22"}).json()
    states = {section["key"]: section["state"] for section in found["sections"]}
    assert states["timeline"] == states["sites"] == "done" and states["competing"] == "absent"
    assert found["citations"] and found["record"]["as_of"] == "2026-11-22"
    page = post(reader, "report", {"synopsis": synopsis, "format": "html", "language": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<h2>Timeline" in page.text
    document = post(reader, "report", {"synopsis": synopsis, "format": "docx"})
    assert document.content.startswith(b"PK")


def test_paths_of_cohorts_and_directories_are_never_opened(reader: TestClient) -> None:
    criteria = {"inclusion": [{"age": {"min": 18}}]}
    synopsis = LEAST | {
        "cohort": {"source": "/etc", "criteria": criteria},
        "sites": {"directory": "/etc"},
        "enrolment": {"months": 12},
    }
    found = post(reader, "report", {"synopsis": synopsis}).json()
    sections = {section["key"]: section for section in found["sections"]}
    assert "no cohort '/etc'" in sections["cohort"]["parts"][0]["text"]["en"]
    assert "no directory '/etc'" in sections["sites"]["parts"][0]["text"]["en"]


def test_without_an_index(empty_client: TestClient) -> None:
    assert post(empty_client, "competing", {"condition": "x"}).status_code == 503
    assert post(empty_client, "report", {"synopsis": LEAST}).status_code == 200


def test_everything_is_described(reader: TestClient) -> None:
    described = reader.get("/openapi.json").json()
    for name in ("sites", "competing", "enrolment", "report"):
        operation = described["paths"][f"/v1/feasibility/{name}"]["post"]
        assert operation["description"] and "422" in operation["responses"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"]
    synopsis = described["components"]["schemas"]["Synopsis"]["properties"]
    assert all(field.get("description") for field in synopsis.values())
