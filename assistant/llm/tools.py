"""Tools a model may call: the registry of calculators and counts, and how their results are typed.

A tool is a LangChain ``BaseTool``. One that calculates returns a :class:`Calculation` as its
artifact; then the model can cite the result by a key, its numbers may stand in statements, and the
answer lists the calculation. What a tool returns besides is data to the model and cannot be cited.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.verification import quantities

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

SEARCH = "search"
_MAKERS: dict[str, Callable[[], BaseTool]] = {}


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named calculation, as the answer JSON shows it.

    Attributes:
        method: Its name, with conventions (sides, rounding, drop-out rule).
        inputs: As used.
        outputs: As they may be repeated: rounded already, with units in the names or as text.
        reference: The published source of the method.
    """

    method: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    reference: str

    def to_json(self) -> dict[str, Any]:
        """The entry of ``Answer.calculations``."""
        return asdict(self)

    def holds(self, number: str, unit: str) -> bool:
        """Whether a number is one of its inputs or outputs, in that unit if they name one."""
        known = set(_numbers([dict(self.inputs), dict(self.outputs)]))
        return (number, unit) in known or (number, "") in known


def _numbers(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, (int, float)):
        yield from _spelled(value)
    else:
        yield from quantities(str(value))


def _spelled(value: float) -> Iterator[tuple[str, str]]:
    """A bare number; a fraction also as the percentage it is."""
    yield from quantities(f"{value:.10g}")
    if 0 < abs(value) <= 1:
        yield from quantities(f"{value * 100:.10g}%")


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
