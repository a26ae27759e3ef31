"""What is wrong with the form of a note: front matter, length, headings, sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date

from eval.corpus.notes import JURISDICTIONS, KEYS, KINDS, Note

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LENGTH = (400, 1500)  # Chinese characters
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TEXTS = ("title", "title_en", "issuer", "source", "summary")
_DATES = ("issued", "effective_from", "effective_to")
# Words that point outside of the sentence: the sentence is then no use as a quotation.
_POINTING = re.compile(r"^(?:- )?(?:其|上述|前述|该|此|同上|如上|见下表)")
_ASKS_TO_CHECK = re.compile(r"请[^。；]{0,20}(?:查阅|核对)")
_NOT_A_TOPIC = re.compile(r"概述|背景$|其他$|[一二三四五六七八九十]+、")


def faults(note: Note) -> list[str]:
    """Everything that is wrong with the form of a note, one sentence each."""
    if list(note.meta) != list(KEYS):
        odd = sorted(set(note.meta) ^ set(KEYS))
        return [f"the keys of the front matter are not the agreed ones in their order: {odd}"]
    return [*_front_matter(note), *_dates(note), *_body(note), *_sentences(note)]


def _front_matter(note: Note) -> Iterator[str]:
    meta = note.meta
    if not (SLUG.fullmatch(note.slug) and SLUG.fullmatch(note.area)):
        yield "file and folder are named in lowercase Latin letters with hyphens"
    for key in _TEXTS:
        if not isinstance(meta[key], str) or not meta[key].strip():
            yield f"{key} must be a text"
    for key in ("document_number", "superseded_by"):
        if meta[key] is not None and not isinstance(meta[key], str):
            yield f"{key} must be a text or null"
    for key, allowed in (
        ("kind", KINDS), ("jurisdiction", JURISDICTIONS), ("language", {"zh"}),
        ("verified", {"full_text", "secondary"}),
    ):  # fmt: skip
        if meta[key] not in allowed:
            yield f"{key} is {meta[key]!r}, not one of {', '.join(sorted(allowed))}"
    words = meta["keywords"]
    if not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
        yield "keywords must be a list of words"
    elif len(words) < 5 or len({w.casefold() for w in words}) < len(words):
        yield "keywords must be five or more different words"


def _dates(note: Note) -> Iterator[str]:
    issued, start, end = (note.meta[key] for key in _DATES)
    for key in _DATES:
        # YAML reads an ISO date as a date; anything else would come as text or a number.
        if note.meta[key] is not None and not isinstance(note.meta[key], date):
            yield f"{key} must be a date (YYYY-MM-DD) or null"
            return
    if issued and start and issued > start:
        yield f"effective_from {start} is before issued {issued}"
    if end and start and start >= end:
        yield f"effective_to {end} is not after effective_from {start}"
    if note.meta["superseded_by"] and not end:
        yield "superseded_by needs effective_to: since when does the rule no longer apply?"


def _body(note: Note) -> Iterator[str]:
    if not note.body.strip().startswith(f"# {note.meta['title']}\n"):
        yield "the text does not begin with the title"
    count = len(_HAN.findall(note.body))
    if not LENGTH[0] <= count <= LENGTH[1]:
        yield f"{count} Chinese characters; {LENGTH[0]} to {LENGTH[1]} are agreed"
    headings = note.headings
    if not 4 <= len(headings) <= 8 or len(set(headings)) < len(headings):
        yield "three to seven different headings and In English are agreed"
    if not headings or headings[-1] != "In English":
        yield "the last section must be In English"
    for heading in headings:
        if _NOT_A_TOPIC.match(heading) or len(heading) > 40:
            yield f"the heading {heading!r} is no topic that somebody asks for"
    english = note.english
    if not 2 <= len(english) <= 6:
        yield f"In English has {len(english)} lines; 2 to 6 are agreed"
    for line in english:
        if not line.endswith(".") or _HAN.search(line):
            yield f"no English sentence: {line!r}"


def _sentences(note: Note) -> Iterator[str]:
    for line in note.chinese:
        if _POINTING.match(line):
            yield f"begins with a word that points outside of the sentence: {line!r}"
        if not line.endswith(("。", "：")):
            yield f"does not end with 。 or ：: {line!r}"
    lines = [line for line in note.body.splitlines() if line.strip()]
    for before, line in itertools.pairwise(lines):
        first = line.startswith("- ") and not before.startswith("- ")
        if first and not before.endswith("："):
            yield f"the list is not introduced: {line!r}"
    if note.meta["verified"] == "secondary" and not any(map(_ASKS_TO_CHECK.search, note.chinese)):
        yield "secondary, but no sentence says 请…查阅 or 请…核对 of the official text"
