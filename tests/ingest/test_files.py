from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ingest.files import FileRef, Unreachable, document_id, find_files, hash_file

as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``study/`` with two files, one of them in a folder below."""
    folder = tmp_path / "study"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text("b")
    (folder / "sub" / "a.txt").write_text("a")
    return folder


def files(*paths: Path | str, follow_links: bool = False) -> list[str]:
    found = find_files(paths, follow_links)
    return [item.path for item in found if isinstance(item, FileRef)]


def problems(*paths: Path | str, follow_links: bool = False) -> dict[str, str]:
    found = find_files(paths, follow_links)
    return {item.path: item.reason for item in found if isinstance(item, Unreachable)}


def test_paths_begin_with_the_folder_that_was_named(folder: Path) -> None:
    assert files(folder) == ["study/b.txt", "study/sub/a.txt"]


def test_a_file_is_known_by_its_name(folder: Path) -> None:
    assert list(find_files([folder / "b.txt"])) == [FileRef(folder / "b.txt", "b.txt")]


def test_the_order_does_not_depend_on_the_file_system(tmp_path: Path) -> None:
    for name in ("c.txt", "a.txt", "中.txt", "B.txt"):
        (tmp_path / name).touch()
    assert [Path(path).name for path in files(tmp_path)] == ["B.txt", "a.txt", "c.txt", "中.txt"]


def test_a_file_named_twice_is_found_once(folder: Path) -> None:
    assert files(folder, folder / "b.txt", folder / "sub") == ["study/b.txt", "study/sub/a.txt"]


def test_hidden_files_locks_and_caches_are_passed_over(folder: Path) -> None:
    for name in (".hidden", "~$open.docx", ".git/config", "__pycache__/x.pyc", "node_modules/y"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    assert files(folder) == ["study/b.txt", "study/sub/a.txt"]
    assert problems(folder) == {}


@pytest.mark.parametrize("store", ["store.sqlite", "answers.sqlite"])
def test_an_index_among_the_files_is_passed_over(folder: Path, store: str) -> None:
    (folder / "index" / "files").mkdir(parents=True)
    (folder / "index" / store).touch()
    (folder / "index" / "files" / "old.txt").touch()
    assert files(folder) == ["study/b.txt", "study/sub/a.txt"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(find_files([tmp_path])) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no/such/file.txt", "no such file or folder; check the path"),
        ("~no-such-user-here/x", "home directory"),
        ("x" * 5000, "too long"),
        ("a\0b", "no such file or folder"),
    ],
)
def test_a_path_that_cannot_be_says_why_and_the_rest_goes_on(
    folder: Path, path: str, reason: str
) -> None:
    (found,) = problems(path, folder).values()
    assert reason in found
    assert files(path, folder) == ["study/b.txt", "study/sub/a.txt"]


def test_a_link_inside_the_folder_is_followed_once(folder: Path) -> None:
    (folder / "alias.txt").symlink_to(folder / "b.txt")
    (folder / "same").symlink_to(folder / "sub", target_is_directory=True)
    assert files(folder) == ["study/alias.txt", "study/sub/a.txt"]
    assert problems(folder) == {}


@pytest.fixture
def outside(tmp_path: Path, folder: Path) -> Path:
    """A folder with one file, and links to both in ``study/``."""
    outside = tmp_path / "private"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside, target_is_directory=True)
    return outside


@pytest.mark.usefixtures("outside")
def test_links_that_lead_out_are_reported_and_not_followed(folder: Path) -> None:
    assert files(folder) == ["study/b.txt", "study/sub/a.txt"]
    reported = problems(folder)
    assert set(reported) == {"study/file.txt", "study/folder"}
    assert all("leads out of the folder" in reason for reason in reported.values())


def test_links_that_lead_out_are_followed_when_allowed(folder: Path, outside: Path) -> None:
    found = list(find_files([folder], follow_links=True))
    secret = [item for item in found if isinstance(item, FileRef) and "secret" in item.source.name]
    assert [item.source for item in secret] == [outside / "secret.txt"]


@pytest.mark.usefixtures("outside")
def test_links_in_a_circle_end(folder: Path) -> None:
    for number in range(5):
        (folder / "sub" / f"up{number}").symlink_to(folder, target_is_directory=True)
        (folder / f"down{number}").symlink_to(folder / "sub", target_is_directory=True)
    assert len(files(folder, follow_links=True)) == 3
    assert len(files(folder)) == 2


def test_broken_and_circular_links_say_so(folder: Path) -> None:
    (folder / "broken").symlink_to(folder / "gone")
    (folder / "loop").symlink_to(folder / "loop")
    reported = problems(folder)
    assert "broken link" in reported["study/broken"]
    assert "loop" in reported["study/loop"].lower()


def test_what_is_no_regular_file_is_left_out(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert "not a regular file" in problems(folder)["study/pipe"]


def test_a_name_that_is_not_utf8_is_reported_readably(folder: Path) -> None:
    with (folder / os.fsdecode("方案.txt".encode("gb18030"))).open("w") as file:
        file.write("x")
    ((path, reason),) = problems(folder).items()
    assert "not valid UTF-8" in reason
    assert path.encode("utf-8").startswith(b"study/")
    assert files(folder) == ["study/b.txt", "study/sub/a.txt"]


@as_user
def test_an_unreadable_file_and_folder_say_so(folder: Path) -> None:
    (folder / "b.txt").chmod(0)
    (folder / "sub").chmod(0)
    reasons = problems(folder)
    (folder / "sub").chmod(0o700)
    assert len(reasons) == 2
    assert all("permission denied" in reason for reason in reasons.values())


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000  # more than one piece of 1 MiB
    path = tmp_path / "big.bin"
    path.write_bytes(data)
    assert hash_file(path) == hashlib.sha256(data).hexdigest()


def test_an_id_changes_with_content_and_path_only() -> None:
    ids = {document_id(sha, path) for sha in ("1" * 64, "2" * 64) for path in ("a.md", "b.md")}
    assert len(ids) == 4
    assert document_id("1" * 64, "a.md") in ids
    assert all(len(each) == 16 for each in ids)
