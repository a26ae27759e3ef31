"""``/v1/design``: the calculators over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from design import methods

GIVEN = {"p1": 0.65, "p2": 0.85, "power": 0.8}


def test_a_method_calculates(client: TestClient) -> None:
    found = client.post("/v1/design/two_proportions", json=GIVEN).json()
    assert found["outputs"]["n_per_arm"] == 70
    assert found["call"].startswith("xinglin design two-proportions")


def test_bad_inputs_are_told(client: TestClient) -> None:
    reply = client.post("/v1/design/two_proportions", json=GIVEN | {"p1": 65})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_request")
    reply = client.post("/v1/design/two_proportions", json=GIVEN | {"p1": 0.85})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "bad_design")
    assert client.post("/v1/design/astrology", json={}).status_code == 404


def test_every_method_is_listed_and_described(client: TestClient) -> None:
    listed = {entry["name"]: entry for entry in client.get("/v1/design").json()}
    assert set(listed) == set(methods())
    assert listed["two_proportions"]["inputs"]["properties"]["p1"]["description"]
    paths = client.get("/openapi.json").json()["paths"]
    assert all(f"/v1/design/{name}" in paths for name in listed)
