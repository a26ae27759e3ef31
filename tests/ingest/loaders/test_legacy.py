"""Old files are made here by LibreOffice from new ones; without it those tests are skipped."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import docx
import msoffcrypto
import olefile
import openpyxl
import pytest
from pptx import Presentation

import ingest
from ingest.errors import BadInput
from ingest.loaders.base import Source
from ingest.loaders.legacy import load
from ingest.structure.libreoffice import convert, find_libreoffice
from ingest.structure.officefolder import workplace
from tests.ingest.loaders.containers import ole_container

needs_libreoffice = pytest.mark.skipif(
    find_libreoffice() is None, reason="LibreOffice is not installed"
)


def word() -> bytes:
    document = docx.Document()
    document.add_heading("一、适用范围", 1)
    document.add_paragraph("本原则适用于甲。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["项", "值", "剂量", "5 mg"], strict=True):
        cell.text = text
    document.add_paragraph("后文。")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def slides() -> bytes:
    deck = Presentation()
    made = deck.slides.add_slide(deck.slide_layouts[1])
    made.shapes.title.text, made.placeholders[1].text = "入选标准", "年龄18至75岁"
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def sheet() -> bytes:
    book = openpyxl.Workbook()
    for row in (["项目", "值"], ["例数", 120], ["脱落", 12]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@needs_libreoffice
def test_word_of_before_2007() -> None:
    old = convert(word(), "docx", "doc")
    assert olefile.isOleFile(io.BytesIO(old))
    loaded = load(Source("方案.doc", old))
    assert [(b.kind, b.text) for b in loaded.blocks] == [
        ("heading", "一、适用范围"), ("paragraph", "本原则适用于甲。"),
        ("table", "项 | 值\n剂量 | 5 mg"), ("paragraph", "后文。"),
    ]  # fmt: skip
    assert "converted by LibreOffice to .docx" in loaded.warnings[0]
    # The container says what it is: a word processor file of WPS has the same inside.
    assert load(Source("方案.wps", old)).blocks == loaded.blocks


@needs_libreoffice
def test_slides_and_sheets_of_before_2007() -> None:
    loaded = load(Source("a.ppt", convert(slides(), "pptx", "ppt")))
    assert [(b.kind, b.text, b.locator.page) for b in loaded.blocks] == [
        ("heading", "入选标准", 1), ("list_item", "年龄18至75岁", 1),
    ]  # fmt: skip
    loaded = load(Source("a.xls", convert(sheet(), "xlsx", "xls")))
    assert loaded.blocks[-1].text == "项目 | 值\n例数 | 120\n脱落 | 12"
    assert loaded.blocks[-1].locator.cells == "A2:B3"


@needs_libreoffice
def test_pictures_of_the_copy_are_not_offered() -> None:
    document = docx.Document()
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
        "f8cfc0f01f0005000201a5f645400000000049454e44ae426082"
    )
    document.add_picture(io.BytesIO(pixel))
    document.add_paragraph("图1 研究流程")
    buffer = io.BytesIO()
    document.save(buffer)
    loaded = load(Source("a.doc", convert(buffer.getvalue(), "docx", "doc")))
    assert [(b.kind, b.text, b.flags) for b in loaded.blocks] == [("figure", "图1 研究流程", ())]


@needs_libreoffice
def test_a_call_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    convert(word(), "docx", "doc")
    assert list(tmp_path.iterdir()) == []


def program(folder: Path, script: str) -> None:
    """Put a program in LibreOffice's place."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


# A container that says it is a Word file; no program could read it.
OLD_WORD = ole_container("WordDocument")


def test_without_libreoffice_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match=r"install LibreOffice or save the file as \.docx"):
        load(Source("a.doc", OLD_WORD))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_a_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"(sleep 3; touch {tmp_path}/child) &\nsleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    started = time.monotonic()
    with pytest.raises(BadInput, match="longer than 1 s"):
        convert(b"x", "doc", "docx", timeout_s=1)
    assert time.monotonic() - started < 10
    time.sleep(4)
    assert not (tmp_path / "child").exists()


WAIT_S = 20


def until(true: Callable[[], bool]) -> bool:
    """Wait for something to become true, on however slow a machine."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_a_stopped_reader_leaves_neither_program_nor_document(tmp_path: Path, name: str) -> None:
    number, temporary = tmp_path / "number", tmp_path / "temporary"
    program(tmp_path, f"echo $$ > {number}.new; mv {number}.new {number}; sleep 60; true")
    temporary.mkdir()
    paths = {
        "TMPDIR": str(temporary),
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(ingest.__path__[0]).parent),
    }
    reader = subprocess.Popen(
        [sys.executable, "-c",
         "from ingest.structure.libreoffice import convert; convert(b'x', 'doc', 'docx')"],
        env=os.environ | paths,
    )  # fmt: skip
    assert until(number.exists)
    assert [path.name for path in temporary.glob("*/in.doc")] == ["in.doc"]
    reader.send_signal(getattr(signal, name))
    reader.wait()
    assert until(lambda: not list(temporary.iterdir()))
    assert until(lambda: not is_running(int(number.read_text())))


def test_folders_that_a_crash_left_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("xinglin-office-old", "xinglin-office-new", "other-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "in.doc").write_bytes(b"x")
        if name.endswith("old"):
            os.utime(tmp_path / name, (0, 0))
    with workplace() as place:
        assert place.folder.is_dir()
        left = {path.name for path in tmp_path.iterdir()} - {place.folder.name}
    assert left == {"xinglin-office-new", "other-old"}
    assert not place.folder.exists()


def test_a_program_that_writes_nothing_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(BadInput, match="could not read"):
        load(Source("a.doc", OLD_WORD))


def test_limits_hold_for_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A shell counts address space in kilobytes and file size in blocks of 512 bytes.
    program(
        tmp_path,
        f"ulimit -v > {tmp_path}/memory; ulimit -c > {tmp_path}/core; env > {tmp_path}/env",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XINGLIN_SECRET", "abc")
    with pytest.raises(BadInput):
        convert(b"x", "doc", "docx")
    assert 0 < int((tmp_path / "memory").read_text()) <= 4096 * 1024
    assert (tmp_path / "core").read_text().strip() == "0"
    assert "XINGLIN_SECRET" not in (tmp_path / "env").read_text()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"text", "damaged"),
        (ole_container("Something else"),
         "without a Word"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load(Source("a.doc", data))


def locked(data: bytes, password: str) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, buffer)
    return buffer.getvalue()


def test_a_password_that_is_set_opens_the_file() -> None:
    data = locked(word(), "入组2024")
    loaded = load(Source("a.docx", data, passwords=("other", "入组2024")))
    assert [b.text for b in loaded.blocks][:2] == ["一、适用范围", "本原则适用于甲。"]
    assert any("opened with it" in warning for warning in loaded.warnings)


def test_a_file_under_a_password_says_so() -> None:
    data = locked(sheet(), "secret")
    with pytest.raises(BadInput, match="set it for the corpus"):
        load(Source("a.xlsx", data))
    with pytest.raises(BadInput, match="none of those set"):
        load(Source("a.xlsx", data, passwords=("wrong",)))


@needs_libreoffice
@pytest.mark.shared
def test_real_documents(shared: Path) -> None:
    files = sorted((shared / "documents" / "office").glob("*.doc"))[:3]
    assert files
    for path in files:
        loaded = load(Source(path.name, path.read_bytes()))
        assert sum(1 for b in loaded.blocks if b.kind == "heading") >= 5
        assert sum(len(b.text) for b in loaded.blocks) > 2000
