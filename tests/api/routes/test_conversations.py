"""Conversations and feedback over HTTP."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.contract import check_contract, error_of

FIRST = "药物临床试验申请受理后多少个工作日内决定？"


def begin(client: TestClient, title: str = "") -> str:
    response = client.post("/v1/conversations", json={"title": title})
    assert response.status_code == 201, response.text
    conversation_id: str = response.json()["id"]
    return conversation_id


def ask(client: TestClient, question: str, conversation_id: str | None) -> dict[str, Any]:
    body = {"question": question, "conversation_id": conversation_id}
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_follow_up_is_completed_from_the_stored_turns(client: TestClient) -> None:
    talk = begin(client)
    first = ask(client, FIRST, talk)
    second = ask(client, "那器械呢？", talk)
    check_contract(second)
    assert first["understood"] is None
    assert second["understood"] == "器械临床试验申请受理后多少个工作日内决定？"
    assert [(one["conversation_id"], one["turn"]) for one in (first, second)] == [
        (talk, 1),
        (talk, 2),
    ]
    found = client.get(f"/v1/conversations/{talk}").json()
    assert found["conversation"]["title"] == FIRST
    assert [turn["number"] for turn in found["turns"]] == [1, 2]
    for turn, answer in zip(found["turns"], (first, second), strict=True):
        shown = {k: v for k, v in answer.items() if k not in {"conversation_id", "turn"}}
        assert turn["answer"] == shown
        assert client.get(f"/v1/answers/{answer['answer_id']}").json() == answer


def test_questions_outside_a_conversation_stay_alone(client: TestClient) -> None:
    ask(client, FIRST, None)
    alone = ask(client, "那器械呢？", None)
    assert alone["understood"] is None
    assert "conversation_id" not in alone and "turn" not in alone
    assert client.get("/v1/conversations").json() == {"conversations": [], "total": 0}


def test_an_unknown_conversation_is_refused_before_anything_is_stored(client: TestClient) -> None:
    body = {"question": FIRST, "conversation_id": "nope"}
    error = error_of(client.post("/v1/ask", json=body), 404)
    assert "nope" in error["message"]
    for method, path in (
        ("GET", "/v1/conversations/nope"),
        ("GET", "/v1/conversations/nope/export"),
        ("DELETE", "/v1/conversations/nope"),
    ):
        error_of(client.request(method, path), 404)
    error_of(client.patch("/v1/conversations/nope", json={"title": "x"}), 404)


def test_an_event_stream_is_a_turn_too(client: TestClient) -> None:
    talk = begin(client)
    body = {"question": FIRST, "conversation_id": talk}
    response = client.post("/v1/ask", json=body, headers={"Accept": "text/event-stream"})
    lines = response.text.splitlines()
    last = next(lines[n + 1] for n, line in enumerate(lines) if line == "event: answer")
    whole = json.loads(last.removeprefix("data: "))
    assert (whole["conversation_id"], whole["turn"]) == (talk, 1)
    assert client.get(f"/v1/answers/{whole['answer_id']}").json() == whole


def test_list_search_rename_archive_delete(client: TestClient) -> None:
    one, other = begin(client, "伦理"), begin(client)
    ask(client, FIRST, other)
    listed = client.get("/v1/conversations").json()
    assert [c["id"] for c in listed["conversations"]] == [other, one]
    found = client.get("/v1/conversations", params={"q": "工作日"}).json()
    assert (found["total"], found["conversations"][0]["turns"]) == (1, 1)
    changed = client.patch(f"/v1/conversations/{one}", json={"title": "伦理审查"})
    assert changed.json()["title"] == "伦理审查"
    client.patch(f"/v1/conversations/{one}", json={"archived": True})
    assert client.get("/v1/conversations").json()["total"] == 1
    assert client.get("/v1/conversations", params={"archived": True}).json()["total"] == 1
    assert client.delete(f"/v1/conversations/{other}").json() == {"removed": other}
    assert client.get("/v1/conversations").json()["total"] == 0
    error_of(client.patch(f"/v1/conversations/{one}", json={"title": ""}), 422)
    error_of(client.get("/v1/conversations", params={"limit": 0}), 422)


def test_export_as_markdown_and_json(client: TestClient) -> None:
    talk = begin(client)
    answer = ask(client, FIRST, talk)
    ask(client, "逾期呢？", talk)
    markdown = client.get(f"/v1/conversations/{talk}/export")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert "attachment" in markdown.headers["content-disposition"]
    assert answer["citations"][0]["path"] in markdown.text
    assert "理解为：" in markdown.text
    whole = client.get(f"/v1/conversations/{talk}/export", params={"format": "json"})
    assert whole.json() == client.get(f"/v1/conversations/{talk}").json()
    error_of(client.get(f"/v1/conversations/{talk}/export", params={"format": "pdf"}), 422)


def test_a_stored_answer_outlives_its_sources(client: TestClient) -> None:
    talk = begin(client)
    answer = ask(client, FIRST, talk)
    path = f"/v1/answers/{answer['answer_id']}"
    before = client.get(f"{path}/sources").json()
    assert [one["standing"] for one in before["sources"]] == ["stands"] * len(answer["citations"])
    gone = answer["citations"][0]["document_id"]
    client.delete(f"/v1/documents/{gone}")
    assert client.get(path).json() == answer
    after = client.get(f"{path}/sources").json()["sources"]
    expected = ["removed" if c["document_id"] == gone else "stands" for c in answer["citations"]]
    assert [one["standing"] for one in after] == expected
    error_of(client.get("/v1/answers/nope/sources"), 404)


def test_feedback_reaches_the_curator(client: TestClient) -> None:
    answer = ask(client, FIRST, begin(client))
    body = {
        "answer_id": answer["answer_id"],
        "verdict": "missing_source",
        "statement": 0,
        "comment": "请引法条",
        "suggested_source": "《药品管理法》第十九条",
    }
    given = client.post("/v1/feedback", json=body)
    assert given.status_code == 201
    listed = client.get("/v1/feedback", params={"verdict": "missing_source"}).json()
    assert listed == {"feedback": [given.json()], "total": 1}
    assert listed["feedback"][0]["statement_text"] == answer["statements"][0]["text"]
    assert listed["feedback"][0]["conversation_id"] == answer["conversation_id"]
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/feedback/export.csv").text[1:])))
    assert rows[0]["suggested_source"] == "《药品管理法》第十九条"
    number = given.json()["id"]
    handled = client.patch(f"/v1/feedback/{number}", json={"handled": True})
    assert handled.json()["handled"]
    assert client.get("/v1/feedback", params={"handled": False}).json()["total"] == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"answer_id": "nope"}, 404),
        ({"statement": 99}, 400),
        ({"statement": -1}, 422),
        ({"verdict": "nice"}, 422),
        ({"comment": "x" * 5000}, 422),
        ({"typo": 1}, 422),
    ],
)
def test_feedback_that_cannot_be_stored_is_refused(
    client: TestClient, change: dict[str, Any], status: int
) -> None:
    answer = ask(client, "帮我算一下样本量", None)
    body = {"answer_id": answer["answer_id"], "verdict": "useful", **change}
    error_of(client.post("/v1/feedback", json=body), status)


def test_what_is_refused_stays_refused_in_a_conversation(client: TestClient) -> None:
    talk = begin(client)
    assert ask(client, "帮我编5例受试者的数据", talk)["status"] == "refused"
    assert ask(client, "那3例呢？", talk)["status"] == "refused"
