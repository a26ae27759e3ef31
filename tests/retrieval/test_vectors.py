from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.vectors import (
    build_vectors,
    load_vectors,
    merge_vectors,
    save_vectors,
    search_vectors,
)

Floats = npt.NDArray[np.float32]


def unit_vectors(rows: int, seed: int = 0, dimensions: int = 8) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 99))
@settings(max_examples=50)
def test_the_nearest_allowed_rows_are_found(allowed: list[bool], k: int, seed: int) -> None:
    vectors, query = unit_vectors(len(allowed), seed), unit_vectors(1, seed + 1000)[0]
    mask = np.array(allowed)
    scores, rows = search_vectors(build_vectors(vectors), query, k, mask)
    cosines = vectors @ query
    expected = sorted(np.flatnonzero(mask), key=lambda row: -cosines[row])[:k]
    assert rows.tolist() == expected
    np.testing.assert_allclose(scores, cosines[expected], atol=1e-6)


def test_without_a_mask_all_rows_may_be_found() -> None:
    vectors = unit_vectors(5)
    _, rows = search_vectors(build_vectors(vectors), vectors[3], 10, None)
    assert rows[0] == 3 and sorted(rows) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("rows", [0, 4])
def test_nothing_is_found_where_nothing_may_be(rows: int) -> None:
    index = build_vectors(unit_vectors(rows))
    scores, found = search_vectors(index, unit_vectors(1)[0], 3, np.zeros(rows, dtype=np.bool_))
    assert len(scores) == len(found) == 0


def test_merging_keeps_the_marked_rows_in_order() -> None:
    one, other, none = unit_vectors(4, 1), unit_vectors(3, 2), unit_vectors(0)
    masks = [np.array([1, 0, 0, 1], bool), np.array([0, 1, 1], bool), np.zeros(0, bool)]
    parts = [(build_vectors(v), m) for v, m in zip([one, other, none], masks, strict=True)]
    merged = merge_vectors(parts, 8)
    np.testing.assert_array_equal(
        merged.reconstruct_n(0, merged.ntotal), np.concatenate([one[[0, 3]], other[[1, 2]]])
    )


@pytest.mark.parametrize("rows", [0, 7])
def test_an_index_survives_the_disk(tmp_path: Path, rows: int) -> None:
    vectors = unit_vectors(rows)
    save_vectors(build_vectors(vectors), tmp_path)
    loaded = load_vectors(tmp_path)
    assert loaded.ntotal == rows
    np.testing.assert_array_equal(loaded.reconstruct_n(0, rows), vectors)


def test_a_missing_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path)
    (tmp_path / "vectors.faiss").write_bytes(b"not an index")
    with pytest.raises(ValueError, match="not a FAISS index"):
        load_vectors(tmp_path)
