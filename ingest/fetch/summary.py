"""What a run of a connector did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Written = Literal["added", "updated", "unchanged"]
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Summary:
    """Counts of one run.

    Attributes:
        source: ``clinicaltrials``, ``pubmed`` or ``pmc``.
        out: The folder of the files.
        found: Records the source has for the query; None before it was asked.
        complete: Whether the folder now holds all of them.
        requests: Requests made, repetitions included.
        warnings: What the person who asked should know.
    """

    source: str
    out: Path
    found: int | None = None
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    complete: bool = False
    requests: int = 0
    warnings: list[str] = field(default_factory=list)

    def count(self, written: Written) -> None:
        """Count one written file."""
        setattr(self, written, getattr(self, written) + 1)
