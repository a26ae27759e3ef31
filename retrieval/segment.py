"""A segment: an immutable folder of arrays for some chunks.

Segments are written once, made durable, and only then named in the store; nothing ever changes in
one. Removing a document writes a new segment without it, so deleted text is gone from disk and
the statistics are exact at all times.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.lexical import FieldTerms, Floats, InvertedField
from retrieval.vectors import build_vectors, load_vectors, merge_vectors, save_vectors

FIELDS = ("body", "head")


class SegmentDamaged(Exception):
    """The files of a segment are not what was written."""


@dataclass(frozen=True, slots=True)
class ChunkTerms:
    """Analysed fields of a chunk: its text, and its title with heading path."""

    body: FieldTerms
    head: FieldTerms


@dataclass(frozen=True, slots=True)
class Segment:
    """Chunks in search form. Row ``i`` everywhere is the same chunk.

    Attributes:
        chunk_keys: Keys of the chunks in the store, shape ``(R,)``.
        document_keys: Keys of their documents, shape ``(R,)``.
        fields: Inverted index by field name (:data:`FIELDS`).
        vectors: FAISS index of the chunk vectors.
    """

    chunk_keys: npt.NDArray[np.int64]
    document_keys: npt.NDArray[np.int64]
    fields: dict[str, InvertedField]
    vectors: Any

    @property
    def rows(self) -> int:
        """Number of chunks."""
        return len(self.chunk_keys)

    @classmethod
    def build(
        cls,
        chunk_keys: Sequence[int],
        document_keys: Sequence[int],
        terms: Sequence[ChunkTerms],
        vectors: Floats,
    ) -> Segment:
        """A segment of new chunks; all arguments have one entry a chunk."""
        return cls(
            np.array(chunk_keys, dtype=np.int64),
            np.array(document_keys, dtype=np.int64),
            {
                "body": InvertedField.build([t.body for t in terms]),
                "head": InvertedField.build([t.head for t in terms]),
            },
            build_vectors(vectors),
        )

    @classmethod
    def merge(cls, parts: Sequence[Segment], removed: Sequence[int], dimensions: int) -> Segment:
        """One segment from several, without the documents whose keys are in ``removed``."""
        gone = np.array(sorted(removed), dtype=np.int64)
        keeps = [~np.isin(part.document_keys, gone) for part in parts]
        pairs = list(zip(parts, keeps, strict=True))
        return cls(
            np.concatenate([p.chunk_keys[keep] for p, keep in pairs]),
            np.concatenate([p.document_keys[keep] for p, keep in pairs]),
            {
                name: InvertedField.merge([(p.fields[name], keep) for p, keep in pairs])
                for name in FIELDS
            },
            merge_vectors([(p.vectors, keep) for p, keep in pairs], dimensions),
        )

    def save(self, folder: Path) -> str:
        """Write the segment below ``folder`` durably; return its new name."""
        name = uuid.uuid4().hex[:16]
        unfinished = folder / f"{name}.part"
        unfinished.mkdir(parents=True)
        np.save(unfinished / "chunk_keys.npy", self.chunk_keys, allow_pickle=False)
        np.save(unfinished / "document_keys.npy", self.document_keys, allow_pickle=False)
        for field_name, field in self.fields.items():
            field.save(unfinished, field_name)
        save_vectors(self.vectors, unfinished)
        for file in unfinished.iterdir():
            sync(file)
        sync(unfinished)
        unfinished.rename(folder / name)
        sync(folder)
        return name

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Memory-map a segment written by :meth:`save`.

        Raises:
            FileNotFoundError: A file is missing; a writer may just have replaced the segment.
            SegmentDamaged: A file is not what :meth:`save` wrote.
        """
        try:
            segment = cls(
                np.load(folder / "chunk_keys.npy", mmap_mode="r", allow_pickle=False),
                np.load(folder / "document_keys.npy", mmap_mode="r", allow_pickle=False),
                {name: InvertedField.load(folder, name) for name in FIELDS},
                load_vectors(folder),
            )
        except (ValueError, EOFError) as error:
            raise SegmentDamaged(f"segment {folder.name}: {error}") from error
        sizes = {len(segment.document_keys), segment.vectors.ntotal}
        sizes.update(len(field.lengths) for field in segment.fields.values())
        if sizes != {segment.rows}:
            raise SegmentDamaged(f"segment {folder.name}: its files do not have the same rows")
        return segment


def remove_segment(folder: Path) -> None:
    """Delete a segment's files; open memory maps of readers stay valid (POSIX)."""
    shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Make a file's or folder's content survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
