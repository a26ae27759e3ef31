"""A calculation as an answer shows it, and which numbers it vouches for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.verification import quantities

if TYPE_CHECKING:
    from design import Result, Text


def said(text: Text, language: str) -> str:
    """A text of a calculator in the language of an answer."""
    return text.zh if language == "zh" else text.en


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named calculation, as the answer JSON shows it.

    Attributes:
        method: Its name, with conventions (sides, rounding, drop-out rule).
        inputs: As used.
        outputs: As they may be repeated: rounded already, with units in the names or as text.
        reference: The published source of the method.
        formula: The formula, in plain text.
        conventions: What was taken as agreed, in the language of the answer.
        warnings: What a statistician would object to.
        call: The command that gives it again.
    """

    method: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    reference: str
    formula: str = ""
    conventions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    call: str = ""

    @classmethod
    def of(cls, result: Result, language: str) -> Calculation:
        """A result of a calculator, its texts in one language."""
        return cls(
            method=f"{said(result.title, language)} ({result.method})",
            inputs={name: value for name, value in result.inputs.items() if value is not None},
            outputs=result.outputs,
            reference=result.reference,
            formula=result.formula,
            conventions=tuple(said(text, language) for text in result.conventions),
            warnings=tuple(said(text, language) for text in result.warnings),
            call=result.call,
        )

    def to_json(self) -> dict[str, Any]:
        """The entry of ``Answer.calculations``."""
        return asdict(self)

    def holds(self, number: str, unit: str) -> bool:
        """Whether a number is one of its inputs or outputs, in that unit if they name one.

        So is the name of one that holds a digit, such as p0.
        """
        known = set(_numbers([dict(self.inputs), dict(self.outputs)]))
        known |= {found for name in (*self.inputs, *self.outputs) for found in quantities(name)}
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
