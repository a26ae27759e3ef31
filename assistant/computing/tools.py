"""The calculators as LangChain tools.

:func:`as_tools` gives one tool a method, for an agent of one's own. A model that words answers gets
:func:`offered_tools` instead: one that finds methods with their inputs, one that calculates; the
schemas of all methods would fill its context.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.computing.calculation import Calculation

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from design import Method

FIND, CALCULATE = "find_calculators", "calculate"
_MOST_FOUND = 6
_WORDINGS = Path(__file__).with_name("wordings.toml")


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
    """The methods that some words describe, best first.

    What counts is how many of the words stand in the name, the titles and the ways people ask for
    a method (``wordings.toml``), and less how many stand in its description.
    """
    from design import methods
    from retrieval.analysis import Analyser

    terms = Analyser().terms
    wanted = set(terms(words.replace("_", " ")))
    scores = {}
    for name, method in methods().items():
        titles = f"{name.replace('_', ' ')} {method.title.zh} {method.title.en}"
        named = set(terms(f"{titles} {_wordings().get(name, '')}"))
        described = set(terms(f"{method.family} {method.description}"))
        # Of two that match alike, the one with the shorter name is the more general.
        found = len(wanted & named) + len(wanted & described) / 4
        scores[name] = found - len(name) / 1000 if found else 0
    best = sorted((name for name in scores if scores[name]), key=lambda name: -scores[name])
    return [_schema(methods()[name]) for name in best[:_MOST_FOUND]]


@cache
def _wordings() -> Mapping[str, str]:
    found: dict[str, str] = tomllib.loads(_WORDINGS.read_text(encoding="utf-8"))["words"]
    return found


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
