"""Questions and searches over HTTP, in one piece and as a stream."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.contract import ASKED, PAST, STATUSES, ask, check_contract, events


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
