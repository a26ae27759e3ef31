"""What the commands of ``xinglin feasibility`` share: languages, and places by name or path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from design.errors import BadDesign

if TYPE_CHECKING:
    from api.settings import Settings

Language = Literal["zh", "en"]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the texts.")]
SvgOption = Annotated[Path | None, typer.Option("--svg", help="Draw the chart to this file.")]
DirectoryOption = Annotated[
    str | None,
    typer.Option(
        "--directory",
        help="A folder with sites.csv, site_experience.csv and investigators.csv, or the name of "
        "one in the settings; the synthetic directory without it.",
        show_default=False,
    ),
]


def directory_at(settings: Settings, name: str, base: Path | None = None) -> Path:
    """A directory of sites by its name in the settings, or by its path."""
    from api.feasibility import directories

    return _at(directories(settings), name, "directory of sites", base)


def cohort_at(settings: Settings, name: str, base: Path | None = None) -> Path:
    """A cohort by its name in the settings, or by its path."""
    from api.feasibility import cohorts

    return _at(cohorts(settings), name, "cohort", base)


def beside(base: Path) -> Callable[[str], Path]:
    """Paths as a file in ``base`` means them."""
    return lambda name: base / Path(name).expanduser()


def _at(known: dict[str, Path], name: str, what: str, base: Path | None) -> Path:
    if name in known:
        return known[name]
    path = Path(name).expanduser()
    found = path if base is None else base / path
    if not found.exists():
        raise BadDesign(f"{found}: there is no such {what}, and none of the settings has the name")
    return found
