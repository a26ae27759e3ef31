"""Settings of the language model."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.llm.factory import LlmUnusable, make_chat_model
from assistant.llm.settings import LlmSettings


def test_by_default_there_is_none() -> None:
    assert LlmSettings().model is None
    with pytest.raises(LlmUnusable, match=r"llm\.model"):
        make_chat_model(LlmSettings())


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"model": "m"}, "llm.base_url"),
        ({"model": "m", "base_url": "http://me:pw@host/v1"}, "llm.api_key"),
        ({"model": "m", "base_url": "localhost:8000"}, "http://"),
        ({"model": "m", "base_url": "file:///etc/passwd"}, "http://"),
        ({"retries": -1}, "retries"),
        ({"modle": "m"}, "modle"),
    ],
)
def test_what_cannot_work_is_refused(values: dict[str, object], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        LlmSettings(**values)  # type: ignore[arg-type]


def test_another_provider_says_what_it_needs() -> None:
    chosen = LlmSettings(model="m", provider="no-such-provider")
    with pytest.raises(LlmUnusable, match="no-such-provider"):
        make_chat_model(chosen)


def test_the_key_is_not_printed() -> None:
    chosen = LlmSettings(model="m", base_url="http://h/v1", api_key="sk-secret")  # type: ignore[arg-type]
    assert "sk-secret" not in repr(chosen)
    assert "sk-secret" not in repr(make_chat_model(chosen))
