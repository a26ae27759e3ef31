"""Settings of the language model; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

OPENAI = "openai"


class LlmSettings(BaseModel):
    """A language model that words answers; without ``model`` there is none."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(
        None, description="Its name at the endpoint; without one answers need no language model."
    )
    provider: str = Field(
        OPENAI,
        description="`openai`: the OpenAI-compatible endpoint base_url (vLLM, Ollama, Qwen, "
        "DeepSeek …). Any other name is handed to LangChain's init_chat_model, which needs the "
        "packages langchain and langchain-<provider>.",
    )
    base_url: str | None = Field(
        None,
        description="The endpoint, such as http://127.0.0.1:8001/v1. The question and the passages "
        "found are sent there.",
    )
    api_key: SecretStr | None = Field(None, description="Sent as a bearer token.")
    temperature: float = Field(0, ge=0, le=2, description="0 repeats itself most.")
    max_output_tokens: int = Field(1500, ge=64, description="Longest reply of the model.")
    output: Literal["auto", "json_schema", "json_object", "text"] = Field(
        "auto",
        description="How the endpoint is asked for JSON: by schema, as any object, or in words "
        "only; auto begins with the schema and steps down when the endpoint refuses.",
    )
    tools: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether the model may search again and calculate; auto does without when the "
        "endpoint refuses.",
    )
    max_tool_rounds: int = Field(2, ge=0, le=10, description="Times it may call tools.")
    max_tool_calls: int = Field(4, ge=0, le=50, description="Calls in all of them together.")
    max_passages: int = Field(8, ge=1, le=100, description="Passages sent for a question.")
    min_coverage: float = Field(
        0.42,
        ge=0,
        le=1,
        description="Share of the question's weighted words that a passage must cover to be sent.",
    )
    max_input_chars: int = Field(
        12_000,
        ge=500,
        description="Characters of passages sent; the best come first, none is cut in a sentence.",
    )
    max_statements: int = Field(8, ge=1, le=50, description="Further statements are left out.")
    max_statement_chars: int = Field(400, ge=40, description="Longer statements are refused.")
    show_unsupported: bool = Field(
        False,
        description="Show statements that failed the checks too, marked as unsupported; a request "
        "may choose.",
    )
    ask_when_abstaining: bool = Field(
        False,
        description="Ask the model also when the answer without it abstains although passages "
        "cover the question. Finds more answers, and more wrong ones.",
    )
    connect_timeout_s: float = Field(5, gt=0, description="Longest wait for a connection.")
    read_timeout_s: float = Field(60, gt=0, description="Longest silence of the endpoint.")
    timeout_s: float = Field(
        120, gt=0, description="Longest time for one answer, retries and tools included."
    )
    retries: int = Field(
        2, ge=0, le=10, description="Further attempts after a 429, a 5xx or a lost connection."
    )
    backoff_s: float = Field(
        0.5,
        ge=0,
        description="Wait before the first of them, doubled each time; an endpoint's "
        "Retry-After counts instead.",
    )
    concurrency: int = Field(4, ge=1, le=1000, description="Answers worded at the same time.")
    requests_per_minute: float | None = Field(
        None, gt=0, description="Most requests to the endpoint in a minute; no limit if null."
    )
    cooldown_s: float = Field(
        30,
        ge=0,
        description="After two questions in a row that the endpoint failed, it is left alone so "
        "long.",
    )

    @field_validator("base_url")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        """Settings are printed by `xinglin config`; a password belongs into the key."""
        if value is None:
            return None
        parts = urlsplit(value)
        if "@" in parts.netloc:
            raise ValueError("holds a password; give it as llm.api_key instead")
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("is no address like http://127.0.0.1:8001/v1")
        return value

    @model_validator(mode="after")
    def _has_endpoint(self) -> Self:
        if self.model and self.provider == OPENAI and not self.base_url:
            raise ValueError(
                "llm.model is set, but not where it is served; set llm.base_url "
                "(--llm-base-url), such as http://127.0.0.1:11434/v1"
            )
        return self
