"""A throwaway copy of an index with further documents in it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from api.settings import Settings
from api.wiring import make_answerer, open_writer
from assistant import Answerer
from ingest.errors import BadInput
from ingest.pipeline import ingest_paths
from retrieval.store import store_path


@contextmanager
def with_documents(settings: Settings, documents: Sequence[Path]) -> Iterator[Answerer]:
    """An answerer over a copy of the settings' index that holds further documents too.

    They enter as any other file would, through the privacy gate; one that the gate keeps out is
    simply not there. The copy is removed at the end.

    Raises:
        BadInput: A document cannot be read.
    """
    with TemporaryDirectory(prefix="xinglin-eval-") as name:
        folder = Path(name) / "index"
        copy_index(settings.index_dir, folder)
        copied = settings.model_copy(update={"index_dir": folder, "keep_originals": False})
        reading = settings.ingest.model_copy(update={"jobs": 1})
        with open_writer(copied) as writer:
            report = ingest_paths(documents, writer, reading)
        for outcome in report.outcomes:
            if outcome.outcome in {"failed", "unsupported"}:
                raise BadInput(f"the document {outcome.path} cannot be read: {outcome.detail}")
        yield make_answerer(copied)


def copy_index(source: Path, target: Path) -> None:
    """Copy what answering needs of an index: its store and its segments.

    Segments never change once they are written, so they are linked where the disk allows it.
    """
    target.mkdir(parents=True)
    shutil.copytree(source / "segments", target / "segments", copy_function=_link)
    with (
        closing(
            sqlite3.connect(f"{store_path(source).absolute().as_uri()}?mode=ro", uri=True)
        ) as read,
        closing(sqlite3.connect(store_path(target))) as write,
    ):
        read.backup(write)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)
