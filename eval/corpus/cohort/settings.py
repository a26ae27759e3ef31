"""Assumptions and concepts, typed."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Unit concepts of OHDSI's vocabulary; 0 (no matching concept) for the others.
UNITS = {
    "%": 8554, "mmol/L": 8753, "mg/dL": 8840, "umol/L": 8749, "mmHg": 8876, "kg/m2": 9531,
    "g/L": 8636, "10*9/L": 9444, "U/L": 8645, "pg/mL": 8845, "mg/L": 8751, "h": 8505,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the cohort; ids from 2,000,000,000 are ours, the others OHDSI's."""

    key: str
    concept_id: int
    domain: str
    name_en: str
    name_zh: str
    unit: str
    parent: str


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What ``assumptions.toml`` says."""

    first_day: date
    last_day: date
    sites: list[dict[str, Any]]
    cohorts: dict[str, dict[str, Any]]
    measures: dict[str, dict[str, Any]]
    drugs: dict[str, dict[str, list[float]]]


def assumptions(path: Path = HERE / "assumptions.toml") -> Assumptions:
    """Read the assumptions."""
    found = tomllib.loads(path.read_text("utf-8"))
    return Assumptions(
        found["first_day"], found["last_day"], found["site"], found["cohort"], found["measure"],
        found["drug"],
    )  # fmt: skip


def concepts(path: Path = HERE / "concepts.csv") -> dict[str, Concept]:
    """The concepts by key."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Concept(
                row["key"], int(row["concept_id"]), row["domain"], row["name_en"], row["name_zh"],
                row["unit"], row["parent"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return {row.key: row for row in rows}
