"""Spellings of inputs, values and outputs that no rule names; reviewed in ``spellings.toml``."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Collection, Container, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FRACTION = re.compile(r"\s*(-?\d*\.?\d+)\s*/\s*(\d*\.?\d+)\s*")
_RATIO = re.compile(r"\s*(\d*\.?\d+)\s*:\s*(\d*\.?\d+)\s*")
_PERCENT = re.compile(r"\s*(-?\d*\.?\d+)\s*[%％]\s*")
_NUMBERS = re.compile(r"\s*[\[(]?\s*(-?[\d.eE+-]+)(\s*[,;]\s*-?[\d.eE+-]+)+\s*[\])]?\s*")
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
_TURNS = {
    "reciprocal": lambda x: 1 / x,
    "complement": lambda x: round(1 - x, 12),
    "root": math.sqrt,
    "exp": math.exp,
}


def read_value(value: Any) -> Any:
    """A value as numbers: numbers as text, fractions, per cent, ``2:1``, lists, and ``e``.

    Example:
        >>> [read_value(text) for text in ("42/365", "80%", "2:1", "[0.5, 1]", "pooled")]
        [0.11506849315068493, 0.8, 2.0, [0.5, 1.0], 'pooled']
    """
    if isinstance(value, list):
        return [read_value(item) for item in value]
    if not isinstance(value, str):
        return value
    if value == "e":
        return math.e
    if _NUMBER.fullmatch(value):
        return int(value) if value.strip().lstrip("+-").isdigit() else float(value)
    for pattern in (_FRACTION, _RATIO):
        if (match := pattern.fullmatch(value)) and float(match[2]):
            return float(match[1]) / float(match[2])
    if match := _PERCENT.fullmatch(value):
        return float(f"{float(match[1]) / 100:.12g}")
    return _listed(value)


def _listed(text: str) -> Any:
    if _NUMBERS.fullmatch(text):
        try:
            return [float(part) for part in re.split(r"[,;]", text.strip(" \t[]()"))]
        except ValueError:
            return text
    if text.strip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def respell(given: Mapping[str, Any], fields: Container[str]) -> dict[str, Any]:
    """The inputs of a row with the names of a method's inputs, as far as a spelling is known.

    Args:
        given: Inputs as the row names them.
        fields: The names of the method's inputs.
    """
    table = _table()
    ours = {name: value for name, value in given.items() if name in fields}
    for name, value in given.items():
        plain = _plain(name)
        if name in fields or plain in table["unused"] or value is None or value == "":
            continue
        own = next((each for each in (plain, _apart(name)) if each in fields), None)
        if own is not None and own not in ours:
            ours[own] = value
            continue
        target, turn = None, None
        for spelling in (name, plain, _apart(name)):
            if target is None:
                target, turn = _target(spelling, fields, ours)
        if target is None:
            ours[name] = value
        else:
            ours[target] = _TURNS[turn](value) if turn else value
    return _settled(ours, fields)


def _target(
    plain: str, fields: Container[str], taken: Container[str]
) -> tuple[str | None, str | None]:
    table = _table()
    turned = [(turn, names) for turn, names in table.get("turned", {}).items()]
    for turn, targets in [*turned, (None, table["common"]), (None, table["inputs"])]:
        for target, spellings in targets.items():
            if plain in spellings and target in fields and target not in taken:
                return target, turn
    return None, None


def _settled(ours: dict[str, Any], fields: Container[str]) -> dict[str, Any]:
    """Sides in words; two equal standard deviations are one."""
    if isinstance(ours.get("sides"), str):
        ours["sides"] = _sides(ours["sides"]) or ours["sides"]
    equal = "sd1" in ours and ours["sd1"] == ours.get("sd2")
    if equal and "sd" in fields and "sd" not in ours and ours.get("test") != "welch":
        ours["sd"] = ours.pop("sd1")
        del ours["sd2"]
    return ours


def variants(name: str) -> tuple[str, str]:
    """A name in lower case with underscores, and one with ``alphaSpent`` as ``alpha_spent``."""
    return _plain(name), _apart(name)


def is_remark(name: str) -> bool:
    """Whether a name is of what is said of the row, not of the design: ``source``, ``see``."""
    return _plain(name) in _table()["unused"]


def output_named(name: str, outputs: Container[str]) -> str | None:
    """The output of ours that a row asks for by another name."""
    table = _table()["outputs"]
    for plain in variants(name):
        for ours in (plain, *table.get(plain, ())):
            if ours in outputs:
                return str(ours)
    return None


def words(name: str) -> list[str]:
    """A name in words: ``two_propsZ-test`` is two, props, z, test."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", apart.lower()) if word]


def common(given: Mapping[str, Any], ours: Container[str]) -> dict[str, Any]:
    """A row with what every method means alike by its usual name: alpha, sides, drop-out, level.

    Args:
        given: Inputs as the row names them.
        ours: Names that the method or its rule understands; they are left alone.
    """
    table = _table()
    found: dict[str, Any] = {}
    for written, value in _plainer(given).items():
        name = written if written in ours else re.sub(r"[\s.\-]+", "_", written.strip())
        name = written if name in found or (name != written and name in given) else name
        plain, apart = _plain(name), _apart(name)
        if plain in table["sides_asked"] and isinstance(value, bool) and "sides" not in given:
            found["sides"] = (
                table["sides_asked"][plain] if value else 3 - table["sides_asked"][plain]
            )
            continue
        target = next(
            (each for each, names in table["common"].items() if {plain, apart} & {*names}), None
        )
        if plain in table["common"] and plain != name:
            target = plain
        sides = target == "sides" and _sides(value) is None
        if name in ours or target is None or sides or target in {*given, *found}:
            found[name] = value
        else:
            found[target] = value
    if isinstance(found.get("sides"), str):
        found["sides"] = _sides(found["sides"]) or found["sides"]
    return found


def _plainer(given: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what changes nothing, an error in words put into the name of its amount."""
    table = _table()
    kept = {
        name: value
        for name, value in given.items()
        if value not in table["harmless"].get(_plain(name), ())
    }
    kind = kept.get("error", kept.get("error_type"))
    target = table["error_said"].get(kind) if isinstance(kind, str) else None
    amount = next((name for name in table["error_amount"]["names"] if name in kept), None)
    if target is None or amount is None or target in kept:
        return kept
    rest = {name: value for name, value in kept.items() if name not in {"error", "error_type"}}
    return {(target if name == amount else name): value for name, value in rest.items()}


def chosen(value: Any, choices: Collection[Any]) -> Any:
    """A choice of ours that a text stands for: ``Clopper-Pearson``, ``exact``."""
    if not isinstance(value, str) or not choices or value in choices:
        return value
    plain = _plain(value)
    if plain in choices:
        return plain
    others = _table()["choices"]
    return next((each for each in choices if plain in others.get(each, ())), value)


def sides_said(name: str) -> int | None:
    """The sides that the name of a method says: ``two_means_1sided`` is one-sided."""
    told = re.sub(r"[\s.\-]+", "_", name.lower())
    for number, patterns in _table()["sides_said"].items():
        if any(re.search(pattern, told) for pattern in patterns):
            return int(number)
    return None


def _sides(value: Any) -> int | None:
    plain = _plain(str(value))
    return next((int(n) for n, words in _table()["sides"].items() if plain in words), None)


def _plain(name: str) -> str:
    """Lower case with underscores; one letter keeps its case: N is not n."""
    joined = re.sub(r"[\s.\-]+", "_", name.strip())
    return joined.lower() if len(joined) > 1 else joined


def _apart(name: str) -> str:
    """``hazardRatio`` as ``hazard_ratio``."""
    return _plain(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8"))
