"""What the HTTP API promises, and the helpers that hold an answer or an error against it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from fastapi.testclient import TestClient

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


def events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as name and data."""
    found = []
    for chunk in re.split(r"\r?\n\r?\n", text.strip()):
        lines = dict(line.split(": ", 1) for line in chunk.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found
