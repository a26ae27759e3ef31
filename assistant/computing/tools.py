"""The calculators as LangChain tools.

:func:`as_tools` gives one tool a method, for an agent of one's own. A model that words answers gets
:func:`offered_tools` instead: one that finds methods with their inputs, one that calculates; the
schemas of all methods would fill its context.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.computing.calculation import Calculation

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from design import Method

FIND, CALCULATE = "find_calculators", "calculate"
_MOST_FOUND = 5
_FILE = Path(__file__).with_name("aliases.toml")


def as_tools(language: str = "zh", families: set[str] | None = None) -> list[BaseTool]:
    """One tool a calculator, named after it; a result comes with a :class:`Calculation`.

    Args:
        language: ``zh`` or ``en``, for the texts of results.
        families: Only these families; all when ``None``.

    Example:
        tools = as_tools("en", {"survival"})
    """
    from design import methods

    chosen = (m for m in methods().values() if families is None or m.family in families)
    return [_tool_of(method, language) for method in chosen]


def offered_tools(language: str = "zh") -> list[BaseTool]:
    """Two tools that together reach every calculator."""
    from langchain_core.tools import StructuredTool

    def find(words: str) -> str:
        return json.dumps(found_methods(words), ensure_ascii=False)

    def calculate(method: str, inputs: dict[str, Any]) -> tuple[str, Calculation | None]:
        from design import calculate

        return _told(lambda: calculate(method, inputs), language)

    return [
        StructuredTool.from_function(
            find,
            name=FIND,
            description="Find calculators of trial designs (sample size, power, boundaries) and "
            "their inputs. 查找设计计算器。words: design, endpoint, test. 设计、终点、检验。",
        ),
        StructuredTool.from_function(
            calculate,
            name=CALCULATE,
            description=f"Calculate with a method that {FIND} named; inputs as its schema says. "
            "用查到的方法计算。",
            response_format="content_and_artifact",
        ),
    ]


def found_methods(words: str) -> list[Mapping[str, Any]]:
    """The methods that some words describe, best first: by what they are called, then described.

    A word that few methods share tells more than one that many do; what all are about (a sample
    size, a power) tells nothing.
    """
    from design import methods
    from retrieval.analysis import Analyser

    terms = Analyser().terms
    table = _names()
    telling = re.sub(table["common"]["pattern"], " ", words.replace("_", " ").lower())
    wanted = set(terms(telling)) or set(terms(words))
    named, described = {}, {}
    for name, method in methods().items():
        title = f"{name.replace('_', ' ')} {method.title.zh} {method.title.en}"
        named[name] = set(terms(title)) | set(terms(table["aliases"].get(name, "")))
        described[name] = set(terms(f"{method.family} {method.description}"))
    spread = Counter(term for found in named.values() for term in found)

    def weight(found: set[str]) -> float:
        return sum(1 / (1 + spread[term]) for term in wanted & found)

    scores = {
        name: weight(named[name]) * (1 + 1 / len(named[name])) + weight(described[name]) / 10
        for name in named
    }
    best = sorted((name for name in scores if scores[name]), key=lambda name: -scores[name])
    return [_schema(methods()[name]) for name in best[:_MOST_FOUND]]


@cache
def _names() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def _schema(method: Method) -> Mapping[str, Any]:
    schema = method.inputs.model_json_schema()
    return {
        "method": method.name,
        "title": method.title.to_json(),
        "inputs": schema["properties"],
        "needed": schema.get("required", []),
    }


def _tool_of(method: Method, language: str) -> BaseTool:
    from langchain_core.tools import StructuredTool

    def call(**inputs: Any) -> tuple[str, Calculation | None]:
        return _told(lambda: method(**inputs), language)

    return StructuredTool(
        name=method.name,
        description=f"{method.title.zh} {method.title.en}. {method.description}",
        args_schema=method.inputs,
        func=call,
        response_format="content_and_artifact",
    )


def _told(calculate: Callable[[], Any], language: str) -> tuple[str, Calculation | None]:
    """A result for the model, with what may be cited of it; a refusal is told, not raised."""
    from design import BadDesign

    try:
        result = calculate()
    except BadDesign as error:
        return json.dumps({"refused": str(error)}, ensure_ascii=False), None
    calculation = Calculation.of(result, language)
    told = calculation.to_json() | {"sentence": result.sentence.to_json()[language]}
    return json.dumps(told, ensure_ascii=False, default=str), calculation
