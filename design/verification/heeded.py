"""Whether every input of a row has a say in what is calculated.

An input that a translation drops (a synonym beside the one that was taken, a name that an adapter
does not know) would let a calculator answer another question than the row's. It is found by
translating the row once more with another value there: nothing may then be as before.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from design.verification.spellings import read_value

_ODD = "no such value"

Translation = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def unheeded(
    given: Mapping[str, Any], translate: Translation, left_out: Container[str]
) -> list[str]:
    """The inputs of a row whose value changes nothing in the translation.

    Args:
        given: Inputs as the row names them.
        translate: From a row to the inputs of a calculator; it may raise.
        left_out: Inputs that a rule leaves out on purpose.
    """
    before = translate(given)
    return [
        name
        for name, value in given.items()
        if name not in left_out and value is not None and value != ""
        if all(_same(translate, {**given, name: other}, before) for other in _others(value))
    ]


def _same(translate: Translation, given: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    try:
        return dict(translate(given)) == dict(before)
    except Exception:  # a value that is refused was looked at
        return False


def _others(value: Any) -> list[Any]:
    """Other values of the kind of one; a text in place of a number may only fail to be read."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value * 1.5 + 1, value / 2, 3 - value]
    if isinstance(value, list):
        changed = [[_others(each)[0], *value[1:]] for each in value[:1]]
        return [*changed, [*value, *value[-1:]]]
    number = read_value(value)
    return [_ODD] if number is value or isinstance(number, str) else _others(number)
