"""Vectors of one segment in a FAISS index, and searching several segments.

Indexes are written with ``faiss.write_index`` only; nothing is pickled. Vectors are normalised,
so the inner product is the cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_FILE = "vectors.faiss"


def build_vectors(vectors: Floats) -> Any:
    """A flat inner-product index over rows of ``vectors``, shape ``(R, D)``."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


def merge_vectors(parts: Sequence[tuple[Any, npt.NDArray[np.bool_]]], dimensions: int) -> Any:
    """Concatenate flat indexes, keeping only the rows whose mask is true."""
    kept = [index.reconstruct_n(0, index.ntotal)[mask] for index, mask in parts if index.ntotal]
    rows = np.concatenate(kept) if kept else np.empty((0, dimensions), np.float32)
    return build_vectors(rows)


def save_vectors(index: Any, folder: Path) -> None:
    """Write the index file."""
    import faiss

    faiss.write_index(index, str(folder / _FILE))


def load_vectors(folder: Path) -> Any:
    """Open the index file, memory-mapped where FAISS can.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is not an index of FAISS.
    """
    import faiss

    path = folder / _FILE
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:  # FAISS has no other
        if not path.exists():
            raise FileNotFoundError(f"no such file: {path}") from error
        raise ValueError(f"{path} is not a FAISS index") from error


def search_vectors(
    index: Any, query: Floats, k: int, allowed: npt.NDArray[np.bool_] | None
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The ``k`` nearest rows to one vector of shape ``(D,)``: cosines and row numbers.

    ``allowed`` masks rows, shape ``(R,)``; excluded rows do not use up places in the result.
    """
    import faiss

    if index.ntotal == 0 or (allowed is not None and not allowed.any()):
        return np.empty(0, np.float32), np.empty(0, np.int64)
    parameters = None
    if allowed is not None and not allowed.all():
        rows = np.flatnonzero(allowed).astype(np.int64)
        make_parameters: Any = faiss.SearchParameters
        parameters = make_parameters(sel=faiss.IDSelectorBatch(rows))
    # One question is one thread's work; a team of threads mostly waits for each other on it.
    faiss.omp_set_num_threads(1)
    scores, rows = index.search(query[None, :], min(k, index.ntotal), params=parameters)
    found = rows[0] >= 0
    return scores[0][found], rows[0][found]
