"""A small server on loopback that answers as OpenAI's ``/embeddings`` is documented to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import LoopbackServer, QuietHandler

Reply = tuple[int, str, bytes]  # status, content type, body
DIMENSIONS = 6
JSON = "application/json"


def vector(text: str) -> list[float]:
    """A vector that depends on the characters; not of unit length."""
    found = [0.25] * DIMENSIONS
    for place, character in enumerate(text):
        found[(ord(character) + place) % DIMENSIONS] += 1 + ord(character) % 7
    return found


def rows(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The ``data`` of a full answer."""
    return [
        {"object": "embedding", "index": index, "embedding": vector(text)}
        for index, text in enumerate(request["input"])
    ]


def reply(data: Any, status: int = 200) -> Reply:
    return status, JSON, json.dumps(data).encode()


def answer(request: dict[str, Any], data: list[dict[str, Any]] | None = None) -> Reply:
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    data = rows(request) if data is None else data
    return reply({"object": "list", "data": data, "model": request["model"], "usage": usage})


def refusal(status: int, message: str) -> Reply:
    return reply({"error": {"message": message, "type": "some_error", "code": None}}, status)


@dataclass
class EndpointServer(LoopbackServer):
    """Replies with ``script``, the last entry for ever; records what it was asked."""

    script: list[Callable[[dict[str, Any]], Reply]] = field(default_factory=lambda: [answer])
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def then(self, *script: Callable[[dict[str, Any]], Reply]) -> None:
        """Reply so from now on, and forget what was asked before."""
        self.script = list(script)
        self.requests.clear()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                request = json.loads(self.rfile.read(length))
                server.requests.append(request)
                server.headers.append({k.lower(): v for k, v in self.headers.items()})
                server.paths.append(self.path)
                next_reply = server.script.pop(0) if len(server.script) > 1 else server.script[0]
                status, kind, body = next_reply(request)
                time.sleep(server.delay)
                try:
                    self.send_response(status)
                    self.send_header("content-type", kind)
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:  # the client has given up
                    pass

        return Handler
