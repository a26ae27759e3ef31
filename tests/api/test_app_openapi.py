"""The OpenAPI document names every route, field and status."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.contract import ANSWER, CITATION, RECORD, STATEMENT


@pytest.fixture(scope="module")
def openapi(reader: TestClient) -> dict[str, Any]:
    schema: dict[str, Any] = reader.get("/openapi.json").json()
    return schema


def operations(openapi: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]


def walk(value: Any) -> list[dict[str, Any]]:
    """Every object inside a schema."""
    found = [value] if isinstance(value, dict) else []
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            found += walk(child)
    return found


ROUTES = {
    ("post", "/v1/ask"),
    ("get", "/v1/answers/{answer_id}"),
    ("post", "/v1/search"),
    ("get", "/v1/documents"),
    ("post", "/v1/documents"),
    ("get", "/v1/documents/{document_id}"),
    ("delete", "/v1/documents/{document_id}"),
    ("get", "/v1/documents/{document_id}/blocks"),
    ("get", "/v1/documents/{document_id}/blocks/{ordinal}/picture"),
    ("get", "/v1/documents/{document_id}/pages/{page}.png"),
    ("get", "/v1/documents/{document_id}/file"),
    ("get", "/v1/answers/{answer_id}/sources"),
    ("post", "/v1/conversations"),
    ("get", "/v1/conversations"),
    ("get", "/v1/conversations/{conversation_id}"),
    ("patch", "/v1/conversations/{conversation_id}"),
    ("delete", "/v1/conversations/{conversation_id}"),
    ("get", "/v1/conversations/{conversation_id}/export"),
    ("post", "/v1/feedback"),
    ("get", "/v1/feedback"),
    ("get", "/v1/feedback/export.csv"),
    ("patch", "/v1/feedback/{number}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/v1/status"),
}


def test_every_route_is_documented(openapi: dict[str, Any]) -> None:
    documented = {(method, path) for method, path, _ in operations(openapi)}
    assert documented >= ROUTES
    for method, path, operation in operations(openapi):
        assert operation.get("description"), (method, path)
        assert operation.get("tags"), (method, path)


def test_the_schema_is_sound(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.")
    ids = [operation["operationId"] for _, _, operation in operations(openapi)]
    assert len(ids) == len(set(ids))
    for reference in (item["$ref"] for item in walk(openapi) if "$ref" in item):
        target: Any = openapi
        for key in reference.removeprefix("#/").split("/"):
            target = target[key]
    for _, path, operation in operations(openapi):
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_errors_are_documented_with_their_body(openapi: dict[str, Any]) -> None:
    for method, path, operation in operations(openapi):
        for status, response in operation["responses"].items():
            if status[0] in "45" and path != "/readyz":
                schema = response["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/ErrorResponse"), (method, path, status)


def test_the_answer_is_documented_field_by_field(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    for name, contract in {
        "Answer": ANSWER,
        "Statement": STATEMENT,
        "Citation": CITATION,
        "Record": RECORD,
    }.items():
        assert set(contract) <= set(schemas[name]["properties"]), name


Send = Callable[[TestClient], Any]
PROBES: dict[str, tuple[str, str, Send]] = {
    "ask": (
        "post",
        "/v1/ask",
        lambda c: c.post("/v1/ask", json={"question": "x", "filters": ["a"]}),
    ),
    "ask-empty": ("post", "/v1/ask", lambda c: c.post("/v1/ask", json={})),
    "search": ("post", "/v1/search", lambda c: c.post("/v1/search", json={})),
    "answer": ("get", "/v1/answers/{answer_id}", lambda c: c.get("/v1/answers/x")),
    "sources": (
        "get",
        "/v1/answers/{answer_id}/sources",
        lambda c: c.get("/v1/answers/x/sources"),
    ),
    "ask-nowhere": (
        "post",
        "/v1/ask",
        lambda c: c.post("/v1/ask", json={"question": "x", "conversation_id": "x"}),
    ),
    "conversation": (
        "get",
        "/v1/conversations/{conversation_id}",
        lambda c: c.get("/v1/conversations/x"),
    ),
    "feedback": (
        "post",
        "/v1/feedback",
        lambda c: c.post("/v1/feedback", json={"answer_id": "x", "verdict": "useful"}),
    ),
    "document": ("get", "/v1/documents/{document_id}", lambda c: c.get("/v1/documents/x")),
    "delete": ("delete", "/v1/documents/{document_id}", lambda c: c.delete("/v1/documents/x")),
    "blocks": (
        "get",
        "/v1/documents/{document_id}/blocks",
        lambda c: c.get("/v1/documents/x/blocks?start=-1"),
    ),
    "upload": ("post", "/v1/documents", lambda c: c.post("/v1/documents")),
    "file": ("get", "/v1/documents/{document_id}/file", lambda c: c.get("/v1/documents/x/file")),
}


@pytest.mark.parametrize("which", ["reader", "empty_client"])
@pytest.mark.parametrize("name", PROBES)
def test_statuses_that_occur_are_documented(
    openapi: dict[str, Any], request: pytest.FixtureRequest, which: str, name: str
) -> None:
    method, path, send = PROBES[name]
    response = send(request.getfixturevalue(which))
    assert str(response.status_code) in openapi["paths"][path][method]["responses"]
