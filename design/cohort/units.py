"""Units: one spelling for each, and values of an analyte carried from one unit to another.

The tables are ``units.toml`` (spellings, conversions that hold for any analyte) and
``analytes.toml`` (conversions that depend on the analyte: creatinine, HbA1c, NT-proBNP …).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_PLAIN = str.maketrans({
    "µ": "u", "μ": "u", "×": "x", "²": "2", "³": "3", "⁹": "^9", "／": "/", "％": "%", "·": "*",
    "（": "(", "）": ")", "．": ".", "∕": "/", "⋅": "*", "˄": "^",
})  # fmt: skip
NONE = "{score}"


@dataclass(frozen=True, slots=True)
class Line:
    """``other = factor * value + offset``."""

    factor: float
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        """The value in the other unit, free of the dust of binary fractions."""
        return float(f"{self.factor * value + self.offset:.12g}")

    def inverse(self) -> Line:
        """The way back."""
        return Line(1 / self.factor, -self.offset / self.factor)

    def then(self, next: Line) -> Line:
        """This and then another."""
        return Line(self.factor * next.factor, self.offset * next.factor + next.offset)


@dataclass(frozen=True, slots=True)
class Analyte:
    """A measurement with its names, its usual unit and its own conversions to that unit."""

    key: str
    names: tuple[str, ...]
    concepts: tuple[int, ...]
    unit: str
    to_usual: Mapping[str, Line]


@cache
def analytes() -> dict[str, Analyte]:
    """The reviewed analytes by key."""
    table = tomllib.loads((_HERE / "analytes.toml").read_text(encoding="utf-8"))
    return {
        item["key"]: Analyte(
            key=item["key"],
            names=tuple(item["names"]),
            concepts=tuple(item["concepts"]),
            unit=item["unit"],
            to_usual={unit: Line(*pair) for unit, pair in item.get("to", {}).items()},
        )
        for item in table["analyte"]
    }


def unit_of(spelled: str | None) -> str | None:
    """The one spelling of a unit, ``None`` when it is not known.

    Example:
        >>> [unit_of(text) for text in ("μmol/L", "10^9/L", "x10⁹/L", "分", "", "furlong")]
        ['umol/L', '10*9/L', '10*9/L', '{score}', '{score}', None]
    """
    return _spellings().get(_plain(spelled or ""))


def unit_of_concept(concept: int | None) -> str | None:
    """The spelling of an OHDSI unit concept."""
    return None if concept is None else _concepts().get(int(concept))


def conversion(analyte: Analyte | None, source: str, target: str) -> Line | None:
    """How values in one unit become values in another, ``None`` when they cannot.

    Args:
        analyte: What was measured; without it only conversions that hold for anything are used.
        source: A unit as :func:`unit_of` spells it.
        target: The same.
    """
    direct = _same_kind(source, target)
    if direct is not None or analyte is None:
        return direct
    first, last = _to_usual(analyte, source), _to_usual(analyte, target)
    return None if first is None or last is None else first.then(last.inverse())


def _to_usual(analyte: Analyte, unit: str) -> Line | None:
    """A line to the usual unit: the analyte's own, after a step within the same kind of unit."""
    direct = _same_kind(unit, analyte.unit)
    if direct is not None:
        return direct
    for known, line in analyte.to_usual.items():
        step = _same_kind(unit, known)
        if step is not None:
            return step.then(line)
    return None


def _same_kind(source: str, target: str) -> Line | None:
    if source == target:
        return Line(1.0)
    for kind in _table()["same"].values():
        if source in kind and target in kind:
            return Line(kind[source] / kind[target])
    return None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((_HERE / "units.toml").read_text(encoding="utf-8"))


@cache
def _spellings() -> dict[str, str]:
    return {
        _plain(text): unit
        for unit, others in _table()["spellings"].items()
        for text in (unit, *others)
    }


def spellings() -> list[str]:
    """All spellings, plainly written; the longest first."""
    return sorted(_spellings(), key=len, reverse=True)


@cache
def _concepts() -> dict[int, str]:
    return {int(key): unit for key, unit in _table()["concepts"].items()}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_PLAIN)).lower().replace("×", "x")
