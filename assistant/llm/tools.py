"""Tools a model may call: the registry of calculators and counts, and how their results are typed.

A tool is a LangChain ``BaseTool``. One that calculates returns a :class:`Calculation` as its
artifact; then the model can cite the result by a key, its numbers may stand in statements, and the
answer lists the calculation. What a tool returns besides is data to the model and cannot be cited.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.computing.calculation import Calculation

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

SEARCH = "search"
_MAKERS: dict[str, Callable[[], BaseTool]] = {}


def register(name: str, make: Callable[[], BaseTool]) -> None:
    """Offer a tool to models. ``make`` is called when a model is first asked.

    Raises:
        ValueError: The name is taken.
    """
    if name in _MAKERS or name == SEARCH:
        raise ValueError(f"a tool named {name!r} is registered already")
    _MAKERS[name] = make


def unregister(name: str) -> None:
    """Take a tool back."""
    del _MAKERS[name]


def registered() -> list[BaseTool]:
    """All registered tools, made anew."""
    return [make() for make in _MAKERS.values()]


def calculator(name: str, description: str, calculate: Callable[..., Calculation]) -> BaseTool:
    """A tool around a calculator; its arguments are those of ``calculate``, by their types.

    Example:
        register("simon", lambda: calculator("simon", "Simon's two-stage design.", simon))
    """
    from functools import wraps

    from langchain_core.tools import StructuredTool

    @wraps(calculate)
    def call(*args: Any, **values: Any) -> tuple[str, Calculation]:
        result = calculate(*args, **values)
        return json.dumps(result.to_json(), ensure_ascii=False, default=str), result

    return StructuredTool.from_function(
        call, name=name, description=description, response_format="content_and_artifact"
    )


def search_tool(search: Callable[[str], str]) -> BaseTool:
    """The tool that finds further passages; ``search`` returns them as JSON."""
    from langchain_core.tools import StructuredTool

    return StructuredTool.from_function(
        search,
        name=SEARCH,
        description="Search for further passages. 检索更多段落。query: keywords, 关键词.",
    )
