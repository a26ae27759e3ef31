"""Vectors of one segment: the rows themselves, and a FAISS index to find the nearest.

Rows are kept as 16-bit floats in a plain array, memory-mapped: the exact cosine of any row, and
what a merged segment is built from. The FAISS index over them compares every row, in the same 16
bits, while the segment is small; a large one gets inverted lists with 8-bit codes (IVF, SQ8), whose
number of probed lists is tuned on the segment's own vectors to a recall of :data:`RECALL`. Indexes
are written with ``faiss.write_index`` only; nothing is pickled. Vectors have length one, so the
inner product is the cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.arrays import mapped

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EXACT_UP_TO = 200_000  # rows; beyond it a segment gets inverted lists
RECALL = 0.95  # share of the exact ten nearest that tuned inverted lists must find
_FILE = "vectors.faiss"
_ROWS = "vectors.npy"
_BLOCK = 65_536  # rows converted or added at a time; bounds memory
_LISTS = 4  # inverted lists: this many times the square root of the rows
_TRAIN_PER_LIST = 48  # rows that k-means sees for each list; FAISS warns below 39
_REUSE = 0.7  # keep the trained lists of the largest part while they are this share of the wanted
_PROBES = 200  # vectors on which the number of probed lists is tuned
_MIXED_IN_PROBE = 3  # rows whose mean is such a vector: as near to its nearest as a question is
_SCAN = 2_000  # allowed rows up to which each is compared


@dataclass(frozen=True, slots=True)
class SegmentVectors:
    """Vectors of a segment.

    Attributes:
        rows: Shape ``(R, D)``, 16-bit, length one.
        index: FAISS index over them.
    """

    rows: npt.NDArray[np.float16]
    index: Any

    @classmethod
    def build(cls, vectors: Floats) -> SegmentVectors:
        """From unit vectors, shape ``(R, D)``."""
        return cls._index(vectors.astype(np.float16), None)

    @classmethod
    def merge(cls, parts: Sequence[tuple[SegmentVectors, Mask]], dimensions: int) -> SegmentVectors:
        """Concatenate, keeping only the rows whose mask is true."""
        kept = [part.rows[mask] for part, mask in parts]
        rows = np.concatenate(kept) if kept else np.empty((0, dimensions), np.float16)
        largest = max((part for part, _ in parts), key=lambda part: len(part.rows), default=None)
        return cls._index(rows, largest)

    @classmethod
    def _index(
        cls, rows: npt.NDArray[np.float16], largest: SegmentVectors | None
    ) -> SegmentVectors:
        import faiss

        if len(rows) <= EXACT_UP_TO:
            half, product = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            index: Any = faiss.IndexScalarQuantizer(rows.shape[1], half, product)
            _add(index, rows)
        else:
            index = _inverted_lists(rows, largest.index if largest else None)
        return cls(rows, index)

    def save(self, folder: Path) -> None:
        """Write both files."""
        import faiss

        np.save(folder / _ROWS, self.rows, allow_pickle=False)
        faiss.write_index(self.index, str(folder / _FILE))

    @classmethod
    def load(cls, folder: Path) -> SegmentVectors:
        """Open both files, memory-mapped where FAISS can.

        Raises:
            FileNotFoundError: A file is missing.
            ValueError: A file is not what :meth:`save` wrote.
        """
        import faiss

        path = folder / _FILE
        rows = mapped(folder / _ROWS)
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:  # FAISS has no other
            if not path.exists():
                raise FileNotFoundError(f"no such file: {path}") from error
            raise ValueError(f"{path} is not a FAISS index") from error
        if rows.shape != (index.ntotal, index.d):
            raise ValueError(f"{path} and {_ROWS} do not have the same rows")
        return cls(rows, index)

    def cosines(self, rows: Rows, query: Floats) -> Floats:
        """Cosines of some rows with a query of shape ``(D,)``; shape ``(len(rows),)``."""
        # Unlike ``@``, einsum gives a row the same cosine whatever rows stand beside it.
        found: Floats = np.einsum("rd,d->r", self.take(rows), query)
        return found

    def take(self, rows: Rows) -> Floats:
        """Some rows as 32-bit floats, shape ``(len(rows), D)``."""
        return self.rows[rows].astype(np.float32)

    def nearest(self, query: Floats, k: int, allowed: Mask | None = None) -> tuple[Rows, Floats]:
        """About the ``k`` nearest rows to a query of shape ``(D,)``, and those as near as the last.

        Args:
            query: Unit vector; zeros find nothing.
            k: How many.
            allowed: Mask of rows, shape ``(R,)``; excluded rows use up no places in the result.

        Returns:
            Row numbers, best first, and their cosines as the FAISS index has them.
        """
        import faiss

        none = allowed is not None and not allowed.any()
        if not k or none or not len(self.rows) or not query.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is not None and allowed.all():
            allowed = None
        inverted = isinstance(self.index, faiss.IndexIVF)
        if inverted and allowed is not None and np.count_nonzero(allowed) <= max(k, _SCAN):
            selected = np.flatnonzero(allowed)
            cosines = self.cosines(selected, query)
            order = np.argsort(-cosines, kind="stable")[:k]
            return selected[order], cosines[order]
        parameters = _parameters(self.index, allowed)
        # One question is one thread's work; a team of threads mostly waits for each other on it.
        faiss.omp_set_num_threads(1)
        wanted = k + 1
        while True:
            found = self.index.search(query[None, :], wanted, params=parameters)
            filled = found[1][0] >= 0
            cosines = found[0][0][filled]
            rows: Rows = found[1][0][filled].astype(np.int64)
            if len(rows) <= k:
                return rows, cosines
            if len(rows) < wanted or cosines[-1] < cosines[k - 1]:
                near = cosines >= cosines[k - 1]
                return rows[near], cosines[near]
            wanted *= 4  # more rows may be as near as the last


def _parameters(index: Any, allowed: Mask | None) -> Any:
    import faiss

    if allowed is None:
        return None
    library: Any = faiss  # its stubs do not know the keywords of its Python layer
    selector = library.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
    if isinstance(index, faiss.IndexIVF):
        # As many allowed rows are to be compared as without a mask.
        wanted = index.nprobe * len(allowed) / max(1, int(np.count_nonzero(allowed)))
        return library.SearchParametersIVF(sel=selector, nprobe=min(index.nlist, int(wanted)))
    return library.SearchParameters(sel=selector)


def _add(index: Any, rows: npt.NDArray[np.float16]) -> None:
    for begin in range(0, len(rows), _BLOCK):
        index.add(np.ascontiguousarray(rows[begin : begin + _BLOCK], dtype=np.float32))


def _inverted_lists(rows: npt.NDArray[np.float16], model: Any) -> Any:
    """IVF with SQ8 over many rows.

    ``model`` is the index of the largest part these rows came from: its trained lists are kept
    unless the segment has outgrown them.
    """
    import faiss

    lists = int(_LISTS * len(rows) ** 0.5)
    chooser = np.random.default_rng(0)
    if isinstance(model, faiss.IndexIVF) and model.nlist >= _REUSE * lists:
        index = _empty_copy(model)
    else:
        index = faiss.index_factory(rows.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = chooser.choice(len(rows), min(len(rows), lists * _TRAIN_PER_LIST), replace=False)
        index.train(rows[np.sort(sample)].astype(np.float32))
    _add(index, rows)
    index.nprobe = _probed_lists(index, rows, chooser)
    return index


def _empty_copy(model: Any) -> Any:
    """An index with the trained lists of another; FAISS cannot empty one that is memory-mapped."""
    import faiss

    copy = faiss.IndexIVFScalarQuantizer(
        faiss.clone_index(model.quantizer),
        model.d,
        model.nlist,
        model.sq.qtype,
        model.metric_type,
        model.by_residual,
    )
    copy.sq, copy.is_trained = model.sq, True
    return copy


def _probed_lists(index: Any, rows: npt.NDArray[np.float16], chooser: np.random.Generator) -> int:
    """The fewest lists (a power of two) to probe for :data:`RECALL` of what is near the probes."""
    probes = _probe_vectors(rows, chooser)
    exact = _exact_nearest(rows, probes)
    probed = 1
    while probed < index.nlist:
        index.nprobe = probed
        found = index.search(probes, exact.shape[1])[1]
        shared = [len(np.intersect1d(a, b)) for a, b in zip(exact, found, strict=True)]
        if np.mean(shared) / exact.shape[1] >= RECALL:
            return probed
        probed *= 2
    return int(index.nlist)


def _probe_vectors(rows: npt.NDArray[np.float16], chooser: np.random.Generator) -> Floats:
    """Unit vectors between random rows: questions too lie between passages, not on one."""
    chosen = chooser.choice(len(rows), (_MIXED_IN_PROBE, _PROBES), replace=False)
    probes: Floats = rows[chosen].astype(np.float32).sum(axis=0)
    probes /= np.maximum(np.linalg.norm(probes, axis=1, keepdims=True), np.float32(1e-9))
    return np.ascontiguousarray(probes, dtype=np.float32)


def _exact_nearest(rows: npt.NDArray[np.float16], probes: Floats, k: int = 10) -> Rows:
    """Row numbers of the exact nearest to each probe, shape ``(len(probes), k)``."""
    scores = np.full((len(probes), k), -2.0, dtype=np.float32)
    found = np.zeros((len(probes), k), dtype=np.int64)
    for begin in range(0, len(rows), _BLOCK):
        cosines = probes @ rows[begin : begin + _BLOCK].astype(np.float32).T
        numbers = np.broadcast_to(np.arange(begin, begin + cosines.shape[1]), cosines.shape)
        scores = np.concatenate([scores, cosines], axis=1)
        found = np.concatenate([found, numbers], axis=1)
        best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        scores = np.take_along_axis(scores, best, axis=1)
        found = np.take_along_axis(found, best, axis=1)
    return found
