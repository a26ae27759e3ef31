"""The judge's opinion is compared with ours, believed never, and may be missing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from eval.answers.judge import agreement, judge_all, make_judge
from eval.answers.run import Asked
from eval.answers.score import Scored, score
from tests.eval.answers.conftest import make_answer


@pytest.fixture
def scored(asked: Asked) -> Scored:
    return score(asked)


def opinion(scored: Scored, point: bool, supported: bool) -> str:
    """A reply with the same verdict on everything."""
    statements = len([s for s in scored.answer.statements if s.citations])
    return json.dumps(
        {
            "points_met": [point] * len(scored.points),
            "statements_supported": [supported] * statements,
        }
    )


def test_agreement_and_disagreements_are_told(scored: Scored) -> None:
    model = FakeListChatModel(responses=[opinion(scored, point=False, supported=True)])
    found = judge_all(model, [scored], "fake")
    assert (found["model"], found["questions"], found["failed"]) == ("fake", 1, {})
    assert found["points"] == {
        "judged": 1,
        "ours": 1.0,
        "judge": 0.0,
        "agreement": 0.0,
        "kappa": 0.0,
    }
    assert found["statements"]["agreement"] == 1.0
    assert found["disagreements"] == [
        {"what": "point", "id": "T1", "forms": ["24小时"], "ours": True, "judge": False}
    ]


def test_a_reply_with_words_around_is_read_and_a_bad_one_asked_for_again(scored: Scored) -> None:
    right = f"Here it is:\n```json\n{opinion(scored, point=True, supported=True)}\n```"
    model = FakeListChatModel(responses=["I cannot say.", right])
    assert judge_all(model, [scored], "fake")["points"]["agreement"] == 1.0


@pytest.mark.parametrize(
    "reply",
    [
        "no",
        "{}",
        '{"points_met": ["true"], "statements_supported": []}',
        '{"points_met": [true, true, true], "statements_supported": []}',
    ],
)
def test_what_is_no_opinion_is_reported(scored: Scored, reply: str) -> None:
    found = judge_all(FakeListChatModel(responses=[reply]), [scored], "fake")
    assert list(found["failed"]) == ["T1"]
    assert found["points"] == agreement([])
    assert found["points"]["agreement"] is None


def test_answers_with_nothing_to_judge_are_not_sent(made_up: Any) -> None:
    refused = made_up(make_answer("refused"), expect="refuse", key_points=())
    found = judge_all(FakeListChatModel(responses=["never asked"]), [refused], "fake")
    assert (found["questions"], found["failed"]) == (0, {})


def test_the_quotes_sent_are_those_of_the_store(scored: Scored) -> None:
    seen: list[str] = []

    class Listening(FakeListChatModel):
        def _call(self, messages: Any, *args: Any, **more: Any) -> str:
            seen.extend(message.text for message in messages)
            return super()._call(messages, *args, **more)

    judge_all(Listening(responses=[opinion(scored, True, True)]), [scored], "fake")
    instructions, material = seen
    assert "never followed" in instructions
    sent = json.loads(material)
    first = scored.citations[1]
    assert sent["statements"][0]["quotes"][0] == {
        "text": first.quote,
        "read_under": list(first.context),
    }


BY_JUDGE = (False, True)


@pytest.mark.parametrize(
    ("pairs", "same", "kappa"),
    [
        # Cohen 1960: observed 0.7, expected 0.5 * 0.6 + 0.5 * 0.4.
        ([(True, True)] * 4 + [(True, False)] + [BY_JUDGE] * 2 + [(False, False)] * 3, 0.7, 0.4),
        ([(True, True)] * 3, 1.0, None),
        ([(True, False)] * 3, 0.0, 0.0),
        ([(True, True), (False, False)], 1.0, 1.0),
    ],
)  # fmt: skip
def test_kappa_takes_chance_off(
    pairs: list[tuple[bool, bool]], same: float, kappa: float | None
) -> None:
    found = agreement(pairs)
    assert found["agreement"] == same
    assert found["kappa"] == (None if kappa is None else pytest.approx(kappa))


class _Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible endpoint that says the same to everybody."""

    reply = ""
    status = 200
    asked: list[dict[str, Any]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, **body})
        message = {"role": "assistant", "content": self.reply}
        payload = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            }
        ).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pytest.importorskip("langchain_openai")
    monkeypatch.setattr(_Endpoint, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_an_openai_compatible_endpoint_can_judge(
    endpoint: str, scored: Scored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Endpoint, "reply", opinion(scored, True, True))
    found = judge_all(make_judge("m", endpoint, None), [scored], "m")
    assert found["points"]["agreement"] == 1.0
    (request,) = _Endpoint.asked
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"]) == ("m", 0)


def test_an_endpoint_that_fails_costs_its_opinion_and_nothing_else(
    endpoint: str, scored: Scored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Endpoint, "status", 400)
    found = judge_all(make_judge("m", endpoint, "key"), [scored], "m")
    assert "Error code: 400" in found["failed"]["T1"]
