"""Check the corpus: form, dates, links, chains of versions, conflicting claims, coverage.

    python -m eval.corpus.check [--json]

Prints what is wrong, one line each, then how many notes cover each topic; exits with 1 if anything
is wrong. `pytest tests/corpus` runs the same checks, and holds full-text notes against the texts
they cite.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.corpus import chains, claims, form
from eval.corpus.notes import MalformedNote, Note, note_files, read_note

TOPICS = Path(__file__).with_name("topics.toml")


@dataclass(slots=True)
class Coverage:
    """How well an area is covered: its notes, the number asked for, and the notes by topic."""

    area: str
    notes: int
    fewest: int
    topics: dict[str, list[str]] = field(default_factory=dict)


def read_all(files: Sequence[Path]) -> tuple[list[Note], list[str]]:
    """The notes that can be read, and what is wrong with the others."""
    notes, wrong = [], []
    for path in files:
        try:
            notes.append(read_note(path))
        except MalformedNote as error:
            wrong.append(str(error))
    return notes, wrong


def coverage(notes: Sequence[Note], path: Path = TOPICS) -> list[Coverage]:
    """The notes by area and topic."""
    wanted: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))
    found = []
    for area, settings in wanted.items():
        own = [note for note in notes if note.area in settings["areas"]]
        one = Coverage(area, len(own), settings["fewest"])
        for topic, words in settings["topics"].items():
            # Every word of a topic must be told by some note.
            told = [{n.slug for n in own if re.search(w, _told(n), re.I)} for w in words]
            one.topics[topic] = sorted(set.union(*told)) if all(told) else []
        found.append(one)
    return found


def _told(note: Note) -> str:
    words = note.meta.get("keywords") or []
    return " ".join([str(note.meta.get("title")), str(note.meta.get("summary")), *map(str, words)])


def gaps(found: Sequence[Coverage]) -> Iterator[str]:
    """What is missing, as faults."""
    for one in found:
        if one.notes < one.fewest:
            yield f"{one.area}: {one.notes} notes, {one.fewest} are wanted"
        for topic, slugs in one.topics.items():
            if not slugs:
                yield f"{one.area}: no note covers {topic}"


def check(files: Sequence[Path]) -> tuple[list[str], list[Coverage]]:
    """Everything that is wrong with these notes, and what they cover."""
    notes, wrong = read_all(files)
    for note in notes:
        wrong += [f"{note.area}/{note.slug}: {fault}" for fault in form.faults(note)]
    wrong += chains.faults(notes)
    for conflict in claims.open_conflicts(notes):
        one, two = conflict.first, conflict.second
        wrong.append(
            f"{one.slug} and {two.slug} seem to say the same with other numbers: "
            f"{one.text!r} / {two.text!r}; mend one, or accept both in {claims.ACCEPTED.name}"
        )
    found = coverage(notes)
    return [*wrong, *gaps(found)], found


def main(arguments: list[str] | None = None) -> int:
    """Check the corpus and print the findings."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.check", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    files = note_files()
    wrong, found = check(files)
    if options.json:
        print(json.dumps({
            "notes": len(files), "faults": wrong,
            "coverage": {one.area: one.topics for one in found},
        }, ensure_ascii=False))  # fmt: skip
        return 1 if wrong else 0
    for fault in wrong:
        print(f"✗ {fault}")
    for one in found:
        print(f"\n{one.area}: {one.notes} notes ({one.fewest} wanted)")
        for topic, slugs in one.topics.items():
            print(f"  {topic}: {len(slugs)}")
    print(f"\n{len(files)} notes, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
