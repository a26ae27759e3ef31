"""Ask a chat model: streamed, in time, again after a passing fault, with its tokens counted."""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from assistant.llm.dialect import first_dialect
from assistant.llm.failures import LlmFailure, classify
from assistant.llm.gate import Deadline, Gate
from assistant.llm.settings import LlmSettings
from assistant.progress import Progress

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.tools import BaseTool

_TICK = 0.05  # seconds between looks at who still waits
_END = object()
Listener = Callable[[str], None]
"""Hears the text of a reply so far, each time it has grown."""


class Usage:
    """Calls and tokens spent on one answer."""

    def __init__(self) -> None:
        self.calls = 0
        self._read = 0
        self._written = 0
        self._uncounted = 0

    def add(self, message: AIMessage) -> None:
        """Count a reply."""
        counted = message.usage_metadata
        if counted is None:
            self._uncounted += 1
            return
        self._read += counted["input_tokens"]
        self._written += counted["output_tokens"]

    def to_json(self) -> dict[str, int]:
        """``calls``, ``input_tokens``, ``output_tokens``; ``uncounted_calls`` told no tokens."""
        found = {"calls": self.calls, "input_tokens": self._read, "output_tokens": self._written}
        return {**found, "uncounted_calls": self._uncounted} if self._uncounted else found


class Client:
    """One per process; safe to use from several threads.

    Args:
        model: Any LangChain chat model.
        settings: Timeouts, retries and limits.
    """

    def __init__(self, model: BaseChatModel, settings: LlmSettings) -> None:
        self.model = model
        self.settings = settings
        self.gate = Gate(settings.concurrency, settings.requests_per_minute, settings.cooldown_s)
        self._dialect = first_dialect(model, settings)

    @property
    def name(self) -> str:
        """What the model is called in records."""
        named = (getattr(self.model, name, None) for name in ("model_name", "model"))
        return self.settings.model or next((n for n in named if n), self.model._llm_type)

    def ask(
        self,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool],
        usage: Usage,
        deadline: Deadline,
        progress: Progress,
        listen: Callable[[], Listener],
    ) -> AIMessage:
        """Send messages and return the whole reply.

        Args:
            messages: The conversation so far.
            tools: Offered to the model, if the endpoint takes them.
            usage: Adds up what the answer costs.
            deadline: When the whole answer must be there.
            progress: Looked at for whether anybody still waits.
            listen: Makes a listener for each attempt; a broken one begins anew.

        Raises:
            LlmFailure: No attempt gave a whole reply.
            Stopped: Nobody waits any more.
        """
        dialect = self._dialect
        attempt = 0
        while True:
            self.gate.request(deadline, progress)
            usage.calls += 1
            try:
                runnable, options = dialect.bound(self.model, tools)
            except Exception as error:  # a LangChain model that cannot be given tools
                if not tools or self.settings.tools == "on":
                    raise classify(error) from None
                usage.calls -= 1
                tools = ()
                continue
            try:
                reply = self._stream(runnable, messages, options, deadline, progress, listen())
            except _Broken as broken:
                simpler = dialect.simpler(broken.error, bool(tools), self.settings)
                if simpler is not None:
                    dialect = simpler
                    continue
                failure = classify(broken.error)
                _log(failure, broken.error)
                if not failure.transient or attempt >= self.settings.retries:
                    raise failure from None
                self._wait(failure, attempt, deadline, progress)
                attempt += 1
                continue
            self._dialect = dialect  # only what has worked is remembered
            usage.add(reply)
            return reply

    def _wait(
        self, failure: LlmFailure, attempt: int, deadline: Deadline, progress: Progress
    ) -> None:
        doubled = self.settings.backoff_s * 2**attempt * random.uniform(0.8, 1.2)  # noqa: S311
        wait = doubled if failure.retry_after is None else failure.retry_after
        if wait >= deadline.left:
            raise failure from None
        deadline.sleep(wait, progress)

    def _stream(
        self,
        runnable: Any,
        messages: Sequence[BaseMessage],
        options: dict[str, Any],
        deadline: Deadline,
        progress: Progress,
        listener: Listener,
    ) -> AIMessage:
        """Read a reply in another thread: a client that hangs cannot hold up the answer."""
        chunks: queue.Queue[Any] = queue.Queue()
        given_up = threading.Event()
        threading.Thread(
            target=_pump, args=(runnable, messages, options, chunks, given_up), daemon=True
        ).start()
        parts: list[Any] = []
        text = ""
        try:
            while (chunk := self._next(chunks, deadline, progress)) is not _END:
                parts.append(chunk)
                if chunk.text:
                    text += chunk.text
                    listener(text)
        finally:
            given_up.set()
        return _joined(parts)

    def _next(self, chunks: queue.Queue[Any], deadline: Deadline, progress: Progress) -> Any:
        silence = Deadline(self.settings.read_timeout_s)
        while True:
            progress.check()
            try:
                found = chunks.get(timeout=_TICK)
            except queue.Empty:
                if not deadline.left:
                    raise LlmFailure("timeout") from None
                if not silence.left:
                    raise _Broken(TimeoutError()) from None
                continue
            if isinstance(found, BaseException):
                raise _Broken(found)
            return found


class _Broken(Exception):
    """An attempt that failed, with what the client raised."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


def _pump(
    runnable: Any,
    messages: Sequence[BaseMessage],
    options: dict[str, Any],
    chunks: queue.Queue[Any],
    given_up: threading.Event,
) -> None:
    try:
        for chunk in runnable.stream(list(messages), **options):
            if given_up.is_set():
                return
            chunks.put(chunk)
        chunks.put(_END)
    except BaseException as error:  # whatever a client or the line to the endpoint may do
        chunks.put(error)


def _joined(parts: Sequence[Any]) -> AIMessage:
    """The whole message of a stream; what servers send in pieces does not always fit together."""
    from langchain_core.messages import AIMessage, message_chunk_to_message

    try:
        message = message_chunk_to_message(reduce(add, parts))
    except Exception as error:
        raise _Broken(error) from None
    if not isinstance(message, AIMessage):
        raise LlmFailure("malformed")
    return message


def _log(failure: LlmFailure, error: BaseException) -> None:
    # Never the text of the error: an endpoint may repeat the key or the question in it.
    logging.getLogger("xinglin").warning(
        "the language model failed: %s (%s)", failure, type(error).__name__
    )
