"""Errors over HTTP: one body, one sentence."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.contract import error_of


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        ("/v1/ask", {}, 422, "question"),
        ("/v1/ask", {"question": 7}, 422, "question"),
        ("/v1/ask", {"question": "x" * 8001}, 422, "question"),
        ("/v1/ask", {"question": "x", "asof": "2020-01-01"}, 422, "asof"),
        ("/v1/ask", {"question": "x", "as_of": "2026-02-30"}, 422, "as_of"),
        ("/v1/ask", {"question": "x", "as_of": "yesterday"}, 422, "as_of"),
        ("/v1/ask", {"question": "x", "filters": ["colour=red"]}, 400, "colour"),
        ("/v1/ask", {"question": "x", "filters": ["kind"]}, 400, "kind"),
        ("/v1/ask", {"question": "x", "filters": ["from=soon"]}, 400, "soon"),
        ("/v1/ask", [], 422, "body"),
        ("/v1/search", {"query": ""}, 422, "query"),
        ("/v1/search", {"query": "x", "k": 0}, 422, "k"),
        ("/v1/search", {"query": "x", "k": 10**6}, 422, "k"),
        ("/v1/search", {"query": "x", "filters": ["a=b"]}, 400, "a=b"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    reader: TestClient, path: str, body: object, status: int, word: str
) -> None:
    error = error_of(reader.post(path, json=body), status)
    assert word in error["message"]
    assert "\n" not in error["message"]


def test_broken_json_is_told(reader: TestClient) -> None:
    response = reader.post(
        "/v1/ask", content="{broken", headers={"content-type": "application/json"}
    )
    error_of(response, 422)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/assets/nowhere.js", 404),
        ("GET", "/assets/%2e%2e/app.py", 404),
        ("GET", "/assets/..%2fapp.py", 404),
        ("DELETE", "/healthz", 405),
        ("GET", "/v1/answers/nope", 404),
        ("GET", "/v1/documents/nope", 404),
        ("GET", "/v1/documents/nope/blocks", 404),
        ("GET", "/v1/documents/nope/file", 404),
        ("GET", "/v1/documents/nope/pages/1.png", 404),
        ("DELETE", "/v1/documents/nope", 404),
        ("GET", "/v1/documents?as_of=soon", 422),
    ],
)
def test_every_error_has_the_same_body(
    reader: TestClient, method: str, path: str, status: int
) -> None:
    error_of(reader.request(method, path), status)


def test_a_bug_is_told_in_the_same_body_without_its_insides(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    app = create_app(settings)
    monkeypatch.setattr(app.state.service, "search", fail)
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    response = client.post("/v1/search", json={"query": "x"})
    assert "secret detail" not in response.text
    error_of(response, 500)
