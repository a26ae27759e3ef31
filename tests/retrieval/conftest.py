"""Documents made on the spot, and published without worker processes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from ingest.parse import parse_file
from ingest.pipeline import Parsed
from retrieval import Hit, Index, IndexWriter, Searcher
from retrieval.embedders import Embedder
from retrieval.indexing import prepare_chunks
from tests.retrieval.fixtures import TODAY, MakeDocument, OpenWriter, Search


@pytest.fixture(scope="session")
def no_lexicon() -> Path:
    """A path where no lexicon lies: segmentation with jieba's own words only."""
    return Path("no-such-lexicon.csv")


@pytest.fixture
def make_document(tmp_path: Path, no_lexicon: Path) -> MakeDocument:
    """``make_document(text, name=…, **front_matter)``: a parsed Markdown file, ready to publish."""
    names = (f"document{number}.md" for number in itertools.count(1))
    folder = tmp_path / "sources"
    folder.mkdir()

    def make(text: str, name: str | None = None, **front: object) -> Parsed:
        path = folder / (name or next(names))
        head = f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\n" if front else ""
        data = (head + text).encode()
        path.write_bytes(data)
        document, chunks = parse_file(data, path.name, path.name, str(path))
        return Parsed(document, chunks, prepare_chunks(no_lexicon, document.metadata, chunks), path)

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where :func:`open_writer` writes unless told otherwise."""
    return tmp_path / "index"


@pytest.fixture
def open_writer(tmp_path: Path, embedder: Embedder, no_lexicon: Path) -> OpenWriter:
    """``with open_writer() as writer``: the writer of ``tmp_path / "index"`` or another folder."""

    def open_(folder: Path | None = None, **options: object) -> IndexWriter:
        return IndexWriter(folder or tmp_path / "index", embedder, no_lexicon, **options)

    return open_


@pytest.fixture
def searcher(embedder: Embedder) -> Searcher:
    """The default search with the bundled embedder, without a lexicon."""
    return Searcher(embedder)


@pytest.fixture
def search(tmp_path: Path, open_writer: OpenWriter, searcher: Searcher) -> Search:
    """``search(documents, question, …)``: hits in an index of these documents."""

    def run(documents: Sequence[Parsed], question: str, **options: object) -> list[Hit]:
        with open_writer() as writer:
            writer.publish(list(documents), [])
        with Index(tmp_path / "index").read() as view:
            return searcher.search(view, question, **{"as_of": TODAY, **options})

    return run
