"""How long a search takes in a large index; the figures are printed (``pytest -m slow -s``)."""

from __future__ import annotations

import random
import statistics
import time
from pathlib import Path

import pytest

from ingest.parse import parse_file
from ingest.pipeline import Parsed
from retrieval import Filters, Index, IndexWriter, Searcher
from retrieval.embedders import Embedder
from retrieval.indexing import prepare_chunks

CHUNKS, SECTIONS = 100_000, 100


class Language:
    """Made-up words of two to four characters, some of them far more frequent than others."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.words = [
            "".join(chr(self.rng.randrange(0x4E00, 0x5600)) for _ in range(self.rng.randint(2, 4)))
            for _ in range(20_000)
        ]
        self.weights = [1 / rank for rank in range(1, len(self.words) + 1)]

    def sentence(self, words: int) -> str:
        return "".join(self.rng.choices(self.words, self.weights, k=words))

    def document(self, number: int) -> str:
        kind = ("law", "guideline", "paper", "protocol")[number % 4]
        sections = (f"## 节{n}\n\n{self.sentence(40)}。" for n in range(SECTIONS))
        return f"---\ntitle: 文件{number}\nkind: {kind}\n---\n\n" + "\n\n".join(sections)


@pytest.fixture(scope="module")
def language() -> Language:
    return Language(1)


@pytest.fixture(scope="module")
def large_index(
    tmp_path_factory: pytest.TempPathFactory,
    embedder: Embedder,
    no_lexicon: Path,
    language: Language,
) -> Path:
    folder = tmp_path_factory.mktemp("large") / "index"
    started = time.perf_counter()
    with IndexWriter(folder, embedder, no_lexicon, keep_originals=False) as writer:
        batch: list[Parsed] = []
        for number in range(CHUNKS // SECTIONS):
            name = f"{number}.md"
            data = language.document(number).encode()
            document, chunks = parse_file(data, name, name, f"/nowhere/{name}")
            batch.append(
                Parsed(
                    document, chunks, prepare_chunks(no_lexicon, document.metadata, chunks), folder
                )
            )
            if len(batch) == 50:
                writer.publish(batch, [])
                batch = []
    print(f"\nbuilt {CHUNKS} chunks in {time.perf_counter() - started:.0f} s")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("filtered", [False, True])
def test_a_search_among_a_hundred_thousand_chunks_is_quick(
    large_index: Path, embedder: Embedder, language: Language, filtered: bool
) -> None:
    searcher, index = Searcher(embedder), Index(large_index)
    filters = Filters(kind=frozenset({"law", "guideline", "paper"})) if filtered else Filters()
    taken, busy = [], []
    for _ in range(101):
        question = language.sentence(5)
        started, worked = time.perf_counter(), time.process_time()
        with index.read() as view:
            assert view.snapshot.chunks == CHUNKS
            assert searcher.search(view, question, 10, filters)
        taken.append(1000 * (time.perf_counter() - started))
        busy.append(1000 * (time.process_time() - worked))
    p50, p95 = statistics.median(taken), sorted(taken)[95]
    print(
        f"\n{CHUNKS} chunks, filtered={filtered}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
        f"of processor time {statistics.median(busy):.1f} ms"
    )
    # Other work on the machine makes a search wait, but hardly work, for longer.
    assert statistics.median(busy) < 45
