"""``xinglin ingest``: add files and folders to the index, or bring them up to date."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import IndexOption, JsonOption, print_json, progress_bar

if TYPE_CHECKING:
    from api.settings import Settings
    from ingest.pipeline import Outcome, Report
    from retrieval import StoredDocument

_MARKS = {
    "added": "+",
    "updated": "~",
    "unchanged": "=",
    "duplicate": "=",
    "quarantined": "!",
    "unsupported": "?",
    "failed": "x",
}


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", show_default=False)],
    index: IndexOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=64, help="Worker processes.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents whose file below PATHS is gone.")
    ] = False,
    mask: Annotated[
        bool,
        typer.Option("--mask", help="Index files with patients' data under pseudonyms."),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write a quality report (HTML) here.", show_default=False),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only problems and the summary.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Add files and folders to the index; unchanged files cost no more than a hash.

    Prints one line for each file: added, updated, unchanged, duplicate (same content as another
    file), quarantined (it holds data of patients), unsupported or failed, with the reason. Exit
    status 2 when a named path does not exist or nothing could be read.
    """
    from api.settings import load_settings
    from api.wiring import open_writer
    from ingest.pipeline import ingest_paths

    settings = load_settings(index_dir=index)
    if jobs is not None:
        settings.ingest.jobs = jobs
    settings.ingest.mask_personal_data |= mask
    with open_writer(settings) as writer:
        if json:
            run = ingest_paths(paths, writer, settings.ingest)
        else:
            run = _with_progress(paths, writer, settings.ingest, quiet)
        removed = writer.prune(paths) if prune else []
    summary = _summary(run, removed)
    if report is not None:
        _write_report(report, run, settings)
    if json:
        print_json({**summary, "files": [_outcome_json(o) for o in run.outcomes]})
    else:
        _print_summary(summary)
        if report is not None:
            typer.echo(f"quality report: {report}")
    used = run.count("added", "updated", "unchanged", "duplicate")
    if not (used or removed) or any(not path.expanduser().exists() for path in paths):
        raise typer.Exit(2)


def _with_progress(paths: list[Path], writer: Any, settings: Any, quiet: bool) -> Report:
    """Run with a progress bar on a terminal and a line for each file."""
    from ingest.pipeline import ingest_paths

    with progress_bar("ingest", "files") as (update, console):

        def show(outcome: Outcome, total: int) -> None:
            update(total=total, advance=1)
            fine = outcome.outcome in {"added", "updated", "unchanged", "duplicate"}
            if not (quiet and fine):
                console.print(_line(outcome), markup=False)

        return ingest_paths(paths, writer, settings, show)


def _write_report(path: Path, run: Report, settings: Settings) -> None:
    """Write the quality report; what was unchanged is described from the index."""
    from datetime import datetime

    from api.reports.quality import Stored, describe_stored, quality_report
    from api.wiring import open_index
    from assistant.answerer import version
    from ingest.errors import BadInput
    from retrieval import IndexUnusable

    made = datetime.now().astimezone()
    try:
        with open_index(settings).read() as view:
            by_source: dict[str, list[StoredDocument]] = {}
            for one in view.documents:
                by_source.setdefault(one.source_path, []).append(one)

            def stored(id: str) -> Stored | None:
                document = view.document(id)
                if document is None:
                    return None
                # A file of records has several documents.
                return describe_stored(view, by_source[document.source_path])

            text = quality_report(run, stored, made, version())
    except IndexUnusable:  # nothing was ever indexed here
        text = quality_report(run, lambda id: None, made, version())
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--report {path} cannot be written: {error.strerror or error}") from None


def _line(outcome: Outcome) -> str:
    line = f"{_MARKS[outcome.outcome]} {outcome.outcome:<11} {outcome.path}"
    if outcome.outcome in {"added", "updated"}:
        several = f"{outcome.documents} documents, " if outcome.documents > 1 else ""
        line += f"  ({several}{outcome.blocks} blocks, {outcome.chunks} chunks)"
    if outcome.detail:
        line += f"  {' '.join(outcome.detail.split())}"
    for warning in outcome.warnings:
        line += f"\n    note: {' '.join(warning.split())}"
    return line


def _summary(report: Report, removed: list[str]) -> dict[str, Any]:
    counts: Counter[str] = Counter(outcome.outcome for outcome in report.outcomes)
    return {
        "outcomes": {kind: counts.get(kind, 0) for kind in _MARKS},
        "removed": removed,
        "found": len(report.outcomes),
        "documents": sum(o.documents for o in report.outcomes),
        "blocks": sum(o.blocks for o in report.outcomes),
        "chunks": sum(o.chunks for o in report.outcomes),
        "megabytes": round(report.megabytes, 3),
        "seconds": round(report.seconds, 2),
        "mb_per_second": round(report.megabytes / report.seconds, 2) if report.seconds else 0.0,
        "peak_memory_mb": _peak_memory_mb(),
    }


def _peak_memory_mb() -> dict[str, float] | None:
    """Largest resident memory of this process and of any one worker, in MB (10^6 bytes)."""
    try:
        import resource
    except ImportError:
        return None
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"main": round(own * 1024 / 1e6, 1), "worker": round(worker * 1024 / 1e6, 1)}


def _print_summary(summary: dict[str, Any]) -> None:
    counts = ", ".join(f"{n} {kind}" for kind, n in summary["outcomes"].items() if n)
    typer.echo(f"{summary['found']} files: {counts or 'nothing found'}")
    if summary["removed"]:
        typer.echo(f"{len(summary['removed'])} removed because their file is gone")
    memory = summary["peak_memory_mb"]
    shown = f", peak memory {memory['main']} MB + {memory['worker']} MB a worker" if memory else ""
    typer.echo(
        f"{summary['blocks']} blocks, {summary['chunks']} chunks from {summary['megabytes']} MB in "
        f"{summary['seconds']} s ({summary['mb_per_second']} MB/s){shown}"
    )


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "path": outcome.path,
        "outcome": outcome.outcome,
        "id": outcome.id,
        "detail": outcome.detail,
        "documents": outcome.documents,
        "pages": outcome.pages,
        "blocks": outcome.blocks,
        "chunks": outcome.chunks,
        "size": outcome.size,
        "seconds": round(outcome.seconds, 3),
        "warnings": list(outcome.warnings),
    }
