"""Tools: what the model may call, how often, and how what they return may be used."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from langchain_core.tools import BaseTool, tool

from assistant.computing import Calculation
from assistant.llm.tools import calculator, register, registered, unregister
from assistant.messages import message
from tests.assistant.llm.asking import ASKED, QUOTE, TRUE
from tests.assistant.llm.conftest import MakeLlm
from tests.assistant.llm.server import (
    ChatServer,
    Line,
    Request,
    calling,
    evidence,
    key_of,
    refusing,
    reply,
    saying,
    statement,
    stating,
)
from tests.assistant.test_answerer import check_evidence, said

# No calculator is planned for it here (see `unplanned`).
COMPUTE = "两组平行优效设计，有效率60%对75%，双侧α=0.05，把握度80%，样本量是多少？"


def visits(participants: int, visits_each: int) -> Calculation:
    """Number of visits of a trial."""
    if participants < 1:
        raise ValueError("participants must be at least 1")
    inputs = {"participants": participants, "visits_each": visits_each, "power": 0.8}
    return Calculation(
        "visits", inputs, {"visits": participants * visits_each, "length": "9个月"}, "made up"
    )


@pytest.fixture
def unplanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if none of the calculators fitted a request that gives all inputs."""
    monkeypatch.setattr("assistant.computing.answers.plan", lambda given: ())


@pytest.fixture
def counting() -> BaseTool:
    return calculator("count_visits", "Number of visits.", visits)


def result_of(request: Request) -> dict[str, object]:
    """What the last tool returned."""
    [*_, last] = request["messages"]
    assert last["role"] == "tool"
    found: dict[str, object] = json.loads(last["content"])
    return found


def telling(text: str, *more: tuple[str, str]) -> object:
    """A model that states a text under the calculation it was given last."""

    def play(line: Line, request: Request) -> None:
        results = [m for m in request["messages"] if m["role"] == "tool"]
        key = json.loads(results[-1]["content"])["key"]
        cited = [(key_of(request, quote), quote) for _, quote in more]
        line.say(reply(statement(text, (key, ""), *cited)))

    return play


def test_the_model_may_search_and_cite_what_it_finds(llm: MakeLlm, server: ChatServer) -> None:
    note = "外借甲类样本须先提交使用申请"
    server.then(
        calling("search", {"query": "样本外借 使用申请 书面答复"}),
        stating(("外借甲类样本须先提交使用申请。", note), (TRUE, QUOTE)),
    )
    answerer = llm(tools="auto", max_passages=1)
    answer = answerer.answer(ASKED)
    check_evidence(answerer, answer)
    first, second = server.requests
    assert [t["function"]["name"] for t in first["tools"]] == ["search"]
    assert "response_format" not in first, "both at once confuse many servers"
    assert len(evidence(first)) == 1
    assert note in json.dumps(result_of(second), ensure_ascii=False)
    assert {e["key"] for e in evidence(first)}.isdisjoint(
        e["key"]
        for e in result_of(second)["evidence"]  # type: ignore[attr-defined]
    )
    assert note in said(answer)
    assert answer.record is not None and answer.record.usage is not None
    assert answer.record.usage["calls"] == 2
    assert {c.chunk_id for c in answer.citations} <= set(answer.record.retrieved)


def test_a_search_finds_nothing_beyond_the_filters_and_the_subject(
    llm: MakeLlm, server: ChatServer
) -> None:
    server.then(calling("search", {"query": "丁类离心机 校准"}), stating((TRUE, QUOTE)))
    assert said(llm(tools="auto").answer(ASKED)) == TRUE
    assert "离心机" not in json.dumps(result_of(server.requests[1]), ensure_ascii=False)


def test_numbers_of_a_calculation_may_be_stated_and_the_answer_lists_it(
    llm: MakeLlm, server: ChatServer, counting: BaseTool, unplanned: None
) -> None:
    text = "120名受试者每人6次，共720次访视，历时9个月，把握度80%。"
    server.then(calling("count_visits", {"participants": 120, "visits_each": 6}), telling(text))
    answer = llm(counting, tools="auto").answer(COMPUTE)
    assert [(s.text, s.support, s.citations) for s in answer.statements] == [
        (text, "calculated", ())
    ]
    assert answer.status == "answered" and answer.missing is None
    [listed] = answer.calculations
    assert listed["method"] == "visits"
    assert listed["outputs"]["visits"] == 720
    assert listed["reference"] == "made up"


@pytest.mark.parametrize(
    "text",
    ["共721次访视。", "共72次访视。", "历时9周。", "共720次访视，费用3000元。", "把握度90%。"],
)
def test_other_numbers_than_those_calculated_are_not_shown(
    llm: MakeLlm, server: ChatServer, counting: BaseTool, unplanned: None, text: str
) -> None:
    server.then(calling("count_visits", {"participants": 120, "visits_each": 6}), telling(text))
    answerer = llm(counting, tools="auto")
    answer = answerer.answer(COMPUTE)
    assert said(answer) == said(answerer.plain.answer(COMPUTE))
    assert answer.status == "insufficient_evidence" and answer.calculations == ()
    assert message("zh", "llm_nothing_stands") in answer.notices


def test_a_calculation_and_a_quote_may_carry_one_statement(
    llm: MakeLlm, server: ChatServer, counting: BaseTool
) -> None:
    text = "甲类样本库应在20个工作日内书面答复申请人，共720次。"
    server.then(
        calling("count_visits", {"participants": 120, "visits_each": 6}),
        telling(text, ("", QUOTE)),
    )
    answer = llm(counting, tools="auto").answer(ASKED)
    assert [(s.text, s.support, s.citations) for s in answer.statements] == [
        (text, "calculated", (1,))
    ]
    assert answer.citations[0].quote == QUOTE and len(answer.calculations) == 1


def test_without_calculators_a_calculation_is_not_left_to_the_model(
    llm: MakeLlm, server: ChatServer, unplanned: None
) -> None:
    server.then(saying(reply(statement("每组152例。"))))
    answerer = llm(tools="auto")
    answer = answerer.answer(COMPUTE)
    assert said(answer) == said(answerer.plain.answer(COMPUTE))
    assert server.requests == []


def test_missing_inputs_are_asked_back_before_any_calculator(
    llm: MakeLlm, server: ChatServer, counting: BaseTool
) -> None:
    server.then(saying("{}"))
    assert llm(counting, tools="auto").answer("帮我算一下样本量").status == "needs_clarification"
    assert server.requests == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("count_visits", {"participants": 0, "visits_each": 6}),
        ("count_visits", {"participants": "many"}),
        ("count_visits", "{not json"),
        ("format_disk", {}),
    ],
)
def test_a_call_that_fails_is_told_to_the_model_and_costs_nothing_else(
    llm: MakeLlm, server: ChatServer, counting: BaseTool, name: str, arguments: object
) -> None:
    server.then(calling(name, arguments), stating((TRUE, QUOTE)))  # type: ignore[arg-type]
    assert said(llm(counting, tools="auto").answer(ASKED)) == TRUE
    assert "error" in result_of(server.requests[1])


def test_a_model_that_only_searches_is_made_to_answer(llm: MakeLlm, server: ChatServer) -> None:
    def insatiable(line: Line, request: Request) -> None:
        if request.get("tools"):
            calling("search", {"query": "样本"})(line, request)
        else:
            stating((TRUE, QUOTE))(line, request)

    server.then(insatiable)
    answerer = llm(tools="on", max_tool_rounds=2, max_tool_calls=1)
    assert said(answerer.answer(ASKED)) == TRUE
    assert len(server.requests) == 4
    assert "error" in result_of(server.requests[2])


def test_what_a_tool_says_besides_is_data_and_cannot_be_cited(
    llm: MakeLlm, server: ChatServer
) -> None:
    @tool
    def remark() -> str:
        """Say something."""
        return "甲类样本库应在45个工作日内书面答复申请人。"

    def obeying(line: Line, request: Request) -> None:
        text = "甲类样本库应在45个工作日内书面答复申请人。"
        line.say(reply(statement(text, ("remark", text))))

    server.then(calling("remark", {}), obeying)
    assert "45" not in said(llm(remark, tools="auto").answer(ASKED))


@pytest.mark.parametrize(
    "text", ["registry/x does not support tools", '"auto" tool choice requires a parser']
)
def test_an_endpoint_without_tools_is_asked_without(
    llm: MakeLlm, server: ChatServer, text: str
) -> None:
    server.then(refusing(400, text), stating((TRUE, QUOTE)))
    assert said(llm(tools="auto").answer(ASKED)) == TRUE
    assert "tools" not in server.requests[1]
    assert server.requests[1]["response_format"]["type"] == "json_schema"


def test_tools_that_must_be_there_are_not_done_without(llm: MakeLlm, server: ChatServer) -> None:
    server.then(refusing(400, "does not support tools"))
    answer = llm(tools="on").answer(ASKED)
    assert answer.notices == (message("zh", "llm_rejected"),)
    assert all("tools" in request for request in server.requests)


# --- the registry --------------------------------------------------------------------------------


@pytest.fixture
def on_the_list(counting: BaseTool) -> Iterator[None]:
    register("count_visits", lambda: counting)
    yield
    unregister("count_visits")


@pytest.mark.usefixtures("on_the_list")
def test_registered_tools_are_offered_and_names_are_taken_once(counting: BaseTool) -> None:
    assert [tool.name for tool in registered()] == ["count_visits"]
    for name in ("count_visits", "search"):
        with pytest.raises(ValueError, match=name):
            register(name, lambda: counting)
