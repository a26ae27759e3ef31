"""Time the reading of files, format by format: pages/s, MB/s, peak memory.

    python -m eval.bench_ingest PATH... [--plain] [--ocr ENGINE] [--json]

Each format is read by a process of its own, one file after the other: parsing, the privacy gate,
chunking; not the indexing of chunks. ``--plain`` reads the PDFs once more with each of PDFium,
pypdf and pdfplumber (where installed) for nothing but their text, to compare with.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from eval.commands import exit_status
from eval.machine import describe, peak_memory_mb
from ingest.errors import BadInput
from ingest.files import FileRef, find_files
from ingest.loaders import format_of
from ingest.options import ReadOptions
from ingest.parse import read_file

_REPO = Path(__file__).resolve().parents[1]
_PLAIN = ("pypdfium2", "pypdf", "pdfplumber")


@dataclass(slots=True)
class Reading:
    """What reading the files of one format took.

    ``megabytes`` are 10^6 bytes; ``memory_mb`` is the peak of the process, ``bare_mb`` what it
    needed before the first file.
    """

    name: str
    files: int = 0
    failed: int = 0
    documents: int = 0
    pages: int = 0
    blocks: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0
    slowest_s: float = 0.0
    memory_mb: float | None = None
    bare_mb: float | None = None


def files_by_format(paths: Sequence[Path]) -> dict[str, list[Path]]:
    """Files below the paths, by the name of their format; ``unsupported`` for the others."""
    found: dict[str, list[Path]] = {}
    for item in find_files(paths):
        if not isinstance(item, FileRef):
            raise BadInput(f"{item.path}: {item.reason}")
        try:
            name = format_of(item.source.name, item.source.read_bytes())[0].name
        except BadInput:
            name = "unsupported"
        found.setdefault(name, []).append(item.source)
    return dict(sorted(found.items()))


def read_all(name: str, files: Sequence[Path], options: ReadOptions) -> Reading:
    """Read files one after the other in this process."""
    reading = Reading(name, bare_mb=peak_memory_mb())
    for path in files:
        data = path.read_bytes()
        reading.files += 1
        reading.megabytes += len(data) / 1e6
        started = time.perf_counter()
        try:
            found = read_file(data, path.name, path.name, str(path), options).documents
        except BadInput:
            reading.failed += 1
            found = []
        seconds = time.perf_counter() - started
        reading.seconds += seconds
        reading.slowest_s = max(reading.slowest_s, seconds)
        reading.documents += len(found)
        reading.pages += sum(document.pages or 0 for document, _ in found)
        reading.blocks += sum(len(document.blocks) for document, _ in found)
    reading.memory_mb = peak_memory_mb()
    return reading


def read_plain(library: str, files: Sequence[Path]) -> Reading:
    """Nothing but the text of PDFs, by another library."""
    pages_of = _READERS[library]
    import_module(library)
    reading = Reading(f"pdf, {library} text only", bare_mb=peak_memory_mb())
    for path in files:
        reading.files += 1
        reading.megabytes += path.stat().st_size / 1e6
        started = time.perf_counter()
        try:
            reading.pages += sum(1 for _ in pages_of(path))
        except Exception:  # whatever another library says of a damaged file
            reading.failed += 1
        seconds = time.perf_counter() - started
        reading.seconds += seconds
        reading.slowest_s = max(reading.slowest_s, seconds)
    reading.memory_mb = peak_memory_mb()
    return reading


def _by_pdfium(path: Path) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for page in document:
        yield page.get_textpage().get_text_range()


def _by_pypdf(path: Path) -> Iterator[str]:
    import pypdf

    for page in pypdf.PdfReader(path).pages:
        yield page.extract_text()


def _by_pdfplumber(path: Path) -> Iterator[str]:
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            yield page.extract_text()
            page.close()


_READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "pypdfium2": _by_pdfium,
    "pypdf": _by_pypdf,
    "pdfplumber": _by_pdfplumber,
}


def table(readings: Sequence[Reading]) -> str:
    """The readings as a Markdown table."""
    lines = [
        "| format | files | not read | documents | pages | pages/s | MB | MB/s | slowest file, s "
        "| peak memory, MB | of it before the first file |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in readings:
        seconds = one.seconds or 1e-9
        rate = f"{one.pages / seconds:.1f}" if one.pages else ""
        cells = (
            one.name,
            f"{one.files}",
            f"{one.failed or ''}",
            f"{one.documents or ''}",
            f"{one.pages or ''}",
            rate,
            f"{one.megabytes:.2f}",
            f"{one.megabytes / seconds:.2f}",
            f"{one.slowest_s:.2f}",
            _rounded(one.memory_mb),
            _rounded(one.bare_mb),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _in_own_process(name: str, files: Sequence[Path], ocr: str) -> Reading:
    command = [sys.executable, "-m", "eval.bench_ingest", "--worker", name, "--ocr", ocr]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        cwd=_REPO,
        check=False,
    )
    if done.returncode:
        raise BadInput(f"reading {name} stopped: {done.stderr.strip()[-500:]}")
    return Reading(**json.loads(done.stdout.splitlines()[-1]))


def _work(name: str, ocr: str) -> None:
    files = [Path(line) for line in sys.stdin.read().splitlines()]
    if name in _READERS:
        reading = read_plain(name, files)
    else:
        reading = read_all(name, files, ReadOptions(ocr=ocr))
    print(json.dumps(asdict(reading)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders")
    parser.add_argument("--plain", action="store_true", help="also time text-only PDF readers")
    parser.add_argument("--ocr", default="none", help="text recognition for scanned pages")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        _work(given.worker, given.ocr)
        return
    if not given.paths:
        parser.error("name files or folders to read")
    by_format = files_by_format(given.paths)
    unsupported = by_format.pop("unsupported", [])
    readings = [_in_own_process(name, files, given.ocr) for name, files in by_format.items()]
    if given.plain and "pdf" in by_format:
        installed = [name for name in _PLAIN if find_spec(name)]
        readings += [_in_own_process(name, by_format["pdf"], given.ocr) for name in installed]
    if given.json:
        print(
            json.dumps(
                {
                    "machine": describe(),
                    "readings": [asdict(reading) for reading in readings],
                    "unsupported": len(unsupported),
                },
                indent=2,
            )
        )
        return
    print(describe())
    print(table(readings))
    if unsupported:
        print(f"{len(unsupported)} files of formats that no loader reads")


if __name__ == "__main__":
    sys.exit(exit_status("bench_ingest", main))
