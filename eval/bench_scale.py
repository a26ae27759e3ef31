"""Search in a large index: build time, disk, memory, and how long a question takes.

    python -m eval.bench_scale --chunks 1000000 [--source FOLDER...] [--index DIR] [--questions N]

The chunks are those of real documents (the corpus notes, or the given folders), repeated with
variation until there are enough: sentences in another order, some characters replaced by others of
the same text, other numbers. Questions are sentences of the documents with words left out. One
process builds; another opens the index, asks, and reports its own memory.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np

from eval.commands import exit_status
from eval.machine import describe, peak_memory_mb
from ingest.errors import BadInput
from ingest.files import document_id
from ingest.metadata import detect_language
from ingest.model import Block, Chunk, Document, Locator, Metadata
from ingest.parse import parse_file
from ingest.pipeline import Parsed

_REPO = Path(__file__).resolve().parents[1]
_BATCH = 50_000  # chunks published at once
_PER_DOCUMENT = 200  # chunks
_QUESTIONS = 200
_ENCODED = 10_000  # chunks
_SENTENCE = re.compile(r"(?<=[。；！？])|(?<=[.?!])\s")
_SEED = 7
_DEPTH = 10


def read_chunks(sources: list[Path]) -> list[tuple[str, str]]:
    """Heading and text of all chunks of some folders."""
    found = []
    for source in sources:
        for path in sorted(p for p in source.rglob("*") if p.is_file()):
            try:
                document, chunks = parse_file(path.read_bytes(), path.name, path.name, str(path))
            except BadInput:
                continue
            title = document.metadata.title or ""
            found += [(" ".join((title, *c.heading_path)), c.text) for c in chunks]
    if not found:
        raise BadInput(f"no readable document in {', '.join(map(str, sources))}")
    return found


def vary(text: str, chooser: random.Random) -> str:
    """The same text told otherwise: sentences shuffled, figures changed, some characters lost."""
    sentences = [s for s in _SENTENCE.split(text) if s]
    chooser.shuffle(sentences)
    changed = re.sub(
        r"\d+", lambda m: str(chooser.randrange(10 ** len(m.group()))), "".join(sentences)
    )
    characters = list(changed)
    for _ in range(len(characters) // 20):
        place = chooser.randrange(len(characters))
        characters[place] = characters[chooser.randrange(len(characters))]
    return "".join(characters)


def documents(
    originals: list[tuple[str, str]], chunks: int
) -> Iterator[tuple[Document, list[Chunk]]]:
    """Documents of varied chunks, ``chunks`` in all; each is in one language."""
    chooser = random.Random(_SEED)  # noqa: S311 - variation, no secret
    by_language: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for original in originals:
        by_language[detect_language(original[1])].append(original)
    languages, pools = zip(*by_language.items(), strict=True)
    for number in range((chunks + _PER_DOCUMENT - 1) // _PER_DOCUMENT):
        size = min(_PER_DOCUMENT, chunks - number * _PER_DOCUMENT)
        key = f"document-{number}"
        [place] = chooser.choices(range(len(pools)), [len(pool) for pool in pools])
        metadata = Metadata(title=f"文件 {number}", kind="other", language=languages[place])
        sha256 = f"{number:064x}"
        parts = []
        for ordinal in range(size):
            heading, text = chooser.choice(pools[place])
            parts.append(_chunk(sha256, key, ordinal, heading, vary(text, chooser)))
        document = Document(
            id=document_id(sha256, key),
            path=key,
            source_path=key,
            media_type="text/plain",
            sha256=sha256,
            size=sum(len(part.text) for part in parts),
            metadata=metadata,
            blocks=(Block("paragraph", metadata.title or key),),
        )
        yield document, [replace(part, document_id=document.id) for part in parts]


def _chunk(sha256: str, key: str, ordinal: int, heading: str, text: str) -> Chunk:
    return Chunk(
        id=f"{key}-{ordinal}",
        document_id=sha256,
        ordinal=ordinal,
        kind="section",
        text=text,
        heading_path=(heading,),
        locator=Locator(),
        spans=(),
        tokens=len(text),
    )


def build(folder: Path, sources: list[Path], chunks: int) -> dict[str, Any]:
    """Build the index; seconds and bytes."""
    from api.settings import load_settings
    from api.wiring import open_writer

    originals = read_chunks(sources)
    started = time.perf_counter()
    settings = load_settings(index_dir=folder, keep_originals=False)
    with open_writer(settings) as writer, multiprocessing.get_context("spawn").Pool(2) as pool:
        batch: list[Parsed] = []
        held = 0
        pairs = pool.imap(_Prepare(writer.prepare), documents(originals, chunks), chunksize=4)
        for document, parts, prepared in pairs:
            batch.append(Parsed(document, parts, prepared, folder))
            held += len(parts)
            if held >= _BATCH:
                writer.publish(batch, [])
                batch, held = [], 0
        writer.publish(batch, [])
    return {"build_s": round(time.perf_counter() - started, 1), "original_chunks": len(originals)}


class _Prepare:
    """Analysis of a document in a worker process."""

    def __init__(self, prepare: Any) -> None:
        self._prepare = prepare

    def __call__(self, pair: tuple[Document, list[Chunk]]) -> tuple[Document, list[Chunk], Any]:
        return *pair, self._prepare(*pair)


def questions(folder: Path, count: int) -> list[str]:
    """Sentences of random chunks, a third of each left out; fewer when there are fewer chunks."""
    from retrieval import Index

    chooser = random.Random(_SEED)  # noqa: S311 - variation, no secret
    with Index(folder).read() as view:
        keys = np.concatenate([segment.chunk_keys for segment in view.segments])
        chosen = [int(key) for key in chooser.sample(list(keys), min(count, len(keys)))]
        texts = [chunk.text for chunk in view.chunks(chosen).values()]
    asked = []
    for text in texts:
        sentence = max(_SENTENCE.split(text)[:4], key=len)[:60]
        third = len(sentence) // 3
        asked.append(sentence[:third] + " " + sentence[2 * third :])
    return asked


def ask(folder: Path, count: int) -> dict[str, Any]:
    """Open the index, ask, and say how long it took and what memory it needed."""
    from api.settings import load_settings
    from api.wiring import make_searcher, open_index

    settings = load_settings(index_dir=folder)
    started = time.perf_counter()
    index = open_index(settings)
    searcher = make_searcher(settings)
    asked = questions(folder, count)
    with index.read() as view:
        searcher.search(view, asked[0], _DEPTH)
        opened = time.perf_counter() - started
        times = []
        for question in asked:
            begun = time.perf_counter()
            searcher.search(view, question, _DEPTH)
            times.append((time.perf_counter() - begun) * 1000)
        report = {
            "chunks": sum(segment.rows for segment in view.segments),
            "segments": [segment.rows for segment in view.segments],
            "open_s": round(opened, 2),
            "p50_ms": round(median(times), 1),
            "p95_ms": round(quantiles(times, n=20)[-1], 1),
            "peak_memory_mb": round(peak_memory_mb() or 0),
            "resident_mb": _resident_mb(),
        }
        report |= _encoding(searcher, view)
        report |= _pruning(searcher, settings, view, asked)
        report |= _vectors(searcher, view, asked)
    report["disk_mb"] = _disk(folder)
    return report


def _encoding(searcher: Any, view: Any) -> dict[str, Any]:
    """Chunks the embedder encodes a second, by one process."""
    keys = [int(key) for key in view.segments[0].chunk_keys[:_ENCODED]]
    texts = [chunk.text for chunk in view.chunks(keys).values()]
    started = time.perf_counter()
    searcher.embedder.encode(texts)
    return {"encoded_per_s": round(len(texts) / (time.perf_counter() - started))}


def _pruning(searcher: Any, settings: Any, view: Any, asked: list[str]) -> dict[str, Any]:
    """How often the best ten are those of a search that reads every inverted list in full."""
    from api.wiring import make_searcher

    whole = settings.search.model_copy(update={"postings": 10**12})
    full = make_searcher(settings.model_copy(update={"search": whole}), searcher.embedder)
    shared = []
    for question in asked[:50]:
        ours = [hit.chunk.id for hit in searcher.search(view, question, _DEPTH)]
        exact = [hit.chunk.id for hit in full.search(view, question, _DEPTH)]
        shared.append(len(set(ours) & set(exact)) / max(1, len(exact)))
    return {"top10_shared_with_full_lists": round(float(np.mean(shared)), 4)}


def _vectors(searcher: Any, view: Any, asked: list[str]) -> dict[str, Any]:
    """Recall of the vector index among the exact ten nearest, by segments with inverted lists."""
    recalls, probed = [], []
    vectors = searcher.embedder.encode(asked[:50], is_query=True)
    for segment in view.segments:
        index = segment.vectors.index
        if not hasattr(index, "nprobe"):
            continue
        probed.append({"lists": index.nlist, "probed": index.nprobe})
        exact = _exact(segment.vectors.rows, vectors)
        for vector, best in zip(vectors, exact, strict=True):
            found, _ = segment.vectors.nearest(vector, _DEPTH)
            recalls.append(len(np.intersect1d(found, best)) / len(best))
    if not recalls:
        return {"vector_index": "flat"}
    return {"vector_index": probed, "vector_recall@10": round(float(np.mean(recalls)), 4)}


def _exact(rows: Any, vectors: Any) -> Any:
    scores = np.concatenate(
        [
            vectors @ rows[begin : begin + 65_536].astype(np.float32).T
            for begin in range(0, len(rows), 65_536)
        ],
        axis=1,
    )
    return np.argpartition(-scores, _DEPTH, axis=1)[:, :_DEPTH]


def _resident_mb() -> int | None:
    """Resident memory now, touched memory-mapped pages included; ``None`` without ``/proc``."""
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="utf-8").splitlines() if status.exists() else ():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) * 1024 / 1e6)
    return None


def _disk(folder: Path) -> dict[str, int]:
    """Megabytes by kind of file."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            kind = path.name.split(".")[0] if path.parent != folder else path.name.split("-")[0]
            sizes[kind] = sizes.get(kind, 0) + path.stat().st_size
    return {kind: round(size / 1e6) for kind, size in sorted(sizes.items()) if size > 1e6}


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_scale", description=__doc__)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--source", type=Path, nargs="+", default=[_REPO / "corpus" / "notes"])
    parser.add_argument("--index", type=Path, help="keep the index here; asked again if it exists")
    parser.add_argument("--questions", type=int, default=_QUESTIONS, help="how many are asked")
    parser.add_argument("--ask-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    return exit_status("eval.bench_scale", lambda: _measure(options))


def _measure(options: argparse.Namespace) -> None:
    if options.ask_only:
        print(json.dumps(ask(options.index, options.questions)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.index or Path(scratch) / "index"
        report: dict[str, Any] = {"date": datetime.now(UTC).date().isoformat(), "on": describe()}
        if not folder.exists():
            report |= build(folder, options.source, options.chunks)
        command = [sys.executable, "-m", "eval.bench_scale", "--ask-only", "--index", str(folder)]
        command += ["--questions", str(options.questions)]
        asked = subprocess.run(  # noqa: S603 - ourselves; what it has to say, it says
            command, check=False, stdout=subprocess.PIPE, text=True
        )
        if asked.returncode:
            raise BadInput(f"the index {folder} could not be asked; the reason stands above")
        report |= json.loads(asked.stdout)
        if report["chunks"] != options.chunks:
            raise BadInput(
                f"the index {folder} holds {report['chunks']} chunks, not {options.chunks}: it was "
                "built for another size, or its build was cut off; delete it"
            )
    print(json.dumps(report, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    raise SystemExit(main())
