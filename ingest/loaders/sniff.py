"""Tell a file's format from its first bytes."""

from __future__ import annotations

import io
import re
import zipfile

from ingest.archive import READ_ERRORS
from ingest.encoding import decode

# Comments are skipped atomically: retrying every way to pair "<!--" with "-->" takes for ever.
_HTML = re.compile(
    rb"^\s*(<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
LEGACY_OFFICE = "legacy office file (.doc/.xls/.ppt)"
PICTURES = ("PNG image", "JPEG image", "GIF image", "TIFF image", "BMP image", "WebP image")
DAMAGED_ZIP = "damaged zip archive"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", LEGACY_OFFICE),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"BM", "BMP image"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"SQLite format 3\x00", "SQLite database"),
)
_MAIN_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "PowerPoint presentation",
}
_FOLDERS = {part.partition("/")[0]: name for part, name in _MAIN_PARTS.items()}
_RELATIONS = "_rels/.rels"
_RELATIONS_MAX = 100_000
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_OFFICE_DOCUMENT = re.compile(rb"""\bType\s*=\s*["'][^"']*/officeDocument["']""")
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']+)["']""")


def sniff(data: bytes) -> str:
    """Return ``pdf``, ``docx``, ``xlsx``, ``html``, ``text`` or a name people understand."""
    head = data[:4096]
    # A PDF may carry up to 1024 bytes of junk before its header (ISO 32000-1, annex H).
    # A text that speaks of %PDF- is still a text.
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and b"endobj" in data):
        return "pdf"
    # Before the signatures: the 128 bytes before this one may be the head of a TIFF (PS3.10, 7.1).
    if head[128:132] == b"DICM":
        return "DICOM"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP image"
    for signature, name in _SIGNATURES:
        if head.startswith(signature) and (name != "BMP image" or _is_bitmap(data)):
            return name
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(data)
    # Both ends must say so: a text on the receptor PAR1 may open with its name.
    if head.startswith(b"PAR1") and data.endswith(b"PAR1"):
        return "Parquet table"
    if _HTML.match(head.lstrip(b"\xef\xbb\xbf")):
        return "html"
    return "binary data" if _looks_binary(head) else "text"


def _is_bitmap(data: bytes) -> bool:
    """Two letters are a weak sign (「BMI」): the size of the header must fit too."""
    return int.from_bytes(data[14:18], "little") in {12, 40, 52, 56, 64, 108, 124}


def _sniff_zip(data: bytes) -> str:
    """Tell the office formats apart by their main part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            for part, name in _MAIN_PARTS.items():
                if part in names:
                    return name
            return _by_relations(archive)
    except READ_ERRORS:
        return DAMAGED_ZIP


def _by_relations(archive: zipfile.ZipFile) -> str:
    """Tell an office format by the folder of the main part that the package names.

    Online services save ``word/document2.xml``.
    """
    if _RELATIONS not in archive.namelist():
        return "zip archive"
    with archive.open(_RELATIONS) as file:
        relations = file.read(_RELATIONS_MAX)
    for relation in _RELATION.findall(relations):
        target = _TARGET.search(relation)
        if target and _OFFICE_DOCUMENT.search(relation):
            part = target[1].decode("latin-1").lstrip("/")
            folder = part.partition("/")[0]
            if folder in _FOLDERS and part in archive.namelist():
                return _FOLDERS[folder]
    return "zip archive"


def _looks_binary(head: bytes) -> bool:
    """Tell whether the bytes are what no text encoding we read produces."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(1 for byte in head if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    if b"\x00" not in head and control <= len(head) * 0.02:
        return False
    # UTF-16 without a byte order mark; the last character may have been cut in two.
    whole = len(head) // 2 * 2
    return not any(decode(head[: whole - cut])[1].startswith("utf-16") for cut in (0, 2))
