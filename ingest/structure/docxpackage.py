"""The parts of a Word file: found through their relationships and parsed without side effects."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml import etree

from ingest.archive import READ_ERRORS, open_office_zip
from ingest.errors import BadInput

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# Documents saved as "strict" use other names for the same elements.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
Element: TypeAlias = Any  # lxml does not publish its element class


@dataclass(slots=True)
class Package:
    """Parsed parts; ``None`` where the file has no such part."""

    document: Element
    styles: Element | None = None
    numbering: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    comments: Element | None = None
    core: Element | None = None
    warnings: list[str] = field(default_factory=list)


def open_package(data: bytes) -> Package:
    """Parse the parts of a Word file.

    A secondary part that is damaged is left out with a warning. Raises :class:`BadInput` when the
    container or the main part cannot be read.
    """
    with open_office_zip(data, "docx") as archive:
        main = _main_part(archive)
        try:
            document = _parse(archive.read(main))
        except (*READ_ERRORS, etree.XMLSyntaxError) as error:
            raise BadInput(
                f"the main part of the Word file is damaged ({error}); "
                "open it in a word processor and save it again"
            ) from error
        package = Package(document)
        folder = posixpath.dirname(main)
        for name in ("styles", "numbering", "footnotes", "endnotes", "comments"):
            path = posixpath.join(folder, f"{name}.xml")
            setattr(package, name, _optional(archive, path, package.warnings))
        package.core = _optional(archive, "docProps/core.xml", package.warnings)
    return package


def _main_part(archive: zipfile.ZipFile) -> str:
    """Path of the main document as the package's relationships give it."""
    try:
        relations = _parse(archive.read("_rels/.rels"))
    except (*READ_ERRORS, etree.XMLSyntaxError):
        return "word/document.xml"
    for relation in relations.iter(f"{_RELATIONS}Relationship"):
        if (relation.get("Type") or "").endswith("/officeDocument"):
            return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _optional(archive: zipfile.ZipFile, path: str, warnings: list[str]) -> Element | None:
    if path not in archive.namelist():
        return None
    try:
        return _parse(archive.read(path))
    except (*READ_ERRORS, etree.XMLSyntaxError) as error:
        warnings.append(f"part {path} is damaged and was left out ({error})")
        return None


def _parse(xml: bytes) -> Element:
    """Parse without entities and network; the archive guard has limited the size."""
    for strict, usual in _STRICT:
        if strict in xml[:20_000]:
            xml = xml.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(xml, parser)


def value(element: Element | None, path: str = "") -> str | None:
    """The ``w:val`` of an element or of the child at ``path``, such as ``pPr/pStyle``."""
    if element is None:
        return None
    if path:
        element = child(element, path)
    return None if element is None else element.get(f"{W}val")


def child(element: Element | None, path: str) -> Element | None:
    """The first descendant along ``path``, names without prefix: ``pPr/numPr``."""
    for name in path.split("/"):
        if element is None:
            return None
        element = element.find(f"{W}{name}")
    return element


def is_on(element: Element | None, path: str) -> bool | None:
    """A switch such as ``rPr/vanish``: on, off, or ``None`` when it is not set."""
    found = child(element, path)
    if found is None:
        return None
    return found.get(f"{W}val", "1") not in {"0", "false", "off", "none"}


def integer(text: str | None, default: int | None = None) -> int | None:
    """A whole number written in an attribute."""
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
