"""A scripted endpoint and answerers that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from langchain_core.tools import BaseTool

from assistant import Answerer
from assistant.llm.answerer import LlmAnswerer
from assistant.llm.factory import make_chat_model
from assistant.llm.settings import LlmSettings
from tests.assistant.llm.server import ChatServer

MakeLlm = Callable[..., LlmAnswerer]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def llm(server: ChatServer, rules: Answerer) -> MakeLlm:
    """``llm(**settings)``: answers from the made-up rules, worded by the scripted endpoint."""

    def make(*own_tools: BaseTool, base_url: str | None = None, **settings: object) -> LlmAnswerer:
        values = {"tools": "off", "backoff_s": 0.01, "api_key": "sk-secret-123", **settings}
        chosen = LlmSettings(model="qwen-test", base_url=base_url or server.url, **values)
        return LlmAnswerer(rules, make_chat_model(chosen), chosen, own_tools)

    return make
