"""Our own training questions, and finding the passages they point to.

A question points to a place in the material, never to a copy of it: file, heading, section and
which chunk of that section, or file and record number for a registry. ``check`` is a hash of the
passage as it was when the question was written.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.errors import BadInput
from ingest.model import Chunk
from ingest.parse import parse_file
from retrieval.training.errors import TrainingError

QUESTIONS = Path(__file__).with_name("questions")
# Fields of a registry record that say what the trial is about, in reading order.
_RECORD_FIELDS = (
    "brief_title",
    "Public title",
    "Scientific title",
    "condition",
    "Condition",
    "intervention/intervention_name",
    "Intervention",
    "brief_summary/textblock",
    "primary_outcome/measure",
    "Primary outcome",
    "eligibility/criteria/textblock",
    "Inclusion Criteria",
    "Exclusion Criteria",
    "Study type",
    "phase",
    "Phase",
    "Primary sponsor",
)
_RECORD_IDS = ("nct", "TrialID")


@dataclass(frozen=True, slots=True)
class Question:
    """A training question and where its answer stands.

    Attributes:
        text, lang: The question and ``zh`` or ``en``.
        asked_by: ``pi``, ``consultant`` or ``lay``.
        source: File below the material folder.
        heading, section, part: Heading path, section and 1-based number of the chunk in it.
        record: Registry number, instead of a place in a document.
        check: First 12 hex digits of the passage's SHA-256 when the question was written.
    """

    text: str
    lang: str
    asked_by: str
    source: str
    heading: str = ""
    section: str = ""
    part: int = 1
    record: str = ""
    check: str = ""


def load_questions(folder: Path = QUESTIONS) -> list[Question]:
    """All questions of ``folder/*.jsonl``.

    Raises:
        TrainingError: A line cannot be read; the message names file and line.
    """
    return [
        question for path in sorted(folder.glob("*.jsonl")) for question in _read_questions(path)
    ]


def held_out(question: Question, parts: int) -> bool:
    """Whether a question belongs to the one of ``parts`` that is kept from training.

    All questions about one passage are in the same part. 0 parts hold nothing out.
    """
    place = f"{question.source} {question.record or question.check}"
    return parts > 0 and zlib.crc32(place.encode()) % parts == 0


def _read_questions(path: Path) -> Iterator[Question]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield Question(**json.loads(line))
            except (TypeError, ValueError) as error:
                raise TrainingError(f"{path}, line {number}: not a question: {error}") from None


@dataclass(frozen=True, slots=True)
class Resolved:
    """Passages by question, and how they were found."""

    passages: Mapping[Question, str]
    unchanged: int
    moved: int
    missing: int


def resolve(questions: list[Question], material: Path) -> Resolved:
    """Find the passage of each question.

    A chunk with the same hash wins; after a change of chunking, the chunk at the same place does.
    Questions whose file is not in the material are counted as missing.

    Raises:
        TrainingError: A line of a registry export cannot be read.
    """
    passages: dict[Question, str] = {}
    unchanged = 0
    for question in questions:
        exact, passage = _passage(question, material)
        if passage:
            passages[question] = passage
            unchanged += exact
    found = len(passages)
    return Resolved(passages, unchanged, found - unchanged, len(questions) - found)


def _passage(question: Question, material: Path) -> tuple[bool, str | None]:
    path = material / question.source
    if not path.is_file():
        return False, None
    if question.record:
        record = _records(path).get(question.record)
        return record is not None, record
    by_check, by_place = _chunks(path, question.source)
    if question.check in by_check:
        return True, by_check[question.check]
    return False, by_place.get((question.heading, question.section, question.part))


@lru_cache(maxsize=512)
def _chunks(path: Path, source: str) -> tuple[dict[str, str], dict[tuple[str, str, int], str]]:
    """Passages of a file by hash and by place, in the form in which chunks are embedded."""
    try:
        document, chunks = parse_file(path.read_bytes(), path.name, source, str(path))
    except BadInput:
        return {}, {}
    by_check: dict[str, str] = {}
    by_place: dict[tuple[str, str, int], str] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for chunk in chunks:
        heading, section = " > ".join(chunk.heading_path), chunk.locator.section or ""
        seen[heading, section] += 1
        text = "\n".join((document.metadata.title or "", heading, chunk.text))
        by_check.setdefault(check_of(chunk), text)
        by_place[heading, section, seen[heading, section]] = text
    return by_check, by_place


def passages_of(source: str, material: Path, records: Container[str]) -> list[str]:
    """All passages of a source, as they are embedded; of a registry, those of some records."""
    path = material / source
    if not path.is_file():
        return []
    if source.endswith(".jsonl"):
        return [text for number, text in _records(path).items() if number in records]
    return list(_chunks(path, source)[1].values())


def check_of(chunk: Chunk) -> str:
    """The hash that a question keeps of its passage."""
    return hashlib.sha256(chunk.text.encode()).hexdigest()[:12]


@lru_cache(maxsize=8)
def _records(path: Path) -> dict[str, str]:
    """Texts of a registry export in JSON lines, by registry number."""
    found: dict[str, str] = {}
    with path.open("rb") as file:
        for place, line in enumerate(file, start=1):
            try:
                record = json.loads(line)
                number = next((record[key] for key in _RECORD_IDS if key in record), None)
            except (TypeError, ValueError) as error:
                raise TrainingError(f"{path}, line {place}: not a record: {error}") from None
            if number:
                values = [str(record[key]) for key in _RECORD_FIELDS if record.get(key)]
                found[number] = " ".join(" ".join(values).split())
    return found
