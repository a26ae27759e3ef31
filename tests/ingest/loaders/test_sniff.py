from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.loaders.sniff import sniff

CHINESE = "第一条 为了加强药品管理，保证药品质量，制定本法。\n"
UNBROKEN = "受试者应当签署知情同意书，方可参加试验。"  # no zero byte in UTF-16
ENGLISH = "The primary endpoint is the time to the first event.\n"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return buffer.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml", "word/媒体.xml")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n  junk before the header %PDF-1.4\n1 0 obj\nendobj", "pdf"),
        (DOCX, "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("ppt/presentation.xml"), "PowerPoint presentation"),
        (zipped("readme.txt"), "zip archive"),
        (DOCX[:-40], "damaged zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy office file (.doc/.xls/.ppt)"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"GIF89a", "GIF image"),
        (b"II*\x00", "TIFF image"),
        (b"\x1f\x8b\x08", "gzip archive"),
        (b"Rar!\x1a\x07\x01\x00", "RAR archive"),
        (b"SQLite format 3\x00", "SQLite database"),
        (b"PAR1\x15\x04data PAR1", "Parquet table"),
        (b"\0" * 128 + b"DICM", "DICOM"),
        (bytes(range(32)) * 4, "binary data"),
        (b"", "text"),
    ],
)
def test_signatures(data: bytes, found: str) -> None:
    assert sniff(data) == found


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html><html>",
        "\n  <html lang='zh'>",
        "\ufeff<!doctype HTML>",
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'>",
        "<!-- saved from url -->\n<!-- again --><html>",
    ],
)
def test_html(html: str) -> None:
    assert sniff(html.encode()) == "html"


@pytest.mark.parametrize("text", ["<p>no page</p>", "<htmlx>", "PAR1 antagonists", "GIF8 gene"])
def test_text_that_opens_like_another_format(text: str) -> None:
    assert sniff(text.encode()) == "text"


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, CHINESE * 300, ENGLISH * 300, UNBROKEN])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_text_in_every_encoding_we_read(text: str, encoding: str) -> None:
    assert sniff(text.encode(encoding)) == "text"


def test_utf_16_is_text_though_the_look_ends_inside_a_character() -> None:
    text = (ENGLISH * 99)[:2047] + "𠮷" + CHINESE  # two units, the first of them number 2048
    assert sniff(text.encode("utf-16-le")) == "text"


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 4096,  # a sparse file
        b"a\0" * 3 + b"\x01\0" * 400,  # numbers of two bytes
        ENGLISH.encode("utf-16-le") + b"\x02\0\x03\0",
        ENGLISH.encode() + b"\0",
    ],
)
def test_zero_bytes_alone_do_not_make_text(data: bytes) -> None:
    assert sniff(data) == "binary data"


def test_many_comments_take_no_time() -> None:
    started = time.perf_counter()
    assert sniff(b"<!---->" * 500 + b"text") == "text"
    assert time.perf_counter() - started < 1


LAST_NAME = DOCX.rindex("媒".encode())  # in the table of contents at the end
LAST_VERSION = DOCX.rindex(b"PK\x01\x02") + 6


@pytest.mark.parametrize("position", [LAST_NAME, LAST_VERSION])
def test_an_archive_with_a_damaged_table_of_contents(position: int) -> None:
    damaged = DOCX[:position] + b"\xff" + DOCX[position + 1 :]
    assert sniff(damaged) == "damaged zip archive"


@given(st.data())
@settings(max_examples=200)
def test_a_damaged_archive_never_raises(data: st.DataObject) -> None:
    damaged = bytearray(DOCX)
    for position in data.draw(st.lists(st.integers(4, len(DOCX) - 1), max_size=5)):
        damaged[position] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(4, len(DOCX)))
    assert sniff(bytes(damaged[:end])) in {"docx", "zip archive", "damaged zip archive"}


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert sniff(data)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("word/document2.xml", "docx"), ("/word/document2.xml", "docx"),
        ("xl/workbook2.xml", "xlsx"), ("word/none.xml", "zip archive"),
        ("visio/document.xml", "zip archive"),
    ],
)  # fmt: skip
def test_the_package_says_what_its_main_part_is_called(target: str, found: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("word/document2.xml", "xl/workbook2.xml", "visio/document.xml"):
            archive.writestr(name, "<a/>")
        relations = (("extended", "docProps/app.xml"), ("officeDocument", target))
        xml = "".join(
            f'<Relationship Type="{kind}/{name}" Target="{part}"/>' for name, part in relations
        )
        archive.writestr("_rels/.rels", f"<Relationships>{xml}</Relationships>")
    assert sniff(buffer.getvalue()) == found
