"""``/v1/feasibility``: reading criteria, counting, refusing."""

from __future__ import annotations

from fastapi.testclient import TestClient

CRITERIA = {"inclusion": [{"age": {"min": 18}}, {"not": {"diagnosis": "心力衰竭"}}]}


def test_text_becomes_rules_that_can_be_counted(client: TestClient) -> None:
    text = "18-75岁2型糖尿病，HbA1c≥7%，签署知情同意书\n排除标准：近3个月内使用过胰岛素"
    read = client.post("/v1/feasibility/criteria", json={"text": text}).json()
    assert [each["text"] for each in read["unparsed"]] == ["签署知情同意书"]
    reply = client.post("/v1/feasibility/funnel", json={"criteria": read["criteria"]})
    found = reply.json()
    assert reply.status_code == 200
    assert found["persons"] == 24000 and len(found["steps"]) == 4
    assert "svg" not in found


def test_a_funnel_with_its_drawing(client: TestClient) -> None:
    given = {"criteria": CRITERIA, "svg": True, "options": {"missing": "both"}}
    found = client.post("/v1/feasibility/funnel", json=given).json()
    assert found["svg"].startswith("<svg") and found["remaining"] <= found["remaining_keep"]
    assert found["steps"][1]["alone"]["unknown"] == 0


def test_small_counts_cannot_be_asked_for(client: TestClient) -> None:
    given = {"criteria": CRITERIA, "options": {"threshold": 1}}
    reply = client.post("/v1/feasibility/funnel", json=given)
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_request")


def test_what_cannot_be_counted_is_told(client: TestClient) -> None:
    bad = client.post(
        "/v1/feasibility/funnel", json={"criteria": {"inclusion": [{"diagnosis": "x"}]}}
    )
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "bad_design")
    away = {"criteria": CRITERIA, "source": "/etc"}
    refused = client.post("/v1/feasibility/funnel", json=away)
    assert refused.status_code == 422 and "synthetic" in refused.json()["error"]["message"]
    empty = client.post("/v1/feasibility/funnel", json={"criteria": {"inclusion": []}})
    assert empty.status_code == 422


def test_cohorts_and_openapi(client: TestClient) -> None:
    assert client.get("/v1/feasibility/cohorts").json() == [
        {"name": "synthetic", "synthetic": True}
    ]
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/feasibility/funnel", "/v1/feasibility/criteria"} <= set(paths)
