from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.hashing import term_id
from retrieval.lexical import count_terms
from retrieval.segment import FIELDS, ChunkTerms, Segment, SegmentDamaged, remove_segment
from tests.retrieval.doubles import CharacterEmbedder

Row = tuple[int, int, str]  # chunk key, document key, text
TEXTS = st.sampled_from(["知情 同意", "sae 15日 sae", "伦理 审查", "rct", ""])
EMBEDDER = CharacterEmbedder(16)


def build(rows: list[Row]) -> Segment:
    terms = [
        ChunkTerms(
            count_terms(text.split()),
            count_terms(text.split()[:1]),
            np.array([len(word) for word in text.split()] or [0], dtype=np.uint16),
        )
        for _, _, text in rows
    ]
    return Segment.build(
        [r[0] for r in rows], [r[1] for r in rows], terms, EMBEDDER.encode([r[2] for r in rows])
    )


def assert_same(one: Segment, other: Segment) -> None:
    np.testing.assert_array_equal(one.chunk_keys, other.chunk_keys)
    np.testing.assert_array_equal(one.document_keys, other.document_keys)
    for name in FIELDS:
        for array in ("terms", "offsets", "rows", "counts", "lengths"):
            np.testing.assert_array_equal(
                getattr(one.fields[name], array), getattr(other.fields[name], array)
            )
    np.testing.assert_array_equal(one.tokens.tokens, other.tokens.tokens)
    np.testing.assert_array_equal(one.tokens.ends, other.tokens.ends)
    np.testing.assert_array_equal(one.vectors.rows, other.vectors.rows)
    np.testing.assert_array_equal(
        one.vectors.index.reconstruct_n(0, one.rows), other.vectors.index.reconstruct_n(0, one.rows)
    )


@pytest.fixture
def segment() -> Segment:
    return build([(1, 1, "知情 同意"), (2, 1, "sae"), (5, 2, "sae 15日"), (6, 3, "")])


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=6), st.data())
@settings(max_examples=50)
def test_merging_and_removing_gives_what_building_afresh_gives(
    documents: list[list[str]], data: st.DataObject
) -> None:
    keys = iter(range(1, 100))
    rows = [[(next(keys), key, text) for text in texts] for key, texts in enumerate(documents)]
    removed = data.draw(st.sets(st.integers(0, len(documents))))
    cut = data.draw(st.integers(0, len(documents)))
    parts = [build([r for d in part for r in d]) for part in (rows[:cut], rows[cut:]) if part]
    merged = Segment.merge(parts, sorted(removed), EMBEDDER.dimensions)
    left = [row for document in rows for row in document if row[1] not in removed]
    assert_same(merged, build(left))


def test_a_segment_survives_the_disk(tmp_path: Path, segment: Segment) -> None:
    name = segment.save(tmp_path)
    loaded = Segment.load(tmp_path / name)
    assert_same(loaded, segment)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_segment_without_any_term_survives_the_disk(tmp_path: Path) -> None:
    silent = build([(1, 1, ""), (2, 1, "")])
    assert_same(Segment.load(tmp_path / silent.save(tmp_path)), silent)


def test_every_save_has_its_own_name(tmp_path: Path, segment: Segment) -> None:
    assert segment.save(tmp_path) != segment.save(tmp_path)


def test_a_loaded_segment_outlives_its_files(tmp_path: Path, segment: Segment) -> None:
    folder = tmp_path / segment.save(tmp_path)
    loaded = Segment.load(folder)
    remove_segment(folder)
    assert not folder.exists()
    assert_same(loaded, segment)


def test_nothing_on_disk_needs_pickle(tmp_path: Path, segment: Segment) -> None:
    folder = tmp_path / segment.save(tmp_path)
    arrays = sorted(folder.glob("*.npy"))
    assert {path.suffix for path in folder.iterdir()} == {".npy", ".faiss"}
    # Keys of chunks and documents, tokens and where they end, vectors; five for each field.
    assert len(arrays) == 5 + 5 * len(FIELDS)
    for path in arrays:
        assert not np.load(path, allow_pickle=False).dtype.hasobject


def test_a_pickled_array_is_refused(tmp_path: Path, segment: Segment) -> None:
    folder = tmp_path / segment.save(tmp_path)
    np.save(folder / "chunk_keys.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(SegmentDamaged, match="Python objects"):
        Segment.load(folder)


@pytest.mark.parametrize(
    "file",
    [
        *("chunk_keys.npy", "body.rows.npy", "tokens.npy", "token_ends.npy"),
        *("vectors.npy", "vectors.faiss"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, segment: Segment, file: str) -> None:
    folder = tmp_path / segment.save(tmp_path)
    (folder / file).unlink()
    with pytest.raises(FileNotFoundError, match=file):
        Segment.load(folder)


@pytest.mark.parametrize(
    "file",
    ["chunk_keys.npy", "head.terms.npy", "tokens.npy", "vectors.npy", "vectors.faiss"],
)
@pytest.mark.parametrize("kept", [0, 9, -1])
def test_a_file_cut_short_is_noticed(
    tmp_path: Path, segment: Segment, file: str, kept: int
) -> None:
    folder = tmp_path / segment.save(tmp_path)
    data = (folder / file).read_bytes()
    (folder / file).write_bytes(data[:kept])
    with pytest.raises(SegmentDamaged, match=folder.name):
        Segment.load(folder)


@pytest.mark.parametrize(
    "files",
    [
        ("chunk_keys.npy",),
        ("document_keys.npy",),
        ("head.lengths.npy",),
        ("vectors.faiss",),
        ("vectors.faiss", "vectors.npy"),
        ("token_ends.npy", "tokens.npy"),
    ],
)
def test_files_of_different_segments_do_not_mix(
    tmp_path: Path, segment: Segment, files: tuple[str, ...]
) -> None:
    folder = tmp_path / segment.save(tmp_path)
    other = tmp_path / build([(1, 1, "sae")]).save(tmp_path)
    for file in files:
        (other / file).replace(folder / file)
    with pytest.raises(SegmentDamaged, match="same rows"):
        Segment.load(folder)


@pytest.mark.parametrize("file", ["tokens.npy", "body.rows.npy", "head.counts.npy"])
def test_arrays_of_different_segments_do_not_mix(
    tmp_path: Path, segment: Segment, file: str
) -> None:
    folder = tmp_path / segment.save(tmp_path)
    other = tmp_path / build([(1, 1, "sae")]).save(tmp_path)
    (other / file).replace(folder / file)
    with pytest.raises(SegmentDamaged, match="do not belong together"):
        Segment.load(folder)


def test_terms_are_found_by_field(segment: Segment) -> None:
    sae, absent = term_id("sae"), term_id("absent")
    found = segment.find(iter([sae, absent]))
    assert set(found) == set(FIELDS)
    assert {name: list(postings) for name, postings in found.items()} == {
        "body": [sae],
        "head": [sae],
    }
    assert found["body"][sae].rows.tolist() == [1, 2]
