from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import vectors as module
from retrieval.vectors import RECALL, SegmentVectors

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
MANY = 6000  # rows of an index with inverted lists in these tests
FILES = ("vectors.faiss", "vectors.npy")


def unit(vectors: npt.NDArray[np.floating]) -> Floats:
    scaled: Floats = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def unit_vectors(rows: int, seed: int = 0, dimensions: int = 8) -> Floats:
    return unit(np.random.default_rng(seed).normal(size=(rows, dimensions)))


def clustered(rows: int, seed: int = 0, dimensions: int = 16) -> Floats:
    """Like texts: many of few topics."""
    chooser = np.random.default_rng(seed)
    topics = chooser.normal(size=(40, dimensions))
    spread = 0.6 * chooser.normal(size=(rows, dimensions))
    return unit(topics[chooser.integers(0, 40, rows)] + spread)


def stored(vectors: Floats) -> Floats:
    """What is left of vectors in 16 bits."""
    return vectors.astype(np.float16).astype(np.float32)


@pytest.fixture
def few_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inverted lists from a few thousand rows on; k-means gets its points from fewer lists."""
    monkeypatch.setattr(module, "EXACT_UP_TO", 2000)
    monkeypatch.setattr(module, "_LISTS", 1)


@pytest.fixture
def large(few_exact: None) -> SegmentVectors:
    return SegmentVectors.build(clustered(MANY))


def is_exact(vectors: SegmentVectors) -> bool:
    return not isinstance(vectors.index, faiss.IndexIVF)


# Finding


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_the_nearest_allowed_rows_are_found(allowed: list[bool], k: int, seed: int) -> None:
    vectors, query = unit_vectors(len(allowed), seed), unit_vectors(1, seed + 1000)[0]
    mask = np.array(allowed)
    rows, _ = SegmentVectors.build(vectors).nearest(query, k, mask)
    cosines = stored(vectors) @ query
    assert rows.tolist() == sorted(np.flatnonzero(mask), key=lambda row: -cosines[row])[:k]


@pytest.mark.parametrize("mask", [None, np.ones(5, bool)])
def test_all_rows_may_be_found(mask: Mask | None) -> None:
    vectors = unit_vectors(5)
    rows, _ = SegmentVectors.build(vectors).nearest(vectors[3], 10, mask)
    assert rows[0] == 3 and sorted(rows) == [0, 1, 2, 3, 4]
    assert rows.dtype == np.int64


@pytest.mark.parametrize("rows", [0, 4])
def test_nothing_is_found_where_nothing_may_be(rows: int) -> None:
    vectors, query = SegmentVectors.build(unit_vectors(rows)), unit_vectors(1)[0]
    assert vectors.nearest(query, 3, np.zeros(rows, dtype=np.bool_))[0].tolist() == []


def test_a_query_of_zeros_is_near_nothing() -> None:
    assert len(SegmentVectors.build(unit_vectors(4)).nearest(np.zeros(8, np.float32), 2)[0]) == 0


@pytest.mark.parametrize("masked", [False, True])
def test_rows_as_near_as_the_last_are_found_too(masked: bool) -> None:
    # Of equal texts none is left out for where it stands: another index has another order.
    vectors = np.concatenate([unit_vectors(1), np.repeat(unit_vectors(2)[1:], 40, axis=0)])
    vectors = np.concatenate([vectors, -vectors])
    mask = np.arange(len(vectors)) != 5 if masked else None
    rows, _ = SegmentVectors.build(vectors).nearest(vectors[1] + 0.01 * vectors[0], 3, mask)
    assert set(range(1, 41)) - set(rows) == ({5} if masked else set())
    assert max(rows) <= 40


def test_a_row_has_the_same_cosine_whatever_stands_beside_it() -> None:
    vectors, query = unit_vectors(50, dimensions=33), unit_vectors(1, 1, 33)[0]
    built = SegmentVectors.build(vectors)
    together = built.cosines(np.arange(50), query)
    alone = [built.cosines(np.array([row]), query)[0] for row in range(50)]
    assert together.tolist() == [float(value) for value in alone]
    np.testing.assert_allclose(together, stored(vectors) @ query, atol=1e-6)
    assert built.cosines(np.empty(0, np.int64), query).shape == (0,)


def test_rows_are_kept_in_sixteen_bits() -> None:
    vectors = unit_vectors(5)
    built = SegmentVectors.build(vectors)
    assert built.rows.dtype == np.float16
    np.testing.assert_array_equal(built.take(np.array([4, 0])), stored(vectors)[[4, 0]])
    np.testing.assert_array_equal(built.index.reconstruct_n(0, 5), stored(vectors))


# Inverted lists


def test_only_a_large_segment_gets_inverted_lists(few_exact: None) -> None:
    assert is_exact(SegmentVectors.build(clustered(2000)))
    assert not is_exact(SegmentVectors.build(clustered(2001)))


def test_lists_are_probed_until_the_recall_is_reached(large: SegmentVectors) -> None:
    # Other probes than those it was tuned on, made in the same way.
    probes = module._probe_vectors(large.rows, np.random.default_rng(99))
    exact = module._exact_nearest(large.rows, probes)
    found = [large.nearest(probe, 10)[0][:10] for probe in probes]
    shared = [len(np.intersect1d(a, b)) for a, b in zip(exact, found, strict=True)]
    assert np.mean(shared) / 10 >= RECALL - 0.04
    assert 1 <= large.index.nprobe < large.index.nlist  # or it would not be worth having


def test_the_exact_nearest_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 100)
    rows, probes = clustered(950).astype(np.float16), unit_vectors(7, 3, 16)
    found = module._exact_nearest(rows, probes)
    expected = np.argsort(-(probes @ rows.astype(np.float32).T), axis=1)[:, :10]
    np.testing.assert_array_equal(np.sort(found), np.sort(expected))


def test_few_allowed_rows_are_compared_one_by_one(large: SegmentVectors) -> None:
    query = clustered(1, 5)[0]
    mask = np.zeros(MANY, bool)
    mask[::97] = True
    cosines = large.cosines(np.arange(MANY), query)
    expected = sorted(np.flatnonzero(mask), key=lambda row: -cosines[row])
    assert large.nearest(query, 10, mask)[0].tolist() == expected[:10]
    assert large.nearest(query, 1000, mask)[0].tolist() == expected


def test_many_allowed_rows_are_looked_for_in_the_lists(
    large: SegmentVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SCAN", 100)
    mask = np.arange(MANY) % 2 == 0
    shared = []
    for query in clustered(50, 5):
        found, _ = large.nearest(query, 10, mask)
        assert len(found) == 10 and mask[found].all()
        cosines = np.where(mask, large.cosines(np.arange(MANY), query), -2)
        shared.append(len(np.intersect1d(found, np.argsort(-cosines)[:10])))
    assert np.mean(shared) / 10 > 0.8


def test_an_inverted_index_is_the_same_every_time(few_exact: None) -> None:
    one, other = (SegmentVectors.build(clustered(3000)) for _ in range(2))
    assert one.index.nprobe == other.index.nprobe
    for query in clustered(20, 1):
        assert one.nearest(query, 10)[0].tolist() == other.nearest(query, 10)[0].tolist()


# Merging


def masks(*lengths: int, seed: int = 0) -> list[Mask]:
    chooser = np.random.default_rng(seed)
    return [chooser.random(length) < 0.7 for length in lengths]


def test_merging_keeps_the_marked_rows_in_order() -> None:
    one, other, none = unit_vectors(4, 1), unit_vectors(3, 2), unit_vectors(0)
    keeps = [np.array([1, 0, 0, 1], bool), np.array([0, 1, 1], bool), np.zeros(0, bool)]
    parts = [(SegmentVectors.build(v), m) for v, m in zip([one, other, none], keeps, strict=True)]
    merged = SegmentVectors.merge(parts, 8)
    expected = stored(np.concatenate([one[[0, 3]], other[[1, 2]]]))
    np.testing.assert_array_equal(merged.rows, expected)
    np.testing.assert_array_equal(merged.index.reconstruct_n(0, 4), expected)


def test_merging_nothing_gives_an_empty_index() -> None:
    merged = SegmentVectors.merge([], 8)
    assert merged.rows.shape == (0, 8) and (merged.index.ntotal, merged.index.d) == (0, 8)


def test_merging_many_rows_keeps_each_exactly(few_exact: None) -> None:
    one, other = clustered(1500, 1), clustered(1900, 2)
    keeps = masks(1500, 1900)
    parts = [(SegmentVectors.build(v), m) for v, m in zip([one, other], keeps, strict=True)]
    merged = SegmentVectors.merge(parts, 16)
    assert not is_exact(merged)
    np.testing.assert_array_equal(
        merged.rows, np.concatenate([one[keeps[0]], other[keeps[1]]]).astype(np.float16)
    )
    # No rounding piles up from merge to merge.
    again = SegmentVectors.merge([(merged, np.ones(len(merged.rows), bool))], 16)
    np.testing.assert_array_equal(again.rows, merged.rows)


def test_a_segment_that_shrinks_is_exact_again(large: SegmentVectors) -> None:
    assert is_exact(SegmentVectors.merge([(large, np.arange(MANY) < 1000)], 16))


def trained(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of lists that were trained, from here on."""
    made: list[int] = []
    original = faiss.index_factory

    def note(dimensions: int, name: str, metric: int) -> object:
        made.append(int(name.removeprefix("IVF").split(",")[0]))
        return original(dimensions, name, metric)

    monkeypatch.setattr(faiss, "index_factory", note)
    return made


def test_trained_lists_are_kept_while_they_fit(
    large: SegmentVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trained(monkeypatch)
    every = np.ones(MANY, bool)
    small = SegmentVectors.build(clustered(500, 3))
    grown = SegmentVectors.merge([(small, np.ones(500, bool)), (large, every)], 16)
    assert made == [] and grown.index.nlist == large.index.nlist
    np.testing.assert_array_equal(
        grown.index.quantizer.reconstruct_n(0, grown.index.nlist),
        large.index.quantizer.reconstruct_n(0, large.index.nlist),
    )
    assert grown.index.ntotal == len(grown.rows) == MANY + 500
    assert large.index.ntotal == MANY  # readers may still hold it


def test_lists_are_trained_anew_when_a_segment_has_outgrown_them(
    large: SegmentVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trained(monkeypatch)
    every = np.ones(MANY, bool)
    grown = SegmentVectors.merge([(large, every)] * 3, 16)
    assert made == [grown.index.nlist]
    assert grown.index.nlist > large.index.nlist / module._REUSE


def test_a_kept_index_finds_as_well_as_one_trained_anew(large: SegmentVectors) -> None:
    more = SegmentVectors.build(clustered(1000, 8))
    grown = SegmentVectors.merge([(large, np.ones(MANY, bool)), (more, np.ones(1000, bool))], 16)
    exact = module._exact_nearest(grown.rows, clustered(100, 9))
    found = [grown.nearest(query, 10)[0][:10] for query in clustered(100, 9)]
    assert np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact, found, strict=True)]) > 8.5


# The disk


@pytest.mark.parametrize("rows", [0, 7])
def test_an_exact_index_survives_the_disk(tmp_path: Path, rows: int) -> None:
    vectors = SegmentVectors.build(unit_vectors(rows))
    vectors.save(tmp_path)
    loaded = SegmentVectors.load(tmp_path)
    np.testing.assert_array_equal(loaded.rows, vectors.rows)
    query = unit_vectors(1, 9)[0]
    assert loaded.nearest(query, 5)[0].tolist() == vectors.nearest(query, 5)[0].tolist()


def test_inverted_lists_survive_the_disk(tmp_path: Path, large: SegmentVectors) -> None:
    large.save(tmp_path)
    loaded = SegmentVectors.load(tmp_path)
    assert not is_exact(loaded) and loaded.index.nprobe == large.index.nprobe
    for query in clustered(10, 4):
        assert loaded.nearest(query, 10)[0].tolist() == large.nearest(query, 10)[0].tolist()
    # What was loaded can be merged: a writer merges what it has mapped.
    merged = SegmentVectors.merge([(loaded, np.ones(MANY, bool))], 16)
    assert merged.nearest(query, 10)[0].tolist() == large.nearest(query, 10)[0].tolist()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    SegmentVectors.build(unit_vectors(4)).save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        SegmentVectors.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"not an index", None])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    SegmentVectors.build(unit_vectors(40)).save(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-1] if content is None else content)
    with pytest.raises((ValueError, EOFError)):
        SegmentVectors.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_files_of_two_segments_do_not_mix(tmp_path: Path, name: str) -> None:
    for folder, rows in (("one", 4), ("other", 5)):
        (tmp_path / folder).mkdir()
        SegmentVectors.build(unit_vectors(rows)).save(tmp_path / folder)
    (tmp_path / "other" / name).replace(tmp_path / "one" / name)
    with pytest.raises(ValueError, match="same rows"):
        SegmentVectors.load(tmp_path / "one")
