"""One answer's talk with the model: evidence, tools, the reply, and one request to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.computing.calculation import Calculation
from assistant.llm.checking import Checker, Judged
from assistant.llm.client import Client, Listener, Usage
from assistant.llm.draft import Draft
from assistant.llm.failures import LlmFailure
from assistant.llm.gate import Deadline
from assistant.llm.passages import Passage, Passages, as_data
from assistant.llm.prompts import prompt, reason, system_prompt
from assistant.llm.reply import Reply, read_reply
from assistant.progress import Progress

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
    from langchain_core.tools import BaseTool

_LONGEST_RESULT = 8000  # characters of a tool's result


@dataclass
class Exchange:
    """Talks with the model until there is a draft whose failures were asked about once.

    Attributes:
        client: Asks the model.
        language: Of the instructions.
        tools: What the model may call.
        checker: Decides about each statement.
        passages: Draws keys for the results of tools.
        calculations: Filled with the results of tools that calculate, by key.
        progress: Told what goes on.
        deadline: For all of it together.
        usage: Adds up what it costs.
    """

    client: Client
    language: str
    tools: Sequence[BaseTool]
    checker: Checker
    passages: Passages
    calculations: dict[str, Calculation]
    progress: Progress
    deadline: Deadline
    usage: Usage = field(default_factory=Usage)
    _messages: list[BaseMessage] = field(default_factory=list)
    _calls: int = 0
    _draft: Draft | None = None
    _last: AIMessage | None = None

    @property
    def instructions(self) -> str:
        """The system message."""
        return system_prompt(self.language, tools=bool(self.tools))

    def run(self, question: str, as_of: str, offered: Sequence[Passage]) -> tuple[Draft, Reply]:
        """Ask for an answer.

        Raises:
            LlmFailure: There is no usable reply.
            Stopped: Nobody waits any more.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        evidence = [passage.to_json() for passage in offered]
        asked = as_data({"question": question, "as_of": as_of, "evidence": evidence})
        self._messages = [SystemMessage(self.instructions), HumanMessage(asked)]
        self.progress.stage("reading")
        reply = self._first_reply()
        draft = self._draft
        assert draft is not None
        draft.finish(reply)
        if draft.failing():
            self.progress.stage("checking")
            self._correct(draft)
        return draft, reply

    def _first_reply(self) -> Reply:
        """The reply after all calls of tools; asked for once more when it cannot be read."""
        message = self._ask(self.tools)
        for _ in range(self.client.settings.max_tool_rounds):
            if not self._call_tools(message):
                break
            message = self._ask(self.tools)
        if message.tool_calls:  # it would rather go on searching
            self._call_tools(message, refused=True)
            message = self._ask(())
        reply = read_reply(message.text)
        if reply is None:
            reply = read_reply(self._ask_again(message, prompt(self.language, "malformed")).text)
        if reply is None:
            raise LlmFailure("malformed")
        return reply

    def _correct(self, draft: Draft) -> None:
        """Ask once about everything that failed. No reply to that costs no statement."""
        failed = [
            {
                "n": place + 1,
                "text": judged.proposed.text,
                "reason": _reasons(self.language, judged),
            }
            for place, judged in enumerate(draft.judged)
            if judged.failures
        ]
        wanted = f"{prompt(self.language, 'repair')}\n{as_data(failed)}"
        assert self._last is not None
        try:
            message = self._ask_again(self._last, wanted, listening=False)
        except LlmFailure:
            return
        reply = read_reply(message.text)
        if reply is not None:
            draft.correct(reply.statements)

    def _ask(self, tools: Sequence[BaseTool], *, listening: bool = True) -> AIMessage:
        message = self.client.ask(
            self._messages,
            tools,
            self.usage,
            self.deadline,
            self.progress,
            self._new_draft if listening else _deaf,
        )
        self._last = message
        return message

    def _ask_again(self, before: AIMessage, wanted: str, *, listening: bool = True) -> AIMessage:
        from langchain_core.messages import AIMessage, HumanMessage

        # Its text only: thoughts and signatures of a reply are not for sending back.
        self._messages += [AIMessage(before.text), HumanMessage(wanted)]
        return self._ask((), listening=listening)

    def _new_draft(self) -> Listener:
        self._draft = Draft(self.checker, self.progress, self.client.settings.max_statements)
        return self._draft.hear

    def _call_tools(self, message: AIMessage, *, refused: bool = False) -> bool:
        """Answer the model's calls; whether there were any."""
        from langchain_core.messages import ToolMessage

        calls = [(call["id"], call["name"], call["args"]) for call in message.tool_calls]
        invalid = [(call["id"], call["name"], None) for call in message.invalid_tool_calls]
        if not calls and not invalid:
            return False
        self._messages.append(message)
        for identity, name, arguments in [*calls, *invalid]:
            self.progress.check()
            self._calls += 1
            over = refused or self._calls > self.client.settings.max_tool_calls
            content = (
                '{"error": "no more calls; answer from what is there"}'
                if over
                else self._result_of(name, arguments)
            )
            self._messages.append(ToolMessage(content, tool_call_id=identity or ""))
        return True

    def _result_of(self, name: str | None, arguments: Mapping[str, Any] | None) -> str:
        tool = next((tool for tool in self.tools if tool.name == name), None)
        if tool is None or arguments is None:
            return '{"error": "there is no such tool, or its arguments are not JSON"}'
        try:
            result: ToolMessage = tool.invoke(
                {"type": "tool_call", "id": "call", "name": tool.name, "args": dict(arguments)}
            )
        except Exception as error:  # inputs a tool refuses; the model may correct them
            return as_data({"error": f"{type(error).__name__}: {error}"[:500]})
        if isinstance(result.artifact, Calculation):
            key = self.passages.fresh_key()
            self.calculations[key] = result.artifact
            return as_data({"key": key, **result.artifact.to_json()})
        return str(result.content)[:_LONGEST_RESULT]


def _reasons(language: str, judged: Judged) -> str:
    """Why a statement failed: as the verifier says it, or as the instructions word it."""
    said = judged.details or tuple(reason(language, failure) for failure in judged.failures)
    return ("；" if language == "zh" else "; ").join(said)


def _deaf() -> Listener:
    return lambda text: None
