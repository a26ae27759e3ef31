"""Whether the server is ready, and what it says when it is not."""

from __future__ import annotations

from datetime import date

from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import BASE
from tests.api.contract import ask, error_of


def test_a_server_with_an_index_is_ready(reader: TestClient) -> None:
    assert reader.get("/healthz").json()["status"] == "ok"
    ready = reader.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    status = reader.get("/v1/status").json()
    listed = reader.get("/v1/documents").json()
    assert status["documents"] == listed["total"] == len(listed["documents"]) > 10
    assert status["snapshot"] in ready.json()["detail"]
    assert date.fromisoformat(status["newest_source"])


def test_a_server_without_an_index_says_so_and_becomes_ready_with_the_first_upload(
    empty_client: TestClient,
) -> None:
    assert empty_client.get("/healthz").status_code == 200
    assert empty_client.get("/").status_code == 200
    ready = empty_client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
    assert "xinglin ingest" in ready.json()["detail"]
    assert empty_client.get("/v1/status").json()["documents"] == 0
    for response in (
        empty_client.post("/v1/ask", json={"question": "多久报告？"}),
        empty_client.post("/v1/search", json={"query": "报告"}),
        empty_client.get("/v1/documents"),
        empty_client.get("/v1/documents/abcdef"),
    ):
        assert error_of(response, 503)["code"] == "no_index"

    text = "# 甲机构规程\n\n甲机构应当在17个工作日内答复申请人。\n"
    result = empty_client.post("/v1/documents", files={"files": ("甲.md", text.encode())}).json()
    assert [r["outcome"] for r in result["results"]] == ["added"]
    assert empty_client.get("/readyz").status_code == 200
    answer = ask(empty_client, "甲机构多少个工作日内答复申请人？")
    assert "17个工作日" in answer["statements"][0]["text"]


def test_a_model_that_cannot_be_used_is_named_to_the_client(settings: Settings) -> None:
    broken = settings.model_copy(update={"embedder": "/no/such/model"})
    with TestClient(create_app(broken), base_url=BASE) as client:
        assert client.get("/healthz").status_code == 200
        failed = error_of(client.post("/v1/search", json={"query": "报告"}), 503)
    assert failed["code"] == "model_unusable" and "/no/such/model" in failed["message"]
