"""``/v1/design``: the calculators over HTTP."""

from __future__ import annotations

import json

import pytest
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


def test_a_curve_gives_numbers_and_a_picture(client: TestClient) -> None:
    request = {
        "method": "two_proportions",
        "inputs": {"p1": 0.65},
        "vary": "n1",
        "values": [50, 70, 90],
        "output": "power",
        "by": "p2",
        "by_values": [0.8, 0.85],
    }
    found = client.post("/v1/design/curve", json=request).json()
    assert [line["by"] for line in found["lines"]] == [0.8, 0.85]
    assert found["lines"][1]["points"][1] > 0.8
    assert found["svg"].startswith("<?xml") or "<svg" in found["svg"]
    bad = client.post("/v1/design/curve", json=request | {"vary": "moon"})
    assert bad.status_code == 422 and "no input moon" in bad.json()["error"]["message"]


def test_every_fault_of_a_request_is_told_with_its_field(client: TestClient) -> None:
    reply = client.post("/v1/design/two_proportions", json={"p1": "x", "p2": 2, "pwr": 0.8})
    message = reply.json()["error"]["message"]
    assert reply.status_code == 422
    assert all(f"{field}: " in message for field in ("p1", "p2", "pwr"))
    assert "pwr: there is no such field" in message


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        ("{", "application/json", "is no JSON"),
        ("[]", "application/json", "must be a JSON object"),
        ("null", "application/json", "must be a JSON object"),
        ("", "application/json", "body: Field required"),
        ('{"p1": 0.6, "p2": 0.4}', "text/plain", "Content-Type: application/json"),
        ("p1=0.6", "application/x-www-form-urlencoded", "Content-Type: application/json"),
    ],
)
def test_a_body_that_is_none_says_what_to_send(
    client: TestClient, body: str, kind: str, told: str
) -> None:
    reply = client.post("/v1/design/two_proportions", content=body, headers={"content-type": kind})
    assert reply.status_code == 422 and told in reply.json()["error"]["message"]


@pytest.mark.parametrize("mark", ["NaN", "Infinity", "1e308"])
def test_a_line_of_a_curve_lies_on_the_page(client: TestClient, mark: str) -> None:
    body = json.dumps(
        {"method": "two_proportions", "inputs": GIVEN, "vary": "p1", "values": [0.5, 0.6],
         "output": "n1"}
    )  # fmt: skip
    reply = client.post(
        "/v1/design/curve",
        content=f'{body[:-1]}, "mark": {mark}}}',
        headers={"content-type": "application/json"},
    )
    assert reply.status_code == 422 and "mark: " in reply.json()["error"]["message"]
