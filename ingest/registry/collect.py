"""From the records of a file to its documents: one a trial, the latest of several copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.errors import BadInput
from ingest.loaders.base import Member
from ingest.registry.blocks import to_loaded
from ingest.registry.record import TrialRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """A record still in the shape of its source.

    ``content`` is a JSON object, an XML element or a row; ``path`` the pointer to it and ``line``
    the line it begins on. ``problem`` is set instead of ``content`` when it cannot be read, or
    beside it when it was damaged and read as far as possible.
    """

    content: Any
    path: str
    line: int
    problem: str | None = None


def members_of(
    entries: Callable[[], Iterator[Entry]],
    key: Callable[[Any], tuple[str, str]],
    read: Callable[[Entry], TrialRecord],
) -> Iterator[Member]:
    """Yield ``(registry number, document)`` in the order of the file, one record at a time.

    The file is gone through twice, so that of several records with one number only the last
    updated is read (of equally old ones the last in the file); its warning says so. A record that
    cannot be read comes as ``("line 12", BadInput)`` and the others go on.

    Args:
        entries: Begins a new pass over the file.
        key: Registry number and ISO date of the last update of an entry's content; either may be
            empty.
        read: Reads one entry.
    """
    latest: dict[str, tuple[str, int]] = {}
    copies: dict[str, int] = {}
    for position, entry in enumerate(entries()):
        if entry.content is None:
            continue
        number, updated = key(entry.content)
        copies[number] = copies.get(number, 0) + 1
        if number not in latest or updated >= latest[number][0]:
            latest[number] = (updated, position)
    for position, entry in enumerate(entries()):
        name = f"line {entry.line}"
        if entry.content is None:
            yield name, BadInput(f"{name}: {entry.problem}; the other records were read")
            continue
        number, updated = key(entry.content)
        if not number:
            yield name, BadInput(f"{name}: the record has no registry number; check the export")
            continue
        if latest[number][1] != position:
            continue
        try:
            loaded = to_loaded(read(entry))
        except RecursionError:
            yield number, BadInput(f"{name}: the record is nested too deeply to be read")
            continue
        if entry.problem:
            loaded.warnings.insert(0, entry.problem)
        if copies[number] > 1:
            which = f"the one updated {updated}" if updated else "the last one"
            loaded.warnings.append(
                f"the file holds {copies[number]} records of {number}; {which} was read"
            )
        yield number, loaded
