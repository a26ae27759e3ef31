"""Sample size: each calculation with its source, and what it depends on."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.feasibility.effects import (
    by_margin,
    patient_outputs,
    patients,
    power,
    power_of,
    smaller_effect,
)
from assistant.feasibility.model import Cell, Figure, Line, Part, Section, Table
from assistant.feasibility.synopsis import Calculation, Sensitivity
from assistant.feasibility.work import Sample, Work, absent, both, cell, line, refusal, said
from design import BadDesign, Result, Text, calculate
from design.curves import Curve, curve
from design.curves.curve import said as spelled
from design.curves.labels import output_label
from design.wording import shortest

_KEY = "sample_size"
_SHARES = (1.0, 0.9, 0.8, 0.7)
_SECONDS = 10.0  # for a sensitivity curve
_SHOWN = 12  # outputs in the table


def sample_size(work: Work) -> Section:
    """All calculations; the primary one gives the number of patients."""
    calculations = work.synopsis.design
    if not calculations:
        return absent(_KEY, said("absent", "not_in_synopsis", field="design"))
    primary = next((each for each in calculations if each.primary), calculations[0])
    parts: list[Part] = []
    numbers: dict[str, Any] = {"calculations": []}
    failed = 0
    for number, each in enumerate(calculations, start=1):
        name = each.name or each.method
        if len(calculations) > 1:
            key = "primary" if each is primary else "further"
            parts.append(line(_KEY, key, number=number, name=name, kind="note"))
        try:
            result = calculate(each.method, each.inputs)
            size = patients(result, each.patients)
        except BadDesign as error:
            failed += 1
            why = refusal(error)
            parts.append(line("absent", "refused", basis="absent", name=name, why=why))
            continue
        work.results.append(result)
        numbers["calculations"].append(result.to_json())
        parts += _told(result)
        if each is primary and size is not None:
            work.sample = Sample(result, *size)
        elif size is not None:
            work.further.append((name, result, size[0]))
        parts += _smaller(each, result)
        for wanted in each.sensitivity:
            parts += _sensitivity(work, each, result, wanted)
    tested = [r for r in work.results if "alpha" in r.inputs and not r.method.startswith("be_")]
    if len(tested) > 1:
        parts.append(line(_KEY, "alphas", basis="assumed"))
    if work.sample is not None:
        numbers |= {"enrolled": work.sample.enrolled, "evaluable": work.sample.evaluable}
    elif failed < len(calculations):
        parts.append(line("absent", "no_size", basis="absent", name=primary.method))
    if failed == len(calculations):
        return Section(
            _KEY,
            said("title", _KEY),
            (*parts, Line(said("settle", _KEY), "absent")),
            "absent",
            numbers,
        )
    return Section(_KEY, said("title", _KEY), tuple(parts), numbers=numbers)


def _told(result: Result) -> Iterator[Part]:
    yield Line(result.sentence, "computed", call=result.call)
    rows = [
        (cell(_label(name)), cell(_shown(value)))
        for name, value in result.outputs.items()
        if _shown(value) is not None and not name.endswith(("_raw", "_dropout_added"))
    ][:_SHOWN]
    head = (said("head", "output"), said("head", "value"))
    yield Table(
        said(_KEY, "outputs", title=result.title), head, tuple(rows), "computed", result.call
    )
    yield line(_KEY, "source", reference=result.reference, formula=result.formula, kind="note")
    for text in result.conventions:
        yield Line(said(_KEY, "convention", text=text), "computed", kind="note")
    for text in result.warnings:
        yield Line(text, "computed", warns=True)


def _label(output: str) -> Text:
    """What an output is called, with its name in the calculator."""
    return Text(output_label(output, "zh"), output_label(output, "en"))


def _smaller(given: Calculation, result: Result) -> Iterator[Part]:
    """The size for smaller effects, and the power of the planned size."""
    rows: list[tuple[Cell, ...]] = []
    varied, margin = "", by_margin(given.inputs)
    for share in _SHARES:
        changed = smaller_effect(given.method, given.inputs, share)
        if changed is None:
            return
        varied, inputs = changed
        try:
            found: Result | None = calculate(given.method, inputs)
        except BadDesign:
            found = None
        size = patients(found) if found else None
        kept = power_of(result, inputs)
        rows.append(
            (
                cell(f"{(1 - share if margin else share) * 100:.0f}%"),
                cell(shortest(inputs[varied])),
                cell(size[0] if size else None),
                cell(None if kept is None else f"{power(kept):.3f}"),
            )
        )
    if all(row[2].text.zh == "–" and row[3].text.zh == "–" for row in rows):
        return
    first = "off_margin" if margin else "effect"
    head = tuple(
        said("head", key, name=varied) for key in (first, "input", "patients", "power_kept")
    )
    yield Table(
        said(_KEY, "less_favourable" if margin else "smaller"),
        head,
        tuple(rows),
        "computed",
        result.call,
    )
    if any(row[3].text.zh == "–" for row in rows):
        yield line(_KEY, "no_power", kind="note")


def _sensitivity(
    work: Work, given: Calculation, result: Result, wanted: Sensitivity
) -> Iterator[Part]:
    output = wanted.output or _followed(result, given.patients)
    varied = {wanted.vary, wanted.by}
    inputs = {name: value for name, value in given.inputs.items() if name not in varied}
    lines = (wanted.by, wanted.by_values) if wanted.by else None
    try:
        if output is None:
            raise BadDesign(f"{given.method} has no output to follow: name one", "output")
        seconds = min(_SECONDS, work.deadline - time.monotonic())
        made = curve(
            given.method, inputs, wanted.vary, wanted.values, output, lines, seconds=seconds
        )
    except BadDesign as error:
        name = said(_KEY, "sensitivity_of", vary=wanted.vary)
        yield line("absent", "refused", basis="absent", name=name, why=refusal(error))
        return
    call = _curve_call(made, inputs, wanted)
    title = said(_KEY, "sensitivity", vary=wanted.vary, output=output)
    yield Figure(title, made.svg, "computed", call, lambda language: _png(made, language))
    yield _curve_table(title, made, call)
    if made.refused:
        first = made.refused[0]
        yield line(_KEY, "gaps", count=len(made.refused), why=first.reason, kind="note")


def _curve_table(title: Text, made: Curve, call: str) -> Table:
    columns = (
        [made.output]
        if made.by is None
        else [f"{made.by} = {spelled(each.by)}" for each in made.lines]
    )
    head = (both(made.vary), *(both(name) for name in columns))
    rows = tuple(
        (cell(shortest(value)), *(cell(_number(each.points[row])) for each in made.lines))
        for row, value in enumerate(made.values)
    )
    return Table(title, head, rows, "computed", call)


def _curve_call(made: Curve, inputs: dict[str, Any], wanted: Sensitivity) -> str:
    parts = [
        f"xinglin design curve {made.method.replace('_', '-')}",
        f"--vary {made.vary} --values {_listed(made.values)}",
        f"--output {shlex.quote(made.output)}",
    ]
    if wanted.by:
        parts.append(f"--by {wanted.by}={_listed(wanted.by_values)}")
    if inputs:
        parts.append(f"--inputs {shlex.quote(json.dumps(inputs, ensure_ascii=False))}")
    return " ".join(parts)


def _listed(values: Sequence[Any]) -> str:
    return shlex.quote(",".join(str(value) for value in values))


def _png(made: Curve, language: str) -> bytes:
    from design.curves.picture import draw_png

    return draw_png(made, language)


def _followed(result: Result, named: str | None) -> str | None:
    """The output that a sensitivity analysis follows unless told otherwise."""
    known = patient_outputs()
    return named or next((name for name in known if name in result.outputs), None)


def _number(value: float | None) -> str | None:
    return None if value is None else shortest(value)


def _shown(value: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return shortest(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and len(value) <= 8:
        shown = [_shown(item) for item in value]
        return None if None in shown else ", ".join(str(item) for item in shown)
    return None
