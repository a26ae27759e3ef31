"""A real server on loopback that plays a scripted OpenAI-compatible chat model."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import LoopbackServer, QuietHandler

Request = dict[str, Any]
Play = Callable[["Line", Request], None]
"""Answers one request on a line."""


def evidence(request: Request) -> list[dict[str, Any]]:
    """The passages a request holds, those of tools included."""
    found: list[dict[str, Any]] = []
    for message in request["messages"]:
        if message["role"] in {"user", "tool"} and str(message["content"]).startswith("{"):
            found += json.loads(message["content"]).get("evidence", [])
    return found


def key_of(request: Request, text: str) -> str:
    """The key of the passage that holds a text."""
    [key, *_] = [e["key"] for e in evidence(request) if text in e["text"]]
    return str(key)


class Line:
    """One open request: writes a reply, whole or in pieces."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        self._handler = handler
        self._streaming = bool(request.get("stream"))
        self._counts = bool((request.get("stream_options") or {}).get("include_usage"))

    def refuse(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        body = json.dumps({"error": {"message": text, "type": "some_error", "code": None}})
        self._head(
            status,
            "application/json",
            {**(headers or {}), "content-length": str(len(body.encode()))},
        )
        self._handler.wfile.write(body.encode())

    def raw(self, body: bytes, kind: str) -> None:
        self._head(200, kind, {"content-length": str(len(body))})
        self._handler.wfile.write(body)

    def say(
        self,
        text: str,
        *,
        piece: int = 7,
        pause: float = 0.0,
        usage: bool = True,
        break_off: int | None = None,
        calls: list[dict[str, Any]] | None = None,
    ) -> None:
        """Reply with a text, in pieces of so many characters; ``break_off`` hangs up in between."""
        assert self._streaming, "the client asks for a stream"
        self._head(200, "text/event-stream", {"transfer-encoding": "chunked"})
        self._delta({"role": "assistant", "content": ""})
        for start in range(0, len(text), piece):
            if break_off is not None and start >= break_off:
                self._handler.close_connection = True
                self._handler.wfile.flush()
                self._handler.connection.shutdown(2)
                return
            self._delta({"content": text[start : start + piece]})
            time.sleep(pause)
        for index, call in enumerate(calls or []):
            self._delta({"tool_calls": [{"index": index, **call}]})
        self._delta({}, "tool_calls" if calls else "stop")
        if usage and self._counts:
            counted = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
            self._event({"choices": [], "usage": counted})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _event(self, data: dict[str, Any]) -> None:
        whole = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", **data}
        self._chunk(f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self._handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self._handler.wfile.flush()

    def _head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {"content-type": kind, **headers}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


@dataclass
class ChatServer(LoopbackServer):
    """Plays ``script``, the last entry for ever; records what it was asked."""

    script: list[Play] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    broken_lines: int = 0

    def then(self, *script: Play) -> None:
        """Play this from now on, and forget what was asked before."""
        self.script = list(script)
        self.requests.clear()
        self.headers.clear()
        self.at.clear()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server.requests.append(request)
                server.headers.append({k.lower(): v for k, v in self.headers.items()})
                server.at.append(time.monotonic())
                play = server.script.pop(0) if len(server.script) > 1 else server.script[0]
                try:
                    play(Line(self, request), request)
                except OSError:
                    server.broken_lines += 1  # the client has given up
                    self.close_connection = True

        return Handler


# --- what a model may do ------------------------------------------------------------------------


def statement(text: str, *citations: tuple[str, str], n: int = 1) -> dict[str, Any]:
    """A statement with citations, each a text of the passage and the quote."""
    return {"n": n, "text": text, "citations": [{"key": k, "quote": q} for k, q in citations]}


def reply(*statements: dict[str, Any], missing: str | None = None, **more: Any) -> str:
    return json.dumps(
        {"statements": list(statements), "missing": missing, "follow_up": [], **more},
        ensure_ascii=False,
    )


def saying(text: str, **how: Any) -> Play:
    return lambda line, request: line.say(text, **how)


def stating(
    *statements: tuple[str, str], more: dict[str, Any] | None = None, wrap: str = "%s", **how: Any
) -> Play:
    """A model that states texts, each under a quote it copies from whichever passage holds it."""

    def play(line: Line, request: Request) -> None:
        made = [
            statement(text, (key_of(request, quote), quote), n=n)
            for n, (text, quote) in enumerate(statements, 1)
        ]
        line.say(wrap % reply(*made, **(more or {})), **how)

    return play


def calling(name: str, arguments: dict[str, Any] | str, **how: Any) -> Play:
    """A model that calls a tool."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}
    return lambda line, request: line.say("", calls=[call], **how)


def refusing(status: int, text: str = "no", **headers: str) -> Play:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda line, request: line.refuse(status, text, named)


def babbling(body: str, kind: str = "text/html") -> Play:
    """Something that is no reply of any chat model, with status 200."""
    return lambda line, request: line.raw(body.encode(), kind)


def hanging(seconds: float) -> Play:
    return lambda line, request: time.sleep(seconds)
