"""A feasibility report as it is shown and stored: sections of lines, tables and figures.

Whatever is said has a *basis*: it is cited, computed, assumed, or said to be absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.model import Citation
from design import Text

Basis = Literal["cited", "computed", "assumed", "absent"]
"""``cited``: a verified quote says so. ``computed``: a calculator or count gave it, and ``call``
repeats it. ``assumed``: of the synopsis, or of ours. ``absent``: it was not computed, and why."""
State = Literal["done", "absent"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said.

    Attributes:
        text: What.
        basis: What it rests on.
        citations: Numbers of the report's citations.
        call: The command that gives the numbers again.
        warns: A reader must mind it.
        kind: ``main`` or ``note`` (a convention, a source).
    """

    text: Text
    basis: Basis
    citations: tuple[int, ...] = ()
    call: str | None = None
    warns: bool = False
    kind: Literal["main", "note"] = "main"

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "kind": "line",
            "text": self.text.to_json(),
            "basis": self.basis,
            "citations": list(self.citations),
            "call": self.call,
            "warns": self.warns,
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, with what it rests on when that differs from the table's."""

    text: Text
    basis: Basis | None = None
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; ``basis`` and ``call`` as for a line."""

    title: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    basis: Basis
    call: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "kind": "table",
            "title": self.title.to_json(),
            "head": [each.to_json() for each in self.head],
            "rows": [
                [
                    {
                        "text": cell.text.to_json(),
                        "basis": cell.basis or self.basis,
                        "citations": list(cell.citations),
                    }
                    for cell in row
                ]
                for row in self.rows
            ],
            "basis": self.basis,
            "call": self.call,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, made when it is asked for: ``svg(language)`` from ``<svg`` on.

    ``png(language)`` is there when the SVG is not of the plain kind that
    :mod:`api.reports.raster` can draw.
    """

    title: Text
    svg: Callable[[str], str]
    basis: Basis
    call: str | None = None
    png: Callable[[str], bytes] | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines; without the drawing."""
        return {
            "kind": "figure",
            "title": self.title.to_json(),
            "basis": self.basis,
            "call": self.call,
        }


Part = Line | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. One that is ``absent`` says why, and what would settle it.

    ``numbers`` are its key figures for machines.
    """

    key: str
    title: Text
    parts: tuple[Part, ...]
    state: State = "done"
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[Line]:
        """What it says, besides tables and figures."""
        return (part for part in self.parts if isinstance(part, Line))

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "key": self.key,
            "title": self.title.to_json(),
            "state": self.state,
            "numbers": self.numbers,
            "parts": [part.to_json() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Record:
    """What the report was made from: enough to make it again.

    Attributes:
        as_of: The day the sources must hold for.
        made: The day it was made.
        version: Of Xinglin.
        snapshot: Of the index; ``None`` without one.
        documents: Documents in it.
        synopsis: SHA-256 of the synopsis.
        cohort: Name of the cohort counted in.
        directory: Name of the directory of sites.
        calls: Commands that repeat the numbers.
    """

    as_of: str
    made: str
    version: str
    snapshot: str | None
    documents: int
    synopsis: str
    cohort: str | None
    directory: str | None
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A feasibility report."""

    title: str
    objective: str | None
    language: str
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    notices: tuple[str, ...]
    record: Record

    def section(self, key: str) -> Section:
        """A section by its key. Raises ``KeyError``."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "title": self.title,
            "objective": self.objective,
            "language": self.language,
            "sections": [section.to_json() for section in self.sections],
            "citations": [asdict(citation) for citation in self.citations],
            "notices": list(self.notices),
            "record": asdict(self.record) | {"calls": list(self.record.calls)},
        }
