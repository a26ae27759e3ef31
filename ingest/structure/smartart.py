"""Text of SmartArt diagrams, from their data model (DrawingML diagrams, dgm:dataModel)."""

from __future__ import annotations

from collections import defaultdict

from ingest.structure.drawingtext import A, line_of
from ingest.structure.ooxml import Element

_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_SPOKEN = frozenset(["node", "asst"])
_MAX_DEPTH = 50


def diagram_lines(root: Element) -> list[tuple[int, str]]:
    """The texts of a diagram with their depth (0 is outermost), in the order of its outline.

    Points that no connection leads to follow at the end.
    """
    texts: dict[str, str] = {}
    top = ""
    for point in root.iter(f"{_DGM}pt"):
        kind = point.get("type", "node")
        identifier = point.get("modelId", "")
        if kind == "doc":
            top = identifier
        elif kind in _SPOKEN:
            texts[identifier] = _text(point)
    children: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in root.iter(f"{_DGM}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            place = int(order) if order.isdecimal() else 0
            children[link.get("srcId", "")].append((place, link.get("destId", "")))
    lines: list[tuple[int, str]] = []
    seen: set[str] = set()

    def follow(identifier: str, depth: int) -> None:
        for _, below in sorted(children[identifier]):
            if below in seen or below not in texts or depth > _MAX_DEPTH:
                continue
            seen.add(below)
            if texts[below]:
                lines.append((depth, texts[below]))
            follow(below, depth + 1)

    follow(top, 0)
    lines += [(0, text) for key, text in texts.items() if key not in seen and text]
    return lines


def _text(point: Element) -> str:
    lines = (line_of(paragraph) for paragraph in point.iter(f"{A}p"))
    return " ".join(line for line in lines if line)
