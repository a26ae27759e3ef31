"""The cohorts and directories of sites by name, so that a request never names a path."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from api.settings import Settings
from design import BadDesign
from design.cohort import BadCohort

SYNTHETIC = "synthetic"


class CohortInfo(BaseModel):
    """A cohort that can be counted in."""

    model_config = ConfigDict(extra="forbid")

    name: str
    synthetic: bool = Field(description="It ships with Xinglin and holds no real patient.")


def bundled(settings: Settings) -> Path:
    """The synthetic cohort that ships with the corpus."""
    return settings.corpus_dir / "cohort" / "omop"


def cohorts(settings: Settings) -> dict[str, Path]:
    """All cohorts by name."""
    return {SYNTHETIC: bundled(settings), **settings.feasibility.cohorts}


def cohort_path(settings: Settings, name: str) -> Path:
    """Where a cohort lies.

    Raises:
        BadCohort: There is none of this name.
    """
    known = cohorts(settings)
    if name not in known:
        raise BadCohort(f"there is no cohort {name!r}; there are {', '.join(known)}", "source")
    return known[name]


def bundled_directory(settings: Settings) -> Path:
    """The synthetic directory of sites that ships with the corpus."""
    return settings.corpus_dir / "directory"


def directories(settings: Settings) -> dict[str, Path]:
    """All directories of sites by name."""
    return {SYNTHETIC: bundled_directory(settings), **settings.feasibility.directories}


def directory_path(settings: Settings, name: str) -> Path:
    """Where a directory of sites lies.

    Raises:
        BadDesign: There is none of this name.
    """
    known = directories(settings)
    if name not in known:
        raise BadDesign(
            f"there is no directory {name!r}; there are {', '.join(known)}", "directory"
        )
    return known[name]
