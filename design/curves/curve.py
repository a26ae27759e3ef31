"""A curve: one numeric output of a calculator over a range of one input, a line a second input."""

from __future__ import annotations

import csv
import io
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from design.errors import BadDesign
from design.registry import Method, method
from design.wording import Text, shortest

MAX_POINTS = 200  # of a line
MAX_LINES = 8
_NOT_THESE = {"sensitivity_table"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A point that the calculator refused, or that there was no time for.

    Attributes:
        at: Value of the varied input.
        by: Value of the second input, if there is one.
        reason: What the calculator said.
    """

    at: float
    by: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """The points of one line; ``None`` where the calculator refused."""

    by: Any
    points: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """What was varied, what came out, and what was refused.

    Attributes:
        method: Name of the calculator.
        title: What it is called.
        inputs: The inputs that stay as they are.
        vary: The input on the horizontal axis.
        values: Its values.
        output: The output on the vertical axis.
        by: The input that tells the lines apart, if any.
        lines: One for each value of ``by``.
        refused: Points that are gaps, with the reason.
    """

    method: str
    title: Text
    inputs: Mapping[str, Any]
    vary: str
    values: tuple[float, ...]
    output: str
    by: str | None
    lines: tuple[Line, ...]
    refused: tuple[Refused, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "method": self.method,
            "title": self.title.to_json(),
            "inputs": dict(self.inputs),
            "vary": self.vary,
            "values": list(self.values),
            "output": self.output,
            "by": self.by,
            "lines": [{"by": line.by, "points": list(line.points)} for line in self.lines],
            "refused": [{"at": gap.at, "by": gap.by, "reason": gap.reason} for gap in self.refused],
        }

    def to_csv(self) -> str:
        """The table: a row for each value, a column for each line; gaps are empty."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\n")
        names = [self.output] if self.by is None else [self._name(line) for line in self.lines]
        writer.writerow([self.vary, *names])
        for row, value in enumerate(self.values):
            points = [line.points[row] for line in self.lines]
            writer.writerow([f"{value:.10g}", *("" if p is None else f"{p:.10g}" for p in points)])
        return sheet.getvalue()

    def svg(self, language: str = "zh", *, mark: float | None = None) -> str:
        """The curve as an SVG picture with text that can be read, searched and spoken.

        Args:
            language: ``zh`` or ``en``.
            mark: Draw a horizontal line at this value, such as a power of 0.8.
        """
        from design.curves.picture import draw

        return draw(self, language, mark)

    def _name(self, line: Line) -> str:
        return f"{self.output} ({self.by} = {said(line.by)})"


def curve(
    name: str,
    inputs: Mapping[str, Any],
    vary: str,
    values: Sequence[float],
    output: str,
    by: tuple[str, Sequence[Any]] | None = None,
    *,
    seconds: float = 8.0,
) -> Curve:
    """Follow ``output`` of a calculator while ``vary`` takes ``values``.

    Args:
        name: The calculator.
        inputs: All its other inputs.
        vary: A numeric input.
        values: At most 200, each once; put in rising order.
        output: A numeric output; ``name[2]`` is the third of a list.
        by: A second input and up to 8 values of it, a line each.
        seconds: Points that are not begun by then are left out and listed as refused.

    Example:
        >>> given = {"p1": 0.65, "p2": 0.85}
        >>> made = curve("two_proportions", given, "power", [0.8, 0.9], "n_per_arm")
        >>> made.lines[0].points
        (70, 94)

    Raises:
        BadDesign: An input or output is unknown, there are too many points, or every point was
            refused (the message is the first reason).
    """
    known = method(name)
    names = (by[0],) if by else ()
    _check(known, inputs, vary, values, by)
    deadline = time.monotonic() + seconds
    at = tuple(sorted({float(value) for value in values}))
    lines, refused = [], []
    for level in by[1] if by else (None,):
        given = dict(inputs) | dict.fromkeys(names, level)
        points = []
        for value in at:
            point, reason = _point(known, given | {vary: _exact(value)}, output, deadline)
            points.append(point)
            if reason is not None:
                refused.append(Refused(value, level, reason))
        lines.append(Line(level, tuple(points)))
    if all(point is None for line in lines for point in line.points):
        raise BadDesign(f"no point could be calculated: {refused[0].reason}", vary)
    return Curve(
        method=known.name,
        title=known.title,
        inputs=dict(inputs),
        vary=vary,
        values=at,
        output=output,
        by=names[0] if names else None,
        lines=tuple(lines),
        refused=tuple(refused),
    )


def spread(low: float, high: float, points: int = 41, *, whole: bool = False) -> list[float]:
    """Evenly spaced values from ``low`` to ``high``; ``whole`` rounds them to whole numbers.

    Raises:
        BadDesign: ``low`` is not below ``high``, or ``points`` is not from 2 to 200.
    """
    if not low < high or not math.isfinite(high - low):
        raise BadDesign(f"the range goes from {low:g} to {high:g}: it must go up", "values")
    if not 2 <= points <= MAX_POINTS:
        raise BadDesign(f"points must be from 2 to {MAX_POINTS}", "values")
    step = (high - low) / (points - 1)
    values = [float(f"{low + i * step:.10g}") for i in range(points)]
    return sorted({float(round(value)) for value in values}) if whole else values


def said(value: Any) -> str:
    """A value as it is written in a legend."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return shortest(value)
    return str(value)


def _check(
    known: Method,
    inputs: Mapping[str, Any],
    vary: str,
    values: Sequence[float],
    by: tuple[str, Sequence[Any]] | None,
) -> None:
    fields = known.inputs.model_fields
    if known.name in _NOT_THESE:
        raise BadDesign(f"{known.name} has no curve", "method")
    for name in (vary, *((by[0],) if by else ())):
        if name not in fields:
            raise BadDesign(f"{known.name} has no input {name}; it has {', '.join(fields)}", "vary")
        if name in inputs:
            raise BadDesign(f"{name} is varied: leave it out of the other inputs", name)
    if by and by[0] == vary:
        raise BadDesign(f"{vary} cannot be varied and tell the lines apart", "by")
    if not 2 <= len(set(values)) <= MAX_POINTS:
        raise BadDesign(f"give from 2 to {MAX_POINTS} values of {vary}", "values")
    if not all(math.isfinite(value) for value in values):
        raise BadDesign(f"values of {vary} must be finite numbers", "values")
    if by and not 1 <= len(by[1]) <= MAX_LINES:
        raise BadDesign(f"give from 1 to {MAX_LINES} values of {by[0]}", "by")


def _point(
    known: Method, given: Mapping[str, Any], output: str, deadline: float
) -> tuple[float | None, str | None]:
    """The value of the output, or why there is none."""
    if time.monotonic() > deadline:
        return None, "not calculated: the time for the curve was used up"
    try:
        outputs = known(**given).outputs
    except BadDesign as error:
        return None, str(error)
    value = _value(outputs, output)
    if value is None:
        return None, f"there is no {output} here"
    return value, None


def _value(outputs: Mapping[str, Any], output: str) -> float | None:
    """A number by name, or by name and place in a list.

    Raises:
        BadDesign: There is no such output, or it is no number.
    """
    name, _, place = output.partition("[")
    value = outputs.get(name)
    if place and isinstance(value, (list, tuple)):
        index = place.rstrip("]")
        value = value[int(index)] if index.isdigit() and int(index) < len(value) else None
        if value is None:
            return None
    if value is None and name in outputs:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        numbers = [
            key
            for key, other in outputs.items()
            if isinstance(other, (int, float)) and not isinstance(other, bool)
        ]
        raise BadDesign(
            f"there is no numeric output {output}; there are {', '.join(numbers)}", "output"
        )
    return value if math.isfinite(value) else None


def _exact(value: float) -> float | int:
    """Whole numbers as such, since some inputs count patients."""
    return int(value) if value.is_integer() else value
