"""A directory of sites: three CSV files in a folder (columns in ``corpus/directory/README.md``)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from design.errors import BadDesign

_FLAGS = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False}
SYNTHETIC = "SYNTHETIC"


@dataclass(frozen=True, slots=True)
class Site:
    """A hospital, as ``sites.csv`` has it; ``…_days`` are calendar days."""

    site_id: str
    name: str
    region: str
    level: str
    beds: int
    drug_trial_filed: bool
    device_trial_filed: bool
    phase1_unit: bool
    ethics_mutual_recognition: bool
    ethics_days: float
    contract_days: float
    startup_days: float
    data: str


@dataclass(frozen=True, slots=True)
class Experience:
    """What a site has done in one condition, as ``site_experience.csv`` has it."""

    site_id: str
    condition: str
    condition_zh: str
    patients_per_year: float
    trials_completed: int
    trials_ongoing: int
    enrolled_per_month: float
    enrolled_of_planned: float
    screen_failure_rate: float
    dropout_rate: float
    queries_per_100_pages: float


@dataclass(frozen=True, slots=True)
class Investigator:
    """A person in one condition, as ``investigators.csv`` has it."""

    investigator_id: str
    name: str
    site_id: str
    department: str
    title: str
    condition: str
    condition_zh: str
    trials_as_pi: int
    trials_ongoing: int
    gcp_certificate_year: int
    drug_pi_eligible: bool
    publications_5y: int


@dataclass(frozen=True, slots=True)
class Directory:
    """All of a folder."""

    sites: Mapping[str, Site]
    experience: tuple[Experience, ...]
    investigators: tuple[Investigator, ...]

    @property
    def conditions(self) -> dict[str, str]:
        """Conditions it knows: key to Chinese name."""
        return {entry.condition: entry.condition_zh for entry in self.experience}

    @property
    def synthetic(self) -> bool:
        """Whether its rows say that they are made up."""
        return any(SYNTHETIC in site.data for site in self.sites.values())

    def condition(self, name: str) -> str:
        """The key of a condition given by key or by Chinese name.

        Raises:
            BadDesign: The directory has no such condition; the message lists those it has.
        """
        wanted = name.strip().lower()
        for key, chinese in self.conditions.items():
            if wanted in {key.lower(), chinese.lower()}:
                return key
        known = ", ".join(f"{key} {chinese}" for key, chinese in sorted(self.conditions.items()))
        raise BadDesign(f"the directory has no condition {name!r}; it has {known}", "condition")


Row = TypeVar("Row", Site, Experience, Investigator)


def read_directory(folder: Path) -> Directory:
    """Read the three files of a directory.

    Raises:
        BadDesign: A file or column is missing, or a value does not fit; the message names the file
            and the line.
    """
    sites = _read(folder / "sites.csv", Site)
    experience = _read(folder / "site_experience.csv", Experience)
    known = {site.site_id: site for site in sites}
    for line, entry in enumerate(experience, start=2):
        if entry.site_id not in known:
            raise BadDesign(
                f"{folder / 'site_experience.csv'}, line {line}: no site {entry.site_id} "
                "in sites.csv"
            )
    return Directory(
        known, tuple(experience), tuple(_read(folder / "investigators.csv", Investigator))
    )


def _read(path: Path, kind: type[Row]) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = [field.name for field in fields(kind)]
            lacking = [name for name in names if name not in (reader.fieldnames or ())]
            if lacking:
                raise BadDesign(f"{path} has no column {', '.join(lacking)}")
            return [_row(path, reader.line_num, values, kind) for values in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise BadDesign(f"{path} cannot be read: {error}") from None


def _row(path: Path, line: int, values: Mapping[str, str | None], kind: type[Row]) -> Row:
    found: dict[str, Any] = {}
    for field in fields(kind):
        text = (values.get(field.name) or "").strip()
        try:
            found[field.name] = _CASTS[str(field.type)](text)
        except (ValueError, KeyError):
            raise BadDesign(f"{path}, line {line}: {field.name} = {text!r} does not fit") from None
    return kind(**found)


def _number(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e9:
        raise ValueError(text)
    return value


_CASTS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": lambda text: int(_number(text)),
    "float": _number,
    "bool": lambda text: _FLAGS[text.lower()],
}
