"""What superseded what: every chain must lead to a rule that applies."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from eval.corpus.notes import CORPUS, Note


def faults(notes: Sequence[Note], currency: Path = CORPUS / "currency.csv") -> list[str]:
    """Everything that is wrong with the links between notes and with the table of versions."""
    return [*_doubled(notes), *_links(notes), *_currency(currency)]


def _doubled(notes: Sequence[Note]) -> Iterator[str]:
    for key in ("title", "title_en"):
        counts = Counter(str(note.meta.get(key)) for note in notes)
        yield from (f"two notes have the {key} {v!r}" for v, n in counts.items() if n > 1)
    slugs = Counter(note.slug for note in notes)
    yield from (f"two notes are called {slug}" for slug, n in slugs.items() if n > 1)


def _links(notes: Sequence[Note]) -> Iterator[str]:
    known = {name: note for note in notes for name in (note.slug, str(note.meta.get("title")))}
    for note in notes:
        seen = {note.slug}
        at = note
        while at.meta.get("superseded_by"):
            wanted = str(at.meta["superseded_by"])
            following = known.get(wanted)
            if following is None:
                # An official text that no note is about; it must look like one.
                if not re.search(r"[（(].*\d{4}|\d{4}年|R\d", wanted):
                    yield f"{at.slug}: superseded_by {wanted!r} is neither a note nor a dated text"
                break
            if following.slug in seen:
                yield f"{note.slug}: superseded_by leads back to {following.slug}"
                break
            seen.add(following.slug)
            at = following
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", note.body):
            if not (note.path.parent / target).exists():
                yield f"{note.slug}: the link to {target} leads nowhere"


def _currency(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ends: dict[str, list[tuple[str, str]]] = {}
    for number, row in enumerate(rows, 2):
        where = f"{path.name}, line {number}"
        day = row["version_date"].removeprefix("<=")
        try:
            version = date.fromisoformat(day)
            start = date.fromisoformat(row["effective"]) if row["effective"] else None
        except ValueError:
            yield f"{where}: {day!r} or {row['effective']!r} is no date"
            continue
        if start and start <= version:
            yield f"{where}: the new text applies from {start}, not after the version {version}"
        if row["relation"] not in {"superseded", "amended"}:
            yield f"{where}: relation is {row['relation']!r}"
        ends.setdefault(row["title"], []).append((row["version_date"], row["relation"]))
    yield from _twice(path.name, ends)


def _twice(name: str, ends: dict[str, list[tuple[str, str]]]) -> Iterable[str]:
    for title, versions in ends.items():
        days = [day for day, _ in versions]
        if len(set(days)) < len(days):
            yield f"{name}: {title} has the same version twice"
