"""Inputs of a design computation, read from a question as typed values (``inputs.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.surface import surface

Quantity = Literal["sample_size", "power", "events", "boundaries", "escalation", "enrolment"]
Design = Literal[
    "two_arm", "single_arm", "simon", "boin", "cluster", "crossover", "paired", "diagnostic"
]
Aim = Literal["superiority", "noninferiority", "equivalence", "bioequivalence"]
Endpoint = Literal["mean", "proportion", "survival", "count", "diagnostic"]

_FILE = Path(__file__).with_name("inputs.toml")
_BLANKS = {
    "{n}": r"(-?(?:\d+(?:\.\d+)?|\.\d+)%?)(?!\d)",
    "{x}": r"(-?\d+(?:\.\d+)?)(?![\d.]*%)",
    "{c}": r"[^\d%,;低高比差]{0,8}?",
    "{is}": (
        r"(?:[ :=()]|为|是|取|等于|按|设为?|定为?|约|大约|大概|预计|预期|估计|要求?|达到?|在|了|率|"
        r"值|只有|of|is|are|at|to|was|set|about|expected|≥|>=|<|≈)*"
    ),
}
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_MONTHS = {"月": 1.0, "年": 12.0, "周": 12 / 52, "天": 12 / 365, "日": 12 / 365}
_ENGLISH_MONTHS = {"m": 1.0, "y": 12.0, "w": 12 / 52, "d": 12 / 365}
_TIME = r"(\d+(?:\.\d+)?)\s*个?(月|年|周|天|日|months?|mo\b|years?|weeks?|days?)"


@dataclass(frozen=True, slots=True)
class ParsedInputs:
    """What a question gives for a computation; ``None`` where it gives nothing.

    Rates, error probabilities and drop-out are shares (65 % is 0.65; 120 % is 1.2, which
    :mod:`assistant.contradictions` names). Times are in months. ``ratio`` is treatment : control.
    Of a pair of arms without names the first is taken as the treatment, and ``arms_named`` is
    false; of a pair of medians the longer. ``gmr`` is a ratio of geometric means, ``limits`` the
    range it must lie in, both as ratios (80 % is 0.8). ``horizon`` is the time within which
    patients are wanted, ``toxic`` of ``treated`` patients had a toxicity.
    """

    quantity: Quantity = "sample_size"
    design: Design | None = None
    aim: Aim | None = None
    endpoint: Endpoint | None = None
    better: Literal["higher", "lower"] | None = None
    alpha: float | None = None
    sides: Literal[1, 2] | None = None
    power: float | None = None
    ratio: tuple[int, int] | None = None
    dropout: float | None = None
    treatment_rate: float | None = None
    control_rate: float | None = None
    arms_named: bool = False
    rate_difference: float | None = None
    p0: float | None = None
    p1: float | None = None
    mean_difference: float | None = None
    sd: float | None = None
    cv: float | None = None
    hazard_ratio: float | None = None
    treatment_median: float | None = None
    control_median: float | None = None
    event_rate: float | None = None
    accrual: float | None = None
    follow_up: float | None = None
    margin: float | None = None
    icc: float | None = None
    gmr: float | None = None
    limits: tuple[float, float] | None = None
    prolongs: bool = False
    cluster_size: float | None = None
    accuracy: float | None = None
    precision: float | None = None
    prevalence: float | None = None
    target_toxicity: float | None = None
    looks: int | None = None
    fractions: tuple[float, ...] = ()
    equal_spacing: bool = False
    spending: Literal["obrien_fleming", "pocock"] | None = None
    total_n: float | None = None
    group_n: float | None = None
    target_n: float | None = None
    sites: float | None = None
    monthly: float | None = None
    start_up: float | None = None
    horizon: float | None = None
    treated: float | None = None
    toxic: float | None = None

    @property
    def tabulated(self) -> bool:
        """Of a kind that the corpus holds tables of: boundaries, escalation rules, Simon."""
        return self.quantity in {"boundaries", "escalation"} or self.design in {"simon", "boin"}


def parse_inputs(text: str) -> ParsedInputs:
    """Read the inputs of a design computation.

    Example:
        >>> given = parse_inputs("两组率65%对85%，双侧0.05，把握度80%，2:1，失访10%")
        >>> given.treatment_rate, given.control_rate, given.alpha, given.sides, given.power
        (0.65, 0.85, 0.05, 2, 0.8)
        >>> given.ratio, given.dropout
        ((2, 1), 0.1)
    """
    read = _Reader(surface(text))
    values: dict[str, Any] = {}
    values["quantity"] = read.kind("quantity") or "sample_size"
    values["aim"] = read.kind("aim")
    values["better"] = read.kind("direction")
    values["arms_named"] = read.said("arms", "named")
    for key in ("alpha", "power", "dropout", "cv", "target_toxicity", "precision"):
        values[key] = read.share("values", key)
    for key in ("accuracy", "prevalence", "event_rate", "p0", "p1"):
        values[key] = read.share("values", key)
    beta = read.share("values", "beta")
    if values["power"] is None and beta is not None:
        values["power"] = round(1 - beta, 10)
    values["sides"] = _sides(read)
    values["ratio"] = _ratio(read)
    for key in ("sd", "hazard_ratio", "cluster_size", "total_n", "group_n", "sites", "monthly"):
        values[key] = read.number("numbers", key)
    variance = read.number("numbers", "variance")
    if values["sd"] is None and variance is not None:
        values["sd"] = variance**0.5 if variance > 0 else variance
    values["gmr"] = read.number("numbers", "gmr")
    values["icc"] = read.number("numbers", "icc") or read.share("values", "icc")
    values["prolongs"] = read.said("words", "prolongs")
    for key in ("accrual", "follow_up", "start_up"):
        values[key] = read.months("times", key)
    values |= _medians(read) | _limits(read, values["aim"]) | _rates(read) | _looks(read)
    if values["quantity"] == "enrolment":
        values["target_n"] = read.number("target", "patients")
    values["mean_difference"] = _mean_difference(read, values)
    values["endpoint"] = _endpoint(read, values)
    values["design"] = _design(read, values)
    return ParsedInputs(**values)


class _Reader:
    """Looks patterns of ``inputs.toml`` up in one surfaced text."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("个百分点", "%")

    def said(self, table: str, key: str) -> bool:
        return next(self.matches(table, key), None) is not None

    def matches(self, table: str, key: str) -> Iterator[re.Match[str]]:
        for pattern in _patterns(table, key):
            yield from pattern.finditer(self.text)

    def kind(self, table: str) -> str | None:
        """The first key of a table whose patterns match."""
        return next((key for key in _rules()[table] if self.said(table, key)), None)

    def number(self, table: str, key: str) -> float | None:
        match = next(self.matches(table, key), None)
        return float(match.group(1)) if match else None

    def share(self, table: str, key: str) -> float | None:
        match = next(self.matches(table, key), None)
        return as_share(match.group(1)) if match else None

    def months(self, table: str, key: str) -> float | None:
        for pattern in _patterns(table, key):
            match = re.search(pattern.pattern + _TIME, self.text, re.ASCII)
            if match:
                return _in_months(*match.groups()[-2:])
        return None


def as_share(written: str) -> float:
    """A probability as a share: 80%, 0.8 and (for 把握度80) a plain 80 are 0.8."""
    if written.endswith("%"):
        return round(float(written[:-1]) / 100, 10)
    value = float(written)
    return round(value / 100, 10) if 1 < value <= 100 else value


def _sides(read: _Reader) -> Literal[1, 2] | None:
    two, one = read.said("words", "two_sided"), read.said("words", "one_sided")
    if two == one:
        return None
    return 2 if two else 1


def _ratio(read: _Reader) -> tuple[int, int] | None:
    match = next(read.matches("ratio", "ratio"), None)
    if match:
        return int(match.group(1)), int(match.group(2))
    return (1, 1) if read.said("words", "equal_allocation") else None


def _in_months(number: str, unit: str) -> float:
    scale = _MONTHS.get(unit) or _ENGLISH_MONTHS[unit[0]]
    return round(float(number) * scale, 6)


def _medians(read: _Reader) -> dict[str, Any]:
    control = read.months("times", "control_median")
    for pattern in _patterns("times", "median"):
        joined = rf"{pattern.pattern}{_TIME}\s*(?:对|vs\.?|与|和|比|、|and|versus)\s*{_TIME}"
        match = re.search(joined, read.text, re.ASCII)
        if match:
            pair = _in_months(*match.groups()[:2]), _in_months(*match.groups()[2:])
            # Written in either order; a new treatment is meant to prolong survival.
            return {"treatment_median": max(pair), "control_median": min(pair)}
    alone = read.months("times", "median")
    return {"control_median": control if control is not None else alone}


def _limits(read: _Reader, aim: str | None) -> dict[str, Any]:
    if aim not in {"noninferiority", "equivalence", "bioequivalence"}:
        return {}
    if aim == "bioequivalence":
        limits = next(read.matches("pairs", "limits"), None)
        if limits:
            return {"limits": (float(limits.group(1)) / 100, float(limits.group(2)) / 100)}
    for key in ("margin", "delta_is_margin"):
        match = next(read.matches("margins", key), None)
        if match:
            return {"margin": _limit(match.group(1))}
    return {}


def _limit(written: str) -> float:
    return as_share(written) if written.endswith("%") else float(written)


def _rates(read: _Reader) -> dict[str, Any]:
    """The rates of the arms, and their difference when only that is told."""
    found: dict[str, Any] = {}
    same = read.share("pairs", "same_rate")
    pair = next(read.matches("pairs", "rates"), None)
    treatment = read.share("values", "treatment_rate")
    control = read.share("values", "control_rate")
    if same is not None:
        treatment = control = same
    elif pair and (treatment is None or control is None):
        first, second = as_share(pair.group(1)), as_share(pair.group(2))
        swapped = control == first and treatment is None
        treatment, control = (second, first) if swapped else (first, second)
    found["treatment_rate"], found["control_rate"] = treatment, control
    difference = next(read.matches("differences", "rate"), None)
    lower, higher = (read.share("differences", key) for key in ("lower_by", "higher_by"))
    if lower is not None or higher is not None:
        found["rate_difference"] = higher if lower is None else -lower
    elif difference and not pair:
        found["rate_difference"] = _limit(difference.group(1))
    return found


def _mean_difference(read: _Reader, values: dict[str, Any]) -> float | None:
    pair = next(read.matches("pairs", "means"), None)
    if pair:
        return float(pair.group(1)) - float(pair.group(2))
    if read.said("pairs", "same_mean"):
        return 0.0
    for match in read.matches("differences", "mean"):
        if values.get("margin") == float(match.group(1)) and match.group(0)[0] in "δd":
            continue  # in a non-inferiority trial δ is the margin
        return float(match.group(1))
    return None


def _looks(read: _Reader) -> dict[str, Any]:
    interim = next(read.matches("looks", "interim"), None)
    total = next(read.matches("looks", "total"), None)
    looks = _count(total) if total else _count(interim) + 1 if interim else None
    spending = "obrien_fleming" if read.said("words", "obrien_fleming") else None
    fractions = next(read.matches("words", "fraction"), None)
    listed = next(filter(None, fractions.groups()), "") if fractions else ""
    return {
        "looks": looks,
        "spending": spending or ("pocock" if read.said("words", "pocock") else None),
        "equal_spacing": read.kind("quantity") == "boundaries"
        and read.said("words", "equal_spacing"),
        "fractions": tuple(
            as_share(f) for f in re.findall(r"0?\.\d+|1(?:\.0)?(?!\d)|\d+%", listed)
        ),
    }


def _count(match: re.Match[str]) -> int:
    written = match.group(1)
    return _WORDS[written] if written in _WORDS else int(written)


def _endpoint(read: _Reader, values: dict[str, Any]) -> str | None:
    """The type of the endpoint: told by its inputs, else by its name."""
    if values.get("hazard_ratio") is not None or values.get("control_median") is not None:
        return "survival"
    if values.get("treatment_rate") is not None and values.get("control_rate") is not None:
        return "proportion"
    return read.kind("endpoint") or ("mean" if values["mean_difference"] is not None else None)


def _design(read: _Reader, values: dict[str, Any]) -> str | None:
    if values["aim"] == "bioequivalence":
        return "crossover"
    return read.kind("design")


@cache
def _rules() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _patterns(table: str, key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_filled(pattern), re.ASCII) for pattern in _rules()[table][key])


def _filled(pattern: str) -> str:
    for blank, meaning in _BLANKS.items():
        pattern = pattern.replace(blank, meaning)
    return pattern


def needs_table() -> dict[str, Any]:
    """What each kind of computation needs (``inputs.toml``, ``needs``)."""
    table: dict[str, Any] = _rules()["needs"]
    return table
