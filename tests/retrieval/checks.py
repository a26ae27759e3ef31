"""Checks that several tests of the index share."""

from __future__ import annotations

from pathlib import Path

from retrieval import Index, View


def assert_whole(view: View) -> None:
    """Store, catalogue and segments of a view speak of the same documents and chunks."""
    snapshot = view.snapshot
    rows = {
        int(chunk): int(document)
        for segment in view.segments
        for chunk, document in zip(segment.chunk_keys, segment.document_keys, strict=True)
    }
    assert [s.rows for s in view.stored] == [s.rows for s in view.segments]
    assert snapshot.documents == len(view.documents)
    assert snapshot.chunks == len(rows) == sum(s.rows for s in view.segments)
    assert snapshot.chunks == sum(document.chunks for document in view.documents)
    chunks = view.chunks(list(rows))
    assert len(chunks) == snapshot.chunks
    for chunk, document in rows.items():
        assert chunks[chunk].document_id == view.document_by_key(document).id
    for document in view.documents:
        assert len(view.document_chunks(document)) == document.chunks
        assert len(view.blocks(document)) == document.blocks


def files_with(folder: Path, marker: str) -> list[str]:
    """Files below a folder whose bytes or path hold a text, as UTF-8 or as JSON may write it."""
    forms = (marker.encode(), marker.encode("unicode-escape"))
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if marker in path.name
        or (path.is_file() and any(form in path.read_bytes() for form in forms))
    ]


def titles(folder: Path) -> list[str]:
    """Titles of the documents of an index, in their order."""
    with Index(folder).read() as view:
        return [document.title for document in view.documents]
