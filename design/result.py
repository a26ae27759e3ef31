"""What a calculation hands out: numbers, where they come from, and how they may be quoted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from design.wording import Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the body of a calculator returns; the registry makes a :class:`Result` of it.

    Attributes:
        outputs: Numbers by name. ``…_raw`` are before rounding up; a list is a value a look, a
            dose or a bound.
        sentence: Key of the sentence, under ``[METHOD.sentence]`` of the family's texts.
        conventions: Keys under ``[conventions]``: sides, variance, rounding, drop-out rule.
        warnings: Keys under ``[warnings]``.
        values: Further values the templates name, besides inputs and outputs.
    """

    outputs: Mapping[str, Any]
    sentence: str
    conventions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A calculation that can be checked and repeated.

    Attributes:
        method: Name of the method, as ``xinglin design`` takes it.
        title: What the method is called.
        inputs: As used, defaults filled in.
        outputs: Numbers by name.
        sentence: The result in one sentence that can be quoted.
        reference: The paper or book the formula is from.
        formula: The formula, in plain text.
        conventions: What was taken as agreed: sides, variance, rounding, drop-out.
        warnings: What a statistician would object to.
    """

    method: str
    title: Text
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    sentence: Text
    reference: str
    formula: str
    conventions: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()

    @property
    def call(self) -> str:
        """The command that gives this result again."""
        return command_line(self.method, self.inputs)

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "method": self.method,
            "title": self.title.to_json(),
            "inputs": dict(self.inputs),
            "outputs": dict(self.outputs),
            "sentence": self.sentence.to_json(),
            "reference": self.reference,
            "formula": self.formula,
            "conventions": [text.to_json() for text in self.conventions],
            "warnings": [text.to_json() for text in self.warnings],
            "call": self.call,
        }


def command_line(method: str, inputs: Mapping[str, Any]) -> str:
    """The command that calls a method with some inputs, for a POSIX shell."""
    given = [
        f"--{name.replace('_', '-')} {_shell(value)}"
        for name, value in inputs.items()
        if value is not None
    ]
    return " ".join(["xinglin design", method.replace("_", "-"), *given])


def _shell(value: Any) -> str:
    """A value as the command line takes it."""
    if isinstance(value, str):
        return shlex.quote(value)
    return shlex.quote(json.dumps(value, ensure_ascii=False))
