"""A presentation's slides in order, and what placeholders inherit from layout and master.

Follows ECMA-376, part 1, sections 19.3 (slides) and 19.7 (placeholders).
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

from ingest.errors import BadInput
from ingest.structure.ooxml import Element, Parts, R
from ingest.structure.shapeorder import Box

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TITLES = frozenset(["title", "ctrTitle"])
FURNITURE = frozenset(["dt", "ftr", "sldNum", "hdr", "sldImg"])
_DEFAULT_SIZE = (9_144_000, 6_858_000)
Placeholder = tuple[str, str]


@dataclass(slots=True)
class Slide:
    """One slide: its part, and the roots of its layout and master, nearest first."""

    part: str
    root: Element
    above: list[Element] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Whether the slide is passed over when the presentation is shown."""
        return self.root.get("show") in {"0", "false"}

    @property
    def opens_section(self) -> bool:
        """Whether the slide only announces what follows."""
        return bool(self.above) and self.above[0].get("type") in {"title", "secHead"}

    def inherited(self, shape: Element) -> list[Element]:
        """The placeholders of layout and master that a placeholder takes its looks from."""
        wanted = placeholder(shape)
        if wanted is None:
            return []
        found = []
        for root in self.above:
            match = _match(root, wanted)
            if match is not None:
                found.append(match)
                wanted = placeholder(match) or wanted
        return found

    def box(self, shape: Element) -> Box | None:
        """Where a shape lies, in English Metric Units; ``None`` when nothing says so."""
        for element in (shape, *self.inherited(shape)):
            found = _box(element)
            if found is not None:
                return found
        return None

    def styles(self, shape: Element) -> list[Element]:
        """List styles that the text of a shape inherits, nearest first."""
        kind = placeholder(shape)
        if kind is None:
            return []
        styles = [item.find(f"{P}txBody/{A}lstStyle") for item in self.inherited(shape)]
        if len(self.above) > 1:
            name = "titleStyle" if kind[0] in TITLES else "bodyStyle"
            styles.append(self.above[1].find(f"{P}txStyles/{P}{name}"))
        return [style for style in styles if style is not None]


class Deck:
    """The slides of an opened presentation."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.parts = Parts(archive)
        self._main = self.parts.main("ppt/presentation.xml")
        root = self.parts.xml(self._main)
        if root is None:
            raise BadInput(
                "the main part of the presentation is absent or damaged; "
                "open it in a presentation program and save it again"
            )
        self.size = _size(root)
        relations = self.parts.relations(self._main)
        identifiers = [item.get(f"{R}id", "") for item in root.iter(f"{P}sldId")]
        self.names = [relations[i].part if i in relations else "" for i in identifiers]
        self._roots: dict[str, Element | None] = {}

    def slide(self, number: int) -> Slide | None:
        """A slide by its number, counted from 1; ``None`` when its part is absent or damaged."""
        name = self.names[number - 1]
        root = self.parts.xml(name)
        if root is None:
            if name not in self.parts.names:
                self.parts.warnings.append(f"slide {number} is missing from the file")
            return None
        above = []
        for kind in ("slideLayout", "slideMaster"):
            name = next(iter(self.parts.related(name, kind)), "")
            if name and name not in self._roots:
                self._roots[name] = self.parts.xml(name)
            if self._roots.get(name) is None:
                break
            above.append(self._roots[name])
        return Slide(self.names[number - 1], root, above)


def placeholder(shape: Element) -> Placeholder | None:
    """Type and index of a placeholder; ``None`` for a shape that is none."""
    for item in shape.iterchildren():
        if isinstance(item.tag, str) and item.tag.startswith(f"{P}nv"):
            found = item.find(f"{P}nvPr/{P}ph")
            return None if found is None else (found.get("type", "obj"), found.get("idx", "0"))
    return None


def _match(root: Element, wanted: Placeholder) -> Element | None:
    """The placeholder of a layout or master that stands for ``wanted``: same index, else type."""
    candidates = []
    for shape in root.iter(f"{P}sp", f"{P}pic", f"{P}graphicFrame"):
        found = placeholder(shape)
        if found is not None:
            candidates.append((shape, found))
    for shape, (_, index) in candidates:
        if index == wanted[1] != "0":
            return shape
    for shape, (kind, _) in candidates:
        if _family(kind) == _family(wanted[0]):
            return shape
    return None


def _family(kind: str) -> str:
    if kind in TITLES:
        return "title"
    return kind if kind in FURNITURE else "body"


def _box(shape: Element) -> Box | None:
    place = shape.find(f"{P}xfrm")
    for name in ("spPr", "grpSpPr"):
        if place is None:
            place = shape.find(f"{P}{name}/{A}xfrm")
    if place is None:
        return None
    offset, extent = place.find(f"{A}off"), place.find(f"{A}ext")
    if offset is None or extent is None:
        return None
    try:
        left, top = float(offset.get("x", "0")), float(offset.get("y", "0"))
        return left, top, left + float(extent.get("cx", "0")), top + float(extent.get("cy", "0"))
    except ValueError:
        return None


def _size(root: Element) -> tuple[float, float]:
    found = root.find(f"{P}sldSz")
    if found is None:
        return _DEFAULT_SIZE
    try:
        return float(found.get("cx")), float(found.get("cy"))
    except (TypeError, ValueError):
        return _DEFAULT_SIZE
