"""Training pairs from all sources, as ``(kind, query side, passage side)``.

The folder given as material (see ``docs/training.md``) holds ``training/pairs.jsonl`` and the
documents that our questions point into. What is missing there is left out and counted, so that a
curator can train on their own material alone.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ingest.errors import BadInput
from ingest.model import Chunk, Document
from ingest.parse import parse_file
from retrieval.training.errors import TrainingError
from retrieval.training.pointers import held_out, load_questions, resolve

OWN_PAIRS = Path(__file__).with_name("pairs")
_SHORTEST_PASSAGE = 30  # characters; shorter chunks are headings and captions
_SHORTEST_SENTENCE = 8
_SENTENCE = re.compile(r"(?<=[。；！？;])|(?<=[.?!])\s(?=[A-Z])")
# Folders of the material whose documents train on their own headings and sentences.
_DOCUMENTS = ("reference", "documents/protocols")
_PAIRS = "training/pairs.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that a search should bring together."""

    kind: str
    query: str
    passage: str


def gather(material: Path, corpus: Path, seed: int, hold_out: int = 0) -> list[Pair]:
    """Pairs from the material, our corpus, our lexicon, our questions and our own pairs.

    ``hold_out`` leaves out one of so many parts of our questions; 0 leaves none.

    Raises:
        TrainingError: The material folder holds nothing that is read, or a line cannot be read.
    """
    if not any((material / name).exists() for name in (_PAIRS, *_DOCUMENTS)):
        raise TrainingError(
            f"{material}: there is neither {_PAIRS} nor {' nor '.join(_DOCUMENTS)} in this folder; "
            "name the one that holds them"
        )
    chooser = random.Random(seed)  # noqa: S311 - which sentence becomes the query, no secret
    notes = sorted((corpus / "notes").rglob("*.md"))
    return [
        *shared_pairs(material / _PAIRS),
        *document_pairs(_documents(material), "document", chooser),
        *document_pairs(notes, "note", chooser),
        *lexicon_pairs(corpus / "lexicon.csv"),
        *spoken_pairs(corpus / "colloquial.csv"),
        *question_pairs(material, hold_out),
        *own_pairs(OWN_PAIRS),
    ]


def default_corpus() -> Path:
    """The corpus that comes with the package."""
    return Path(str(files("corpus")))


def _documents(material: Path) -> list[Path]:
    return sorted(
        path
        for folder in _DOCUMENTS
        for path in (material / folder).rglob("*")
        if path.is_file() and path.name != "LICENSE"
    )


def shared_pairs(path: Path) -> Iterator[Pair]:
    """Pairs of a JSON-lines file with ``a``, ``b`` and ``kind``; none when there is no file."""
    if path.is_file():
        yield from _read_pairs(path)


def own_pairs(folder: Path) -> Iterator[Pair]:
    """Pairs written for this project."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from _read_pairs(path)


def _read_pairs(path: Path) -> Iterator[Pair]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
                values = [row[name] for name in ("kind", "a", "b")]
                if not all(isinstance(value, str) for value in values):
                    raise TypeError("kind, a and b are not all texts")
                yield Pair(*values)
            except (KeyError, TypeError, ValueError) as error:
                raise TrainingError(f"{path}, line {number}: not a pair: {error}") from None


def question_pairs(material: Path, hold_out: int = 0) -> Iterator[Pair]:
    """Our questions with the passages they point to; those without material are left out."""
    questions = [question for question in load_questions() if not held_out(question, hold_out)]
    for question, passage in resolve(questions, material).passages.items():
        topic = Path(question.source).parts[0]
        yield Pair(f"question_{topic}", question.text, passage)


def lexicon_pairs(path: Path) -> Iterator[Pair]:
    """Each Chinese name of a concept with each English one, and synonyms with the main name."""
    for row in _rows(path):
        chinese = _names(row["zh"], row["synonyms_zh"])
        english = _names(row["en"], row["synonyms_en"], row["abbreviations"])
        for zh, en in itertools.product(chinese, english):
            yield Pair("term", zh, en)
        for names in (chinese, english):
            for other in names[1:]:
                yield Pair("term", other, names[0])


def _names(*cells: str) -> list[str]:
    return [name.strip() for cell in cells for name in cell.split("|") if name.strip()]


def spoken_pairs(path: Path) -> Iterator[Pair]:
    """What people say with what documents write."""
    for row in _rows(path):
        for formal in _names(row["formal"]):
            yield Pair("term", row["spoken"], formal)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file; none when there is no file."""
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def document_pairs(paths: Iterable[Path], kind: str, chooser: random.Random) -> Iterator[Pair]:
    """Of each chunk: title and heading with its text, and one sentence with the others.

    The second is the inverse cloze task of Lee et al. 2019, "Latent Retrieval for Weakly
    Supervised Open Domain Question Answering".
    """
    for path in paths:
        for document, chunk in _chunks(path):
            heading = " ".join((document.metadata.title or "", *chunk.heading_path)).strip()
            if heading:
                yield Pair(f"{kind}_heading", heading, chunk.text)
            sentences = [s for s in _SENTENCE.split(chunk.text) if len(s) > _SHORTEST_SENTENCE]
            if len(sentences) > 1:
                taken = sentences.pop(chooser.randrange(len(sentences)))
                yield Pair(f"{kind}_sentence", taken, "".join(sentences))


def _chunks(path: Path) -> Iterator[tuple[Document, Chunk]]:
    try:
        document, chunks = parse_file(path.read_bytes(), path.name, path.name, str(path))
    except BadInput:
        return
    yield from ((document, c) for c in chunks if len(c.text) >= _SHORTEST_PASSAGE)
