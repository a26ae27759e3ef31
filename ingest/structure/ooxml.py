"""Parts of an Office Open XML package and their relationships (ECMA-376, part 2).

XML is parsed without entities, network and DTD, at most 256 elements deep, so that readers may
recurse; the archive guard has limited the sizes.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

from ingest.archive import READ_ERRORS

Element: TypeAlias = Any  # lxml does not publish its element class
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Files saved as "strict" use other names for the same elements (ECMA-376, part 1, annex on
# namespaces): http://purl.oclc.org/ooxml/FAMILY/NAME for …/FAMILY/2006/NAME.
_STRICT = re.compile(
    rb"http://purl\.oclc\.org/ooxml/"
    rb"(wordprocessingml|presentationml|drawingml|officeDocument)/(\w+)"
)
PART_ERRORS = (*READ_ERRORS, etree.XMLSyntaxError)


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a relationship leads: ``kind`` is the last part of its type, ``part`` the part name.

    ``part`` is empty for a target outside the package.
    """

    kind: str
    part: str


class Parts:
    """Reads parts by name; what is damaged is left out with a warning, once for each part."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.warnings: list[str] = []
        self.names = frozenset(archive.namelist())
        self._archive = archive
        self._relations: dict[str, dict[str, Relation]] = {}
        self._damaged: set[str] = set()

    def xml(self, name: str) -> Element | None:
        """The root element of a part, or ``None`` when it is absent or damaged."""
        if name not in self.names or name in self._damaged:
            return None
        try:
            return parse_xml(self._archive.read(name))
        except PART_ERRORS as error:
            self._damaged.add(name)
            self.warnings.append(f"part {name} is damaged and was left out ({error})")
            return None

    def data(self, name: str) -> bytes | None:
        """The bytes of a part, or ``None`` when it is absent or damaged."""
        try:
            return self._archive.read(name)
        except READ_ERRORS:
            return None

    def relations(self, name: str) -> dict[str, Relation]:
        """Relationships of a part by their identifiers; of the package itself for ``""``."""
        if name not in self._relations:
            folder, file = posixpath.split(name)
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
            self._relations[name] = {} if root is None else _relations(root, folder)
        return self._relations[name]

    def related(self, name: str, kind: str) -> list[str]:
        """Names of the parts to which a part has relationships of a kind, in file order."""
        found = self.relations(name).values()
        return [relation.part for relation in found if relation.kind == kind and relation.part]

    def main(self, default: str) -> str:
        """Name of the main part."""
        return next(iter(self.related("", "officeDocument")), default)


def parse_xml(xml: bytes) -> Element:
    """Parse a part; raises :class:`lxml.etree.XMLSyntaxError`."""
    if b"purl.oclc.org/ooxml" in xml[:20_000]:
        xml = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", xml)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(xml, parser)


def _relations(root: Element, folder: str) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    for item in root.iter(_RELATION):
        kind = (item.get("Type") or "").rpartition("/")[2]
        target = unquote(item.get("Target") or "")
        if item.get("TargetMode") == "External":
            part = ""
        elif target.startswith("/"):
            part = posixpath.normpath(target.lstrip("/"))
        else:
            part = posixpath.normpath(posixpath.join(folder, target))
        found[item.get("Id") or ""] = Relation(kind, part)
    return found
