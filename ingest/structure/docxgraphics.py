"""Pictures, charts and diagrams anchored in a Word text, as blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import Block, Locator
from ingest.structure.charts import C, chart_table
from ingest.structure.docxpackage import Element, Package
from ingest.structure.headings import strip_bullet
from ingest.structure.ooxml import R
from ingest.structure.pictures import useful_description
from ingest.structure.smartart import diagram_lines
from ingest.tables import split_rows, table_block

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"


@dataclass(frozen=True, slots=True)
class Graphic:
    """A drawing without text of its own: what it is, its relationships and its description."""

    kind: str  # picture, chart or diagram
    identifiers: tuple[str, ...] = ()
    description: str = ""


def graphic_of(element: Element) -> Graphic:
    """Describe a drawing (``w:drawing`` or ``w:pict``)."""
    description = _description(element)
    for kind, tag, name in (("chart", f"{C}chart", "id"), ("diagram", f"{_DGM}relIds", "dm")):
        found = next(element.iter(tag), None)
        if found is not None:
            return Graphic(kind, (found.get(f"{R}{name}", ""),), description)
    return Graphic("picture", tuple(_pictures(element)), description)


def _pictures(element: Element) -> Iterator[str]:
    for item in element.iter(f"{_A}blip", f"{_V}imagedata"):
        if any(above.tag == f"{_MC}Fallback" for above in item.iterancestors()):
            continue
        identifier = item.get(f"{R}embed") or item.get(f"{R}link") or item.get(f"{R}id")
        if identifier:
            yield identifier


def _description(element: Element) -> str:
    """What the author wrote about a drawing, or the words that are drawn (WordArt)."""
    for item in element.iter(f"{_WP}docPr", f"{_PIC}cNvPr", f"{_V}shape"):
        for name in ("descr", "alt", "title"):
            text = useful_description(item.get(name) or "")
            if text:
                return text
    path = next(element.iter(f"{_V}textpath"), None)
    return "" if path is None else useful_description(path.get("string") or "")


class Graphics:
    """Turns graphics into blocks; counts in ``left_out`` what holds nothing to read."""

    def __init__(self, package: Package, left_out: Counter[str]) -> None:
        self._package = package
        self._left_out = left_out

    def blocks(self, graphic: Graphic, locator: Locator) -> list[Block]:
        """A figure, the rows of a chart or the list of a diagram."""
        if graphic.kind == "picture":
            parts = dict.fromkeys(self._package.related(i) for i in graphic.identifiers)
            flags = tuple(f"graphic:{part}" for part in parts if part)
            return [Block("figure", graphic.description, locator, flags=flags)]
        part = self._package.related(graphic.identifiers[0])
        root = self._package.parts.xml(part)
        if graphic.kind == "chart":
            table = None if root is None else chart_table(root, graphic.description)
            if table is not None:
                pieces = split_rows(table)
                return [table_block(piece, locator, flags=("chart",)) for _, piece in pieces]
        elif root is not None:
            lines = diagram_lines(root)
            return [Block("list_item", strip_bullet(text), locator) for _, text in lines]
        self._left_out["charts" if graphic.kind == "chart" else "diagrams"] += 1
        return []
