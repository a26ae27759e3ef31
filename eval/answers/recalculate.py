"""Make the calculations of an answer anew, and see what the calculator itself says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from design import BadDesign, Result, calculate, methods

_NAME = re.compile(r"\((\w+)\)\s*$")


def calculated_texts(calculation: Mapping[str, Any]) -> tuple[str, ...]:
    """What a calculator says when a calculation of an answer is made again, in both languages.

    Its numbers may be repeated: a ratio of two rates, say, stands in its sentence and in no output.
    Empty when the calculation names no method, or its outputs are not those that come out.
    """
    result = _again(calculation)
    if result is None or not _same(calculation.get("outputs"), result.outputs):
        return ()
    return tuple(_texts(result))


def _again(calculation: Mapping[str, Any]) -> Result | None:
    named = _NAME.search(str(calculation.get("method", "")))
    if named is None or named.group(1) not in methods():
        return None
    try:
        return calculate(named.group(1), calculation.get("inputs", {}))
    except BadDesign:
        return None


def _texts(result: Result) -> Iterator[str]:
    for text in (result.title, result.sentence, *result.conventions, *result.warnings):
        yield text.zh
        yield text.en
    yield result.reference
    yield result.method
    yield from (*result.inputs, *result.outputs)  # p0 is a name, and may be said


def _same(told: Any, found: Mapping[str, Any]) -> bool:
    """Whether the outputs told are those found; through JSON a tuple is a list."""
    return isinstance(told, Mapping) and _plain(told) == _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return round(value, 9) if isinstance(value, float) else value
