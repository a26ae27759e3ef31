"""How the names of gold files are translated into ours: the reviewed files ``rules/*.toml``.

A file holds ``[[rule]]`` tables, tried in order, files by name; the first whose ``gold`` pattern
matches the whole method name of a row, whose ``when`` holds, and whose calculator has the inputs of
the row, is used:

- ``gold``: a regular expression over the method's name.
- ``when``: inputs the row must have (a list of names), optional.
- ``method``: our calculator.
- ``set``: inputs it gets besides those of the row.
- ``rename``: names of the file's inputs to ours; ``""`` leaves an input out.
- ``only``: inputs with the values that our calculator stands for anyway (``sides = [1]``); they are
  left out, and a row with another value is not for this rule.
- ``convert``: name of the file's input to ``[ours, how]``, ``how`` being ``reciprocal``,
  ``complement`` (1 - x), ``negative``, ``exp``, ``log``, ``half``, ``double``, ``absolute``.
- ``adapter``: ``MODULE:FUNCTION`` of :mod:`design.verification.adapters`, for what these cannot
  say; it gets the inputs after all else.
- ``outputs``: names of the file's outputs to ours, several joined by ``;``, ``[-1]`` after one for
  the last of its list.
- ``words``: texts that the file expects (lower case) to ours: ``du`` to ``eliminate``.
- ``note``: why a row of this kind cannot agree, or what its trap is; shown in the report.
"""

from __future__ import annotations

import importlib
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from design.registry import methods
from design.verification.spellings import read_value
from design.verification.strange import strange

_FOLDER = Path(__file__).with_name("rules")
_HOW: dict[str, Callable[[float], float]] = {
    "reciprocal": lambda x: 1 / x,
    "complement": lambda x: round(1 - x, 12),
    "negative": lambda x: -x,
    "exp": math.exp,
    "log": math.log,
    "half": lambda x: x / 2,
    "double": lambda x: x * 2,
    "absolute": abs,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One translation."""

    gold: str
    method: str
    when: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    convert: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    adapter: str | None = None
    note: str = ""

    def fits(self, method: str, inputs: Mapping[str, Any], *, case: bool = True) -> bool:
        """Whether the rule is for a row; with ``case`` off, capitals do not count."""
        flags = re.NOFLAG if case else re.IGNORECASE
        named = re.fullmatch(self.gold, method, flags) is not None
        return named and all(k in inputs for k in self.when)

    def leaves_out(self, name: str) -> bool:
        """Whether it says of an input that it has no say in the calculation."""
        return name in self.only or self.rename.get(name) == ""

    def translate(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs of a row as our calculator takes them."""
        ours: dict[str, Any] = dict(self.set)
        for name, raw in inputs.items():
            value = read_value(raw)
            if name in self.only:
                if value not in self.only[name]:
                    raise ValueError(f"{name} {value}: {self.method} knows {self.only[name]} only")
            elif name in self.convert:
                key, how = self.convert[name]
                ours[key] = _HOW[how](value)
            elif self.rename.get(name, name):
                ours[self.rename.get(name, name)] = value
        if self.adapter is not None:
            module, function = self.adapter.split(":")
            adapters = importlib.import_module(f"design.verification.adapters.{module}")
            ours = getattr(adapters, function)(ours)
        return ours


def rules_for(method: str, inputs: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules that fit a row, in the order they are tried.

    A row that names a method of ours needs no rule; with inputs that are not ours it may mean the
    method of a package, and rules follow. A rule that does not know a word of the name that stands
    for another analysis (``bayesian``, ``midp``) is left out.
    """
    own = method.strip().lower().replace("-", "_")
    if own in methods():
        yield Rule(gold=own, method=own)
        if inputs.keys() <= methods()[own].inputs.model_fields.keys():
            return
    plain = re.sub(r"[\s.\-]+", "_", method.strip())
    found = [rule for rule in rules() if rule.fits(plain, inputs)]
    found = found or [rule for rule in rules() if rule.fits(plain, inputs, case=False)]
    yield from (rule for rule in found if not strange(method, rule.method, rule.gold, rule.set))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order they are tried."""
    found = []
    for path in sorted(_FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []):
            found.append(Rule(**entry))
    return tuple(found)
