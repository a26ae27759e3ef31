"""Answers in a model's words, from the same evidence and through the same verifier."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answerer import Answerer
from assistant.composer import Composer
from assistant.computing import Calculation, offered_tools
from assistant.finding import table_reader
from assistant.findings import Findings
from assistant.llm.assembly import Assembly, Task, understood
from assistant.llm.checking import Checker
from assistant.llm.client import Client
from assistant.llm.exchange import Exchange
from assistant.llm.failures import LlmFailure
from assistant.llm.gate import Deadline
from assistant.llm.passages import Passages, as_data, new_key
from assistant.llm.prompts import prompt_hash
from assistant.llm.relevance import Relevance
from assistant.llm.settings import LlmSettings
from assistant.llm.tools import registered, search_tool
from assistant.messages import message
from assistant.model import Answer
from assistant.progress import Progress
from assistant.verification.entailment import make_entailment
from retrieval import Filters

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.tools import BaseTool

_SEARCH_SHARE = 2  # a search of the model's may bring this part of what is sent at first


class LlmAnswerer(Answerer):
    """Words the answers of another answerer with a language model.

    The other one reads the question, decides what is refused, asked back or not in the corpus, and
    finds the evidence; there the model has no say. What it writes is shown statement by statement
    after its quotes were found and its numbers checked. Where it fails, the other's answer stands.

    Args:
        answerer: Answers without a language model.
        model: Any LangChain chat model.
        settings: Limits, timeouts and what is offered to the model.
        tools: What the model may call besides searching; the calculators and what is registered
            when ``None``.
        make_key: Draws keys for passages; replaced in tests.

    Raises:
        ModelUnusable: The settings name an entailment model that cannot be used here.

    Example:
        answerer = LlmAnswerer(Answerer(index, searcher), ChatOpenAI(model="qwen2.5"))
        answerer.answer("器械临床试验SAE多久报告？")
    """

    def __init__(
        self,
        answerer: Answerer,
        model: BaseChatModel,
        settings: LlmSettings | None = None,
        tools: Sequence[BaseTool] | None = None,
        make_key: Callable[[], str] = new_key,
    ) -> None:
        super().__init__(answerer.index, answerer.searcher, answerer.settings, answerer.clock)
        self.plain = answerer
        self.llm = settings or LlmSettings()
        self._client = Client(model, self.llm)
        self._entailment = make_entailment(
            self.settings.entailment_model, self.settings.entailment_threshold
        )
        self._tools = None if tools is None else tuple(tools)
        self._make_key = make_key

    def answer(
        self,
        question: str,
        as_of: str | None = None,
        filters: Filters | None = None,
        history: Sequence[Answer] = (),
        *,
        progress: Progress | None = None,
        show_unsupported: bool | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: As asked.
            as_of: ISO date the answer must hold for; today when ``None``.
            filters: Which documents may be cited.
            history: Earlier answers of the conversation, oldest first. The model is asked the
                completed question; earlier answers are not sent.
            progress: Told what goes on, and asked whether to go on.
            show_unsupported: Show what failed the checks too; as the settings say when ``None``.

        Raises:
            Stopped: ``progress`` said that nobody waits any more.
        """
        started = time.perf_counter()
        progress = progress or Progress()
        progress.stage("searching")
        if show_unsupported is None:
            show_unsupported = self.llm.show_unsupported
        with self.index.read() as view:
            findings = self.plain.find(view, question, as_of, filters, history)
            answer = self._word(Task(view, findings, progress, show_unsupported))
        assert answer.record is not None
        elapsed = round((time.perf_counter() - started) * 1000, 1)
        return replace(answer, record=replace(answer.record, elapsed_ms=elapsed))

    def _word(self, task: Task) -> Answer:
        """The model's answer; without one, the other's with a notice why."""
        findings, plain = task.findings, task.findings.answer
        if not self._to_beunderstood(findings):
            return plain
        relevance = Relevance(findings, self.settings.keep_within, self.llm.min_coverage)
        chosen = [sentence for part in findings.chosen for sentence in part]
        hits = [sentence.hit for sentence in chosen]
        hits += sorted(relevance.judge(findings.citable), key=lambda hit: -hit.score)
        passages = Passages(table_reader(task.view), self._make_key)
        offered = passages.offer(hits, self.llm.max_passages, self.llm.max_input_chars, chosen)
        if not offered and not self._computes(findings):
            return plain
        composer = Composer(task.view, plain.language, plain.as_of)
        calculations: dict[str, Calculation] = {}
        checker = Checker(
            passages,
            calculations,
            composer,
            self.searcher.lexicon,
            self.llm.max_statement_chars,
            self._entailment,
        )
        exchange = Exchange(
            self._client,
            plain.language,
            self._offered_tools(findings, relevance, passages),
            checker,
            passages,
            calculations,
            task.progress,
            Deadline(self.llm.timeout_s),
        )
        try:
            with self._client.gate.question(exchange.deadline, task.progress):
                draft, reply = exchange.run(understood(plain), plain.as_of, offered)
            answer = Assembly(task, relevance, passages, calculations, draft, reply).answer()
        except LlmFailure as failure:
            notice = message(plain.language, f"llm_{failure.reason}")
            answer = replace(plain, notices=(*plain.notices, notice))
        return self._recorded(answer, plain, exchange, passages)

    def _to_beunderstood(self, findings: Findings) -> bool:
        """An abstention stands unless the settings say otherwise or something can be computed."""
        answered = findings.answer.status == "answered"
        return answered or self.llm.ask_when_abstaining or self._computes(findings)

    def _computes(self, findings: Findings) -> bool:
        """The question gives all inputs of a calculation, and the model may call a calculator."""
        boundary = findings.question.boundary
        return (
            boundary is not None
            and boundary.name == "compute"
            and findings.answer.status == "insufficient_evidence"
            and self.llm.tools != "off"
            and self._tools != ()
        )

    def _offered_tools(
        self, findings: Findings, relevance: Relevance, passages: Passages
    ) -> list[BaseTool]:
        if self.llm.tools == "off" or not self.llm.max_tool_rounds:
            return []
        most = max(1, self.llm.max_passages // _SEARCH_SHARE)
        room = self.llm.max_input_chars // _SEARCH_SHARE

        def search(query: str) -> str:
            found = relevance.judge(findings.search(query[:1000]))
            fresh = passages.offer(found, most, room)
            return as_data({"evidence": [passage.to_json() for passage in fresh]})

        own = self._tools
        if own is None:
            own = (*offered_tools(findings.question.language), *registered())
        return [search_tool(search), *own]

    def _recorded(
        self, answer: Answer, plain: Answer, exchange: Exchange, passages: Passages
    ) -> Answer:
        """The record says which model wrote the statements, if it did, and what was spent."""
        record = plain.record
        assert record is not None
        worded = answer.statements != plain.statements or answer.status != plain.status
        sent = [hit.chunk.id for hit in passages.hits]
        return replace(
            answer,
            record=replace(
                record,
                llm=self._client.name if worded else None,
                prompt=prompt_hash(exchange.instructions),
                usage=exchange.usage.to_json(),
                retrieved=tuple(dict.fromkeys([*record.retrieved, *sent])),
            ),
        )
