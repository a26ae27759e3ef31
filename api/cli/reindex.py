"""``xinglin reindex``: build the search structures of an index anew from its own texts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import typer

from api.cli.common import IndexOption, JsonOption, print_json

if TYPE_CHECKING:
    from retrieval import IndexWriter


def reindex(index: IndexOption = None, json: JsonOption = False) -> None:
    """Analyse and embed all documents of the index anew; no original file is needed.

    After a change of `embedder`, of the lexicon, or of Xinglin's version. Questions are answered
    from the old state until the new one is complete.
    """
    from api.settings import load_settings
    from api.wiring import open_writer

    started = time.perf_counter()
    with open_writer(load_settings(index_dir=index), rebuilding=True) as writer:
        chunks = writer.rebuild() if json else _with_progress(writer)
        embedder = writer.embedder.name
    seconds = round(time.perf_counter() - started, 2)
    if json:
        print_json({"chunks": chunks, "embedder": embedder, "seconds": seconds})
    else:
        typer.echo(f"{chunks} chunks embedded with {embedder} in {seconds} s")


def _with_progress(writer: IndexWriter) -> int:
    """Run with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(soft_wrap=True, highlight=False)
    bar = Progress(
        TextColumn("[bold]reindex"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("chunks", total=None)
        return writer.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
