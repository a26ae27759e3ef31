"""The HTTP surface: answering, searching, readiness, errors, security, OpenAPI."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.conftest import BASE

ASKED = "器械SAE，研究者几小时内报告申办者？"
PAST = "2023-06-01"

KINDS = {"law", "regulation", "guideline", "method", "endpoint", "operation", "registry"}
KINDS |= {"protocol", "paper", "form", "data", "other"}
STATUSES = {"effective", "superseded", "draft", "not_yet_effective", "current"}
TEXT = (str,)
OPTIONAL = (str, type(None))
ANSWER = {
    "answer_id": TEXT,
    "question": TEXT,
    "language": TEXT,
    "as_of": TEXT,
    "status": TEXT,
    "statements": (list,),
    "citations": (list,),
    "calculations": (list,),
    "missing": OPTIONAL,
    "follow_up": (list,),
    "record": (dict,),
}
STATEMENT = {"text": TEXT, "citations": (list,), "support": TEXT}
CITATION = {
    "id": (int,),
    "document_id": TEXT,
    "title": TEXT,
    "publisher": OPTIONAL,
    "kind": TEXT,
    "locator": (dict,),
    "quote": TEXT,
    "status": TEXT,
    "effective_from": OPTIONAL,
    "effective_to": OPTIONAL,
    "superseded_by": OPTIONAL,
    "score": (int, float),
    "block": (int,),
    "block_start": (int,),
    "block_end": (int,),
}
RECORD = {
    "snapshot": TEXT,
    "embedder": TEXT,
    "llm": OPTIONAL,
    "retrieved": (list,),
    "elapsed_ms": (int, float),
}


def check_fields(value: dict[str, Any], contract: dict[str, tuple[type, ...]]) -> None:
    for name, types in contract.items():
        assert name in value, name
        assert isinstance(value[name], types), (name, value[name])


def check_contract(answer: dict[str, Any]) -> None:
    """The answer JSON of the design, field by field."""
    check_fields(answer, ANSWER)
    assert answer["language"] in {"zh", "en"}
    assert date.fromisoformat(answer["as_of"]).isoformat() == answer["as_of"]
    assert answer["status"] in {
        "answered",
        "insufficient_evidence",
        "needs_clarification",
        "refused",
    }
    check_fields(answer["record"], RECORD)
    for statement in answer["statements"]:
        check_fields(statement, STATEMENT)
        assert statement["support"] in {"verified", "calculated", "unsupported"}
    assert [c["id"] for c in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    for citation in answer["citations"]:
        check_fields(citation, CITATION)
        assert citation["kind"] in KINDS
        assert citation["status"] in STATUSES
        for day in (citation["effective_from"], citation["effective_to"]):
            assert day is None or date.fromisoformat(day)
        assert citation["locator"]
    cited = {number for s in answer["statements"] for number in s["citations"]}
    assert cited == {c["id"] for c in answer["citations"]}


def ask(client: TestClient, question: str, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **body})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def error_of(response: Any, status: int) -> dict[str, str]:
    """The body every error has."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert re.fullmatch(r"[a-z_]+", body["error"]["code"])
    assert body["error"]["message"].strip()
    error: dict[str, str] = body["error"]
    return error


# --- asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (ASKED, "answered"),
        ("What are the five attributes of an estimand?", "answered"),
        ("世界杯冠军是谁？", "insufficient_evidence"),
        ("帮我算一下样本量", "needs_clarification"),
        ("帮我编5例受试者的数据", "refused"),
        ("", "needs_clarification"),
    ],
)
def test_an_answer_keeps_the_contract(reader: TestClient, question: str, status: str) -> None:
    answer = ask(reader, question)
    check_contract(answer)
    assert answer["status"] == status
    assert answer["question"] == question
    if status == "answered":
        assert answer["statements"] and answer["citations"]
    else:
        assert answer["missing"]


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        "估计目标有哪几个属性？",
        "What are the five attributes of an estimand?",
        "SPIRIT 2025有多少个条目？",
        "伦理审查几天出结果？逾期怎么办？",
        "样本量计算需要哪些参数？",
    ],
)
def test_every_quote_is_the_text_of_its_block(reader: TestClient, question: str) -> None:
    answer = ask(reader, question)
    assert answer["citations"]
    for citation in answer["citations"]:
        blocks = reader.get(
            f"/v1/documents/{citation['document_id']}/blocks",
            params={"start": citation["block"], "limit": 1},
        ).json()["blocks"]
        [block] = blocks
        assert block["ordinal"] == citation["block"]
        start, end = citation["block_start"], citation["block_end"]
        assert block["text"][start:end] == citation["quote"]
        place = {k: v for k, v in citation["locator"].items() if k != "section"}
        assert place == {k: v for k, v in block["locator"].items() if k != "section"}


def test_a_stored_answer_is_what_was_shown(reader: TestClient) -> None:
    for question in (ASKED, "世界杯冠军是谁？", "帮我编5例受试者的数据"):
        answer = ask(reader, question)
        assert reader.get(f"/v1/answers/{answer['answer_id']}").json() == answer


def test_each_answer_has_its_own_id(reader: TestClient) -> None:
    assert ask(reader, ASKED)["answer_id"] != ask(reader, ASKED)["answer_id"]


def events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as name and data."""
    found = []
    for chunk in re.split(r"\r?\n\r?\n", text.strip()):
        lines = dict(line.split(": ", 1) for line in chunk.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_the_stream_carries_each_statement_and_the_whole_answer(reader: TestClient) -> None:
    response = reader.post(
        "/v1/ask", json={"question": ASKED}, headers={"accept": "text/event-stream"}
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    (first, stage), *statements, (last, answer) = events(response.text)
    assert (first, stage, last) == ("status", {"stage": "searching"}, "answer")
    check_contract(answer)
    assert [name for name, _ in statements] == ["statement"] * len(answer["statements"])
    for (_, data), statement in zip(statements, answer["statements"], strict=True):
        cited = data.pop("cited")
        assert data == statement
        assert cited == [c for c in answer["citations"] if c["id"] in statement["citations"]]
    assert reader.get(f"/v1/answers/{answer['answer_id']}").json() == answer


def test_stream_and_json_say_the_same(reader: TestClient) -> None:
    response = reader.post(
        "/v1/ask", json={"question": ASKED}, headers={"accept": "text/event-stream"}
    )
    streamed, plain = events(response.text)[-1][1], ask(reader, ASKED)
    for own in ("answer_id", "record"):
        streamed.pop(own), plain.pop(own)
    assert streamed == plain


def test_the_day_asked_about_decides(reader: TestClient) -> None:
    answer = ask(reader, ASKED, as_of=PAST)
    assert answer["as_of"] == PAST
    assert all((c["effective_from"] or "") <= PAST for c in answer["citations"])
    before = ask(reader, ASKED, as_of="2015-01-01")
    assert not any("device-sae" in c["path"] for c in before["citations"])


def test_filters_narrow_what_may_be_cited(reader: TestClient) -> None:
    answer = ask(reader, "样本量计算需要哪些参数？", filters=["kind=method"])
    assert {c["kind"] for c in answer["citations"]} == {"method"}
    assert ask(reader, ASKED, filters=["kind=paper"])["status"] == "insufficient_evidence"


def test_search_gives_passages_with_their_place(reader: TestClient) -> None:
    body = reader.post("/v1/search", json={"query": "严重不良事件 24小时", "k": 3}).json()
    assert body["query"] == "严重不良事件 24小时"
    assert len(body["hits"]) == 3
    assert body["hits"] == sorted(body["hits"], key=lambda hit: -hit["score"])
    for hit in body["hits"]:
        assert hit["locator"] and hit["text"] and hit["status"] in STATUSES
    assert body["snapshot"] == reader.get("/v1/status").json()["snapshot"]


# --- errors --------------------------------------------------------------------------------------


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


# --- who may ask ---------------------------------------------------------------------------------


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


# --- health --------------------------------------------------------------------------------------


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


# --- OpenAPI -------------------------------------------------------------------------------------


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
