"""Calculators as LangChain tools."""

from __future__ import annotations

import json

from assistant.computing import Calculation, as_tools, offered_tools
from assistant.computing.tools import CALCULATE, FIND, found_methods
from design import methods

GIVEN = {"p1": 0.65, "p2": 0.85, "power": 0.8}


def call(tool: object, arguments: dict[str, object]) -> object:
    name = tool.name  # type: ignore[attr-defined]
    request = {"type": "tool_call", "id": "1", "name": name, "args": arguments}
    return tool.invoke(request)  # type: ignore[attr-defined]


def test_every_calculator_is_a_tool() -> None:
    tools = {tool.name: tool for tool in as_tools()}
    assert set(tools) == set(methods())
    reply = call(tools["two_proportions"], dict(GIVEN))
    assert isinstance(reply.artifact, Calculation)  # type: ignore[attr-defined]
    assert reply.artifact.outputs["n_per_arm"] == 70  # type: ignore[attr-defined]
    assert {tool.name for tool in as_tools(families={"proportions"})} < set(methods()) | {"x"}


def test_two_tools_reach_all_of_them() -> None:
    find, calculate = offered_tools("en")
    assert (find.name, calculate.name) == (FIND, CALCULATE)
    found = json.loads(find.invoke({"words": "two proportions sample size"}))
    assert "two_proportions" in [entry["method"] for entry in found]
    reply = call(calculate, {"method": "two_proportions", "inputs": GIVEN})
    assert reply.artifact.holds("70", "")  # type: ignore[attr-defined]


def test_methods_are_found_in_chinese() -> None:
    assert found_methods("两组率比较的样本量")[0]["method"] == "two_proportions"


def test_a_refusal_is_told_to_the_model() -> None:
    reply = call(offered_tools()[1], {"method": "two_proportions", "inputs": {"p1": 2}})
    assert "refused" in json.loads(reply.content)  # type: ignore[attr-defined]
    assert reply.artifact is None  # type: ignore[attr-defined]
