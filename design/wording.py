"""Sentences of the calculators, in Chinese and English, from the reviewed ``*.toml`` beside them.

A template is a format string over the inputs and outputs of a calculation. Besides Python's own,
it knows the format ``pct`` (0.65 as 65%), ``g`` (up to four significant decimals, as few as the
value needs), ``list`` (numbers with four significant digits) and ``ci`` (a pair as ``0.12 to
0.31``). A list is joined as the language does: ``65%、85%`` and ``65%, 85%``. ``{sided}`` is what
``sides`` is called, ``{units}`` what several of a ``time_unit`` are.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_COMMON = Path(__file__).with_name("conventions.toml")


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in Chinese and in English."""

    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}


class _Formatter(string.Formatter):
    """Args: comma: Between the members of a list. to: Between the ends of an interval."""

    def __init__(self, comma: str, to: str) -> None:
        self.comma, self.to = comma, to

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec == "ci":
            return self.to.join(shortest(bound) for bound in value)
        if isinstance(value, (list, tuple)) and format_spec:
            return self.comma.join(self.format_field(item, format_spec) for item in value)
        if format_spec == "pct":
            return f"{shortest(float(value) * 100)}%"
        if format_spec == "g":
            return shortest(value)
        if format_spec == "list":
            return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
        return super().format_field(value, format_spec)


_CHINESE = _Formatter("、", "～")
_ENGLISH = _Formatter(", ", " to ")
_CHINESE_WORDS = {1: "单侧", 2: "双侧", "day": "天", "week": "周", "month": "个月", "year": "年"}
_ENGLISH_WORDS = {1: "one-sided", 2: "two-sided"} | {
    unit: f"{unit}s" for unit in ("day", "week", "month", "year")
}


def shortest(value: float) -> str:
    """A number as it is read: whole numbers whole, others with four decimals at most."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{value:.0f}"
    if abs(value) < 0.001:
        return f"{value:.3g}"
    return f"{value:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates of one family, with those that all families share behind them."""

    file: Path

    def text(self, *keys: str, values: Mapping[str, Any] | None = None) -> Text:
        """The text under a path of keys, filled in.

        Raises:
            KeyError: No template has this path, or it names a value that is not given.
        """
        found = _find(_table(self.file), keys) or _find(_table(_COMMON), keys)
        if found is None:
            raise KeyError(f"{self.file.name} has no text {'.'.join(keys)}")
        given = values or {}
        return Text(
            zh=_CHINESE.vformat(found["zh"], (), _in_words(given, _CHINESE_WORDS)),
            en=_ENGLISH.vformat(found["en"], (), _in_words(given, _ENGLISH_WORDS)),
        )

    def named(
        self, name: str, *keys: str, values: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        """A text as values of another template: ``NAME_zh`` and ``NAME_en``.

        Raises:
            KeyError: As :meth:`text` does.
        """
        text = self.text(*keys, values=values)
        return {f"{name}_zh": text.zh, f"{name}_en": text.en}

    def names(self, *keys: str) -> list[str]:
        """The values that the text under a path of keys names."""
        found = _find(_table(self.file), keys) or {}
        parts = string.Formatter().parse("".join(found.values()))
        return [re.split(r"[.\[]", name)[0] for _, name, _, _ in parts if name]

    def example(self, method: str) -> dict[str, Any]:
        """Inputs with which a method can be tried.

        Raises:
            KeyError: There are none in the file.
        """
        example: dict[str, Any] = _table(self.file)[method]["example"]
        return dict(example)


def _in_words(values: Mapping[str, Any], words: Mapping[Any, str]) -> Mapping[str, Any]:
    """The values, with ``sided`` for what ``sides`` is called and ``units`` for a ``time_unit``."""
    told = {"sided": words.get(values.get("sides")), "units": words.get(values.get("time_unit"))}
    return {**values, **{name: word for name, word in told.items() if word}}


@cache
def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _find(table: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, str] | None:
    found: Any = table
    for key in keys:
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return dict(found) if "zh" in found else None
