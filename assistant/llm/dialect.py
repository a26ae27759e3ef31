"""What an endpoint understands: OpenAI-compatible servers agree on plain chat and little else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.llm.failures import status_of
from assistant.llm.reply import SCHEMA
from assistant.llm.settings import LlmSettings

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool

Output = Literal["json_schema", "json_object", "text"]
_NEXT: dict[Output, Output] = {"json_schema": "json_object", "json_object": "text"}
_REFUSALS = {400, 422, 501}
# What a refusal speaks of, as servers word it.
_OF_USAGE = re.compile(r"stream_options|include_usage", re.I)
_OF_TOOLS = re.compile(r"\btools?\b|tool_choice|tool use|function call", re.I)
_OF_OUTPUT = re.compile(r"response_format|json_schema|json_object|structured|guided|grammar", re.I)
_OF_SOMETHING_ELSE = re.compile(
    r"context (?:length|window)|maximum context|too (?:long|many tokens)|"
    r"model\b.{0,80}\b(?:not found|does not exist|unknown)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one request is put.

    Attributes:
        openai: The client takes OpenAI's own parameters.
        output: How JSON is asked for when no tools are offered; both at once confuse many servers.
        tools: Whether tools are offered at all.
        usage: Whether a streamed reply is asked to count its tokens.
    """

    openai: bool
    output: Output
    tools: bool
    usage: bool = True

    def bound(
        self, model: BaseChatModel, tools: Sequence[BaseTool]
    ) -> tuple[Runnable[Sequence[BaseMessage], BaseMessageChunk], dict[str, Any]]:
        """The model with its tools, and the further arguments of a request."""
        if not self.tools:
            tools = ()
        runnable: Any = model.bind_tools(tools) if tools else model
        if not self.openai:
            return runnable, {}
        options: dict[str, Any] = {"stream_usage": self.usage}
        if not tools and self.output != "text":
            # By extra_body: the client would otherwise parse the reply, and fail where it cannot.
            body = dict(getattr(model, "extra_body", None) or {})
            options["extra_body"] = {**body, "response_format": _response_format(self.output)}
        return runnable, options

    def simpler(self, error: BaseException, offered: bool, fixed: LlmSettings) -> Dialect | None:
        """What to try after a refusal; ``None`` when it was about something else.

        Args:
            error: What the client raised.
            offered: Tools were part of the request.
            fixed: Settings; what they do not leave to ``auto`` stays.
        """
        if not self.openai or not self._refused(error):
            return None
        text = str(error)
        without_usage = replace(self, usage=False) if self.usage else None
        without_tools = (
            replace(self, tools=False) if offered and self.tools and fixed.tools == "auto" else None
        )
        plainer = (
            replace(self, output=_NEXT[self.output])
            if self.output in _NEXT and fixed.output == "auto" and not (offered and self.tools)
            else None
        )
        for pattern, step in (
            (_OF_USAGE, without_usage),
            (_OF_TOOLS, without_tools),
            (_OF_OUTPUT, plainer),
        ):
            if step is not None and pattern.search(text):
                return step
        if status_of(error) not in _REFUSALS:
            return None
        return plainer or without_tools or without_usage

    def _refused(self, error: BaseException) -> bool:
        status = status_of(error)
        if status not in {*_REFUSALS, 404, 500}:
            return False
        return _OF_SOMETHING_ELSE.search(str(error)) is None


def first_dialect(model: BaseChatModel, settings: LlmSettings) -> Dialect:
    """What is tried first."""
    openai = "openai" in model._llm_type
    output: Output = "json_schema" if settings.output == "auto" else settings.output
    return Dialect(openai, output if openai else "text", settings.tools != "off")


def _response_format(output: Output) -> dict[str, Any]:
    if output == "json_object":
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }
