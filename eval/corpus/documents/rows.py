"""The rows of the deadline card and of the tables of endpoints, each with the note that says it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
CARD_HEADER = ("事项", "时限", "起算", "依据")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row of the deadline card, and the note that says it."""

    group: str
    matter: str
    limit: str
    start: str
    basis: str
    note: str


def deadlines() -> list[Deadline]:
    """All rows of the card."""
    rows = tomllib.loads((_HERE / "deadlines.toml").read_text("utf-8"))["deadline"]
    return [
        Deadline(r["group"], r["matter"], r["limit"], r["from"], r["basis"], r["note"])
        for r in rows
    ]


def endpoint_tables() -> list[dict[str, Any]]:
    """The tables of endpoints.toml as they stand there; the last cell of a row names its note."""
    found: list[dict[str, Any]] = tomllib.loads((_HERE / "endpoints.toml").read_text("utf-8"))[
        "table"
    ]
    return found
