"""Which loader reads a file: the registry of ``ingest.loaders``."""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import PurePath

import pytest

from ingest import registry
from ingest.errors import UnsupportedFormat
from ingest.loaders import FORMATS, format_of, register

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
PDF = b"%PDF-1.7\n"
HTML = b"<!doctype html><p>x</p>"
TEXT = "# 标题\n正文".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def office(part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(part, "<a/>")
    return buffer.getvalue()


DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "data", "format_name"),
    [
        ("a.md", TEXT, "markdown"),
        ("a.MARKDOWN", TEXT, "markdown"),
        ("a.txt", TEXT, "text"),
        ("a.html", HTML, "html"),
        ("a.html", b"<p>a fragment</p>", "html"),
        ("a.md", HTML, "markdown"),  # Markdown may open with a tag
        ("a.csv", b"a,b\n1,2", "csv"),
        ("a.tsv", b"a\tb", "csv"),
        ("a.PDF", PDF, "pdf"),
        ("a.docx", DOCX, "docx"),
        ("a.xlsx", XLSX, "xlsx"),
        ("a.xlsm", XLSX, "xlsx"),
        ("a.docx", DOCX[:-30], "docx"),  # its loader says that it is damaged
        ("a.docx", OLE, "legacy"),  # under a password
        ("a.pptx", office("ppt/presentation.xml"), "pptx"),
        ("a.doc", OLE, "legacy"),
        ("a.WPS", OLE, "legacy"),
        ("a.rtf", b"{\\rtf1 text}", "rtf"),
        ("a.png", b"\x89PNG\r\n", "image"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image"),
        ("a.tif", b"II*\x00", "image"),
        ("a.bmp", b"BM".ljust(14, b"\0") + b"\x28\0\0\0", "image"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "image"),
        ("a.txt", "BMI大于24者入选。".encode(), "text"),
        ("a.dcm", bytes(128) + b"DICM", "dicom"),
        ("a.dcm", b"II*\x00".ljust(128, b"\0") + b"DICM", "dicom"),  # and a TIFF
        ("a.json", b'{"protocolSection": {"identificationModule": {}}}', "ctgov_v2"),
        ("a.json", b'{"resourceType": "ResearchStudy"}', "fhir"),
        ("a.xml", b"<article article-type='x'><front/></article>", "jats"),
        ("a.nxml", b"<article article-type='x'><front/></article>", "jats"),
        ("a.xml", b"<?xml version='1.0'?>\n<PubmedArticleSet/>", "pubmed"),
        ("a.md", b'{"resourceType": "ResearchStudy"}', "markdown"),  # may open with a brace
        ("a.csv", "姓名,年龄\n张三,12\n".encode("utf-16-le"), "csv"),
    ],
)
def test_ending_and_content_agree(name: str, data: bytes, format_name: str) -> None:
    found, warning = format_of(name, data)
    assert (found.name, warning) == (format_name, None)


@pytest.mark.parametrize(
    ("name", "data", "format_name"),
    [
        ("a.pdf", DOCX, "docx"),
        ("a.pdf", TEXT, "text"),
        ("a.docx", PDF, "pdf"),
        ("a.docx", HTML, "html"),
        ("a.xlsx", TEXT, "text"),
        ("a.txt", HTML, "html"),
        ("a.csv", XLSX, "xlsx"),
        ("report", PDF, "pdf"),
        ("a.bak", DOCX, "docx"),
        ("a.docx", office("ppt/presentation.xml"), "pptx"),
        ("a.txt", b'{"resourceType": "ResearchStudy"}', "fhir"),
        ("a.doc", b"{\\rtf1 text}", "rtf"),
        ("a.doc", TEXT, "text"),
        ("a.pdf", b"\x89PNG\r\n", "image"),
        ("a.png", PDF, "pdf"),
    ],
)
def test_the_content_decides_and_the_curator_is_told(
    name: str, data: bytes, format_name: str
) -> None:
    found, warning = format_of(name, data)
    assert found.name == format_name
    assert warning is not None
    assert (PurePath(name).suffix or "without ending") in warning


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xyz", TEXT, r"format \.xyz is not supported; supported: .*\.docx.*\.pdf"),
        ("README", TEXT, "format 'README' is not supported"),
        ("page", HTML, "format 'page' is not supported"),
        ("a.json", b'{"a": 1}', "JSON of a kind no loader reads"),
        ("a.jsonl", TEXT, "JSON of a kind no loader reads"),
        ("a.xml", b"<a/>", "XML of a kind no loader reads"),
        ("a.xml", HTML, r"named \.xml but it is a web page"),
        ("a.dcm", TEXT, "not a DICOM file"),
        ("a.parquet", TEXT, "not a table of that kind"),
        ("a.7z", SEVEN_ZIP, r"format \.7z is not supported"),
        ("a.txt", SEVEN_ZIP, r"named \.txt but the content is 7z archive"),
        ("a.pdf", b"\0\1\2\3" * 99, r"named \.pdf but the content is binary data"),
    ],
)
def test_what_no_loader_reads_is_refused_in_one_line(name: str, data: bytes, message: str) -> None:
    with pytest.raises(UnsupportedFormat, match=message) as caught:
        format_of(name, data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
def test_every_registered_loader_can_be_imported(name: str) -> None:
    if FORMATS[name].holds_records:
        assert callable(importlib.import_module(FORMATS[name].module).members)
    else:
        assert callable(FORMATS[name].loader())


def test_every_export_of_a_registry_is_registered() -> None:
    registered = {name for name, f in FORMATS.items() if f.module == "ingest.registry"}
    assert set(registry.FORMATS) == registered


def test_a_new_format_is_found_by_its_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.loaders.FORMATS", dict(FORMATS))
    register("note", "text/x-note", (".note",), "ingest.loaders.plain")
    found, warning = format_of("a.note", TEXT)
    assert (found.media_type, warning) == ("text/x-note", None)
