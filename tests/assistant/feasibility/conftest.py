"""A small index of notes and made-up registry records, and what a report looks into."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.feasibility.report import Sources
from retrieval import Index, Searcher
from retrieval.embedders import Embedder
from retrieval.lexicon import Lexicon
from tests.assistant.feasibility.test_competing import RECORDS
from tests.conftest import BuildIndex

NOTES = (
    "regulation/drug-ind-implied-approval.md",
    "regulation/device-trial-filing.md",
    "ethics/ethics-review-timelines.md",
    "ethics/hgr-international-cooperation.md",
    "operation/trial-benchmarks.md",
)
MakeSources = Callable[..., Sources]


def _sources(
    repo: Path, index: Index | None, embedder: Embedder, lexicon: Lexicon, folder: Path
) -> Sources:
    return Sources(
        index=index,
        searcher=Searcher(embedder, lexicon),
        lexicon=lexicon,
        cohort_path=lambda name: repo / "corpus/cohort/omop",
        directory_path=lambda name: repo / "corpus/directory",
        criteria_path=lambda name: folder / name,
        no_index="" if index else "nothing was ingested",
    )


@pytest.fixture(scope="module")
def sources(
    tmp_path_factory: pytest.TempPathFactory,
    build_index: BuildIndex,
    repo: Path,
    embedder: Embedder,
    lexicon: Lexicon,
) -> Sources:
    """Notes and registry records."""
    folder = tmp_path_factory.mktemp("feasibility")
    records = folder / "records.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    records.write_text("\n".join(lines), encoding="utf-8")
    notes = [repo / "corpus/notes" / name for name in NOTES]
    assert build_index(folder / "index", records, *notes).count("failed") == 0
    index = Index(folder / "index", repo / "corpus/currency.csv")
    return _sources(repo, index, embedder, lexicon, repo / "docs/examples")


@pytest.fixture(scope="module")
def bare(repo: Path, embedder: Embedder, lexicon: Lexicon) -> Sources:
    """No index at all."""
    return _sources(repo, None, embedder, lexicon, repo / "docs/examples")
