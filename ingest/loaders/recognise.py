"""Tell the field's own formats apart: many are JSON, XML or CSV and only their content names them.

Readers are imported for files that may be theirs only, so that a folder of Markdown pays for none.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.loaders.sniff import LEGACY_OFFICE, PICTURES, sniff

_HEAD = 65_536
# No tag reaches beyond the next one, so that a thousand tags without an end cost no more than one.
_JATS = re.compile(
    rb"<!DOCTYPE\s+(?:article|pmc-articleset)\s[^<>]*(?:JATS|NLM)"
    rb"|<(?:article|pmc-articleset)\b[^<>]*(?:article-type|dtd-version|(?:jats|dtd)\.nlm\.nih\.gov)"
    rb"|<article\b[^<>]*>\s*<front\b|<pmc-articleset\b",
    re.I,
)
_PUBMED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!DOCTYPE\s+)?"
    rb"(?:PubmedArticleSet|PubmedBookArticleSet|PubmedArticle)\b",
    re.S,
)
_XPT = b"HEADER RECORD*******LIB"
_NAMED = {
    "DICOM": "dicom",
    "Parquet table": "cohort table",
    "RTF": "rtf",
    **dict.fromkeys(PICTURES, "image"),
    "PowerPoint presentation": "pptx",
    LEGACY_OFFICE: "legacy",
}
_PROSE = {".md", ".markdown"}  # may open with a brace or a tag


def recognise(name: str, data: bytes) -> str:
    """Return the name of a registered format, or what :func:`ingest.loaders.sniff.sniff` says.

    Args:
        name: File name; its ending decides only what the content leaves open.
        data: The whole file.
    """
    found = sniff(data)
    ending = PurePath(name).suffix.lower()
    if data.startswith(_XPT):
        return "cohort table"
    if found == "binary data":
        from ingest.loaders import dicom

        return "dicom" if dicom.recognise(name, data) else found
    if found not in {"text", "html"} or ending in _PROSE:
        return _NAMED.get(found, found)
    return _structured(name, ending, data) or found


def _structured(name: str, ending: str, data: bytes) -> str | None:
    """The format of a JSON, XML or delimited text."""
    opening = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1]
    table = ending in {".csv", ".tsv"}
    if not (opening in {b"{", b"[", b"<"} or table):
        return None
    from ingest.registry import recognise as registry_of

    if opening == b"<" and _JATS.search(data[:_HEAD]):
        return "jats"
    if opening == b"<" and _PUBMED.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf")):
        return "pubmed"
    if registry := registry_of(name, data[:_HEAD]):
        return registry
    if opening in {b"{", b"["}:
        return _json(name, data)
    if table:
        from ingest.loaders import tabledata

        return "cohort table" if tabledata.recognise(name, data[:_HEAD]) else None
    return None


def _json(name: str, data: bytes) -> str | None:
    from ingest.loaders import fhir, usdm

    if usdm.recognise(name, data):
        return "usdm"
    return "fhir" if fhir.recognise(name, data) else None
