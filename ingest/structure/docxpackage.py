"""The parts of a Word file: found through their relationships and parsed without side effects."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from ingest.archive import open_office_zip
from ingest.errors import BadInput
from ingest.structure.docxmath import LOWERED
from ingest.structure.mtef import formula_of
from ingest.structure.ooxml import PART_ERRORS, Element, M, Parts, parse_xml
from ingest.structure.wmf import drawn_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
__all__ = ["Element", "M", "Package", "W", "child", "integer", "is_on", "open_package", "value"]


@dataclass(slots=True)
class Package:
    """Parsed parts; ``None`` where the file has no such part.

    ``main`` is the name of the main part; further parts are read through ``parts``.
    """

    document: Element
    main: str
    parts: Parts
    styles: Element | None = None
    numbering: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    comments: Element | None = None
    core: Element | None = None

    def related(self, identifier: str) -> str:
        """Name of the part that the main part calls by ``identifier``; ``""`` if outside."""
        relation = self.parts.relations(self.main).get(identifier)
        return "" if relation is None else relation.part

    def formula(self, identifier: str, picture: str) -> str | None:
        """Text of an embedded formula that the main part calls by ``identifier``.

        ``picture`` is what the reader sees of it. Authors copy formulas and only the picture
        changes: one whose picture does not draw the same letters and digits is none.
        """
        data = self.parts.data(self.related(identifier))
        text = None if data is None else formula_of(data)
        drawn = b"".join(drawn_text(self.parts.data(self.related(picture)) or b""))
        shown = _plain(drawn.decode("latin-1"))
        return text if text and shown and shown == _plain(text.translate(LOWERED)) else None


def _plain(text: str) -> list[str]:
    return sorted(c for c in text if c.isascii() and c.isalnum())


def open_package(data: bytes) -> Package:
    """Parse the parts of a Word file.

    A secondary part that is damaged is left out with a warning. Raises :class:`BadInput` when the
    container or the main part cannot be read.
    """
    archive = open_office_zip(data, "docx")
    parts = Parts(archive)
    main = parts.main("word/document.xml")
    try:
        document = parse_xml(archive.read(main))
    except PART_ERRORS as error:
        raise BadInput(
            f"the main part of the Word file is damaged ({error}); "
            "open it in a word processor and save it again"
        ) from error
    package = Package(document, main, parts)
    folder = posixpath.dirname(main)
    for name in ("styles", "numbering", "footnotes", "endnotes", "comments"):
        usual = posixpath.join(folder, f"{name}.xml")
        setattr(package, name, parts.xml(next(iter(parts.related(main, name)), usual)))
    core = next(iter(parts.related("", "core-properties")), "docProps/core.xml")
    package.core = parts.xml(core)
    return package


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
