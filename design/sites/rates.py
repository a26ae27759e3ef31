"""The usual rate of enrolment of a condition, from a directory of sites."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from design.errors import BadDesign
from design.sites.directory import Directory
from design.wording import Text, Wording

_WORDING = Wording(Path(__file__).with_name("texts.toml"))


@dataclass(frozen=True, slots=True)
class MeanRate:
    """Patients a site and month in past trials: mean of the sites, weighted by their trials."""

    condition: str
    rate: float
    sites: int
    trials: int
    synthetic: bool

    @property
    def sentence(self) -> Text:
        """The rate and what it is from."""
        key = "synthetic" if self.synthetic else "real"
        return _WORDING.text("mean_rate", key, values=asdict(self))

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self) | {"sentence": self.sentence.to_json()}


def mean_rate(directory: Directory, condition: str) -> MeanRate:
    """The mean rate of the sites that have done trials of a condition.

    Raises:
        BadDesign: The directory does not know the condition, or no site has done a trial of it.
    """
    key = directory.condition(condition)
    done = [e for e in directory.experience if e.condition == key and e.trials_completed]
    trials = sum(entry.trials_completed for entry in done)
    total = sum(entry.enrolled_per_month * entry.trials_completed for entry in done)
    if not trials or not total:
        raise BadDesign(f"no site of the directory has completed a trial in {key}", "condition")
    return MeanRate(key, total / trials, len(done), trials, directory.synthetic)
