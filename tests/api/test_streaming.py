"""Answers over HTTP while a scripted model writes them; whoever leaves stops the work."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from assistant.llm.settings import LlmSettings
from assistant.messages import message
from tests.api.conftest import BASE, serving
from tests.api.contract import ASKED, check_contract, error_of, events
from tests.assistant.llm.server import ChatServer, Line, Request, hanging, refusing, stating

QUOTE = "获知严重不良事件（SAE）后24小时内"
TRUE = "器械试验的研究者获知SAE后24小时内须报告申办者。"
FALSE = "器械试验的研究者获知SAE后48小时内须报告申办者。"
EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worded")


@pytest.fixture(scope="module")
def worded(folder: Path, corpus_index: Path, repo: Path, server: ChatServer) -> Settings:
    """Settings with a language model, over the index of the notes."""
    llm = LlmSettings(
        model="qwen-test", base_url=server.url, api_key="sk-secret-123", tools="off", retries=0,
        cooldown_s=0,
    )  # fmt: skip
    return Settings(
        index_dir=corpus_index, state_dir=folder / "state", corpus_dir=repo / "corpus", llm=llm
    )


@pytest.fixture(scope="module")
def client(worded: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(worded), base_url=BASE) as client:
        yield client


def test_the_configured_model_words_the_answer(client: TestClient, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE)))
    answer = client.post("/v1/ask", json={"question": ASKED}).json()
    check_contract(answer)
    assert [s["text"] for s in answer["statements"]] == [TRUE]
    assert answer["record"]["llm"] == "qwen-test"
    assert client.get(f"/v1/answers/{answer['answer_id']}").json() == answer
    assert client.get("/v1/status").json()["llm"] == "qwen-test"


def test_a_request_may_do_without_it(client: TestClient, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE)))
    answer = client.post("/v1/ask", json={"question": ASKED, "llm": False}).json()
    assert answer["record"]["llm"] is None
    assert server.requests == []


def test_a_request_may_choose_to_see_what_failed(client: TestClient, server: ChatServer) -> None:
    server.then(stating((TRUE, QUOTE), (FALSE, QUOTE)))
    asked = {"question": ASKED, "show_unsupported": True}
    answer = client.post("/v1/ask", json=asked).json()
    check_contract(answer)
    assert [s["support"] for s in answer["statements"]] == ["verified", "unsupported"]
    without = client.post("/v1/ask", json={"question": ASKED}).json()
    assert [s["text"] for s in without["statements"]] == [TRUE]


def test_a_model_that_is_not_configured_cannot_be_asked_for(reader: TestClient) -> None:
    error = error_of(reader.post("/v1/ask", json={"question": ASKED, "llm": True}), 400)
    assert "llm.model" in error["message"]


def test_events_tell_the_stages_and_each_statement_once(
    client: TestClient, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE), (FALSE, QUOTE)))
    response = client.post("/v1/ask", json={"question": ASKED}, headers=EVENTS)
    told = events(response.text)
    stages = [data["stage"] for name, data in told if name == "status"]
    assert stages == ["searching", "reading", "checking"]
    statements = [data for name, data in told if name == "statement"]
    assert [s["text"] for s in statements] == [TRUE]
    assert QUOTE in statements[0]["cited"][0]["quote"]
    assert told[-1][0] == "answer"
    assert FALSE not in response.text
    check_contract(told[-1][1])


def test_an_endpoint_that_fails_costs_the_wording_only(
    client: TestClient, server: ChatServer
) -> None:
    server.then(refusing(401, "Incorrect API key provided: sk-secret-123"))
    response = client.post("/v1/ask", json={"question": ASKED}, headers=EVENTS)
    answer = events(response.text)[-1][1]
    assert answer["status"] == "answered"
    assert message("zh", "llm_denied") in answer["notices"]
    assert "sk-secret" not in response.text and server.url not in response.text


def test_a_library_that_is_missing_costs_the_wording_only(worded: Settings) -> None:
    llm = LlmSettings(model="m", provider="no-such-provider")
    with TestClient(create_app(worded.model_copy(update={"llm": llm})), base_url=BASE) as client:
        answer = client.post("/v1/ask", json={"question": ASKED}).json()
    assert answer["status"] == "answered"
    assert message("zh", "llm_failed") in answer["notices"]


def test_an_index_that_is_missing_is_told_before_the_events(empty_client: TestClient) -> None:
    error_of(empty_client.post("/v1/ask", json={"question": ASKED}, headers=EVENTS), 503)


def test_a_fault_of_ours_ends_the_events_with_an_error(
    client: TestClient, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("/secret/path")

    monkeypatch.setattr("assistant.llm.answerer.Relevance", broken)
    response = client.post("/v1/ask", json={"question": ASKED}, headers=EVENTS)
    name, data = events(response.text)[-1]
    assert (name, data["error"]["code"]) == ("error", "internal_error")
    assert "/secret" not in response.text


def test_a_turn_of_a_conversation_is_worded_and_stored(
    client: TestClient, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE)))
    place = client.post("/v1/conversations", json={}).json()["id"]
    body = {"question": ASKED, "conversation_id": place}
    answer = events(client.post("/v1/ask", json=body, headers=EVENTS).text)[-1][1]
    assert (answer["conversation_id"], answer["turn"]) == (place, 1)
    [turn] = client.get(f"/v1/conversations/{place}").json()["turns"]
    assert [s["text"] for s in turn["answer"]["statements"]] == [TRUE]


def test_a_conversation_that_is_missing_is_told_before_the_events(client: TestClient) -> None:
    body = {"question": ASKED, "conversation_id": "nowhere"}
    error_of(client.post("/v1/ask", json=body, headers=EVENTS), 404)


def stored(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in (folder / "state").glob("answers.sqlite*"))


@pytest.mark.parametrize("headers", [EVENTS, {}], ids=["events", "json"])
def test_leaving_stops_the_work(
    worded: Settings, folder: Path, server: ChatServer, headers: dict[str, str]
) -> None:
    def trickling(line: Line, request: Request) -> None:
        stating((TRUE, QUOTE), *[(f"{TRUE}{n}", QUOTE) for n in range(60)], pause=0.02)(
            line, request
        )

    server.then(trickling)
    server.broken_lines = 0
    asked = f"{ASKED}（{headers}）"
    with serving(worded) as base:
        with (
            pytest.raises(httpx.ReadTimeout),
            httpx.stream(
                "POST", f"{base}/v1/ask", json={"question": asked}, headers=headers, timeout=1.0
            ) as response,
        ):
            for line in response.iter_lines():
                if line.startswith("event: statement"):
                    raise httpx.ReadTimeout("the reader leaves")
        end = time.monotonic() + 8
        while not server.broken_lines and time.monotonic() < end:
            time.sleep(0.05)
    assert server.broken_lines == 1
    assert json.dumps(asked, ensure_ascii=False).encode() not in stored(folder)


def test_a_silent_endpoint_does_not_hold_the_server_up(
    worded: Settings, server: ChatServer
) -> None:
    """Others are answered while one question waits for its model."""
    server.then(hanging(2))
    with serving(worded) as base, httpx.Client(base_url=base, timeout=10) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/ask", json={"question": ASKED}, timeout=0.5)
        started = time.monotonic()
        assert client.get("/healthz").status_code == 200
        assert client.post("/v1/ask", json={"question": ASKED, "llm": False}).status_code == 200
        assert time.monotonic() - started < 5
