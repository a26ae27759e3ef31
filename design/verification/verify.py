"""Compares gold rows with what the calculators give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from design.errors import BadDesign
from design.registry import calculate, method
from design.result import Result
from design.verification.comparing import difference_of, endless, parts
from design.verification.gold import GoldRow
from design.verification.heeded import unheeded
from design.verification.nearest import nearest
from design.verification.rules import Rule, rules_for
from design.verification.spellings import (
    chosen,
    common,
    is_remark,
    output_named,
    respell,
    sides_said,
    variants,
)
from design.verification.strange import choices_of, strange

Standing = Literal["agree", "disagree", "refused", "unsupported"]
_NO_NAME = "no calculator of ours has this name"
_DUST = 1e-9  # of a difference that equals the tolerance but for floating point
_ONE_SIDED = (0.025, "0.025", "2.5%")  # a level that by convention is one-sided
_EXPLAINS = ("trap", "unreproduced", "explained")  # how a note begins that says why


@dataclass(frozen=True, slots=True)
class Checked:
    """One row after the check.

    ``status`` is ``refused`` when the calculator says why the inputs are no design, and
    ``unsupported`` when no calculator of ours is meant or the row cannot be read. ``difference`` is
    the largest. ``family`` is that of our method. ``remark`` is the note of the row itself.
    """

    id: str
    gold_method: str
    status: Standing
    expected: str
    method: str | None = None
    family: str | None = None
    output: str = ""
    got: str | None = None
    difference: float | None = None
    tolerance: float = 0.0
    call: str | None = None
    source: str = ""
    note: str = ""
    remark: str = ""

    @property
    def explained(self) -> bool:
        """Whether it agrees, or the rule or the row says why it cannot."""
        begins = self.remark.lower().startswith(_EXPLAINS)
        return self.status == "agree" or begins or (self.status == "disagree" and bool(self.note))


@dataclass(frozen=True, slots=True)
class Verification:
    """All rows, and how many stand how."""

    rows: tuple[Checked, ...]

    def count(self, status: Standing) -> int:
        """Rows of one standing."""
        return Counter(row.status for row in self.rows)[status]

    def to_json(self) -> dict[str, Any]:
        """The JSON of the contract: ``rows``, ``agree``, ``disagree``, ``unsupported``, rows."""
        return {
            "rows": len(self.rows),
            "agree": self.count("agree"),
            "disagree": self.count("disagree"),
            "refused": self.count("refused"),
            "unsupported": self.count("unsupported"),
            "unexplained": sum(not row.explained for row in self.rows),
            "per_row": [asdict(row) for row in self.rows],
        }


class _Misfit(Exception):
    """The inputs of a row are not those of a calculator."""


def verify(rows: Iterable[GoldRow]) -> Verification:
    """Check rows one by one; a row that fails never stops the others."""
    return Verification(tuple(_check(row) for row in rows))


def _check(row: GoldRow) -> Checked:
    said = Checked(
        id=row.id,
        gold_method=row.method,
        status="unsupported",
        expected=row.expected,
        output=row.output,
        tolerance=row.tolerance,
        source=row.source,
        remark=row.note,
    )
    if row.fault:
        return replace(said, note=row.fault)
    if any(endless(part) for part in row.expected.split(";")):
        return replace(said, note=f"what is expected, {row.expected}, is not a number")
    misses: list[Checked] = []
    for rule in rules_for(row.method, common(row.inputs, ())):
        found = _by_rule(row, rule, said)
        own_refused = found.status == "refused" and rule.gold == rule.method
        if found.status != "unsupported" and not own_refused:
            return found
        misses.append(found)
    if misses:
        return next((miss for miss in misses if miss.status == "refused"), misses[0])
    others = ", ".join(strange(row.method, ""))
    lacking = f"no calculator of ours is for {others}" if others else _NO_NAME
    return _guessed(row, said) or replace(said, note=lacking)


def _by_rule(row: GoldRow, rule: Rule, said: Checked) -> Checked:
    try:
        given = _inputs(rule, row)
    except _Misfit as error:
        return replace(said, method=_known(rule.method), note=str(error))
    return _compared(row, rule, given, said)


def _guessed(row: GoldRow, said: Checked) -> Checked | None:
    """The nearest calculator whose inputs and outputs are those of the row, told as a guess."""
    for rule in nearest(row.method):
        found = _by_rule(row, rule, said)
        if found.status in {"agree", "disagree"}:
            return replace(found, note=f"no rule names this method: read as {rule.method}")
    return None


def _inputs(rule: Rule, row: GoldRow) -> dict[str, Any]:
    """The inputs of a row for the calculator of a rule, respelled where that is needed."""
    try:
        model = method(rule.method).inputs
    except BadDesign as error:
        raise _Misfit(str(error)) from None
    fields = model.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    raw = told = common(row.inputs, {*fields, *rule.rename, *rule.convert, *rule.only})
    own = rule.gold == rule.method  # a row in our own terms says what it means
    if "sides" in fields and not own and "sides" not in raw and rule.set.get("sides") != 1:
        raw = raw | (_sides(row.method, raw) if "sides" not in rule.set else _by_alpha(raw))
    left_out = {name for name in raw if is_remark(name) or rule.leaves_out(name)}
    first = ""
    for respelled in (False, True):

        def translate(row: Mapping[str, Any], respelled: bool = respelled) -> dict[str, Any]:
            ours = respell(rule.translate(respell(row, fields) if respelled else row), fields)
            choices = choices_of(rule.method)
            return {name: chosen(value, choices.get(name, ())) for name, value in ours.items()}

        try:
            ours = translate(raw)
        except Exception as error:  # an adapter may meet any value
            first = first or f"its inputs cannot be read as those of {rule.method}: {error!r}"
            continue
        lacking, unknown = sorted(needed - ours.keys()), sorted(ours.keys() - fields.keys())
        unused = [] if unknown or lacking else unheeded(raw, translate, left_out)
        unused = [name for name in unused if name in told]
        if not lacking and not unknown and not unused:
            return ours
        faults = [f"{rule.method} needs {', '.join(lacking)}"] if lacking else []
        faults += [f"{rule.method} has no input {', '.join(unknown)}"] if unknown else []
        faults += [f"{rule.method} would leave {', '.join(unused)} out"] if unused else []
        first = first or "; ".join(faults)
    raise _Misfit(first)


def _sides(name: str, given: Mapping[str, Any]) -> dict[str, int]:
    """Sides that a row tells without naming them: by its method, or by an alpha of 0.025."""
    said = sides_said(name)
    return {"sides": said} if said else _by_alpha(given)


def _by_alpha(given: Mapping[str, Any]) -> dict[str, int]:
    """One side where the level is by convention that of one."""
    return {"sides": 1} if given.get("alpha") in _ONE_SIDED else {}


def _compared(row: GoldRow, rule: Rule, given: Mapping[str, Any], said: Checked) -> Checked:
    said = replace(said, method=rule.method, family=method(rule.method).family)
    try:
        result = calculate(rule.method, given)
    except BadDesign as error:
        return replace(said, status="refused", note=f"{error}. {rule.note}".strip())
    except Exception as error:  # a fault of ours must not hide the other rows
        return replace(said, note=f"{rule.method} fails on these inputs, please report: {error!r}")
    said = replace(said, call=result.call)
    try:
        got = _wanted(row, rule, result)
    except KeyError as error:
        return replace(said, note=f"{rule.method} has no output {error}")
    shown = "; ".join(f"{v:.10g}" if isinstance(v, float) else str(v) for v in got)
    said = replace(said, got=shown, status="disagree", note=rule.note)
    difference = difference_of(parts(row.expected, rule.words), got)
    if difference is None:
        return said
    agrees = difference <= row.tolerance * (1 + _DUST) + 1e-12
    return replace(said, status="agree" if agrees else "disagree", difference=difference)


def _wanted(row: GoldRow, rule: Rule, result: Result) -> list[Any]:
    """The outputs a row names, lists spread out."""
    whole = row.output in rule.outputs or row.output in result.outputs
    keys = [row.output] if whole else re.split(r"\s*[;,]\s*", row.output)
    found: list[Any] = []
    for key in keys:
        spelled = next((each for each in (key, *variants(key)) if each in rule.outputs), key)
        name = rule.outputs.get(spelled, key)
        if name not in result.outputs:
            name = next(filter(None, (output_named(n, result.outputs) for n in (key, name))), name)
        if _is_raw(row) and f"{name}_raw" in result.outputs:
            name = f"{name}_raw"
        found.extend(_spread(result, name))
    return found


def _spread(result: Result, names: str) -> list[Any]:
    """Outputs joined by ``;``, lists spread out; ``[-1]`` after a name is the last of a list."""
    found: list[Any] = []
    for name in names.split(";"):
        plain = name.removesuffix("[-1]")
        value = result.outputs[plain]
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        found.extend(values if plain == name else values[-1:])
    return found


def _is_raw(row: GoldRow) -> bool:
    """Whether the source gives a size that is not rounded."""
    parts = [part.strip() for part in row.expected.split(";")]
    return row.rounding_rule.lower().startswith("raw") and all(
        re.fullmatch(r"\d+\.\d+", part) is not None for part in parts
    )


def _known(name: str) -> str | None:
    try:
        return method(name).name
    except BadDesign:
        return None
