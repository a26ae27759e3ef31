"""Compares gold rows with what the calculators give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from design.errors import BadDesign
from design.registry import calculate
from design.verification.gold import GoldRow
from design.verification.rules import rule_for

Standing = Literal["agree", "disagree", "refused", "unsupported"]
_DUST = 1e-9  # of a difference that equals the tolerance but for floating point


@dataclass(frozen=True, slots=True)
class Checked:
    """One row after the check.

    ``status`` is ``refused`` when the calculator says why the inputs are no design, and
    ``unsupported`` when no calculator of ours is meant. ``difference`` is the largest.
    """

    id: str
    gold_method: str
    status: Standing
    expected: str
    method: str | None = None
    output: str = ""
    got: str | None = None
    difference: float | None = None
    tolerance: float = 0.0
    call: str | None = None
    source: str = ""
    note: str = ""


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
            "per_row": [asdict(row) for row in self.rows],
        }


def verify(rows: Iterable[GoldRow]) -> Verification:
    """Check rows one by one; a row that fails never stops the others."""
    return Verification(tuple(_check(row) for row in rows))


def _check(row: GoldRow) -> Checked:
    said: dict[str, Any] = {
        "id": row.id,
        "gold_method": row.method,
        "expected": row.expected,
        "output": row.output,
        "tolerance": row.tolerance,
        "source": row.source,
    }
    rule = rule_for(row.method, row.inputs)
    if rule is None:
        return Checked(**said, status="unsupported", note="no calculator of ours has this name")
    try:
        given = rule.translate(row.inputs)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        note = f"its inputs cannot be read as those of {rule.method}: {error!r}"
        return Checked(**said, status="unsupported", method=rule.method, note=note)
    try:
        result = calculate(rule.method, given)
    except BadDesign as error:
        note = f"{error}. {rule.note}".strip()
        return Checked(**said, status="refused", method=rule.method, note=note)
    said |= {"method": rule.method, "call": result.call}
    try:
        got = _wanted(row.output, rule.outputs, result.outputs)
    except KeyError as error:
        note = f"{rule.method} has no output {error}"
        return Checked(**said, status="unsupported", note=note)
    shown = "; ".join(f"{v:.10g}" if isinstance(v, float) else str(v) for v in got)
    difference = _difference(_parts(row.expected, rule.words), got)
    if difference is None:
        return Checked(**said, status="disagree", got=shown, note=rule.note)
    agrees = difference <= row.tolerance * (1 + _DUST) + 1e-12
    return Checked(
        **said,
        status="agree" if agrees else "disagree",
        got=shown,
        difference=difference,
        note=rule.note,
    )


def _wanted(names: str, ours: Mapping[str, str], outputs: Mapping[str, Any]) -> list[Any]:
    """The outputs a row names, lists spread out."""
    keys = [ours[names]] if names in ours else re.split(r"\s*[;,]\s*", names)
    found: list[Any] = []
    for key in keys:
        value = outputs[ours.get(key, key)]
        found.extend(value if isinstance(value, (list, tuple)) else [value])
    return found


def _parts(expected: str, words: Mapping[str, str]) -> list[str]:
    parts = [part.strip() for part in expected.split(";")]
    return [words.get(part.lower(), part) for part in parts]


def _difference(expected: Sequence[str], got: Sequence[Any]) -> float | None:
    """The largest absolute difference; ``None`` when texts differ or the lengths do."""
    if len(expected) != len(got):
        return None
    largest = 0.0
    for wanted, value in zip(expected, got, strict=True):
        try:
            largest = max(largest, abs(float(wanted) - float(value)))
        except (TypeError, ValueError):
            if wanted != str(value).strip():
                return None
    return largest
