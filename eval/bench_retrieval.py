"""Compare retrieval systems, quality and speed, and write ``docs/benchmarks/retrieval.md``.

    python -m eval.bench_retrieval [DATASET_DIR...] [--system NAME]... [--peer-model PATH]
                                   [--limit-queries N] [--out FILE]

Each system measures each dataset in a process of its own, so that memory is its own and nothing
is warm from before. Systems that are not installed get a line that says so. Without folders, the
datasets of ``../shared/datasets`` beside the checkout are used; when they are not there, nothing
is written.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.bench_retrieval_page import page
from eval.commands import exit_status
from eval.datasets import check_dataset, is_dataset, read_dataset
from eval.machine import peak_memory_mb
from eval.retrieval import Measured, measure
from eval.systems import SYSTEMS, Options, check_system, make_system
from ingest.errors import BadInput

_PROGRAM = "eval.bench_retrieval"
_REPO = Path(__file__).resolve().parents[1]
_BESIDE = _REPO.parent / "shared" / "datasets"
_PAGE = _REPO / "docs" / "benchmarks" / "retrieval.md"


@dataclass(frozen=True, slots=True)
class Run:
    """A system on a dataset: what was measured and the peak memory in MB, or why not."""

    dataset: str
    system: str
    measured: Measured | None
    memory_mb: float | None
    reason: str = ""


def measure_here(folder: Path, system: str, peer_model: str | None, limit: int | None) -> Run:
    """Measure one system on one dataset in this process.

    Raises:
        BadInput: The dataset cannot be read, or the system cannot be used here.
    """
    from api.settings import load_settings

    dataset = read_dataset(folder).first_queries(limit)
    made = make_system(system, Options(load_settings(), peer_model))
    try:
        measured = measure(dataset, made)
    finally:
        made.close()
    return Run(dataset.name, system, measured, peak_memory_mb())


def measure_apart(folder: Path, system: str, peer_model: str | None, limit: int | None) -> Run:
    """The same in a process of its own; what goes wrong there becomes the run's reason."""
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "run.json"
        command = [sys.executable, "-m", "eval.bench_retrieval", str(folder), "--system", system]
        command += ["--child", str(result)]
        command += ["--peer-model", peer_model] if peer_model else []
        command += ["--limit-queries", str(limit)] if limit else []
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=_REPO, check=False, capture_output=True, encoding="utf-8", errors="replace"
        )
        if done.returncode == 0:
            held = json.loads(result.read_text(encoding="utf-8"))
            return Run(**{**held, "measured": Measured(**held["measured"])})
    return Run(folder.name, system, None, None, _reason(done.returncode, done.stderr))


def _reason(status: int, said: str) -> str:
    """Why a process did not measure: its one sentence, or the last line of its traceback."""
    if status < 0:
        return f"its process was ended by signal {-status} (out of memory?)"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if not lines:
        return f"its process ended with status {status}"
    return lines[-1].removeprefix(f"{_PROGRAM}: ") if status == 2 else f"it failed: {lines[-1]}"


def _child(folder: Path, system: str, given: argparse.Namespace) -> None:
    run = measure_here(folder, system, given.peer_model, given.limit_queries)
    given.child.write_text(json.dumps(asdict(run), ensure_ascii=False), encoding="utf-8")


def _compare(folders: Sequence[Path], names: Sequence[str], given: argparse.Namespace) -> None:
    runs = []
    for folder in folders:
        for name in names:
            print(f"{folder.name}: {name} …", file=sys.stderr, flush=True)
            run = measure_apart(folder, name, given.peer_model, given.limit_queries)
            if run.measured is None:
                print(f"{folder.name}: {name} was not measured: {run.reason}", file=sys.stderr)
            runs.append(run)
    if not any(run.measured for run in runs):
        raise BadInput("no system could be measured; nothing was written")
    try:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(page(runs, _command(folders, given)), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{given.out} cannot be written: {error.strerror}") from None
    print(f"wrote {given.out}")


def _command(folders: Sequence[Path], given: argparse.Namespace) -> str:
    """The command line as another checkout would write it: no path of this machine."""
    words = [f"python -m {_PROGRAM}", *map(_portable, folders)]
    for name in given.system or ():
        words += ["--system", name]
    if given.peer_model:
        words += ["--peer-model", _portable(Path(given.peer_model))]
    if given.limit_queries:
        words += ["--limit-queries", str(given.limit_queries)]
    return " ".join(words)


def _portable(path: Path) -> str:
    """A path in the checkout or beside it, relative to the checkout; of others the last part.

    What is no path on this machine, such as the hub id of a model, stays as it is.
    """
    if not path.exists():
        return str(path)
    if path.resolve().is_relative_to(_REPO.parent):
        return Path(os.path.relpath(path.resolve(), _REPO)).as_posix()
    return path.resolve().name


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="*", type=Path)
    parser.add_argument("--system", action="append", metavar="NAME", help=", ".join(SYSTEMS))
    parser.add_argument("--peer-model", help="model for the peers that embed")
    parser.add_argument("--limit-queries", type=int, metavar="N", help="only the first N queries")
    parser.add_argument("--out", type=Path, default=_PAGE)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)

    def work() -> None:
        folders = given.datasets or sorted(f for f in _BESIDE.glob("*") if is_dataset(f))
        names = list(dict.fromkeys(given.system or SYSTEMS))
        if not folders:
            print("skipped: no datasets in ../shared/datasets; name folders with DATASETS=…")
            return
        for folder in folders:
            check_dataset(folder)
        for name in names:
            check_system(name)
        if given.peer_model and Path(given.peer_model).is_dir():
            given.peer_model = str(Path(given.peer_model).resolve())
        if given.child:
            _child(folders[0], names[0], given)
        else:
            _compare([folder.resolve() for folder in folders], names, given)

    return exit_status(_PROGRAM, work)


if __name__ == "__main__":
    raise SystemExit(main())
