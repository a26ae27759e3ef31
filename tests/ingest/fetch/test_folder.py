from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.fetch import FetchError
from ingest.fetch.folder import Folder, State
from ingest.files import find_files


def test_files_are_whole_and_counted(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with Folder(out, "test", {"q": "1"}) as folder:
        assert folder.write("x.json", b"1") == "added"
        assert folder.write("x.json", b"1") == "unchanged"
        assert folder.write("x.json", b"2") == "updated"
        assert folder.has("x.json")
        assert not folder.has("y.json")
    assert (out / "x.json").read_bytes() == b"2"


def test_ingest_sees_the_files_and_nothing_else(tmp_path: Path) -> None:
    with Folder(tmp_path, "test", {"q": "1"}) as folder:
        folder.write("x.json", b"1")
        folder.save(State(source="test", query={"q": "1"}))
        seen = [found.path for found in find_files([tmp_path])]
    assert [Path(path).name for path in seen] == ["x.json"]


def test_state_is_kept_for_each_query(tmp_path: Path) -> None:
    with Folder(tmp_path, "test", {"q": "1"}) as folder:
        folder.save(State(source="test", query={"q": "1"}, next_page="t", kept=3))
    with Folder(tmp_path, "test", {"q": "1"}) as folder:
        assert folder.state().next_page == "t"
    with Folder(tmp_path, "test", {"q": "2"}) as folder:
        assert folder.state() == State(source="test", query={"q": "2"})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"source": 1}', b"\xff"])
def test_a_damaged_state_is_told(tmp_path: Path, content: bytes) -> None:
    with Folder(tmp_path, "test", {}) as folder:
        folder.save(State(source="test", query={}))
        next(tmp_path.glob(".xinglin-fetch-*.json")).write_bytes(content)
        assert folder.state() == State(source="test", query={})
        assert "damaged" in folder.warnings[0]


def test_two_runs_do_not_mix(tmp_path: Path) -> None:
    with (
        Folder(tmp_path, "test", {}),
        pytest.raises(FetchError, match="in use"),
        Folder(tmp_path, "test", {"q": "other"}),
    ):
        pass


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", "utf-8")
    with pytest.raises(FetchError, match="cannot be written"), Folder(tmp_path / "out", "t", {}):
        pass


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Folder(tmp_path, "test", {}) as folder:
        folder.write("x.json", b"old")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(FetchError, match="No space left"):
            folder.write("x.json", b"new")
    assert (tmp_path / "x.json").read_bytes() == b"old"
    assert not list(tmp_path.glob(".*.part"))


def test_what_a_killed_run_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / ".x.json.part").write_bytes(b"half")
    with Folder(tmp_path, "test", {}) as folder:
        folder.write("x.json", b"whole")
    assert (tmp_path / "x.json").read_bytes() == b"whole"
    assert not (tmp_path / ".x.json.part").exists()


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"theirs")
    out = tmp_path / "out"
    out.mkdir()
    (out / "x.json").symlink_to(other)
    with Folder(out, "test", {}) as folder:
        folder.write("x.json", b"ours")
    assert other.read_bytes() == b"theirs"
    assert (out / "x.json").read_bytes() == b"ours"
