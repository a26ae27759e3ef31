"""Reading datasets in the BEIR layout (Thakur et al. 2021, "BEIR: A Heterogeneous Benchmark").

A dataset folder holds ``corpus.jsonl`` (``_id`` or ``id``, ``title``, ``text``), ``queries.jsonl``
(``_id`` or ``id``, ``text``) and the judgements in ``qrels.tsv`` or ``qrels/test.tsv`` (query-id,
corpus-id, score).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.errors import BadInput

_CORPUS = "corpus.jsonl"
_QUERIES = "queries.jsonl"
_QRELS = ("qrels.tsv", "qrels/test.tsv")


@dataclass(frozen=True, slots=True)
class Text:
    """One document; ``title`` is empty when it has none."""

    title: str
    body: str

    @property
    def whole(self) -> str:
        """Title and text, as every system is given them."""
        return f"{self.title}\n{self.body}" if self.title else self.body


Corpus = Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A BEIR dataset.

    Attributes:
        name: The folder's name.
        corpus: Documents by id, in the order of the file.
        queries: Texts of the judged queries by id, in the order of the file.
        qrels: Graded relevance of documents by query id; a grade above zero is relevant.
    """

    name: str
    corpus: Corpus
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]

    def first_queries(self, count: int | None) -> Dataset:
        """The dataset with its first ``count`` queries; all of them when ``None``."""
        return replace(self, queries=dict(islice(self.queries.items(), count)))


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds the files of a dataset."""
    return all((folder / name).is_file() for name in (_CORPUS, _QUERIES)) and any(
        (folder / name).is_file() for name in _QRELS
    )


def check_dataset(folder: Path) -> None:
    """Find missing files before any work is done.

    Raises:
        BadInput: The folder or one of its files is missing; the message names it.
    """
    if not folder.is_dir():
        raise BadInput(f"there is no dataset folder {folder}")
    for names in ((_CORPUS,), (_QUERIES,), _QRELS):
        if not any((folder / name).is_file() for name in names):
            raise BadInput(
                f"{folder} is not a dataset in the BEIR layout: it lacks {' or '.join(names)}"
            )


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset folder.

    Queries without a judgement are left out; judgements of documents that are not in the corpus
    count as not found, as in trec_eval.

    Raises:
        BadInput: A file is missing or a line cannot be read; the message names file and line.
    """
    folder = Path(folder)
    check_dataset(folder)
    corpus: dict[str, Text] = {}
    for place, row in _rows(folder / _CORPUS):
        key = _key(place, row)
        text = Text(_string(place, row, "title", "") or "", _string(place, row, "text") or "")
        if corpus.setdefault(key, text) != text:
            raise BadInput(f"{place}: the id {key!r} was used before for another text")
    queries = {
        _key(place, row): _string(place, row, "text") or ""
        for place, row in _rows(folder / _QUERIES)
    }
    qrels = _judgements(next(p for name in _QRELS if (p := folder / name).is_file()))
    judged = {key: text for key, text in queries.items() if key in qrels}
    if not corpus:
        raise BadInput(f"{folder / _CORPUS} holds no document")
    if not judged:
        raise BadInput(f"no query of {folder / _QUERIES} has a judgement in {folder / _QRELS[0]}")
    return Dataset(folder.resolve().name, corpus, judged, qrels)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its place for messages."""
    for place, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadInput(f"{place}: not a line of JSON ({error})") from None
        if not isinstance(row, dict):
            raise BadInput(f"{place}: not a JSON object")
        yield place, row


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                place = f"{path}, line {number}"
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
                except UnicodeDecodeError:
                    raise BadInput(f"{place}: not UTF-8") from None
                if text.strip():
                    yield place, text
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None


def _key(place: str, row: Mapping[str, Any]) -> str:
    """BEIR writes ``_id``; some exports write ``id``."""
    for name in ("_id", "id"):
        if isinstance(row.get(name), (str, int)):
            return str(row[name])
    raise BadInput(f"{place}: has no _id")


def _string(place: str, row: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = row.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadInput(f"{place}: {name} is missing or not a string")
    return value


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (place, line) in enumerate(_lines(path)):
        cells = [cell.strip() for cell in line.split("\t")]
        try:
            query, document, grade = cells
            qrels[query][document] = int(grade)
        except ValueError:
            if number == 0 and len(cells) == 3:
                continue  # the line of column names
            raise BadInput(
                f"{place}: not a query id, a document id and a whole number, separated by tabs"
            ) from None
    return dict(qrels)
