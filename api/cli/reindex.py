"""``xinglin reindex``: build the search structures of an index anew from its own texts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import typer

from api.cli.common import IndexOption, JsonOption, print_json, progress_bar

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
    with progress_bar("reindex", "chunks") as (update, _):
        return writer.rebuild(lambda done, total: update(completed=done, total=total))
