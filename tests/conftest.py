"""Fixtures shared by the tests of all rooms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from assistant import Answerer
from ingest.pipeline import Report, ingest_paths
from ingest.settings import IngestSettings
from retrieval import Index, IndexWriter, Searcher
from retrieval.embedders import Embedder, make_embedder
from retrieval.lexicon import Lexicon, load_lexicon

# How long an example takes depends on the machine and on what else it does.
settings.register_profile("xinglin", deadline=None)
settings.load_profile("xinglin")

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"
BuildIndex = Callable[..., Report]


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference material beside the checkout; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("the reference material is not here")
    return SHARED


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The lexicon that ships with the corpus."""
    return load_lexicon(REPO / "corpus" / "lexicon.csv")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled embedder."""
    return make_embedder("bundled")


@pytest.fixture(scope="session")
def build_index(embedder: Embedder) -> BuildIndex:
    """``build_index(folder, *paths, jobs=1)`` ingests paths and returns the report."""

    def build(folder: Path, *paths: Path, jobs: int = 1, **settings: object) -> Report:
        with IndexWriter(folder, embedder, REPO / "corpus" / "lexicon.csv") as writer:
            return ingest_paths(paths, writer, IngestSettings(jobs=jobs, **settings))

    return build


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, build_index: BuildIndex) -> Path:
    """An index over the notes that ship with Xinglin."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    report = build_index(folder, REPO / "corpus" / "notes", jobs=2)
    assert report.count("failed", "unsupported", "quarantined") == 0
    return folder


@pytest.fixture(scope="session")
def answerer(corpus_index: Path, embedder: Embedder, lexicon: Lexicon) -> Answerer:
    """Answers from the notes, on a fixed day."""
    index = Index(corpus_index, REPO / "corpus" / "currency.csv")
    return Answerer(index, Searcher(embedder, lexicon), clock=lambda: "2026-11-21")
