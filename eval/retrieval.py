"""Measure retrieval on a dataset in the BEIR layout.

    python -m eval.retrieval DATASET_DIR... [--json] [--out per-query.jsonl]

A dataset folder holds ``corpus.jsonl`` (``_id`` or ``id``, ``title``, ``text``), ``queries.jsonl``
(``_id``, ``text``) and ``qrels.tsv`` (query-id, corpus-id, score). Every document goes through our
chunking, index and search; a document ranks by its best chunk. Metrics: nDCG@10 with the
exponential gain of Burges et al. 2005, recall and MRR, each with a 95 % bootstrap interval over
queries.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.chunking import chunk_blocks
from ingest.errors import BadInput
from ingest.files import document_id
from ingest.metadata import detect_language
from ingest.model import Block, Document, Metadata
from ingest.pipeline import Parsed
from retrieval import Index, IndexWriter, Searcher, SearchSettings
from retrieval.embedders import Embedder, make_embedder
from retrieval.lexicon import load_lexicon

_BATCH = 20_000  # documents
_DEPTH = 100
_RESAMPLES = 1000
Ranking = list[str]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A BEIR dataset: texts by id, questions by id, and graded relevance by question."""

    name: str
    corpus: dict[str, tuple[str, str]]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset folder.

    Raises:
        BadInput: A file is missing or a line cannot be read; the message names it.
    """
    try:
        corpus = {
            _key(row): (row.get("title") or "", row["text"])
            for row in _rows(folder / "corpus.jsonl")
        }
        queries = {_key(row): row["text"] for row in _rows(folder / "queries.jsonl")}
        qrels: dict[str, dict[str, int]] = defaultdict(dict)
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t"):
                if len(row) >= 3 and row[2].lstrip("-").isdigit():
                    qrels[row[0]][row[1]] = int(row[2])
    except (OSError, KeyError, ValueError) as error:
        raise BadInput(f"{folder} is not a dataset in the BEIR layout: {error}") from None
    judged = {query: text for query, text in queries.items() if query in qrels}
    return Dataset(folder.name, corpus, judged, dict(qrels))


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _key(row: dict[str, Any]) -> str:
    """BEIR writes ``_id``; some exports write ``id``."""
    return str(row["_id"] if "_id" in row else row["id"])


def index_dataset(dataset: Dataset, folder: Path, embedder: Embedder, lexicon: Path) -> None:
    """Build an index of the dataset's texts; each keeps its id as its path."""
    with IndexWriter(folder, embedder, lexicon, keep_originals=False) as writer:
        batch: list[Parsed] = []
        for key, (title, text) in dataset.corpus.items():
            document = _document(key, title, text)
            chunks = chunk_blocks(document.blocks, document.id)
            batch.append(Parsed(document, chunks, writer.prepare(document, chunks), folder))
            if len(batch) >= _BATCH:
                writer.publish(batch, [])
                batch = []
        writer.publish(batch, [])


def _document(key: str, title: str, text: str) -> Document:
    paragraphs = [part for part in text.split("\n") if part.strip()] or [title or key]
    blocks = tuple(Block("paragraph", part) for part in paragraphs)
    sha256 = hashlib.sha256(f"{key}\0{title}\0{text}".encode()).hexdigest()
    metadata = Metadata(title=title or None, kind="other", language=detect_language(text))
    return Document(
        id=document_id(sha256, key),
        path=key,
        source_path=key,
        media_type="text/plain",
        sha256=sha256,
        size=len(text.encode()),
        metadata=metadata,
        blocks=blocks,
    )


def rank(
    dataset: Dataset, folder: Path, searcher: Searcher
) -> tuple[dict[str, Ranking], list[float]]:
    """Ranked document ids for each query, and the milliseconds each query took."""
    index = Index(folder)
    searcher.analyse("warm-up 预热")
    rankings: dict[str, Ranking] = {}
    times: list[float] = []
    with index.read() as view:
        for key, text in dataset.queries.items():
            started = time.perf_counter()
            hits = searcher.search(view, text, _DEPTH)
            times.append((time.perf_counter() - started) * 1000)
            rankings[key] = list(dict.fromkeys(hit.document.path for hit in hits))
    return rankings, times


def score_query(ranking: Ranking, relevant: Mapping[str, int]) -> dict[str, float]:
    """Metrics of one query."""
    gains = [2 ** relevant.get(key, 0) - 1 for key in ranking[:10]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:10]
    good = {key for key, grade in relevant.items() if grade > 0}
    first = next((i for i, key in enumerate(ranking[:10], start=1) if key in good), None)
    return {
        "ndcg@10": _discounted(gains) / _discounted(ideal) if any(ideal) else 0.0,
        "recall@10": len(good & set(ranking[:10])) / len(good) if good else 0.0,
        "recall@100": len(good & set(ranking[:100])) / len(good) if good else 0.0,
        "mrr@10": 1 / first if first else 0.0,
    }


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def summarise(
    name: str, system: str, per_query: Mapping[str, Mapping[str, float]], times: Sequence[float]
) -> dict[str, Any]:
    """Means with bootstrap intervals (fixed seed), and latency."""
    keys = list(next(iter(per_query.values()))) if per_query else []
    table = np.array([[scores[key] for key in keys] for scores in per_query.values()])
    generator = np.random.default_rng(20260101)
    draws = generator.integers(0, len(table), size=(_RESAMPLES, len(table)))
    means = table[draws].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return {
        "dataset": name,
        "system": system,
        "queries": len(table),
        "metrics": {k: round(float(v), 4) for k, v in zip(keys, table.mean(axis=0), strict=True)},
        "ci": {
            k: [round(float(a), 4), round(float(b), 4)]
            for k, a, b in zip(keys, low, high, strict=True)
        },
        "latency_ms": {
            "p50": round(float(np.quantile(times, 0.5)), 2),
            "p95": round(float(np.quantile(times, 0.95)), 2),
        },
    }


def measure(
    dataset: Dataset, lexicon: Path, settings: SearchSettings | None = None
) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """Index a dataset in a temporary folder and measure our search on it."""
    embedder = make_embedder("bundled")
    searcher = Searcher(embedder, load_lexicon(lexicon), settings)
    with tempfile.TemporaryDirectory() as folder:
        index_dataset(dataset, Path(folder), embedder, lexicon)
        rankings, times = rank(dataset, Path(folder), searcher)
    per_query = {key: score_query(ranking, dataset.qrels[key]) for key, ranking in rankings.items()}
    return summarise(dataset.name, "xinglin", per_query, times), per_query


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints one JSON object a dataset, or a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write one JSON line a query")
    options = parser.parse_args(arguments)
    from api.settings import load_settings

    settings = load_settings()
    for folder in options.datasets:
        dataset = read_dataset(folder)
        report, per_query = measure(dataset, settings.lexicon_path, settings.search)
        if options.json:
            print(json.dumps(report, ensure_ascii=False))
        else:
            metrics = " ".join(f"{key} {value:.3f}" for key, value in report["metrics"].items())
            print(f"{dataset.name:<24} {metrics}  p50 {report['latency_ms']['p50']} ms")
        sys.stdout.flush()
        if options.out:
            with options.out.open("a", encoding="utf-8") as file:
                for key, scores in per_query.items():
                    row = {"dataset": dataset.name, "query": key, **scores}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
