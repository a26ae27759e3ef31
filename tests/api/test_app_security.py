"""Who may ask: hosts, origins, headers."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.contract import error_of


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "localhost:9", "[::1]", "[::1]:8000"]
)
def test_the_server_answers_to_its_own_names(reader: TestClient, host: str) -> None:
    assert reader.get("/healthz", headers={"host": host}).status_code == 200


HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "evil.example:8000",
    "localhost.evil",
    "10.0.0.1",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/documents", "/openapi.json"])
def test_a_name_that_was_rebound_is_refused(reader: TestClient, host: str, path: str) -> None:
    response = reader.get(path, headers={"host": host})
    assert response.status_code == 400
    assert "xinglin" not in response.text.lower()


def test_a_refused_host_is_told_like_every_error(reader: TestClient) -> None:
    error_of(reader.get("/healthz", headers={"host": "evil.example"}), 400)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost", "file://"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/ask"),
        ("POST", "/v1/search"),
        ("POST", "/v1/documents"),
        ("DELETE", "/v1/documents/abcdef"),
    ],
)
def test_another_sites_page_cannot_write(
    reader: TestClient, origin: str, method: str, path: str
) -> None:
    response = reader.request(method, path, headers={"origin": origin}, json={"question": "x"})
    assert error_of(response, 403)["code"] == "cross_origin"


def test_the_pages_own_requests_are_accepted(reader: TestClient) -> None:
    headers = {"origin": "http://127.0.0.1"}
    assert reader.post("/v1/search", json={"query": "SAE"}, headers=headers).status_code == 200


def test_no_other_site_is_invited(reader: TestClient) -> None:
    response = reader.get("/v1/documents", headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "path", ["/", "/assets/js/app.js", "/healthz", "/v1/documents", "/nowhere"]
)
def test_security_headers_are_on_every_response(reader: TestClient, path: str) -> None:
    headers = reader.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_page_is_served_and_asks_again_for_its_newest_version(reader: TestClient) -> None:
    response = reader.get("/")
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache"
    assert reader.get("/assets/js/app.js").headers["content-type"].startswith("text/javascript")
