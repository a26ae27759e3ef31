from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.model import Block, Chunk, Document, Locator, Metadata, Span, Table
from retrieval import IndexUnusable, contents, publishing, store
from retrieval.contents import StoredSegment

DOCUMENT = Document(
    id="0123456789abcdef",
    path="法规/药物临床试验质量管理规范.pdf",
    source_path="/data/法规/药物临床试验质量管理规范.pdf",
    media_type="application/pdf",
    sha256="ab" * 32,
    size=1234,
    pages=3,
    warnings=("page 2 has no text",),
    metadata=Metadata(
        title="药物临床试验质量管理规范",
        kind="regulation",
        keywords=("GCP", "质量"),
        repeals=("旧规范",),
        identifiers=("NCT00000001",),
        draft=True,
    ),
    blocks=(
        Block("heading", "第一章 总则", Locator(page=1, bbox=(1.5, 2, 3, 4.25)), level=1),
        Block("paragraph", "第一条　为保证质量。", Locator(page=1, section="第一条")),
        Block(
            "table",
            "表1\na | b\n1 | 2",
            Locator(page=2, sheet="S", cells="A1:B2", path="$.x", line=7),
            table=Table((("a", "b"), ("1", "2")), 1, "表1"),
            flags=("low_confidence",),
        ),
    ),
)
CHUNK = Chunk(
    id="0123456789abcdef-00000",
    document_id=DOCUMENT.id,
    ordinal=0,
    kind="article",
    text="第一条　为保证质量。",
    heading_path=("第一章 总则",),
    locator=Locator(page=1, section="第一条"),
    spans=(Span(1, 0, 10, 0),),
    tokens=9,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = store.connect(tmp_path, write=True)
    yield connection
    connection.close()


def insert(
    database: sqlite3.Connection, key: int = 1, id: str = DOCUMENT.id, source: str = "/data/x"
) -> None:
    document = Document(**{**_fields(DOCUMENT), "id": id, "source_path": source})
    chunk = Chunk(**{**_fields(CHUNK), "id": f"{id}-00000", "document_id": id})
    publishing.insert_document(database, key, document, [(key * 10, chunk)], "2026-01-01T00:00:00")


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_a_document_comes_back_as_it_was(database: sqlite3.Connection) -> None:
    insert(database, source=DOCUMENT.source_path)
    [stored] = contents.documents(database)
    for name in ("id", "path", "source_path", "media_type", "sha256", "size", "pages", "warnings"):
        assert getattr(stored, name) == getattr(DOCUMENT, name)
    assert stored.metadata == DOCUMENT.metadata
    assert (stored.blocks, stored.chunks, stored.added) == (3, 1, "2026-01-01T00:00:00")
    assert contents.blocks(database, 1) == list(enumerate(DOCUMENT.blocks))
    assert contents.document_chunks(database, 1) == [CHUNK]
    assert contents.chunks_by_key(database, [10, 99]) == {10: CHUNK}


def test_blocks_can_be_read_in_part(database: sqlite3.Connection) -> None:
    insert(database)
    assert [n for n, _ in contents.blocks(database, 1, start=1, limit=1)] == [1]
    assert [n for n, _ in contents.page_blocks(database, 1, 1)] == [0, 1]
    assert contents.page_blocks(database, 1, 9) == []


def test_more_keys_than_sqlite_takes_at_once(database: sqlite3.Connection) -> None:
    insert(database)
    assert list(contents.chunks_by_key(database, list(range(2000)))) == [10]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("aaaaaa1111", "aaaaaa1111"),
        ("aaaaaa1", "aaaaaa1111"),
        ("aaaaaa", None),  # two begin so
        ("bbbbbb", "bbbbbb3333"),
        ("bbbbb", None),  # too short
        ("%aaaaa", None),
        ("", None),
    ],
)
def test_an_id_may_be_cut_short_while_it_is_clear(
    database: sqlite3.Connection, given: str, found: str | None
) -> None:
    for key, id in enumerate(["aaaaaa1111", "aaaaaa2222", "bbbbbb3333"], start=1):
        insert(database, key, id, f"/data/{id}")
    document = contents.find_document(database, given)
    assert (document and document.id) == found


def test_a_title_is_never_empty(database: sqlite3.Connection) -> None:
    insert(database)
    [stored] = contents.documents(database)
    assert stored.title == DOCUMENT.metadata.title
    untitled = Document(**{**_fields(DOCUMENT), "id": "f" * 16, "metadata": Metadata()})
    publishing.insert_document(database, 2, untitled, [], "")
    assert contents.documents(database)[1].title == DOCUMENT.path


def test_deleting_takes_blocks_and_chunks_along(database: sqlite3.Connection) -> None:
    insert(database)
    publishing.delete_document(database, 1)
    for table in ("documents", "blocks", "chunks"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_keys_of_deleted_documents_are_not_used_again(database: sqlite3.Connection) -> None:
    assert publishing.next_key(database, "documents") == 1
    insert(database, 1)
    insert(database, 2, "b" * 16, "/data/b")
    publishing.delete_document(database, 2)
    assert publishing.next_key(database, "documents") == 3
    assert publishing.next_key(database, "chunks") == 11


def test_the_last_snapshot_is_current(database: sqlite3.Connection) -> None:
    assert contents.current_snapshot(database) is None
    publishing.insert_snapshot(database, "aaaa", "2026-01-01")
    insert(database)
    publishing.insert_snapshot(database, "bbbb", "2026-01-02")
    snapshot = contents.current_snapshot(database)
    assert snapshot == contents.Snapshot(2, "bbbb", "2026-01-02", documents=1, chunks=1)


def test_segments_are_replaced_and_listed_in_a_stable_order(database: sqlite3.Connection) -> None:
    one, two, three = (StoredSegment(name, 1, 2, 3) for name in "bac")
    publishing.replace_segments(database, [], [one, two])
    publishing.replace_segments(database, [one.name], [three])
    assert contents.current_segments(database) == [two, three]


def test_a_reader_cannot_write(database: sqlite3.Connection, tmp_path: Path) -> None:
    reader = store.connect(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.set_meta(reader, "format", "9")
    reader.close()


def test_without_an_index_the_message_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match=rf"xinglin ingest PATH --index {tmp_path}"):
        store.connect(tmp_path)


def test_another_format_is_refused_by_reader_and_writer(tmp_path: Path) -> None:
    connection = store.connect(tmp_path, write=True)
    store.set_meta(connection, "format", "0")
    connection.close()
    for write in (False, True):
        with pytest.raises(IndexUnusable, match=r"has format 0.*move the folder away and run"):
            store.connect(tmp_path, write=write)


@pytest.mark.parametrize("write", [False, True])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, write: bool) -> None:
    store.store_path(tmp_path).write_bytes(b"PK\x03\x04 this is a zip file" * 100)
    with pytest.raises(IndexUnusable, match=r"not a database.*move the folder away and run"):
        store.connect(tmp_path, write=write)


@pytest.mark.parametrize("data", [b"", None])
def test_an_index_whose_making_was_cut_short_counts_as_none(
    tmp_path: Path, data: bytes | None
) -> None:
    if data is None:  # the first table was made, the format not yet written
        connection = sqlite3.connect(store.store_path(tmp_path))
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        connection.close()
    else:
        store.store_path(tmp_path).write_bytes(data)
    with pytest.raises(IndexUnusable, match="there is no index"):
        store.connect(tmp_path)
    store.connect(tmp_path, write=True).close()
    store.connect(tmp_path).close()


def _failing(sql: str, *setup: str) -> Callable[[], None]:
    def run() -> None:
        connection = sqlite3.connect(":memory:")
        for statement in setup:
            connection.execute(statement)
        connection.execute(sql)

    return run


def _busy(path: Path) -> None:
    holder, other = (sqlite3.connect(path, timeout=0, isolation_level=None) for _ in range(2))
    holder.execute("BEGIN EXCLUSIVE")
    try:
        other.execute("BEGIN EXCLUSIVE")
    finally:
        holder.close()
        other.close()


def test_a_locked_store_does_not_advise_to_move_it_away(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="try again") as caught, store.explained(tmp_path):
        _busy(tmp_path / "x.sqlite")
    assert "move the folder" not in str(caught.value)


def test_a_full_disk_does_not_advise_to_move_it_away(tmp_path: Path) -> None:
    fill = "INSERT INTO t VALUES (zeroblob(100000))"
    run = _failing(fill, "PRAGMA max_page_count=2", "CREATE TABLE t (x)")
    with pytest.raises(IndexUnusable, match="free space") as caught, store.explained(tmp_path):
        run()
    assert "move the folder" not in str(caught.value)


def test_our_own_mistakes_are_not_explained_away(tmp_path: Path) -> None:
    insert_twice = _failing(
        "INSERT INTO t VALUES (1)", "CREATE TABLE t (x UNIQUE)", "INSERT INTO t VALUES (1)"
    )
    with pytest.raises(sqlite3.IntegrityError), store.explained(tmp_path):
        insert_twice()
