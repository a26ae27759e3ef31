"""A segment: an immutable folder of arrays for some chunks.

Segments are written once, made durable, and only then named in the store; nothing ever changes in
one. Removing a document writes a new segment without it, so deleted text is gone from disk and
the statistics are exact at all times.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.arrays import mapped
from retrieval.lexical import FieldTerms, Floats, InvertedField, Postings
from retrieval.tokens import TokenLists
from retrieval.vectors import SegmentVectors

FIELDS = ("body", "head")


class SegmentDamaged(Exception):
    """The files of a segment are not what was written."""


@dataclass(frozen=True, slots=True)
class ChunkTerms:
    """An analysed chunk.

    Attributes:
        body, head: Terms of its text, and of its title with heading path.
        tokens: Sub-word tokens of all of it, for soft matching; shape ``(tokens,)``.
    """

    body: FieldTerms
    head: FieldTerms
    tokens: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Segment:
    """Chunks in search form. Row ``i`` everywhere is the same chunk.

    Attributes:
        chunk_keys: Keys of the chunks in the store, shape ``(R,)``.
        document_keys: Keys of their documents, shape ``(R,)``.
        fields: Inverted index by field name (:data:`FIELDS`).
        tokens: Sub-word tokens of each chunk.
        vectors: Vectors of the chunks.
    """

    chunk_keys: npt.NDArray[np.int64]
    document_keys: npt.NDArray[np.int64]
    fields: dict[str, InvertedField]
    tokens: TokenLists
    vectors: SegmentVectors

    @property
    def rows(self) -> int:
        """Number of chunks."""
        return len(self.chunk_keys)

    def find(self, terms: Iterable[int]) -> dict[str, dict[int, Postings]]:
        """Where some term ids stand, by field and term id."""
        wanted = list(terms)
        return {name: field.find(wanted) for name, field in self.fields.items()}

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
            TokenLists.build([t.tokens for t in terms]),
            SegmentVectors.build(vectors),
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
            TokenLists.merge([(p.tokens, keep) for p, keep in pairs]),
            SegmentVectors.merge([(p.vectors, keep) for p, keep in pairs], dimensions),
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
        self.tokens.save(unfinished)
        self.vectors.save(unfinished)
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
                mapped(folder / "chunk_keys.npy"),
                mapped(folder / "document_keys.npy"),
                {name: InvertedField.load(folder, name) for name in FIELDS},
                TokenLists.load(folder),
                SegmentVectors.load(folder),
            )
        except (ValueError, EOFError) as error:
            raise SegmentDamaged(f"segment {folder.name}: {error}") from error
        sizes = {len(segment.document_keys), len(segment.tokens), len(segment.vectors.rows)}
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
