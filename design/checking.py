"""What a calculator takes and hands out is checked here: types, ranges, sizes of numbers."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from design.describing import described
from design.errors import BadDesign

_LARGEST = 1e30  # size of an input
_SHOWN = 80  # characters of a refused input in the message


def input_model(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    """A model of the inputs of a calculator, made of the parameters of its function."""
    hints = inspect.get_annotations(
        function, globals=vars(sys.modules[function.__module__]), eval_str=True
    )
    fields: dict[str, Any] = {
        key: (
            described(name, key, hints[key]),
            ... if given.default is given.empty else given.default,
        )
        for key, given in inspect.signature(function).parameters.items()
    }
    config = ConfigDict(extra="forbid", allow_inf_nan=False, validate_default=True)
    title = "".join(word.title() for word in name.split("_"))
    return create_model(f"{title}Inputs", __config__=config, **fields)


def told(name: str, error: ValidationError) -> BadDesign:
    """The first fault of the inputs as one sentence."""
    first = error.errors()[0]
    # Of a union pydantic also names the part that was tried, which says nothing to a user.
    place = [str(part) for part in first["loc"][:1]]
    place += [str(part) for part in first["loc"][1:] if isinstance(part, int)]
    field = ".".join(place) or "inputs"
    said = {
        "missing": f"{name} needs {field}",
        "extra_forbidden": f"{name} has no input {_clipped(field)}",
    }.get(first["type"], f"{name}: {field} = {_clipped(repr(first['input']))}: {first['msg']}")
    return BadDesign(said, field)


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def refuse_extreme(name: str, value: Any) -> None:
    """Nothing that is counted or measured in a trial is so large."""
    for number in _numbers(value):
        if abs(number) > _LARGEST:
            raise BadDesign(f"{name} = {_clipped(str(number))}: no number of a trial is so", name)


def refuse_endless(name: str, value: Any) -> None:
    """A calculator that fails to find a number must say why; it hands out no NaN, no infinity."""
    for number in _numbers(value):
        if isinstance(number, float) and not math.isfinite(number):
            raise BadDesign(f"no {name} exists for these inputs")


def is_number(value: Any) -> bool:
    """Whether a value is one number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _numbers(value: Any) -> Iterator[float]:
    """All numbers in nested lists and tables."""
    if isinstance(value, (int, float)):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item)
