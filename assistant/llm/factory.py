"""The chat model that the settings name; the only place that imports a client library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.llm.settings import OPENAI, LlmSettings

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

_WITHOUT_KEY = "none"  # servers inside a hospital often want no key, the client always sends one


class LlmUnusable(Exception):
    """The language model of the settings cannot be used here; the message says what to do."""


def make_chat_model(settings: LlmSettings) -> BaseChatModel:
    """The configured chat model. Nothing is sent yet.

    Retries are left to :class:`assistant.llm.client.Client`, which knows how long the answer may
    take. A key from the environment (OPENAI_API_KEY) is never sent to ``base_url``.

    Raises:
        LlmUnusable: No model is named, or its client library is missing.
    """
    if not settings.model:
        raise LlmUnusable("no language model is configured; set llm.model and llm.base_url")
    if settings.provider == OPENAI:
        return _openai(settings)
    return _by_provider(settings)


def _openai(settings: LlmSettings) -> BaseChatModel:
    import httpx
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    assert settings.model is not None
    return ChatOpenAI(
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.api_key or SecretStr(_WITHOUT_KEY),
        temperature=settings.temperature,
        max_retries=0,
        timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s),
        use_responses_api=False,
        # max_tokens, which every server knows; max_completion_tokens is OpenAI's own.
        extra_body={"max_tokens": settings.max_output_tokens},
    )


def _by_provider(settings: LlmSettings) -> BaseChatModel:
    try:
        from langchain.chat_models import init_chat_model
    except ImportError:
        raise LlmUnusable(
            f"llm.provider = {settings.provider!r} needs the packages langchain and "
            f"langchain-{settings.provider}; install them, or use an OpenAI-compatible endpoint"
        ) from None
    options = {"base_url": settings.base_url, "api_key": settings.api_key}
    try:
        model: BaseChatModel = init_chat_model(
            settings.model,
            model_provider=settings.provider,
            temperature=settings.temperature,
            **{name: value for name, value in options.items() if value},
        )
    except (ImportError, ValueError) as error:
        raise LlmUnusable(f"llm.provider = {settings.provider!r} cannot be used: {error}") from None
    return model
