"""A sensitivity table: one output of a calculator over one or two inputs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from design.curves.curve import MAX_LINES, MAX_POINTS, curve
from design.curves.labels import input_label, output_label
from design.registry import calculator, method
from design.result import Outcome

_FEW = 20


@calculator(
    reference="ICH E9 Statistical principles for clinical trials, 3.5: the sensitivity of the "
    "sample size to its assumptions should be investigated",
    formula="the method itself at each combination of the values",
)
def sensitivity_table(
    *,
    method_name: Annotated[str, Field(min_length=1, max_length=80, description="A calculator.")],
    inputs: Annotated[
        dict[str, Any], Field(description="Its other inputs, which stay as they are.")
    ],
    vary: Annotated[str, Field(min_length=1, max_length=80, description="An input. 变动的参数")],
    values: Annotated[
        list[float], Field(min_length=2, max_length=MAX_POINTS, description="Its values.")
    ],
    output: Annotated[str, Field(min_length=1, max_length=80, description="An output. 输出")],
    by: Annotated[str, Field(max_length=80, description="A second input, a column each value.")]
    | None = None,
    by_values: Annotated[
        list[float | str], Field(max_length=MAX_LINES, description="Values of the second input.")
    ]
    | None = None,
) -> Outcome:
    """How much a result depends on what was assumed: a row for each value, a column for each line.

    A combination that the method refuses is empty, and its reason is listed.
    """
    pair = (by, by_values or []) if by is not None else None
    made = curve(method_name, inputs, vary, values, output, pair)
    found = [point for line in made.lines for point in line.points if point is not None]
    outputs = {
        "rows": list(made.values),
        "columns": [line.by for line in made.lines] if by is not None else [],
        "table": [[line.points[row] for line in made.lines] for row in range(len(made.values))],
        "smallest": min(found),
        "largest": max(found),
        "refused": [_reason(gap.at, gap.by, gap.reason) for gap in made.refused[:_FEW]],
        "refused_count": len(made.refused),
    }
    values_said = {
        "title_zh": method(method_name).title.zh,
        "title_en": method(method_name).title.en,
        **{
            f"{name}_{language}": label
            for language in ("zh", "en")
            for name, label in (
                ("vary", input_label(method_name, vary, language)),
                ("by", input_label(method_name, by, language) if by else ""),
                ("output", output_label(output, language)),
            )
        },
        "first": made.values[0],
        "last": made.values[-1],
    }
    warnings = ("gaps",) if made.refused else ()
    key = "one" if by is None else "two"
    return Outcome(outputs, key, ("others_fixed",), warnings, values_said)


def _reason(at: float, by: Any, reason: str) -> str:
    return f"{at:g}: {reason}" if by is None else f"{at:g}, {by}: {reason}"
